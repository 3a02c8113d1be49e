"""Alarms: each says what to do, and none that must be there is missing."""

import re
from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import ALARM, STACK, TOPIC
from guardrails.placement import LOAD_BALANCER, known_text
from guardrails.reading import Properties

_COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_SERVICE = "aws:ecs/service:Service"
RUNBOOKS = frozenset(
    {"audit", "cache", "database", "entrance", "media", "objective", "queues-and-functions", "quotas", "search"}
    | {"services"}
)
"""What docs/runbooks has for alarms; a test compares."""
_NAMED = re.compile(r"\S.* Runbook: docs/runbooks/(?P<name>[a-z-]+)\.md")
_PERCENT = re.compile(r"SERVICE_QUOTA")
_ENTRANCE = ("HTTPCode_ELB_5XX_Count", "RejectedConnectionCount")
_OBJECTIVE: Mapping[int, float] = {3600: 0.144, 300: 0.144, 21_600: 0.06, 1800: 0.06}
"""Percent of errors above which each window, in seconds, burns the budget of 99.99 % too fast."""


def _runbook(alarm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    found = _NAMED.fullmatch(alarm.properties.text("alarmDescription") or "")
    if not found:
        yield "alarmDescription names no runbook, so that whoever is woken has to find out what to do"
    elif found["name"] not in RUNBOOKS:
        yield f"alarmDescription names {found['name']}, which is no runbook of docs/runbooks"


def _tasks(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    name = service.properties.text("name")
    if not any(
        known_text(alarm, "metricName") == "RunningTaskCount"
        and alarm.properties.text("dimensions.ServiceName") == name
        and (alarm.properties.text("comparisonOperator") or "").startswith("LessThan")
        and alarm.properties.number("threshold")
        for alarm in graph.of_type(ALARM)
    ):
        yield "no alarm of this stack says that too few of its tasks run"


def _entrance(balancer: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    alarms = balancer.referrers("dimensions", ALARM)
    for metric in _ENTRANCE:
        if not any(
            alarm.properties.text("metricName") == metric
            and (alarm.properties.text("comparisonOperator") or "").startswith("GreaterThan")
            for alarm in alarms
        ):
            yield f"no alarm of this stack tells of its {metric}"


def _objective(_stack: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not graph.of_type(LOAD_BALANCER):
        return
    told = {
        part.urn
        for composite in graph.of_type(_COMPOSITE)
        if composite.refers("alarmActions", TOPIC)
        for part in composite.refers("alarmRule", ALARM)
    }
    parts = [alarm for alarm in graph.of_type(ALARM) if alarm.urn in told]
    for seconds, most in _OBJECTIVE.items():
        if not any(_burns(alarm.properties, seconds, most) for alarm in parts):
            yield f"no alarm tells that the errors of {seconds // 60} minutes spend what 99.99 % leaves too fast"
    if not any(_is_of_quota(alarm.properties) for alarm in graph.of_type(ALARM)):
        yield "no alarm tells that a quota is nearly used up"


def _burns(properties: Properties, seconds: int, most: float) -> bool:
    metrics = [query.blocks("metric") for query in properties.blocks("metricQueries")]
    periods = {metric.number("period") for found in metrics for metric in found}
    names = {metric.text("metricName") for found in metrics for metric in found}
    threshold = properties.number("threshold")
    return (
        periods == {seconds}
        and {"HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "RequestCount"} <= names
        and properties.text("comparisonOperator") == "GreaterThanThreshold"
        and threshold is not None
        and threshold <= most
    )


def _is_of_quota(properties: Properties) -> bool:
    return any(_PERCENT.search(query.text("expression") or "") for query in properties.blocks("metricQueries"))


ALARM_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="alarms-name-runbook",
        title="Each alarm names the runbook that says what to do",
        clauses=("obs-dash-errors-latency", "dr-rpo-1h"),
        severity="low",
        types=frozenset({ALARM, _COMPOSITE}),
        check=_runbook,
        remediation="Declare it by components/alarms.py, which knows the runbook of each namespace.",
    ),
    StackGuardrail(
        id="services-watched",
        title="Somebody is told when too few tasks of a service or worker run",
        clauses=("obs-dash-service-health", "compute-multi-az"),
        severity="medium",
        types=frozenset({_SERVICE}),
        check=_tasks,
        remediation="Declare an alarm on RunningTaskCount below what should run.",
    ),
    StackGuardrail(
        id="load-balancers-watched",
        title="Somebody is told when a load balancer answers with errors of its own or refuses connections",
        clauses=("obs-dash-errors-latency",),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_entrance,
        remediation="Declare alarms on HTTPCode_ELB_5XX_Count and RejectedConnectionCount of the load balancer.",
    ),
    StackGuardrail(
        id="objective-watched",
        title="Somebody is told when the budget of errors is spent too fast, or a quota nearly used up",
        clauses=("obs-availability-9999",),
        severity="medium",
        types=frozenset({STACK}),
        check=_objective,
        remediation="Leave the alarms as components/observability_layer/platform_alarms.py has them.",
    ),
)
