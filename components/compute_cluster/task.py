"""A task definition, with its log group and its roles."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.backing import combined
from components.compute_cluster.containers import TMP_VOLUME, AppContainer, container_definitions
from components.compute_cluster.repositories import image_name, repository_name
from components.compute_cluster.roles import TaskNeeds, TaskRoles
from components.compute_cluster.shared import SharedParts
from components.compute_cluster.task_settings import TaskSettings
from components.compute_cluster.variables import variables


class FargateTask(pulumi.ComponentResource):
    """A task on Fargate: one container, and the collector beside it.

    Carries compute-fargate-only, compute-cpu-range, compute-memory-range, compute-container-healthcheck-30s and
    compute-graceful-shutdown-30s.
    """

    definition_arn: pulumi.Output[str]
    """ARN of the task definition."""
    log_group: str
    """Name of its log group."""
    log_group_name: pulumi.Output[str]
    """The same, once it exists."""
    needs: Sequence[pulumi.Resource]
    """What must be there before its first task starts."""

    def __init__(
        self,
        name: str,
        task: str,
        *,
        own: TaskSettings,
        health_command: str,
        stop_seconds: int,
        port: int | None,
        shared: SharedParts,
        repository: pulumi.Resource | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:FargateTask", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = shared.naming
        family = naming.name(task)
        self.log_group = f"/aws/ecs/{family}"
        log = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=self.log_group,
            retention_in_days=shared.settings.log_retention_days,
            kms_key_id=shared.log_key_arn,
            opts=pulumi.ResourceOptions(parent=self, protect=shared.protect),
        )
        self.log_group_name = log.name
        backing = combined(one for one in shared.backings if one.is_for(task))
        given = variables(own, shared.database, backing, naming)
        roles = TaskRoles(
            f"{name}-roles",
            task,
            needs=TaskNeeds(
                repository=repository_name(naming, task),
                log_group=self.log_group,
                metrics_log_group=shared.metrics_log_group,
                secret_arns=given.secret_arns,
                parameter_arns=given.parameter_arns,
                key_aliases=shared.secret_key_aliases,
                backing=backing.statements,
            ),
            naming=naming,
            opts=child,
        )
        definition = aws.ecs.TaskDefinition(
            f"{name}-definition",
            family=family,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture="X86_64"
            ),
            cpu=str(own.cpu),
            memory=str(own.memory_mib),
            execution_role_arn=roles.execution_role_arn,
            task_role_arn=roles.task_role_arn,
            volumes=[aws.ecs.TaskDefinitionVolumeArgs(name=TMP_VOLUME)],
            container_definitions=container_definitions(
                AppContainer(
                    name=task,
                    image=image_name(naming, task, shared.settings.image_reference(own)),
                    task_memory_mib=own.memory_mib,
                    health_command=own.health_check_command or health_command,
                    stop_seconds=stop_seconds,
                    port=port,
                    environment=given.environment,
                    secrets=given.secrets,
                ),
                naming=naming,
                log_group=self.log_group,
                metrics_log_group=shared.metrics_log_group,
                trace_sample_rate=shared.settings.trace_sample_rate,
            ),
            skip_destroy=True,  # the last revision stays, so that a deployment can go back to it
            tags={"Name": family},
            opts=child,
        )
        self.definition_arn = definition.arn
        self.needs = [*shared.needs, *roles.policies, log, *([repository] if repository else [])]
        self.register_outputs(
            {
                "definition_arn": self.definition_arn,
                "log_group": self.log_group,
                "log_group_name": self.log_group_name,
            }
        )
