"""Work in the background."""

import pulumi
import pulumi_aws as aws
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs as CustomMetric,
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs as CustomDimension,
)

from components.alarms import SERVICE_DIMENSION
from components.compute_cluster.alarms import CapacityAlarm
from components.compute_cluster.containers import BACKLOG_METRIC, log_configuration
from components.compute_cluster.scaling import ServiceScaling
from components.compute_cluster.service import rolling
from components.compute_cluster.shared import SharedParts
from components.compute_cluster.task import FargateTask
from components.compute_cluster.task_settings import WorkerSettings

_STOP_SECONDS = 30
_SPOT_STOP_SECONDS = 120  # the whole of the notice that Spot gives, and the most that Fargate takes
_ALIVE = "find /tmp/alive -mmin -1 | grep -q ."


class Worker(pulumi.ComponentResource):
    """Tasks that nobody calls. They call services, and may run where AWS takes them back at two minutes' notice.

    Carries cost-spot-optional and cost-spot-2min-notice.
    """

    log_group_name: pulumi.Output[str]
    """Name of its log group, once that exists."""

    def __init__(
        self,
        name: str,
        worker: str,
        *,
        own: WorkerSettings,
        repository: pulumi.Resource | None,
        shared: SharedParts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:Worker", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = shared.naming
        label = naming.name(worker)
        task = FargateTask(
            f"{name}-task",
            worker,
            own=own,
            health_command=_ALIVE,
            stop_seconds=_SPOT_STOP_SECONDS if own.spot else _STOP_SECONDS,
            port=None,
            shared=shared,
            repository=repository,
            opts=child,
        )
        self.log_group_name = task.log_group_name
        logs = log_configuration(naming, task.log_group, "service-connect")
        ecs = aws.ecs.Service(
            f"{name}-service",
            name=label,
            cluster=shared.cluster_arn,
            task_definition=task.definition_arn,
            desired_count=own.min_tasks,
            capacity_provider_strategies=_capacity(own),
            platform_version="LATEST",
            scheduling_strategy="REPLICA",
            availability_zone_rebalancing="ENABLED",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=shared.subnet_ids, security_groups=[shared.group_id], assign_public_ip=False
            ),
            service_connect_configuration=aws.ecs.ServiceServiceConnectConfigurationArgs(
                enabled=True,
                namespace=shared.namespace_arn,
                log_configuration=aws.ecs.ServiceServiceConnectConfigurationLogConfigurationArgs(
                    log_driver=logs["logDriver"], options=logs["options"]
                ),
            ),
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            **rolling(),
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags={"Name": label},
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[*task.needs, shared.capacity], ignore_changes=["desiredCount"]
            ),
        )
        ServiceScaling(
            f"{name}-scaling",
            service=ecs,
            cluster_name=shared.cluster_name,
            service_name=label,
            bounds=(own.min_tasks, own.max_tasks),
            targets=own.scaling,
            custom=CustomMetric(
                namespace=naming.prefix,
                metric_name=BACKLOG_METRIC,
                statistic="Average",
                dimensions=[CustomDimension(name=SERVICE_DIMENSION, value=worker)],
            ),
            custom_target=own.scaling.backlog_per_task,
            opts=child,
        )
        CapacityAlarm(f"{name}-capacity", worker, minimum=own.min_tasks, shared=shared, opts=child)
        self.register_outputs({"log_group_name": self.log_group_name})


def _capacity(own: WorkerSettings) -> list[aws.ecs.ServiceCapacityProviderStrategyArgs]:
    """Return where tasks run: the first on demand, and the others on Spot, if they may."""
    strategy = aws.ecs.ServiceCapacityProviderStrategyArgs
    if not own.spot:
        return [strategy(capacity_provider="FARGATE", weight=1)]
    return [
        strategy(capacity_provider="FARGATE", base=own.on_demand_tasks, weight=0),
        strategy(capacity_provider="FARGATE_SPOT", weight=1),
    ]
