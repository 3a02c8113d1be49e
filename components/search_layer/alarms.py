"""Alarms of the search domain, at the thresholds that AWS recommends.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
"""

from collections.abc import Iterable
from typing import Literal

import pulumi

from components.alarms import ThresholdAlarm
from components.naming import Naming
from components.search_layer.names import domain_name, stream_name
from components.search_layer.settings import SearchSettings

_Comparison = Literal["GreaterThanOrEqualToThreshold", "LessThanOrEqualToThreshold", "LessThanThreshold"]
_MIB_IN_GIB = 1024
_FREE_SHARE = 0.25


def domain_alarms(settings: SearchSettings, naming: Naming, domain: pulumi.Input[str]) -> Iterable[ThresholdAlarm]:
    """Return the alarms of a domain; ``domain`` is its name, once it exists."""

    def alarm(
        metric: str,
        statistic: Literal["Maximum", "Minimum"],
        threshold: float,
        meaning: str,
        *,
        comparison: _Comparison = "GreaterThanOrEqualToThreshold",
        period: int = 60,
        periods: int = 1,
        severity: Literal["critical", "warning"] = "critical",
        missing: Literal["breaching", "notBreaching"] = "notBreaching",
    ) -> ThresholdAlarm:
        return ThresholdAlarm(
            namespace="AWS/ES",
            metric=metric,
            dimensions={"DomainName": domain, "ClientId": naming.account_id},
            statistic=statistic,
            period=period,
            periods=periods,
            comparison=comparison,
            threshold=threshold,
            severity=severity,
            missing=missing,
            meaning=f"Search domain {domain_name(naming)}: {meaning}",
        )

    nodes = (
        alarm("ClusterStatus.red", "Maximum", 1, "a shard and all its replicas are lost", missing="breaching"),
        alarm("ClusterStatus.yellow", "Maximum", 1, "a replica has no node to be on", periods=15, severity="warning"),
        alarm("ClusterIndexWritesBlocked", "Maximum", 1, "it takes no writes", period=300),
        alarm(
            "FreeStorageSpace",
            "Minimum",
            settings.volume_gib * _MIB_IN_GIB * _FREE_SHARE,
            "less than a quarter of a node's volume is free",
            comparison="LessThanOrEqualToThreshold",
            missing="breaching",
        ),
        alarm("CPUUtilization", "Maximum", 80, "a processor has been busy", period=900, periods=3, severity="warning"),
        alarm("JVMMemoryPressure", "Maximum", 95, "a node is short of memory", periods=3, missing="breaching"),
        alarm(
            "MasterReachableFromNode",
            "Minimum",
            1,
            "no master node answers",
            comparison="LessThanThreshold",
            period=300,
        ),
        alarm("AutomatedSnapshotFailure", "Maximum", 1, "no snapshot could be taken", severity="warning"),
        alarm("KMSKeyError", "Maximum", 1, "its key is disabled"),
        alarm("KMSKeyInaccessible", "Maximum", 1, "its key is gone, or it may no longer use it"),
    )
    masters = (
        alarm("MasterCPUUtilization", "Maximum", 50, "a master is busy", period=900, periods=3, severity="warning"),
        alarm("MasterJVMMemoryPressure", "Maximum", 95, "a master node is short of memory", periods=3),
    )
    return (*nodes, *(masters if settings.dedicated_masters else ()))


def stream_alarms(naming: Naming, stream: pulumi.Input[str]) -> Iterable[ThresholdAlarm]:
    """Return the alarms of the stream; ``stream`` is its name, once it exists."""
    return (
        ThresholdAlarm(
            namespace="AWS/Kinesis",
            metric="WriteProvisionedThroughputExceeded",
            dimensions={"StreamName": stream},
            statistic="Sum",
            period=60,
            periods=5,
            comparison="GreaterThanThreshold",
            threshold=0,
            severity="warning",
            missing="notBreaching",
            meaning=f"Stream {stream_name(naming)}: events are refused, since there are too few shards",
        ),
    )
