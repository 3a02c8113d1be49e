"""Alarms: each says what to do, and none that must be there is missing."""

import re
from collections.abc import Iterable, Mapping

from guardrails.compute_cluster.resources import TARGET_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import ALARM, STACK, TOPIC
from guardrails.observability_layer.watches import GREATER, LESS
from guardrails.placement import LOAD_BALANCER, known_text
from guardrails.reading import Properties

_COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_SERVICE = "aws:ecs/service:Service"
RUNBOOKS = frozenset(
    {"audit", "cache", "copies", "database", "entrance", "media", "objective", "queues-and-functions", "quotas"}
    | {"regional-failover", "search", "services"}
)
"""What docs/runbooks has for alarms; a test compares."""
_NAMED = re.compile(r"\S.* Runbook: docs/runbooks/(?P<name>[a-z-]+)\.md")
_PERCENT = re.compile(r"SERVICE_QUOTA")
_MOST_OF_QUOTA = 90  # percent
_QUOTAS: Mapping[str, str] = {"Fargate": _SERVICE, "Lambda": "aws:lambda/function:Function"}
"""What AWS calls the services of which an account may have only so much, and what uses them."""
_OF_TARGETS: Mapping[str, tuple[float, float]] = {
    "HTTPCode_Target_5XX_Count": (0.1, 20),  # percent of what is asked
    "TargetResponseTime": (0.1, 60),  # seconds
    "UnHealthyHostCount": (0, 1),
}
"""Between what the threshold of each must be."""
_OBJECTIVE: Mapping[int, float] = {3600: 0.144, 300: 0.144, 21_600: 0.06, 1800: 0.06}
"""Percent of errors above which each window, in seconds, burns the budget of 99.99 % too fast."""


def _runbook(alarm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    found = _NAMED.fullmatch(alarm.properties.text("alarmDescription") or "")
    if not found:
        yield "alarmDescription names no runbook, so that whoever is woken has to find out what to do"
    elif found["name"] not in RUNBOOKS:
        yield f"alarmDescription names {found['name']}, which is no runbook of docs/runbooks"


def _tasks(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    name, most = service.properties.text("name"), service.properties.number("desiredCount")
    if not any(_tells_of_few(alarm, name, most) for alarm in graph.of_type(ALARM)):
        yield "no alarm of this stack says that too few of its tasks run"
    if groups := set(service.refers("loadBalancers", TARGET_GROUP)):
        alarms = [alarm for alarm in graph.of_type(ALARM) if groups <= set(alarm.refers("metricQueries"))]
        for metric, (least, most) in _OF_TARGETS.items():
            if not any(_tells_of_targets(alarm.properties, metric, least, most) for alarm in alarms):
                yield f"no alarm of this stack tells of {metric} of its target groups in time"


def _tells_of_few(alarm: Node, name: str | None, most: float | None) -> bool:
    if known_text(alarm, "metricName") != "RunningTaskCount":
        return False
    properties = alarm.properties
    return (
        properties.text("namespace") == "ECS/ContainerInsights"
        and properties.keys("dimensions") == {"ClusterName", "ServiceName"}
        and properties.text("dimensions.ServiceName") == name
        and properties.text("statistic") in ("Minimum", "Average")
        and properties.text("comparisonOperator") in LESS
        and 1 <= (properties.number("threshold") or 0) <= (most or 1)
    )


def _tells_of_targets(properties: Properties, metric: str, least: float, most: float) -> bool:
    named = [found for query in properties.blocks("metricQueries") for found in query.blocks("metric")]
    of_it = [found for found in named if found.text("metricName") == metric]
    threshold = properties.number("threshold")
    return (
        bool(of_it)
        and all(
            found.text("namespace") == "AWS/ApplicationELB"
            and found.keys("dimensions") == {"LoadBalancer", "TargetGroup"}
            and found.text("stat") not in (None, "Minimum")
            for found in of_it
        )
        and properties.text("comparisonOperator") in GREATER
        and threshold is not None
        and least <= threshold <= most
    )


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
    for service, type_ in _QUOTAS.items():
        if graph.of_type(type_) and not any(_is_of_quota(found.properties, service) for found in graph.of_type(ALARM)):
            yield f"no alarm tells that the quota of {service} is nearly used up"


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


def _is_of_quota(properties: Properties, service: str) -> bool:
    queries = properties.blocks("metricQueries")
    return (
        any(_PERCENT.search(query.text("expression") or "") for query in queries)
        and any(found.text("dimensions.Service") == service for query in queries for found in query.blocks("metric"))
        and properties.text("comparisonOperator") in GREATER
        and 0 < (properties.number("threshold") or 0) <= _MOST_OF_QUOTA
    )


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
        title="Somebody is told when too few tasks of a service or worker run, or its answers are late or errors",
        clauses=("obs-dash-service-health", "obs-dash-errors-latency", "compute-multi-az"),
        severity="medium",
        types=frozenset({_SERVICE}),
        check=_tasks,
        remediation="Leave the alarms as components/compute_cluster/alarms.py and platform_alarms.py have them.",
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
