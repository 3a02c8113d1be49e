"""VPC flow logs: a record of every connection that was accepted or refused."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.network_layer.settings import NetworkSettings
from components.policy_documents import allow, document, trust


class FlowLogs(pulumi.ComponentResource):
    """All traffic of one VPC, delivered to an encrypted log group that keeps it for the decided time.

    Carries the clause audit-vpc-flow-logs.
    """

    def __init__(
        self,
        name: str,
        *,
        vpc_id: pulumi.Input[str],
        settings: NetworkSettings,
        naming: Naming,
        log_key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:network:FlowLogs", name, None, opts)
        log_group_name = f"/aws/vpc/flow-logs/{naming.prefix}"
        child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-group",
            name=log_group_name,
            retention_in_days=settings.flow_log_retention_days,
            kms_key_id=log_key_arn,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("flow-logs"),
            description="Lets VPC flow logs write to their log group",
            assume_role_policy=_trust_policy(naming),
            opts=child,
        )
        delivery = aws.iam.RolePolicy(
            f"{name}-delivery",
            name="deliver-flow-logs",
            role=role.id,
            policy=_delivery_policy(naming, log_group_name),
            opts=child,
        )
        aws.ec2.FlowLog(
            f"{name}-all",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=settings.flow_log_aggregation_seconds,
            tags={"Name": naming.name("flow-logs")},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[delivery]),
        )
        self.register_outputs({})


def _trust_policy(naming: Naming) -> str:
    # The conditions keep other accounts from using the service as their deputy.
    # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    return trust(
        "vpc-flow-logs",
        {
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnLike": {"aws:SourceArn": naming.arn("ec2", "vpc-flow-log/*")},
        },
    )


def _delivery_policy(naming: Naming, log_group_name: str) -> str:
    return document(
        allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            naming.arn("logs", f"log-group:{log_group_name}:*"),
        ),
        # This can't be granted on a single group.
        allow("logs:DescribeLogGroups", naming.arn("logs", "log-group:*")),
    )
