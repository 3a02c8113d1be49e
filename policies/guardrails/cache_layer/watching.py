"""What the cache says of itself: logs that are kept, and alarms on each node."""

from collections.abc import Iterable, Iterator, Mapping

from guardrails.cache_layer.resources import LOG_GROUP, REPLICATION_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties, UnreadableError

_LOGS = ("engine-log", "slow-log")
_LOGGED = "logDeliveryConfigurations"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_NINETY_DAYS = 90
_GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_WORST = ("Average", "Maximum", "Sum")
_METRICS: Mapping[str, float] = {
    "CurrConnections": 65_000,  # as many as a node takes
    "DatabaseMemoryUsageCountedForEvictPercentage": 100,
    "EngineCPUUtilization": 100,
    "Evictions": 1000,
}
"""Metrics that each node is watched by, and what is too late to say so."""
_LAG, _LAG_SECONDS = "ReplicationLag", 300
_SHARDS, _REPLICAS = 4, 1
"""Nodes that the decision asks for. Whoever adds some has the alarms on these, and may add others."""


def _delivered(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    found = group.properties.blocks(_LOGGED)
    kinds = [block.text("logType") for block in found if block.text("destinationType") == "cloudwatch-logs"]
    if missing := [log for log in _LOGS if log not in kinds]:
        yield f"{_LOGGED} send no {' and no '.join(missing)} to cloudwatch-logs"
    if len(groups := group.refers(_LOGGED, LOG_GROUP)) < len(found) or len(groups) != len(group.refers(_LOGGED)):
        yield f"{_LOGGED} go to {len(groups)} log groups of this stack, while there are {len(found)}"


def _kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    least = relaxations.number("minimumDays")
    if group.referrers(_LOGGED, REPLICATION_GROUP):
        days = group.properties.number("retentionInDays")
        if days and days < least:  # log-groups-expire speaks of none
            yield f"it keeps the log of a cache for {days:g} days, not {least:g} or more"


def _watched(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    alarms = _alarms(graph)
    has_replicas = (group.properties.number("replicasPerNodeGroup") or 0) > 0
    metrics = {**_METRICS, _LAG: _LAG_SECONDS} if has_replicas else _METRICS
    for node in _nodes(group.properties):
        if missing := [metric for metric, most in metrics.items() if alarms.get((node, metric), most) >= most]:
            yield f"no alarm of this stack says in time what {', '.join(missing)} of {node} is"


def _nodes(properties: Properties) -> Iterator[str]:
    name = properties.text("replicationGroupId")
    if name is None:
        raise UnreadableError("replicationGroupId is not given, so that its nodes can't be named beforehand")
    shards = min(int(properties.number("numNodeGroups") or 1), _SHARDS)
    nodes = 1 + min(int(properties.number("replicasPerNodeGroup") or 0), _REPLICAS)
    for shard in range(1, 1 + shards):
        yield from (f"{name}-{shard:04}-{node:03}" for node in range(1, 1 + nodes))


def _alarms(graph: Graph) -> Mapping[tuple[str, str], float]:
    """Return the lowest threshold above which somebody is told, by node and metric."""
    found: dict[tuple[str, str], float] = {}
    for alarm in graph.of_type(_ALARM):
        properties = alarm.properties
        if known_text(alarm, "namespace") != "AWS/ElastiCache":
            continue
        node, metric = known_text(alarm, "dimensions.CacheClusterId"), known_text(alarm, "metricName")
        threshold = properties.number("threshold")
        if (
            node
            and metric
            and threshold is not None
            and known_text(alarm, "comparisonOperator") in _GREATER
            and known_text(alarm, "statistic") in _WORST
        ):
            found[node, metric] = min(threshold, found.get((node, metric), threshold))
    return found


WATCHING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="cache-logs-delivered",
        title="Slow commands and the engine's log go to log groups of the stack",
        clauses=("obs-central-logging",),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_delivered,
        remediation="List slow-log and engine-log under logDeliveryConfigurations, each with a log group of the stack.",
    ),
    StackGuardrail(
        id="cache-logs-kept-90-days",
        title="Logs of the cache are kept for 90 days",
        clauses=("obs-retention-app", "obs-default-retention-90"),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _NINETY_DAYS, "Days that logs of the cache are kept at least."
            )
        },
        remediation="Leave cache.logRetentionDays out, or set it to 90 or more.",
    ),
    StackGuardrail(
        id="cache-watched",
        title="Somebody is told that a node of the cache is full, busy or behind",
        clauses=("cache-multi-az-failover", "cache-64gb"),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_watched,
        remediation="Leave the alarms on each node as components/cache_layer has them.",
    ),
)
