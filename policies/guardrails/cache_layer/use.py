"""Clauses cache-session-ttl-24h and cache-rate-buckets: what services are told to keep in the cache, and how long."""

from collections.abc import Iterable, Mapping

from guardrails.cache_layer.resources import REPLICATION_GROUP
from guardrails.compute_cluster.containers import Container, containers_in
from guardrails.compute_cluster.resources import ROLE, TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.reading import as_texts

_SESSIONS: Mapping[str, str] = {"CACHE_SESSION_TTL_SECONDS": "86400"}
_RATES: Mapping[str, str] = {
    "RATE_LIMIT_USER_PER_HOUR": "1000",
    "RATE_LIMIT_IP_PER_HOUR": "10000",
    "RATE_LIMIT_BURST_MULTIPLIER": "2",
}
_HOST, _LOG_IN = "CACHE_HOST", "elasticache:Connect"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def _told(task: Node, wanted: Mapping[str, str]) -> Iterable[str]:
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


def _sessions_end(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    return _told(task, _SESSIONS)


def _rates_counted(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    return _told(task, _RATES)


def _finds_cache(task: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not graph.of_type(REPLICATION_GROUP):
        yield "the stack has no cache that it could share anything in"
    for container in containers_in(task):
        if not container.is_sidecar and _HOST not in [
            secret.text("name") for secret in container.properties.blocks("secrets")
        ]:
            yield f"container {container.name}: {_HOST} is not among its secrets, so that it keeps what it should share"
    for role in task.refers("taskRoleArn", ROLE):
        statements = [
            statement
            for policy in role.referrers("role", _ROLE_POLICY)
            for statement in policy.properties.statements("policy")
            if statement.get("Effect") == "Allow"
        ]
        if not any(_LOG_IN in as_texts(statement.get("Action", [])) for statement in statements):
            yield f"no policy of {role.name} allows {_LOG_IN}"


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
        clauses=("cache-rate-buckets", "api-rate-user", "api-rate-ip", "api-rate-burst"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_rates_counted,
        remediation="Leave rates out, or keep it at 1000, 10000 and 2.",
    ),
    StackGuardrail(
        id="services-find-the-cache",
        title="The stack has a cache, and services are told where it is and may log in",
        clauses=("cache-rate-buckets", "cache-session-ttl-24h", "cache-64gb"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_finds_cache,
        remediation="Declare the CacheLayer, and pass its backing to the ComputeCluster.",
    ),
)
