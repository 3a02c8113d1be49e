"""Clause obs-xray-tracing, its services: a collector beside each container sends what it is told of requests."""

from collections.abc import Iterable

from guardrails.compute_cluster.containers import containers_of
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties, UnreadableError

_COLLECTOR = "collector"


def _traced(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    try:
        containers = containers_of(properties)
    except UnreadableError:
        return  # containers-readable says so
    if not any(container.is_sidecar and container.name == _COLLECTOR for container in containers):
        yield f"no container named {_COLLECTOR} is there that the task goes on without"


TRACING_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="services-traced",
        title="A collector beside each service sends its traces, and the service goes on without it",
        clauses=("obs-xray-tracing",),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_traced,
        remediation="Leave the collector as components/compute_cluster/containers.py has it.",
    ),
)
