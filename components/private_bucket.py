"""A private bucket with all that a bucket needs, each a resource of its own beside it."""

from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.bucket_lifecycle import LifecycleRule
from components.naming import Naming
from components.policy_documents import Statement, allow, deny_plain_http, document, service

LockMode = Literal["none", "GOVERNANCE", "COMPLIANCE"]
"""How a bucket keeps objects from being deleted early: with leave, or not by anybody."""


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock that each new object gets."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    days: int
    """Days for which its versions can't be deleted."""


@dataclass(frozen=True, slots=True)
class BucketSpec:
    """What one bucket is for, and what becomes of its objects."""

    purpose: str
    """Part of its name after the project's."""
    rules: tuple[LifecycleRule, ...]
    statements: tuple[Statement, ...] = ()
    """What its policy says beside refusing requests without TLS: known text, as guardrails judge it."""
    lock: Lock | None = None


@dataclass(frozen=True, slots=True)
class KnownBucket:
    """A bucket that another stack declares, with what a :class:`PrivateBucket` tells of itself."""

    bucket_name: str
    arn: str
    domain_name: str
    bucket: pulumi.Output[str]


def known_bucket(naming: Naming, purpose: str) -> KnownBucket:
    """Return the bucket for ``purpose`` in the region of ``naming``, which is there already."""
    name = naming.bucket(purpose)
    return KnownBucket(
        name, f"arn:aws:s3:::{name}", f"{name}.s3.{naming.region}.amazonaws.com", pulumi.Output.from_input(name)
    )


class PrivateBucket(pulumi.ComponentResource):
    """A bucket that is private, versioned, encrypted, logged and tidied, and refuses requests without TLS.

    Who reads and writes it is granted by IAM, and to AWS services and other accounts' keys by its own policy. Events
    are left to whoever wants them.
    """

    bucket_name: str
    """Name of the bucket."""
    arn: str
    """ARN of the bucket, built from its name."""
    domain_name: str
    """Name under which S3 serves it in its region, for a CDN."""
    bucket: pulumi.Output[str]
    """The name, once the bucket and its policy exist: what writes to it waits for this."""

    _type = "fitness-platform:storage:PrivateBucket"

    def __init__(
        self,
        name: str,
        spec: BucketSpec,
        *,
        naming: Naming,
        key_arn: pulumi.Input[str] | None,
        access_log_bucket: pulumi.Input[str] | None,
        protect: bool,
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the bucket.

        :param naming: names in the bucket's own region.
        :param region: that region, if it is not the provider's.
        :param key_arn: the key that encrypts it; S3's own where it is ``None``.
        :param access_log_bucket: where its access log goes, below ``s3/<purpose>/``; ``None`` for that bucket itself.
        """
        super().__init__(self._type, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bucket_name = naming.bucket(spec.purpose)
        self.arn = f"arn:aws:s3:::{self.bucket_name}"
        self.domain_name = f"{self.bucket_name}.s3.{naming.region}.amazonaws.com"
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=self.bucket_name,
            object_lock_enabled=spec.lock is not None,
            force_destroy=False,
            region=region,
            tags={"Name": self.bucket_name},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.id,
            region=region,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        blocked = aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access-block",
            bucket=bucket.id,
            region=region,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            region=region,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            region=region,
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
            region=region,
            rules=[rule.args() for rule in spec.rules],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        if spec.lock is not None:
            aws.s3.BucketObjectLockConfiguration(
                f"{name}-lock",
                bucket=bucket.id,
                region=region,
                rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                    default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                        mode=spec.lock.mode, days=spec.lock.days
                    )
                ),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
            )
        if access_log_bucket is not None:
            aws.s3.BucketLogging(
                f"{name}-logging",
                bucket=bucket.id,
                region=region,
                target_bucket=access_log_bucket,
                target_prefix=f"s3/{spec.purpose}/",
                opts=child,
            )
        policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            region=region,
            policy=document(*spec.statements, deny_plain_http("s3:*", [self.arn, f"{self.arn}/*"])),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[blocked]),
        )
        self.bucket = policy.bucket
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "arn": self.arn,
                "domain_name": self.domain_name,
                "bucket": self.bucket,
            }
        )


def written_by_buckets(naming: Naming, purpose: str) -> Statement:
    """Return that S3 writes access logs of this account's buckets below ``s3/`` of the bucket for ``purpose``.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    return allow(
        "s3:PutObject",
        f"arn:aws:s3:::{naming.bucket(purpose)}/s3/*",
        sid="BucketLogs",
        principal=service("logging.s3"),
        condition={"StringEquals": {"aws:SourceAccount": naming.account_id}},
    )


def _default_encryption(
    key_arn: pulumi.Input[str] | None,
) -> aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs:
    return aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="AES256" if key_arn is None else "aws:kms", kms_master_key_id=key_arn
    )
