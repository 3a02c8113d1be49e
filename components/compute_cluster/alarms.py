"""Alarms of services and workers. Two of a service's end a deployment and bring the last version back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm, with_runbook
from components.compute_cluster.metrics import RUNNING, dimensions_of_groups, total
from components.compute_cluster.shared import SharedParts
from components.routes import ServiceTargets

_ERROR_PERCENT = 5
_FEW_REQUESTS = 20  # in a minute: fewer say nothing about a share of errors


@dataclass(frozen=True, slots=True)
class _Alarm:
    label: str
    meaning: str
    metrics: Mapping[str, tuple[str, str, str]]
    """Name, statistic and color of each metric, by the id that the expression uses."""
    expression: str
    threshold: float
    minutes: int


class DeploymentAlarms(pulumi.ComponentResource):
    """Alarms on what clients get from a service. Carries compute-rollback and, with the service, dr-blue-green."""

    names: Sequence[pulumi.Output[str]]
    """Names of the alarms, by which ECS watches them."""

    def __init__(
        self,
        name: str,
        service: str,
        *,
        targets: ServiceTargets,
        load_balancer_suffix: pulumi.Input[str],
        shared: SharedParts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:DeploymentAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = shared.alert_topic_arns["critical"]
        groups = dimensions_of_groups(targets, load_balancer_suffix)
        names: list[pulumi.Output[str]] = []
        for alarm in _alarms([*groups]):
            label = shared.naming.name(service, alarm.label)
            declared = aws.cloudwatch.MetricAlarm(
                f"{name}-{alarm.label}",
                name=label,
                alarm_description=with_runbook(f"Service {service}: {alarm.meaning}", "services"),
                metric_queries=_queries(alarm, groups),
                comparison_operator="GreaterThanThreshold",
                threshold=alarm.threshold,
                evaluation_periods=alarm.minutes,
                treat_missing_data="notBreaching",  # no traffic is no error
                alarm_actions=[topic],
                ok_actions=[topic],
                tags={"Name": label},
                opts=child,
            )
            names.append(declared.name)
        self.names = names
        self.register_outputs({"names": self.names})


def _alarms(colors: Sequence[str]) -> tuple[_Alarm, ...]:
    errors = {f"errors_{color}": ("HTTPCode_Target_5XX_Count", "Sum", color) for color in colors}
    requests = {f"requests_{color}": ("RequestCount", "Sum", color) for color in colors}
    unhealthy = {f"unhealthy_{color}": ("UnHealthyHostCount", "Maximum", color) for color in colors}
    share = f"100 * {total(errors)} / {total(requests)}"
    return (
        _Alarm(
            "TargetErrors",
            f"more than {_ERROR_PERCENT} % of the answers are errors",
            errors | requests,
            f"IF({total(requests)} >= {_FEW_REQUESTS}, {share}, 0)",
            _ERROR_PERCENT,
            minutes=2,
        ),
        _Alarm("UnhealthyTargets", "tasks fail their health check", unhealthy, total(unhealthy), 0, minutes=3),
    )


def _queries(
    alarm: _Alarm, groups: Mapping[str, Mapping[str, pulumi.Input[str]]]
) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    query = aws.cloudwatch.MetricAlarmMetricQueryArgs
    metrics = [
        query(
            id=identifier,
            return_data=False,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace="AWS/ApplicationELB",
                metric_name=metric,
                stat=stat,
                period=60,
                dimensions=groups[color],
            ),
        )
        for identifier, (metric, stat, color) in alarm.metrics.items()
    ]
    return [*metrics, query(id="result", label=alarm.meaning, expression=alarm.expression, return_data=True)]


class CapacityAlarm(pulumi.ComponentResource):
    """Says when fewer tasks run than should for a quarter of an hour: ECS could not replace what ended."""

    def __init__(
        self,
        name: str,
        task: str,
        *,
        minimum: int,
        shared: SharedParts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:CapacityAlarm", name, None, opts)
        namespace, metric = RUNNING
        ThresholdAlarm(
            namespace=namespace,
            metric=metric,
            dimensions={"ClusterName": shared.cluster_name, "ServiceName": shared.naming.name(task)},
            statistic="Minimum",
            period=300,
            periods=3,
            comparison="LessThanThreshold",
            threshold=minimum,
            severity="critical",
            missing="breaching",
            meaning=f"Fewer than {minimum} tasks of {task} have run for 15 minutes",
        ).declare(
            f"{name}-tasks",
            shared.naming.name(task, "TooFewTasks"),
            topic_arns=shared.alert_topic_arns,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
