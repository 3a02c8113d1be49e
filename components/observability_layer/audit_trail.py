"""The audit trail: who called which of AWS's APIs, in files that can be checked and in a log group."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.observability_layer.settings import ObservabilitySettings
from components.observability_layer.watched_changes import WatchedChanges
from components.policy_documents import allow, document, trust


class AuditTrail(pulumi.ComponentResource):
    """Every call in every region, in the audit archive for two years and in a log group that alarms read.

    Carries audit-cloudtrail-2y.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ObservabilitySettings,
        naming: Naming,
        bucket: pulumi.Input[str],
        data_event_buckets: Sequence[str],
        key_arns: Mapping[str, pulumi.Input[str]],
        topic_arns: Mapping[str, pulumi.Input[str]],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the trail.

        :param data_event_buckets: ARNs of the buckets of which each object's reads and writes are recorded too.
        """
        super().__init__("fitness-platform:observability:AuditTrail", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.global_name("audit")
        group_name = f"/aws/cloudtrail/{naming.prefix}"
        log = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=group_name,
            retention_in_days=settings.trail_log_days,
            kms_key_id=key_arns["logs"],
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("audit-trail"),
            description="Lets the audit trail write to its log group",
            assume_role_policy=_trust_policy(naming, label),
            opts=child,
        )
        delivery = aws.iam.RolePolicy(
            f"{name}-delivery",
            name="deliver-trail",
            role=role.id,
            policy=_delivery_policy(naming, group_name),
            opts=child,
        )
        aws.cloudtrail.Trail(
            f"{name}-all",
            name=label,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_logging=True,
            enable_log_file_validation=True,
            s3_bucket_name=bucket,
            kms_key_id=key_arns["archive"],
            cloud_watch_logs_group_arn=pulumi.Output.concat(log.arn, ":*"),
            cloud_watch_logs_role_arn=role.arn,
            event_selectors=[_events(data_event_buckets)],
            insight_selectors=[
                aws.cloudtrail.TrailInsightSelectorArgs(insight_type=insight) for insight in settings.trail_insights
            ],
            tags={"Name": label},
            opts=pulumi.ResourceOptions(parent=self, protect=protect, depends_on=[delivery]),
        )
        WatchedChanges(f"{name}-changes", log_group=log, naming=naming, topic_arns=topic_arns, opts=child)
        self.register_outputs({})


def _events(buckets: Sequence[str]) -> aws.cloudtrail.TrailEventSelectorArgs:
    """Return which events are recorded: every call, and what is done to objects of the buckets that need it.

    Events of all objects would cost more than the objects.
    """
    objects = aws.cloudtrail.TrailEventSelectorDataResourceArgs(
        type="AWS::S3::Object", values=[f"{arn}/" for arn in sorted(buckets)]
    )
    return aws.cloudtrail.TrailEventSelectorArgs(
        include_management_events=True, read_write_type="All", data_resources=[objects] if buckets else None
    )


def _trust_policy(naming: Naming, trail: str) -> str:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
    return trust(
        "cloudtrail",
        {
            "StringEquals": {
                "aws:SourceAccount": naming.account_id,
                "aws:SourceArn": naming.arn("cloudtrail", f"trail/{trail}"),
            }
        },
    )


def _delivery_policy(naming: Naming, group_name: str) -> str:
    stream = f"log-stream:{naming.account_id}_CloudTrail_{naming.region}*"
    return document(
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], naming.arn("logs", f"log-group:{group_name}:{stream}"))
    )
