"""The ComputeCluster component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.backing import Backing, combined
from components.compute_cluster.replicas import ImageReplication
from components.compute_cluster.repositories import image_repository
from components.compute_cluster.roles import TrafficRole
from components.compute_cluster.service import WebService
from components.compute_cluster.settings import ComputeSettings
from components.compute_cluster.shared import SharedParts
from components.compute_cluster.spot import SpotInterruptions
from components.compute_cluster.variables import DATABASE_HOST, DatabaseAccess, host_parameter
from components.compute_cluster.worker import Worker
from components.far_side import CopiesHere, FarSide, key_aliases
from components.naming import Naming
from components.routes import ServiceTargets


@dataclass(frozen=True, slots=True)
class ComputeArgs:
    """What a ComputeCluster is made from."""

    settings: ComputeSettings
    naming: Naming
    vpc_id: pulumi.Input[str]
    private_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of all tasks, by zone letter."""
    ecs_group_id: pulumi.Input[str]
    """Security group of all tasks."""
    port: int
    """TCP port that containers listen on."""
    targets: Mapping[str, ServiceTargets]
    """Where each service registers."""
    load_balancer_suffix: pulumi.Input[str]
    """Dimension ``LoadBalancer`` of the load balancer's metrics."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for data, secrets and logs."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    database_endpoint: pulumi.Input[str]
    """Host of the database."""
    database_port: int
    database_name: str
    """Name of the database on its host."""
    database_secret_name: str
    """Name of the secret that services log in with."""
    backings: Sequence[Backing]
    """What tasks use beside the database."""
    far: FarSide | None
    """The second region, where images are copied to one."""
    copies: CopiesHere | None
    """What the primary copied here, where this is a standby's: repositories and secrets are there already."""
    account_settings: bool
    """Whether this stack sets what an account's registry has once."""
    protect: bool
    """Whether repositories and logs are protected from deletion."""


