"""What API Gateway has once in an account and region: the role by which it writes logs."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import trust


class LogWriter(pulumi.ComponentResource):
    """The role that API Gateway writes the logs of all APIs of the account by. One stack of an account declares it."""

    account: aws.apigateway.Account
    """The account's setting: stages with logs wait for it."""

    def __init__(self, name: str, *, naming: Naming, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:api:LogWriter", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("api-logs"),
            description="Lets API Gateway write the logs of its APIs",
            assume_role_policy=trust("apigateway", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            tags={"Name": naming.global_name("api-logs")},
            opts=child,
        )
        # API Gateway looks for the rights of this policy before it takes a role, and refuses one that has fewer.
        policy = aws.iam.RolePolicyAttachment(
            f"{name}-may-write",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
            opts=child,
        )
        self.account = aws.apigateway.Account(
            f"{name}-account",
            cloudwatch_role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})
