"""Alarms on what recovery needs: a replica that keeps up, and a database that can take writes."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.database_layer.settings import DatabaseSettings
from components.naming import Naming

_GIB = 1024**3
_RPO_SECONDS = 3600  # clause dr-rpo-1h; the alarm leaves half of it to react


@dataclass(frozen=True, slots=True)
class _Alarm:
    metric: str
    instances: tuple[str, ...]
    comparison: str
    threshold: float
    severity: str
    meaning: str


def _alarms(settings: DatabaseSettings) -> tuple[_Alarm, ...]:
    both = ("primary", "analytics")
    return (
        _Alarm(
            "ReplicaLag",
            ("analytics",),
            "GreaterThanThreshold",
            _RPO_SECONDS / 2,
            "critical",
            "the replica is half an hour behind, half of what may be lost",
        ),
        _Alarm(
            "FreeStorageSpace",
            both,
            "LessThanThreshold",
            settings.allocated_storage_gib * _GIB / 10,
            "critical",
            "less than a tenth of the first allocation is free, and growing takes hours",
        ),
        _Alarm("CPUUtilization", both, "GreaterThanThreshold", 80, "warning", "the processor has been busy"),
        _Alarm(
            "DatabaseConnections",
            ("primary",),
            "GreaterThanThreshold",
            settings.max_connections * 0.9,
            "warning",
            "connections are running out",
        ),
    )


class DatabaseAlarms(pulumi.ComponentResource):
    """Alarms of each instance, over three periods of five minutes. Missing data counts as trouble."""

    def __init__(
        self,
        name: str,
        *,
        instances: Mapping[str, aws.rds.Instance],
        settings: DatabaseSettings,
        naming: Naming,
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:database:DatabaseAlarms", name, None, opts)
        for label, instance in instances.items():
            for alarm in _alarms(settings):
                if label in alarm.instances:
                    topic = topic_arns[alarm.severity]
                    alarm_name = naming.name("db", label, alarm.metric)
                    aws.cloudwatch.MetricAlarm(
                        f"{name}-{label}-{alarm.metric}",
                        name=alarm_name,
                        alarm_description=f"Database {label}: {alarm.meaning}",
                        namespace="AWS/RDS",
                        metric_name=alarm.metric,
                        dimensions={"DBInstanceIdentifier": instance.identifier},
                        statistic="Average",
                        period=300,
                        evaluation_periods=3,
                        comparison_operator=alarm.comparison,
                        threshold=alarm.threshold,
                        treat_missing_data="breaching",
                        alarm_actions=[topic],
                        ok_actions=[topic],
                        tags={"Name": alarm_name},
                        opts=pulumi.ResourceOptions(parent=self),
                    )
        self.register_outputs({})
