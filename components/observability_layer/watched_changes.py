"""Calls that somebody is told of, whoever made them: what CIS and Security Hub list.

The patterns are theirs to the letter, as their checks compare them:
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.naming import Naming


@dataclass(frozen=True, slots=True)
class Watched:
    """One kind of call."""

    name: str
    """What is counted, as the name of a metric."""
    pattern: str
    """Which events of the trail are counted."""
    meaning: str
    severity: Literal["critical", "warning"] = "warning"


def _any_of(*names: str, source: str | None = None) -> str:
    """Return the pattern of calls by these names, of any service or of one."""
    named = " || ".join(f"($.eventName={name})" for name in names)
    return f"{{($.eventSource={source}.amazonaws.com) && ({named})}}" if source else f"{{{named}}}"


WATCHED: tuple[Watched, ...] = (
    Watched(
        "RootUse",
        '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
        "somebody used the account's root",
        "critical",
    ),
    Watched(
        "UnauthorizedCalls",
        '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
        "calls were refused for want of permission",
    ),
    Watched(
        "LoginsWithoutMfa",
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
        '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
        "somebody logged in to the console without a second factor",
        "critical",
    ),
    Watched(
        "PermissionChanges",
        _any_of(
            "DeleteGroupPolicy",
            "DeleteRolePolicy",
            "DeleteUserPolicy",
            "PutGroupPolicy",
            "PutRolePolicy",
            "PutUserPolicy",
            "CreatePolicy",
            "DeletePolicy",
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            "AttachRolePolicy",
            "DetachRolePolicy",
            "AttachUserPolicy",
            "DetachUserPolicy",
            "AttachGroupPolicy",
            "DetachGroupPolicy",
            source="iam",
        ),
        "policies of IAM changed",
    ),
    Watched(
        "TrailChanges",
        _any_of("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
        "a trail changed or was stopped",
        "critical",
    ),
    Watched(
        "FailedLogins",
        '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
        "log-ins to the console failed",
    ),
    Watched(
        "KeysDisabled",
        _any_of("DisableKey", "ScheduleKeyDeletion", source="kms"),
        "a key was disabled or is to be deleted",
        "critical",
    ),
    Watched(
        "BucketPolicyChanges",
        _any_of(
            "PutBucketAcl",
            "PutBucketPolicy",
            "PutBucketCors",
            "PutBucketLifecycle",
            "PutBucketReplication",
            "DeleteBucketPolicy",
            "DeleteBucketCors",
            "DeleteBucketLifecycle",
            "DeleteBucketReplication",
            source="s3",
        ),
        "who may do what with a bucket changed",
    ),
    Watched(
        "RecorderChanges",
        _any_of(
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
            source="config",
        ),
        "AWS Config changed or was stopped",
    ),
    Watched(
        "SecurityGroupChanges",
        _any_of(
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupEgress",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
        "security groups changed",
    ),
    Watched(
        "NetworkAclChanges",
        _any_of(
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
        "network ACLs changed",
    ),
    Watched(
        "GatewayChanges",
        _any_of(
            "CreateCustomerGateway",
            "DeleteCustomerGateway",
            "AttachInternetGateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DetachInternetGateway",
        ),
        "gateways changed",
    ),
    Watched(
        "RouteChanges",
        _any_of(
            "CreateRoute",
            "CreateRouteTable",
            "ReplaceRoute",
            "ReplaceRouteTableAssociation",
            "DeleteRouteTable",
            "DeleteRoute",
            "DisassociateRouteTable",
            source="ec2",
        ),
        "routes changed",
    ),
    Watched(
        "VpcChanges",
        _any_of(
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "AcceptVpcPeeringConnection",
            "CreateVpcPeeringConnection",
            "DeleteVpcPeeringConnection",
            "RejectVpcPeeringConnection",
            "AttachClassicLinkVpc",
            "DetachClassicLinkVpc",
            "DisableVpcClassicLink",
            "EnableVpcClassicLink",
        ),
        "VPCs changed",
    ),
)
"""CloudWatch.1 to CloudWatch.14, in this order."""


class WatchedChanges(pulumi.ComponentResource):
    """A count of each kind of call, and an alarm as soon as there is one in five minutes."""

    def __init__(
        self,
        name: str,
        *,
        log_group: aws.cloudwatch.LogGroup,
        naming: Naming,
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:WatchedChanges", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = f"{naming.prefix}/Audit"
        for watched in WATCHED:
            aws.cloudwatch.LogMetricFilter(
                f"{name}-{watched.name}-count",
                name=naming.name(watched.name),
                log_group_name=log_group.name,
                pattern=watched.pattern,
                metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                    namespace=namespace, name=watched.name, value="1"
                ),
                opts=child,
            )
            ThresholdAlarm(
                namespace=namespace,
                metric=watched.name,
                dimensions={},
                statistic="Sum",
                period=300,
                periods=1,
                comparison="GreaterThanOrEqualToThreshold",
                threshold=1,
                severity=watched.severity,
                missing="notBreaching",
                meaning=f"Audit: {watched.meaning}",
            ).declare(f"{name}-{watched.name}", naming.name("audit", watched.name), topic_arns=topic_arns, opts=child)
        self.register_outputs({})
