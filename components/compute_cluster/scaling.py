"""How many tasks run: Application Auto Scaling.

Target tracking adds tasks when one of its metrics is high and removes them when none is. Steps only add, on a faster
signal, and schedules only move the minimum, so that neither works against it. While a deployment runs, AWS removes no
tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-auto-scaling.html
"""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_aws.appautoscaling import PolicyTargetTrackingScalingPolicyConfigurationArgs as _Tracking
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs as _CustomMetric,
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs as _PredefinedMetric,
)

from components.alarms import with_runbook
from components.compute_cluster.task_settings import ScalingSettings, TargetSettings

_DIMENSION = "ecs:service:DesiredCount"
_OUT_SECONDS = 60
_IN_SECONDS = 900  # the longest bake that keeps the decision: a new version is judged with the tasks it was given


class ServiceScaling(pulumi.ComponentResource):
    """Bounds of one service's tasks, and what moves their number in between.

    Carries compute-autoscaling-cpu-mem-custom and cost-target-*.
    """

    def __init__(
        self,
        name: str,
        *,
        service: aws.ecs.Service,
        cluster_name: str,
        service_name: str,
        bounds: tuple[int, int],
        targets: TargetSettings,
        custom: _CustomMetric,
        custom_target: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:ServiceScaling", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        self._service_name = service_name
        self._dimensions = {"ClusterName": cluster_name, "ServiceName": service_name}
        minimum, maximum = bounds
        target = aws.appautoscaling.Target(
            f"{name}-target",
            service_namespace="ecs",
            scalable_dimension=_DIMENSION,
            resource_id=f"service/{cluster_name}/{service_name}",
            min_capacity=minimum,
            max_capacity=maximum,
            tags={"Name": service_name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[service]),
        )
        self._of_target: dict[str, Any] = {
            "service_namespace": target.service_namespace,
            "scalable_dimension": target.scalable_dimension,
            "resource_id": target.resource_id,
        }
        self._track("cpu", targets.cpu_target, predefined="ECSServiceAverageCPUUtilization")
        self._track("memory", targets.memory_target, predefined="ECSServiceAverageMemoryUtilization")
        self._track("custom", custom_target, customized=custom)
        self.register_outputs({})

    def _track(
        self,
        metric: str,
        target: int,
        *,
        predefined: str | None = None,
        customized: _CustomMetric | None = None,
    ) -> None:
        aws.appautoscaling.Policy(
            f"{self._name}-{metric}",
            name=f"{self._service_name}-{metric}",
            policy_type="TargetTrackingScaling",
            target_tracking_scaling_policy_configuration=_Tracking(
                target_value=target,
                scale_out_cooldown=_OUT_SECONDS,
                scale_in_cooldown=_IN_SECONDS,
                disable_scale_in=False,
                predefined_metric_specification=(
                    _PredefinedMetric(predefined_metric_type=predefined) if predefined else None
                ),
                customized_metric_specification=customized,
            ),
            **self._of_target,
            opts=self._child,
        )

    def add_steps(self, cpu: int, *, alarm_name: str, topic_arn: pulumi.Input[str]) -> None:
        """Add tasks in steps after a minute above ``cpu`` percent of the processor. Carries cost-step-scaling."""
        steps = aws.appautoscaling.Policy(
            f"{self._name}-steps",
            name=f"{self._service_name}-steps",
            policy_type="StepScaling",
            step_scaling_policy_configuration=aws.appautoscaling.PolicyStepScalingPolicyConfigurationArgs(
                adjustment_type="PercentChangeInCapacity",
                metric_aggregation_type="Average",
                min_adjustment_magnitude=2,
                cooldown=_OUT_SECONDS,
                step_adjustments=[
                    # From the threshold on by a quarter, and near the limit by half.
                    aws.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs(
                        metric_interval_lower_bound="0", metric_interval_upper_bound="10", scaling_adjustment=25
                    ),
                    aws.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs(
                        metric_interval_lower_bound="10", scaling_adjustment=50
                    ),
                ],
            ),
            **self._of_target,
            opts=self._child,
        )
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-steps-alarm",
            name=alarm_name,
            alarm_description=with_runbook(
                f"Processors of {self._service_name} were above {cpu} % for a minute: tasks are added", "services"
            ),
            namespace="AWS/ECS",
            metric_name="CPUUtilization",
            dimensions=self._dimensions,
            statistic="Average",
            period=60,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=cpu,
            treat_missing_data="notBreaching",
            alarm_actions=[steps.arn, topic_arn],  # where it happens often, a schedule is missing
            tags={"Name": alarm_name},
            opts=self._child,
        )

    def add_schedules(self, scaling: ScalingSettings, *, zones: int) -> None:
        """Move the minimum at set times. Carries cost-scheduled-scaling."""
        for schedule in scaling.schedules:
            aws.appautoscaling.ScheduledAction(
                f"{self._name}-{schedule.name}",
                name=f"{self._service_name}-{schedule.name}",
                schedule=f"cron({schedule.cron})",
                timezone=schedule.timezone,
                scalable_target_action=aws.appautoscaling.ScheduledActionScalableTargetActionArgs(
                    min_capacity=schedule.min_per_az * zones
                ),
                **self._of_target,
                opts=self._child,
            )
