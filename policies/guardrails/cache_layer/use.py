"""Clauses cache-session-ttl-24h and cache-rate-buckets: what services are told to keep in the cache, and how long."""

from collections.abc import Iterable, Mapping

from guardrails.cache_layer.resources import REPLICATION_GROUP
from guardrails.compute_cluster.containers import Container, containers_in
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail

_SESSIONS: Mapping[str, str] = {"CACHE_SESSION_TTL_SECONDS": "86400"}
_RATES: Mapping[str, str] = {
    "RATE_LIMIT_USER_PER_HOUR": "1000",
    "RATE_LIMIT_IP_PER_HOUR": "10000",
    "RATE_LIMIT_BURST_MULTIPLIER": "2",
}
_HOST = "CACHE_HOST"


def _told(task: Node, graph: Graph, wanted: Mapping[str, str]) -> Iterable[str]:
    if not graph.of_type(REPLICATION_GROUP):
        return
    for container in containers_in(task):
        if container.is_sidecar:
            continue
        given = _environment(container)
        for name, value in wanted.items():
            if given.get(name) != [value]:
                yield f"container {container.name}: {name} is {', '.join(given.get(name, ['not given']))}, not {value}"


def _environment(container: Container) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in container.properties.blocks("environment"):
        found.setdefault(entry.text("name") or "", []).append(entry.text("value") or "")
    return found


def _sessions_end(task: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    return _told(task, graph, _SESSIONS)


def _rates_counted(task: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    return _told(task, graph, _RATES)


def _finds_cache(task: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not graph.of_type(REPLICATION_GROUP):
        return
    for container in containers_in(task):
        if not container.is_sidecar and _HOST not in [
            secret.text("name") for secret in container.properties.blocks("secrets")
        ]:
            yield f"container {container.name}: {_HOST} is not among its secrets, so that it keeps what it should share"


USE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="sessions-end-after-24-hours",
        title="Services are told that sessions end after 24 hours",
        clauses=("cache-session-ttl-24h",),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_sessions_end,
        remediation="Leave cache.sessionTtlSeconds out, or set it to 86400.",
    ),
    StackGuardrail(
        id="rates-counted-in-cache",
        title="Services are told how many requests a user and an address may make",
        clauses=("cache-rate-buckets", "api-rate-user", "api-rate-burst"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_rates_counted,
        remediation="Leave rates out, or keep it at 1000, 10000 and 2.",
    ),
    StackGuardrail(
        id="services-find-the-cache",
        title="Services are told where the cache is",
        clauses=("cache-rate-buckets", "cache-session-ttl-24h"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_finds_cache,
        remediation="Pass the CacheLayer's backing to the ComputeCluster.",
    ),
)
