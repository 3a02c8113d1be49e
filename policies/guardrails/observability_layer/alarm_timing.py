"""How soon an alarm rings, and whether it can ring at all: what holds of every one, whatever it watches."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import ALARM
from guardrails.placement import known_text
from guardrails.reading import Properties

_COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_HOUR = 3600
_OF_PARTS = 6 * _HOUR  # the longest window of the objective: https://sre.google/workbook/alerting-on-slos/
_SLOW: Mapping[str, int] = {"DaysToExpiry": 24 * _HOUR}  # weeks are left, and there is one value in a day
_HEARD = ("missing", "breaching", "notBreaching")
_GONE_WHEN_DOWN = frozenset(
    {"ClusterStatus.red", "FreeStorageSpace", "HealthCheckStatus", "ReplicaLag", "RunningTaskCount"}
)
"""Metrics that end with what they measure."""
_OF_ONE_METRIC = ("metricName", "namespace", "period", "statistic", "extendedStatistic", "dimensions", "unit")


def _in_time(alarm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    properties = alarm.properties
    periods, needed = properties.number("evaluationPeriods"), properties.number("datapointsToAlarm")
    if not periods or periods < 1:
        yield "evaluationPeriods is not 1 or more"
        return
    if needed is not None and not 1 <= needed <= periods:
        yield f"datapointsToAlarm is {needed:g} of {periods:g}, which never come together"
    lengths = _lengths(properties)
    if not lengths:
        yield "period is not given"
        return
    most = _OF_PARTS if alarm.referrers("alarmRule", _COMPOSITE) else _SLOW.get(_metric(alarm), _HOUR)
    if (seconds := max(lengths) * periods) > most:
        yield f"it takes {seconds:g} seconds until it rings, not {most} or fewer"


def _lengths(properties: Properties) -> list[float]:
    """Return the periods of its metrics, in seconds."""
    queries = properties.blocks("metricQueries")
    metrics = [metric for query in queries for metric in query.blocks("metric")]
    found = [block.number("period") for block in ([*queries, *metrics] if queries else [properties])]
    return [period for period in found if period]


def _metric(alarm: Node) -> str:
    return known_text(alarm, "metricName") or ""


def _silence(alarm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    missing = alarm.properties.text("treatMissingData") or "missing"
    if _metric(alarm) in _GONE_WHEN_DOWN:
        if missing != "breaching":
            yield f"treatMissingData is {missing}, though {_metric(alarm)} ends with what it is measured of"
    elif missing not in _HEARD:
        yield f"treatMissingData is {missing}, so that it stays as it was when data ends"


def _one_sum(alarm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    properties = alarm.properties
    queries = properties.blocks("metricQueries")
    if not queries:
        if not (properties.text("namespace") and properties.text("metricName")):
            yield "it names no metric"
        return
    if both := [key for key in _OF_ONE_METRIC if properties.given(key)]:
        yield f"{', '.join(both)} stands beside metricQueries, which AWS refuses"
    if len([query for query in queries if query.flag("returnData")]) != 1:
        yield "not exactly one of metricQueries has returnData, which AWS asks for"
    written = " ".join(query.text("expression") or "" for query in queries)
    if unused := [
        name for query in queries if query.given("metric") and (name := query.text("id") or "") not in written
    ]:
        yield f"no expression takes {', '.join(unused)} into account"


TIMING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="alarms-in-time",
        title="An alarm rings within an hour of what it is about",
        clauses=("dr-rpo-1h", "obs-dash-errors-latency"),
        severity="medium",
        types=frozenset({ALARM}),
        check=_in_time,
        remediation="Take period times evaluationPeriods down to an hour; a day for what there is one value a day of.",
    ),
    StackGuardrail(
        id="alarms-hear-silence",
        title="Silence is taken for what it means: trouble, or nothing to count",
        clauses=("dr-rpo-1h", "obs-dash-service-health"),
        severity="medium",
        types=frozenset({ALARM}),
        check=_silence,
        remediation=(
            "Set treatMissingData to breaching where the metric ends with what it measures, else to notBreaching."
        ),
    ),
    StackGuardrail(
        id="alarms-of-one-value",
        title="An alarm compares one metric, or what one expression makes of several",
        clauses=("obs-dash-errors-latency",),
        severity="medium",
        types=frozenset({ALARM}),
        check=_one_sum,
        remediation="Give metricName with its namespace, or metricQueries of which one expression returns data.",
    ),
)
