"""Clause dr-rpo-1h, its alarms: somebody is told before more than an hour of data is at stake.

What is said of all alarms holds for those of every layer.
"""

from collections.abc import Callable, Iterable, Mapping
from math import inf

from guardrails.database_layer.resources import INSTANCE, TOPIC, is_replica, takes_over
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import are_apart
from guardrails.reading import Properties

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_RPO_SECONDS = 3600
_SOURCE, _SIZE = "replicateSourceDb", "allocatedStorage"
_ALL = 100
_COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_LESS = ("LessThanThreshold", "LessThanOrEqualToThreshold")
_WORST: Mapping[tuple[str, ...], tuple[str, ...]] = {_GREATER: ("Average", "Maximum"), _LESS: ("Average", "Minimum")}
_GIB = 1024**3


def _lag(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if is_replica(instance.properties) and not _watched(
        instance, "ReplicaLag", _GREATER, lambda seconds: seconds <= _RPO_SECONDS
    ):
        yield f"no alarm of this stack says that it is {_RPO_SECONDS} seconds behind, or fewer"


def _free_storage(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    most = _allocated(instance) / 2
    if not _watched(instance, "FreeStorageSpace", _LESS, lambda size: _GIB <= size <= most):
        yield f"no alarm of this stack says that its storage runs out, at {_GIB} to {most:g} bytes"


def _allocated(instance: Node) -> float:
    """Return how many bytes an instance, or the one that it copies, starts with."""
    known = [
        found.properties.number(_SIZE)
        for found in (instance, *instance.refers(_SOURCE, INSTANCE))
        if found.properties.is_known(_SIZE)  # AWS computes a replica's
    ]
    return _GIB * next((size for size in known if size), inf)


def _saturated(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _watched(instance, "CPUUtilization", _GREATER, lambda percent: 0 < percent < _ALL):
        yield "no alarm of this stack says that its processor is busy"
    if takes_over(instance) and not _watched(instance, "DatabaseConnections", _GREATER, lambda count: count > 0):
        yield "no alarm of this stack says that connections run out"


def _watched(
    instance: Node, metric: str, comparisons: tuple[str, ...], is_soon_enough: Callable[[float], bool]
) -> bool:
    for alarm in instance.referrers("dimensions", _ALARM):
        properties = alarm.properties
        if (properties.text("namespace"), properties.text("metricName")) != ("AWS/RDS", metric):
            continue
        threshold = properties.number("threshold")
        if (
            properties.given("dimensions.DBInstanceIdentifier")
            and properties.text("statistic") in _WORST[comparisons]
            and properties.text("comparisonOperator") in comparisons
            and threshold is not None
            and is_soon_enough(threshold)
        ):
            return True
    return False


def _enabled(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag_or("actionsEnabled", True):
        yield "actionsEnabled is false, so that nobody is told"


def _told(alarm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    topics = alarm.refers("alarmActions", TOPIC)
    if not (topics or _is_part(alarm)):
        yield "alarmActions refer to no topic of this stack, so that nobody is told"
    for topic in topics:
        if are_apart(alarm, topic):
            yield f"alarmActions refer to {topic.name}, which is in another region"


def _is_part(alarm: Node) -> bool:
    """Return whether an alarm is made into another that tells a topic."""
    return any(composite.refers("alarmActions", TOPIC) for composite in alarm.referrers("alarmRule", _COMPOSITE))


ALARM_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-lag-alarm",
        title="An alarm says that a replica falls behind, before it is an hour",
        clauses=("dr-rpo-1h",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_lag,
        remediation="Declare an alarm on ReplicaLag of the replica, at 3600 seconds or fewer.",
    ),
    StackGuardrail(
        id="database-storage-alarm",
        title="An alarm says that storage of the primary runs out",
        clauses=("dr-rpo-1h", "db-max-storage-5tb"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_free_storage,
        remediation="Declare an alarm on FreeStorageSpace of the primary.",
    ),
    StackGuardrail(
        id="database-saturation-watched",
        title="Somebody is told that a database's processor or its connections run out",
        clauses=("dr-rpo-1h", "obs-dash-database"),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_saturated,
        remediation="Leave the alarms on CPUUtilization and DatabaseConnections as components/database_layer has them.",
    ),
    ResourceGuardrail(
        id="alarms-enabled",
        title="Alarms are not silenced",
        clauses=("dr-rpo-1h",),
        severity="medium",
        types=frozenset({_ALARM, _COMPOSITE}),
        check=_enabled,
        controls=("CloudWatch.17", "CKV_AWS_319", "cloudwatch_alarm_actions_enabled"),
        remediation="Leave actionsEnabled out.",
    ),
    StackGuardrail(
        id="alarms-tell-a-topic",
        title="Alarms tell a topic of the stack in their region",
        clauses=("dr-rpo-1h",),
        severity="medium",
        types=frozenset({_ALARM, _COMPOSITE}),
        check=_told,
        controls=("CloudWatch.15", "cloudwatch_alarm_actions_alarm_state_configured"),
        remediation="Pass the ARN of a topic of the SecurityLayer in alarmActions.",
    ),
)
