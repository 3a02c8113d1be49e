"""Alarms on what recovery needs: a replica that keeps up, and a database that can take writes."""

from collections.abc import Collection, Mapping
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.database_layer.settings import DatabaseSettings
from components.naming import Naming

_GIB = 1024**3
_STANDBY_LAG_SECONDS = 300
_RPO_SECONDS = 3600  # clause dr-rpo-1h; the alarm leaves half of it to react


def _alarms(
    label: str, instance: aws.rds.Instance, settings: DatabaseSettings, *, replica: bool
) -> list[ThresholdAlarm]:
    def alarm(
        metric: str,
        comparison: Literal["GreaterThanThreshold", "LessThanThreshold"],
        threshold: float,
        severity: Literal["critical", "warning"],
        meaning: str,
        *,
        period: int = 300,
    ) -> ThresholdAlarm:
        return ThresholdAlarm(
            namespace="AWS/RDS",
            metric=metric,
            dimensions={"DBInstanceIdentifier": instance.identifier},
            statistic="Average",
            period=period,
            periods=3,
            comparison=comparison,
            threshold=threshold,
            severity=severity,
            missing="breaching",
            meaning=f"Database {label}: {meaning}",
        )

    of_all = [
        alarm(
            "FreeStorageSpace",
            "LessThanThreshold",
            settings.allocated_storage_gib * _GIB / 10,
            "critical",
            "less than a tenth of the first allocation is free, and growing takes hours",
        ),
        alarm("CPUUtilization", "GreaterThanThreshold", 80, "warning", "the processor has been busy"),
    ]
    connections = alarm(
        "DatabaseConnections",
        "GreaterThanThreshold",
        settings.max_connections * 0.9,
        "warning",
        "connections are running out",
    )
    if label == "analytics":
        lag = alarm(
            "ReplicaLag",
            "GreaterThanThreshold",
            _RPO_SECONDS / 2,
            "critical",
            "the replica is half an hour behind, half of what may be lost",
        )
        return [lag, *of_all]
    if replica:
        # The first alarm in the second region when the first one is lost, with whose alarms nobody can reckon.
        lag = alarm(
            "ReplicaLag",
            "GreaterThanThreshold",
            _STANDBY_LAG_SECONDS,
            "critical",
            "the standby is minutes behind its primary, which may be lost; see docs/runbooks/regional-failover.md",
            period=60,
        )
        return [lag, *of_all, connections]
    return [*of_all, connections]


def _pinned(proxy_name: str, settings: DatabaseSettings) -> ThresholdAlarm:
    return ThresholdAlarm(
        namespace="AWS/RDS",
        metric="DatabaseConnectionsCurrentlySessionPinned",
        dimensions={"ProxyName": proxy_name},
        statistic="Sum",  # each machine of the proxy reports its own, every minute
        period=60,
        periods=15,
        comparison="GreaterThanThreshold",
        threshold=settings.max_pooled_connections // 10,
        severity="warning",
        missing="notBreaching",  # there is no value before the first connection
        meaning="Database proxy: sessions keep a tenth of its connections to themselves, by what they set or prepare",
    )


class DatabaseAlarms(pulumi.ComponentResource):
    """Alarms of each instance, over three periods of five minutes, for which no data is trouble; and of the proxy."""

    def __init__(
        self,
        name: str,
        *,
        instances: Mapping[str, aws.rds.Instance],
        replicas: Collection[str],
        proxy_name: str | None,
        settings: DatabaseSettings,
        naming: Naming,
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:database:DatabaseAlarms", name, None, opts)
        for label, instance in instances.items():
            for alarm in _alarms(label, instance, settings, replica=label in replicas):
                alarm.declare(
                    f"{name}-{label}-{alarm.metric}",
                    naming.name("db", label, alarm.metric),
                    topic_arns=topic_arns,
                    opts=pulumi.ResourceOptions(parent=self),
                )
        if proxy_name:
            alarm = _pinned(proxy_name, settings)
            alarm.declare(
                f"{name}-proxy-{alarm.metric}",
                naming.name("db", "proxy", alarm.metric),
                topic_arns=topic_arns,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
