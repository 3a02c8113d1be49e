"""Clauses obs-xray-service-map and obs-xray-profiling: traces of a share of all requests, and what is looked for."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.observability_layer.resources import STACK
from guardrails.reading import Properties

_RULE = "aws:xray/samplingRule:SamplingRule"
_GROUP = "aws:xray/group:Group"
_ALL = ("host", "httpMethod", "resourceArn", "serviceName", "serviceType", "urlPath")
_SEARCHED: Mapping[str, str] = {"fault": "faults", "responsetime": "slow requests"}
_LEAST, _MOST, _MOST_EACH_SECOND = 0.001, 0.1, 10


def _sampled(_stack: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    rules = graph.of_type(_RULE)
    if not any(
        all(rule.properties.text(key) == "*" for key in _ALL) and not rule.properties.given("attributes")
        for rule in rules
    ):
        yield "no sampling rule of X-Ray is for all requests, so that AWS's own decides"
    searches = [group.properties.text("filterExpression") or "" for group in graph.of_type(_GROUP)]
    for word, what in _SEARCHED.items():
        if not any(word in search for search in searches):
            yield f"no group of X-Ray has the traces of {what}"


def _share(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    rate, reservoir = properties.number("fixedRate"), properties.number("reservoirSize")
    if rate is None or not _LEAST <= rate <= _MOST:
        yield f"fixedRate is {'not given' if rate is None else f'{rate:g}'}, not {_LEAST:g} to {_MOST:g}"
    if reservoir is None or not 0 <= reservoir <= _MOST_EACH_SECOND:
        found = "not given" if reservoir is None else f"{reservoir:g}"
        yield f"reservoirSize is {found}, not 0 to {_MOST_EACH_SECOND} requests a second of each service"


def _watched(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.given("filterExpression"):
        yield "filterExpression is not given, so that it has all traces"
    if not properties.flag("insightsConfiguration.insightsEnabled"):
        yield "insightsConfiguration.insightsEnabled is not true, so that nobody is shown what is unusual"


TRACING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="traces-sampled",
        title="A rule of the stack samples all requests, and groups have faults and slow requests",
        clauses=("obs-xray-service-map", "obs-xray-tracing"),
        severity="low",
        types=frozenset({STACK}),
        check=_sampled,
        remediation="Leave the rule and groups as components/observability_layer/tracing.py has them.",
    ),
    ResourceGuardrail(
        id="trace-sampling-bounded",
        title="One request in ten is traced at most, and one in a thousand at least",
        clauses=("obs-xray-service-map",),
        severity="low",
        types=frozenset({_RULE}),
        check=_share,
        remediation="Leave observability.traceSampleRate out, or set it to 0.001 to 0.1.",
    ),
    ResourceGuardrail(
        id="trace-groups-watched",
        title="Groups of traces are searched by insights",
        clauses=("obs-xray-profiling", "obs-xray-service-map"),
        severity="low",
        types=frozenset({_GROUP}),
        check=_watched,
        remediation="Give the group a filterExpression and enable its insights.",
    ),
)