class ComputeCluster(pulumi.ComponentResource):
    """Services and workers on Fargate, in all zones, found by their names.

    Carries the clauses compute-*, cost-spot-* and dr-ecr-immutable. A service without an image has a repository and
    nothing else.
    """

    cluster_name: str
    """Name of the ECS cluster."""
    namespace: str
    """Name under which services are registered."""
    log_groups: Mapping[str, pulumi.Output[str]]
    """Names of the log groups of services and workers, by the service or worker."""

    def __init__(self, name: str, args: ComputeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:compute:ComputeCluster", name, None, opts)
        self._name = name
        self._args = args
        self._settings = args.settings
        self._naming = args.naming
        self._child = pulumi.ResourceOptions(parent=self)
        self.cluster_name = args.naming.name("cluster")
        self.namespace = f"{args.naming.environment}.internal"

        tasks = (*self._settings.services, *self._settings.workers)
        self._repositories = {} if args.copies else {task: self._build_repository(task) for task in tasks}
        if args.far:
            ImageReplication(
                f"{name}-far-images",
                tasks,
                settings=self._settings,
                naming=self._naming,
                far=args.far,
                account_settings=args.account_settings,
                protect=args.protect,
                opts=self._child,
            )
        self._shared = self._build_shared_parts()
        self.log_groups = {**self._build_services(), **self._build_workers()}
        self.register_outputs(
            {"cluster_name": self.cluster_name, "namespace": self.namespace, "log_groups": self.log_groups}
        )

    def _build_repository(self, task: str) -> pulumi.Resource:
        return image_repository(
            f"{self._name}-{task}-images",
            task,
            settings=self._settings,
            naming=self._naming,
            key_arn=self._args.key_arns["data"],
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.protect),
        )

    def _log_group(self, label: str, log_name: str) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-{label}-log",
            name=log_name,
            retention_in_days=self._settings.log_retention_days,
            kms_key_id=self._args.key_arns["logs"],
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.protect),
        )

    def _build_shared_parts(self) -> SharedParts:
        args, naming = self._args, self._naming
        # ECS would make this one by itself, without a key.
        insights = self._log_group("insights", f"/aws/ecs/containerinsights/{self.cluster_name}/performance")
        metrics_log_group = f"/aws/ecs/{self.cluster_name}/metrics"
        metrics = self._log_group("metrics", metrics_log_group)
        cluster = aws.ecs.Cluster(
            f"{self._name}-cluster",
            name=self.cluster_name,
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value="enabled")],
            tags={"Name": self.cluster_name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights]),
        )
        capacity = aws.ecs.ClusterCapacityProviders(
            f"{self._name}-capacity",
            cluster_name=cluster.name,
            capacity_providers=["FARGATE", "FARGATE_SPOT"],
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider="FARGATE", weight=1
                )
            ],
            opts=self._child,
        )
        namespace = aws.servicediscovery.PrivateDnsNamespace(
            f"{self._name}-namespace",
            name=self.namespace,
            description=f"Services of {naming.prefix}",
            vpc=args.vpc_id,
            tags={"Name": self.namespace},
            opts=self._child,
        )
        backing = combined(args.backings)
        hosts = [
            self._host_parameter(DATABASE_HOST, args.database_endpoint, "Host that services reach the database at")
        ]
        hosts += [self._host_parameter(name, host, f"{name} of tasks") for name, host in backing.hosts.items()]
        return SharedParts(
            settings=self._settings,
            naming=naming,
            cluster_name=self.cluster_name,
            cluster_arn=cluster.arn,
            capacity=capacity,
            namespace_arn=namespace.arn,
            subnet_ids=[args.private_subnet_ids[letter] for letter in sorted(args.private_subnet_ids)],
            group_id=args.ecs_group_id,
            zones=len(args.private_subnet_ids),
            port=args.port,
            database=DatabaseAccess(
                secret=args.database_secret_name,
                port=args.database_port,
                name=args.database_name,
            ),
            backings=args.backings,
            metrics_log_group=metrics_log_group,
            secret_key_aliases=key_aliases(naming, "secrets", args.copies),
            needs=[metrics, *hosts],
            log_key_arn=args.key_arns["logs"],
            alert_topic_arns=args.alert_topic_arns,
            protect=args.protect,
        )

    def _host_parameter(self, variable: str, value: pulumi.Input[str], description: str) -> pulumi.Resource:
        parameter = host_parameter(self._naming, variable)
        # Nothing secret, but encrypted like everything that tasks read at their start.
        return aws.ssm.Parameter(
            f"{self._name}-{variable.lower().replace('_', '-')}",
            name=parameter,
            description=description,
            type="SecureString",
            key_id=self._args.key_arns["secrets"],
            value=value,
            tags={"Name": parameter},
            opts=self._child,
        )

    def _build_services(self) -> dict[str, pulumi.Output[str]]:
        running = self._settings.running_services
        traffic_role = None
        if running and self._settings.deployment_strategy == "blueGreen":
            traffic_role = TrafficRole(
                f"{self._name}-traffic", services=[*running], naming=self._naming, opts=self._child
            )
        return {
            service: WebService(
                f"{self._name}-{service}",
                service,
                own=own,
                targets=self._args.targets[service],
                load_balancer_suffix=self._args.load_balancer_suffix,
                traffic_role=traffic_role,
                repository=self._repositories.get(service),
                shared=self._shared,
                opts=self._child,
            ).log_group_name
            for service, own in running.items()
        }

    def _build_workers(self) -> dict[str, pulumi.Output[str]]:
        running = self._settings.running_workers
        groups = {
            worker: Worker(
                f"{self._name}-{worker}",
                worker,
                own=own,
                repository=self._repositories.get(worker),
                shared=self._shared,
                opts=self._child,
            ).log_group_name
            for worker, own in running.items()
        }
        if any(worker.spot for worker in running.values()):
            SpotInterruptions(f"{self._name}-spot", shared=self._shared, opts=self._child)
        return groups
