"""Roles: what starts a task, what a task may do, and what shifts traffic. Each has what it needs and no more."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.compute_cluster.limits import execution_role_name
from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key, document, trust
from components.routes import target_group_name


@dataclass(frozen=True, slots=True)
class TaskNeeds:
    """What a task's roles must reach. All ARNs are built from names."""

    repository: str
    """Name of the repository of its image."""
    log_group: str
    """Name of its log group."""
    metrics_log_group: str
    """Name of the log group that metrics go through."""
    secret_arns: Sequence[str]
    """Secrets Manager secrets, up to the suffix that AWS adds."""
    parameter_arns: Sequence[str]
    """Parameters."""
    key_aliases: Sequence[str]
    """Aliases of the keys that encrypt secrets and parameters."""
    backing: Sequence[Statement]
    """What its code may do with what stands behind it."""


class TaskRoles(pulumi.ComponentResource):
    """The execution role, with which ECS starts a task, and the task role, which the code in it has."""

    execution_role_arn: pulumi.Output[str]
    """ARN of the role that pulls the image, reads secrets and opens the log."""
    task_role_arn: pulumi.Output[str]
    """ARN of the role that the containers act with."""
    policies: list[pulumi.Resource]
    """What must be there before the first task starts."""

    def __init__(
        self,
        name: str,
        task: str,
        *,
        needs: TaskNeeds,
        naming: Naming,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:TaskRoles", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
        assumed = trust(
            "ecs-tasks",
            {
                "StringEquals": {"aws:SourceAccount": naming.account_id},
                "ArnLike": {"aws:SourceArn": naming.arn("ecs", "*")},
            },
        )
        execution = aws.iam.Role(
            f"{name}-execution",
            name=execution_role_name(naming, task),
            description=f"Lets ECS start tasks of {task}",
            assume_role_policy=assumed,
            opts=child,
        )
        own = aws.iam.Role(
            f"{name}-task",
            name=naming.global_name(task, "task"),
            description=f"What the code of {task} may do",
            assume_role_policy=assumed,
            opts=child,
        )
        self.policies = [
            aws.iam.RolePolicy(
                f"{name}-starts-tasks",
                name="start-tasks",
                role=execution.id,
                policy=_starts_tasks(needs, naming),
                opts=child,
            ),
            aws.iam.RolePolicy(
                f"{name}-is-observed",
                name="be-observed",
                role=own.id,
                policy=_is_observed(needs, naming),
                opts=child,
            ),
        ]
        if needs.backing:
            self.policies.append(
                aws.iam.RolePolicy(
                    f"{name}-uses-backings",
                    name="use-backings",
                    role=own.id,
                    policy=document(*needs.backing),
                    opts=child,
                )
            )
        self.execution_role_arn = execution.arn
        self.task_role_arn = own.arn
        self.register_outputs(
            {
                "execution_role_arn": self.execution_role_arn,
                "task_role_arn": self.task_role_arn,
            }
        )


def _starts_tasks(needs: TaskNeeds, naming: Naming) -> str:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    statements: list[Statement] = [
        allow("ecr:GetAuthorizationToken", "*", sid="LogInToRegistry"),  # the token is for no one repository
        allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            naming.arn("ecr", f"repository/{needs.repository}"),
            sid="PullImage",
        ),
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            naming.arn("logs", f"log-group:{needs.log_group}:*"),
            sid="WriteLog",
        ),
    ]
    if needs.secret_arns:
        secrets = [f"{arn}-??????" for arn in needs.secret_arns]
        statements.append(allow("secretsmanager:GetSecretValue", secrets, sid="ReadSecrets"))
    if needs.parameter_arns:
        statements.append(allow("ssm:GetParameters", list(needs.parameter_arns), sid="ReadParameters"))
    if needs.secret_arns or needs.parameter_arns:
        # ARNs of keys are random: the key is named by its alias.
        statements.append(
            allow_key(
                "kms:Decrypt",
                naming.arn("kms", "key/*"),
                needs.key_aliases,
                sid="DecryptThem",
                condition={
                    "StringEquals": {
                        "kms:ViaService": [
                            f"{name}.{naming.region}.amazonaws.com" for name in ("secretsmanager", "ssm")
                        ]
                    }
                },
            )
        )
    return document(*statements)


def _is_observed(needs: TaskNeeds, naming: Naming) -> str:
    return document(
        # X-Ray has no resources to name. https://docs.aws.amazon.com/xray/latest/devguide/security_iam_service-with-iam.html
        allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*", sid="SendTraces"),
        allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            naming.arn("logs", f"log-group:{needs.metrics_log_group}:*"),
            sid="SendMetrics",
        ),
    )


class TrafficRole(pulumi.ComponentResource):
    """The role with which ECS moves traffic between the target groups of a blue/green deployment."""

    arn: pulumi.Output[str]
    """ARN of the role."""
    policy: pulumi.Resource
    """What must be there before the first deployment."""

    def __init__(
        self,
        name: str,
        *,
        services: Sequence[str],
        naming: Naming,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:TrafficRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("ecs-traffic"),
            description="Lets ECS shift traffic between the versions of a service",
            assume_role_policy=trust("ecs"),
            opts=child,
        )
        self.policy = aws.iam.RolePolicy(
            f"{name}-shifts-traffic",
            name="shift-traffic",
            role=role.id,
            policy=_shifts_traffic(services, naming),
            opts=child,
        )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})


def _shifts_traffic(services: Sequence[str], naming: Naming) -> str:
    # AWS's own policy, less all that is not this stack's:
    # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
    groups = [
        naming.arn("elasticloadbalancing", f"targetgroup/{target_group_name(naming.environment, name, color)}/*")
        for name in services
        for color in ("blue", "green")
    ]
    return document(
        allow(
            [
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            "*",  # these know no resources
            sid="Look",
        ),
        allow(
            ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            groups,
            sid="MoveTasks",
        ),
        allow(
            "elasticloadbalancing:ModifyRule",
            naming.arn("elasticloadbalancing", f"listener-rule/app/{naming.prefix}-*/*"),
            sid="WeighTraffic",
        ),
    )
