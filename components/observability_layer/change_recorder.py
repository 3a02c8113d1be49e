"""AWS Config: what each resource of the account was like, and when it changed."""

import pulumi
import pulumi_aws as aws

from components.bucket_lifecycle import ABORT_DAYS, NONCURRENT_DAYS, LifecycleRule
from components.naming import Naming
from components.observability_layer.settings import ObservabilitySettings
from components.policy_documents import Statement, allow, service
from components.private_bucket import BucketSpec, PrivateBucket

_LINKED_ROLE = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


class ChangeRecorder(pulumi.ComponentResource):
    """The account's one recorder in this region, with a bucket of its own.

    Not the audit archive: Config delivers to no bucket with a lock
    (https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html).
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ObservabilitySettings,
        naming: Naming,
        key_arn: pulumi.Input[str],
        access_log_bucket: pulumi.Input[str],
        owns_account: bool,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:ChangeRecorder", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        expiry = LifecycleRule(
            "expire", expire_days=settings.config_log_days, noncurrent_days=NONCURRENT_DAYS, abort_days=ABORT_DAYS
        )
        bucket = PrivateBucket(
            f"{name}-records",
            BucketSpec("config", (expiry,), statements=_writers(naming)),
            naming=naming,
            key_arn=key_arn,
            access_log_bucket=access_log_bucket,
            protect=protect,
            opts=child,
        )
        # An account has this role once, for all regions.
        role_arn: pulumi.Input[str] = f"arn:aws:iam::{naming.account_id}:role/{_LINKED_ROLE}"
        if owns_account:
            role_arn = aws.iam.ServiceLinkedRole(
                f"{name}-role",
                aws_service_name="config.amazonaws.com",
                description="Lets AWS Config read what it records",
                opts=child,
            ).arn
        recorder = aws.cfg.Recorder(
            f"{name}-recorder",
            name=naming.name("recorder"),
            role_arn=role_arn,
            recording_group=aws.cfg.RecorderRecordingGroupArgs(all_supported=True, include_global_resource_types=True),
            opts=child,
        )
        channel = aws.cfg.DeliveryChannel(
            f"{name}-channel",
            name=naming.name("recorder"),
            s3_bucket_name=bucket.bucket,
            s3_kms_key_arn=key_arn,
            snapshot_delivery_properties=aws.cfg.DeliveryChannelSnapshotDeliveryPropertiesArgs(
                delivery_frequency="TwentyFour_Hours"
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[recorder]),
        )
        aws.cfg.RecorderStatus(
            f"{name}-recording",
            name=recorder.name,
            is_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[channel]),
        )
        self.register_outputs({})


def _writers(naming: Naming) -> tuple[Statement, ...]:
    """Return who writes: AWS Config of this account.

    https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
    """
    bucket = f"arn:aws:s3:::{naming.bucket('config')}"
    own_account = {"StringEquals": {"aws:SourceAccount": naming.account_id}}
    return (
        allow(
            ["s3:GetBucketAcl", "s3:ListBucket"],
            bucket,
            sid="ConfigChecks",
            principal=service("config"),
            condition=own_account,
        ),
        allow(
            "s3:PutObject",
            f"{bucket}/AWSLogs/{naming.account_id}/Config/*",
            sid="ConfigWrites",
            principal=service("config"),
            condition=own_account,
        ),
    )
