"""Clause obs-xray-tracing, its services: a collector beside each container sends what it is told of requests."""

import json
import re
from collections.abc import Iterable
from typing import Any

from guardrails.compute_cluster.containers import containers_in, containers_of
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import region_of
from guardrails.reading import Properties, UnreadableError

_COLLECTOR = "collector"
_CONFIG, _ENDPOINT = "AOT_CONFIG_CONTENT", "OTEL_EXPORTER_OTLP_ENDPOINT"
_LOCAL = re.compile(r"http://(localhost|127\.0\.0\.1)(:\d+)?/?")
_EXPORTERS = frozenset({"awscloudwatchlogs", "awsemf", "awsxray"})
_ELSEWHERE = frozenset({"endpoint", "proxy_address", "resource_arn", "role_arn"})
"""Settings of exporters that name another place or account."""


def _traced(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    try:
        containers = containers_of(properties)
    except UnreadableError:
        return  # containers-readable says so
    if not any(container.is_sidecar and container.name == _COLLECTOR for container in containers):
        yield f"no container named {_COLLECTOR} is there that the task goes on without"


def _to_aws(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for container in containers_in(task):
        for entry in container.properties.blocks("environment"):
            name, value = entry.text("name"), entry.text("value") or ""
            if name == _ENDPOINT and not _LOCAL.fullmatch(value):
                yield f"container {container.name}: {_ENDPOINT} is {value}, not the collector beside it"
            if name == _CONFIG:
                for problem in _strangers(value, region_of(task)):
                    yield f"container {container.name}: {problem}"


def _strangers(text: str, region: str | None) -> Iterable[str]:
    try:
        exporters: Any = json.loads(text)["exporters"]
        pairs = [(name, dict(settings)) for name, settings in exporters.items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"{_CONFIG} is no JSON with exporters, so that nobody can tell where it sends what it hears"
        return
    for name, settings in pairs:
        if name.partition("/")[0] not in _EXPORTERS:
            yield f"its exporter {name} sends traces or metrics elsewhere than to AWS"
        if strange := sorted(settings.keys() & _ELSEWHERE):
            yield f"its exporter {name} has {', '.join(strange)}, so that it sends to others"
        if settings.get("region", region) != region:
            yield f"its exporter {name} sends to {settings['region']}, not to {region}"
    if "awsxray" not in [name.partition("/")[0] for name, _ in pairs]:
        yield "it has no exporter awsxray, so that no traces are kept"


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
    StackGuardrail(
        id="collectors-send-to-aws",
        title="Containers tell the collector beside them, and it tells X-Ray and CloudWatch of this account alone",
        clauses=("obs-xray-tracing",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_to_aws,
        remediation="Leave AOT_CONFIG_CONTENT and OTEL_EXPORTER_OTLP_ENDPOINT as the program writes them.",
    ),
)
