"""A service behind the load balancer."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs as CustomMetric,
)

from components.compute_cluster.alarms import CapacityAlarm, DeploymentAlarms
from components.compute_cluster.containers import PORT_NAME, log_configuration
from components.compute_cluster.metrics import RUNNING, dimensions_of_groups, total
from components.compute_cluster.roles import TrafficRole
from components.compute_cluster.scaling import ServiceScaling
from components.compute_cluster.shared import SharedParts
from components.compute_cluster.task import FargateTask
from components.compute_cluster.task_settings import ServiceSettings
from components.routes import ServiceTargets

_STOP_SECONDS = 30  # clause compute-graceful-shutdown-30s


class WebService(pulumi.ComponentResource):
    """A service that the load balancer and other services call, in every zone.

    Carries compute-service-*, compute-multi-az, compute-cloud-map, compute-rollback, dr-blue-green, dr-app-rto-15min
    and dr-ecs-restart.
    """

    log_group_name: pulumi.Output[str]
    """Name of its log group, once that exists."""

    def __init__(
        self,
        name: str,
        service: str,
        *,
        own: ServiceSettings,
        targets: ServiceTargets,
        load_balancer_suffix: pulumi.Input[str],
        traffic_role: TrafficRole | None,
        repository: pulumi.Resource | None,
        shared: SharedParts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:WebService", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming, settings = shared.naming, shared.settings
        label = naming.name(service)
        floor = own.min_per_az * shared.zones
        scheme = settings.backend_protocol.lower()
        task = FargateTask(
            f"{name}-task",
            service,
            own=own,
            health_command=(
                "curl --fail --silent --show-error --insecure --max-time 4 "
                f"{scheme}://localhost:{shared.port}{own.health_check_path}"
            ),
            stop_seconds=_STOP_SECONDS,
            port=shared.port,
            shared=shared,
            repository=repository,
            opts=child,
        )
        self.log_group_name = task.log_group_name
        alarms = DeploymentAlarms(
            f"{name}-alarms",
            service,
            targets=targets,
            load_balancer_suffix=load_balancer_suffix,
            shared=shared,
            opts=child,
        )
        logs = log_configuration(naming, task.log_group, "service-connect")
        ecs = aws.ecs.Service(
            f"{name}-service",
            name=label,
            cluster=shared.cluster_arn,
            task_definition=task.definition_arn,
            desired_count=floor,
            launch_type="FARGATE",
            platform_version="LATEST",
            scheduling_strategy="REPLICA",
            availability_zone_rebalancing="ENABLED",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=shared.subnet_ids, security_groups=[shared.group_id], assign_public_ip=False
            ),
            service_connect_configuration=aws.ecs.ServiceServiceConnectConfigurationArgs(
                enabled=True,
                namespace=shared.namespace_arn,
                services=[
                    aws.ecs.ServiceServiceConnectConfigurationServiceArgs(
                        port_name=PORT_NAME,
                        discovery_name=service,
                        client_alias=[
                            aws.ecs.ServiceServiceConnectConfigurationServiceClientAliasArgs(
                                dns_name=service, port=shared.port
                            )
                        ],
                    )
                ],
                log_configuration=aws.ecs.ServiceServiceConnectConfigurationLogConfigurationArgs(
                    log_driver=logs["logDriver"], options=logs["options"]
                ),
            ),
            load_balancers=[_load_balancer(service, shared.port, targets, traffic_role)],
            health_check_grace_period_seconds=60,
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            alarms=aws.ecs.ServiceAlarmsArgs(enable=True, rollback=True, alarm_names=alarms.names),
            **_deployment(settings.bake_minutes if traffic_role else None),
            enable_execute_command=False,  # it would need a root file system that can be written to
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags={"Name": label},
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*task.needs, targets.rule, *([traffic_role.policy] if traffic_role else [])],
                ignore_changes=["desiredCount"],  # scaling owns it: a deployment must not send tasks home at the peak
            ),
        )
        scaling = ServiceScaling(
            f"{name}-scaling",
            service=ecs,
            cluster_name=shared.cluster_name,
            service_name=label,
            bounds=(floor, own.max_tasks),
            targets=own.scaling,
            custom=_requests_per_task(label, targets, load_balancer_suffix, shared),
            custom_target=own.scaling.requests_per_task,
            opts=child,
        )
        if own.scaling.step_cpu is not None:
            scaling.add_steps(
                own.scaling.step_cpu,
                alarm_name=naming.name(service, "BusyProcessors"),
                topic_arn=shared.alert_topic_arns["warning"],
            )
        scaling.add_schedules(own.scaling, zones=shared.zones)
        CapacityAlarm(f"{name}-capacity", service, minimum=floor, shared=shared, opts=child)
        self.register_outputs({"log_group_name": self.log_group_name})


def _load_balancer(
    service: str, port: int, targets: ServiceTargets, traffic_role: TrafficRole | None
) -> aws.ecs.ServiceLoadBalancerArgs:
    shifted = None
    if traffic_role and targets.green_arn is not None:
        shifted = aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs(
            alternate_target_group_arn=targets.green_arn,
            production_listener_rule=targets.rule_arn,
            role_arn=traffic_role.arn,
        )
    return aws.ecs.ServiceLoadBalancerArgs(
        target_group_arn=targets.blue_arn,
        container_name=service,
        container_port=port,
        advanced_configuration=shifted,
    )


def _deployment(bake_minutes: int | None) -> dict[str, Any]:
    """Return how a new version comes in: blue/green with a time to bake, or task by task.

    The circuit breaker knows task by task only; blue/green goes back by alarms:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    if bake_minutes is None:
        return rolling()
    return {
        "deployment_configuration": aws.ecs.ServiceDeploymentConfigurationArgs(
            strategy="BLUE_GREEN", bake_time_in_minutes=str(bake_minutes)
        )
    }


def rolling() -> dict[str, Any]:
    """Return the arguments of a service that gets new versions task by task, and the old one back if they fail."""
    return {
        "deployment_configuration": aws.ecs.ServiceDeploymentConfigurationArgs(strategy="ROLLING"),
        "deployment_circuit_breaker": aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
    }


def _requests_per_task(
    service_name: str,
    targets: ServiceTargets,
    load_balancer_suffix: pulumi.Input[str],
    shared: SharedParts,
) -> CustomMetric:
    """Return the metric of requests a minute for each task that runs.

    Not ALBRequestCountPerTarget, which knows one target group and so loses the traffic at each blue/green deployment.
    """
    groups = dimensions_of_groups(targets, load_balancer_suffix)
    namespace, running = RUNNING
    queries: list[Any] = [
        _query(f"requests_{color}", "AWS/ApplicationELB", "RequestCount", "Sum", dimensions)
        for color, dimensions in groups.items()
    ]
    own = {"ClusterName": shared.cluster_name, "ServiceName": service_name}
    queries.append(_query("running", namespace, running, "Average", own))
    # A service that nobody calls has no data of requests at all, and would never be let shrink.
    requests = total((f"requests_{color}" for color in groups), "0 * running")
    expression = f"{requests} / running"
    queries.append({"id": "result", "label": "Requests for each task", "expression": expression, "return_data": True})
    return CustomMetric(metrics=queries)


def _query(identifier: str, namespace: str, metric: str, stat: str, dimensions: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "return_data": False,
        "metric_stat": {
            "metric": {
                "namespace": namespace,
                "metric_name": metric,
                "dimensions": [{"name": key, "value": value} for key, value in dimensions.items()],
            },
            "stat": stat,
        },
    }
