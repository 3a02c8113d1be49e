"""Log archives: buckets that AWS services write logs to."""

from components.bucket_lifecycle import ABORT_DAYS, NONCURRENT_DAYS, LifecycleRule, Move
from components.naming import Naming
from components.policy_documents import Statement, allow, service
from components.private_bucket import BucketSpec, Lock, LockMode, PrivateBucket, written_by_buckets


class LogArchive(PrivateBucket):
    """A bucket of logs: written by AWS services, read through IAM, expiring."""

    _type = "fitness-platform:security:LogArchive"


def archive(
    purpose: str,
    days: int,
    writers: tuple[Statement, ...],
    *,
    lock_mode: LockMode = "none",
    archive_days: int | None = None,
) -> BucketSpec:
    """Return an archive that ``writers`` let AWS services write to, and that keeps an object for ``days``.

    A lock mode keeps objects from being deleted before that; after ``archive_days`` they move to Glacier.
    """
    return BucketSpec(
        purpose,
        (
            LifecycleRule(
                "expire",
                moves=() if archive_days is None else (Move(archive_days, "GLACIER"),),
                expire_days=days,
                noncurrent_days=NONCURRENT_DAYS,
                abort_days=ABORT_DAYS,
            ),
        ),
        statements=writers,
        lock=None if lock_mode == "none" else Lock(lock_mode, days),
    )


def access_log_writers(naming: Naming) -> tuple[Statement, ...]:
    """Return who writes access logs: load balancers, buckets and distributions of this account.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
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
        written_by_buckets(naming, "logs"),
        allow(
            "s3:PutObject",
            f"{objects}/cloudfront/AWSLogs/{naming.account_id}/*",
            sid="DistributionLogs",
            principal=service("delivery.logs"),
            condition={
                "StringEquals": {
                    "aws:SourceAccount": naming.account_id,
                    "s3:x-amz-acl": "bucket-owner-full-control",
                },
                "ArnLike": {"aws:SourceArn": naming.at_the_edge.arn("logs", f"delivery-source:{naming.prefix}-*")},
            },
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
