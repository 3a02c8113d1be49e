"""Alarms on each node: memory, evictions, processor, connections and how far a replica is behind."""

from collections.abc import Mapping
from typing import Literal

import pulumi

from components.alarms import ThresholdAlarm
from components.naming import Naming

_MOST_CONNECTIONS = 65_000  # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html


def node_names(*, shards: int, replicas: int) -> list[str]:
    """Return what ElastiCache calls the nodes of a cache, after its own name: by shard, and in it by node."""
    return [f"{shard:04}-{node:03}" for shard in range(1, shards + 1) for node in range(1, replicas + 2)]


def _alarms(cache: str, node: str, *, replicas: int) -> list[ThresholdAlarm]:
    def alarm(metric: str, threshold: float, severity: Literal["critical", "warning"], meaning: str) -> ThresholdAlarm:
        return ThresholdAlarm(
            namespace="AWS/ElastiCache",
            metric=metric,
            dimensions={"CacheClusterId": f"{cache}-{node}"},
            statistic="Maximum",
            period=300,
            periods=3,
            comparison="GreaterThanThreshold",
            threshold=threshold,
            severity=severity,
            missing="notBreaching",  # nodes come and go with updates, and only replicas lag
            meaning=f"Cache node {node}: {meaning}",
        )

    lag = alarm("ReplicationLag", 30, "warning", "it is half a minute behind, which a failover would lose")
    return [
        alarm("DatabaseMemoryUsageCountedForEvictPercentage", 80, "warning", "its memory is filling up"),
        alarm("Evictions", 0, "warning", "it is full, and drops what has an end before that has come"),
        alarm("EngineCPUUtilization", 80, "critical", "the one thread that runs commands is busy"),
        alarm("CurrConnections", _MOST_CONNECTIONS * 0.8, "warning", "connections are running out"),
        *([lag] if replicas else []),
    ]


class CacheAlarms(pulumi.ComponentResource):
    """Alarms of each node. Any may become the primary of its shard, so that all have the same."""

    def __init__(
        self,
        name: str,
        *,
        cache: str,
        shards: int,
        replicas: int,
        naming: Naming,
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:cache:CacheAlarms", name, None, opts)
        for node in node_names(shards=shards, replicas=replicas):
            for alarm in _alarms(cache, node, replicas=replicas):
                alarm.declare(
                    f"{name}-{node}-{alarm.metric}",
                    naming.name("cache", node, alarm.metric),
                    topic_arns=topic_arns,
                    opts=pulumi.ResourceOptions(parent=self),
                )
        self.register_outputs({})
