"""Log archives: buckets that AWS services write logs to, with all that a bucket needs."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import Statement, allow, deny_plain_http, document, service


@dataclass(frozen=True, slots=True)
class ArchiveSpec:
    """What one archive is for, and how long it keeps it."""

    purpose: str
    """Last part of its name."""
    days: int
    """Days after which an object expires."""
    writers: tuple[Statement, ...]
    """Statements that let AWS services write to it."""
    lock_mode: str = "none"
    """``GOVERNANCE`` or ``COMPLIANCE`` keeps objects from being deleted before ``days`` have passed."""


class LogArchive(pulumi.ComponentResource):
    """A bucket of logs: private, versioned, encrypted, written by AWS services, read through IAM, expiring."""

    bucket_name: str
    """Name of the bucket."""
    bucket: pulumi.Output[str]
    """The same, once the bucket and its policy exist: what writes to it waits for this."""

    def __init__(
        self,
        name: str,
        spec: ArchiveSpec,
        *,
        naming: Naming,
        key_arn: pulumi.Input[str] | None,
        access_log_bucket: pulumi.Input[str] | None,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:security:LogArchive", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bucket_name = naming.bucket(spec.purpose)
        locked = spec.lock_mode != "none"
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=self.bucket_name,
            object_lock_enabled=locked,
            force_destroy=False,
            tags={"Name": self.bucket_name},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        blocked = aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access-block",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=_default_encryption(key_arn),
                    bucket_key_enabled=key_arn is not None,
                )
            ],
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=spec.days),
                    noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=30
                    ),
                    abort_incomplete_multipart_upload=(
                        aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                            days_after_initiation=7
                        )
                    ),
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        if locked:
            aws.s3.BucketObjectLockConfiguration(
                f"{name}-lock",
                bucket=bucket.id,
                rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                    default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                        mode=spec.lock_mode, days=spec.days
                    )
                ),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
            )
        if access_log_bucket is not None:
            aws.s3.BucketLogging(
                f"{name}-logging",
                bucket=bucket.id,
                target_bucket=access_log_bucket,
                target_prefix=f"s3/{spec.purpose}/",
                opts=child,
            )
        arn = f"arn:aws:s3:::{self.bucket_name}"
        policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=document(*spec.writers, deny_plain_http("s3:*", [arn, f"{arn}/*"])),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[blocked]),
        )
        self.bucket = policy.bucket
        self.register_outputs({"bucket_name": self.bucket_name, "bucket": self.bucket})


def _default_encryption(
    key_arn: pulumi.Input[str] | None,
) -> aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs:
    return aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="AES256" if key_arn is None else "aws:kms", kms_master_key_id=key_arn
    )


def access_log_writers(naming: Naming) -> tuple[Statement, ...]:
    """Return who writes access logs: load balancers and buckets of this account.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    objects = f"arn:aws:s3:::{naming.bucket('logs')}"
    return (
        # AWS documents no condition for load balancers: their account is part of the path, which they can't choose.
        allow(
            "s3:PutObject",
            f"{objects}/alb/AWSLogs/{naming.account_id}/*",
            sid="LoadBalancerLogs",
            principal=service("logdelivery.elasticloadbalancing"),
        ),
        allow(
            "s3:PutObject",
            f"{objects}/s3/*",
            sid="BucketLogs",
            principal=service("logging.s3"),
            condition={"StringEquals": {"aws:SourceAccount": naming.account_id}},
        ),
    )


def audit_log_writers(naming: Naming) -> tuple[Statement, ...]:
    """Return who writes audit logs: trails of this stack.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    bucket = f"arn:aws:s3:::{naming.bucket('audit')}"
    from_trail = {"ArnLike": {"aws:SourceArn": naming.arn("cloudtrail", f"trail/{naming.prefix}*")}}
    return (
        allow("s3:GetBucketAcl", bucket, sid="TrailChecks", principal=service("cloudtrail"), condition=from_trail),
        allow(
            "s3:PutObject",
            f"{bucket}/AWSLogs/{naming.account_id}/*",
            sid="TrailWrites",
            principal=service("cloudtrail"),
            condition=from_trail,
        ),
    )
