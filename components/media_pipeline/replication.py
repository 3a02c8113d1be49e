"""Copies of the buckets in the second region, as objects arrive."""

import pulumi
import pulumi_aws as aws

from components.far_side import FarSide
from components.media_pipeline.buckets import MASTERS
from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key, document, trust
from components.private_bucket import PrivateBucket

_PREFIXES = {"videos": MASTERS}
"""Start of the names of what is replicated, where that is not all: renditions can be encoded again."""
_TIMED = "documents"
_MINUTES = 15  # the only time that S3 promises


class BucketReplication(pulumi.ComponentResource):
    """Lets S3 copy a bucket's new objects, and what hides them, to its replica, by a role that can do no more.

    Locks go with their objects. Deletions of single versions are never replicated, so that nobody can empty both.
    """

    def __init__(
        self,
        name: str,
        purpose: str,
        *,
        naming: Naming,
        far: FarSide,
        key: str,
        source: PrivateBucket,
        replica: PrivateBucket,
        locked: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Let a bucket be copied.

        :param purpose: what the buckets hold.
        :param key: what the keys that encrypt both of them are for.
        :param locked: whether objects are locked, which S3 has to read to copy it.
        """
        super().__init__("fitness-platform:media:BucketReplication", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.global_name("replicate", purpose)
        role = aws.iam.Role(
            f"{name}-role",
            name=label,
            description=f"Lets S3 copy {purpose} to the second region",
            assume_role_policy=trust("s3", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            tags={"Name": label},
            opts=child,
        )
        copies = aws.iam.RolePolicy(
            f"{name}-copies",
            name="copy",
            role=role.id,
            policy=document(
                *_reads(source, locked),
                *_writes(replica),
                *_encrypts(naming, far, key),
            ),
            opts=child,
        )
        aws.s3.BucketReplicationConfig(
            f"{name}-rules",
            bucket=source.bucket,
            role=role.arn,
            rules=[
                aws.s3.BucketReplicationConfigRuleArgs(
                    id=purpose,
                    status="Enabled",
                    priority=1,
                    filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=_PREFIXES.get(purpose, "")),
                    delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                        status="Enabled"
                    ),
                    source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
                        sse_kms_encrypted_objects=_encrypted_too()
                    ),
                    destination=_destination(replica, far.key_arns[key], far.time_control and purpose == _TIMED),
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[copies, source, replica]),
        )
        self.register_outputs({})


def _encrypted_too() -> aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs:
    return aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(status="Enabled")


def _destination(
    replica: PrivateBucket, key_arn: pulumi.Input[str], timed: bool
) -> aws.s3.BucketReplicationConfigRuleDestinationArgs:
    """Return where copies go. What is pending or has failed is measured always, and promised where it is ``timed``."""
    threshold = aws.s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs(minutes=_MINUTES)
    time = aws.s3.BucketReplicationConfigRuleDestinationReplicationTimeTimeArgs(minutes=_MINUTES)
    return aws.s3.BucketReplicationConfigRuleDestinationArgs(
        bucket=replica.arn,
        encryption_configuration=aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
            replica_kms_key_id=key_arn
        ),
        metrics=aws.s3.BucketReplicationConfigRuleDestinationMetricsArgs(
            status="Enabled", event_threshold=threshold if timed else None
        ),
        replication_time=(
            aws.s3.BucketReplicationConfigRuleDestinationReplicationTimeArgs(status="Enabled", time=time)
            if timed
            else None
        ),
    )


def _reads(source: PrivateBucket, locked: bool) -> tuple[Statement, ...]:
    """Return what S3 reads.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    """
    return (
        allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], source.arn, sid="ReadRules"),
        allow(
            [
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
                *(["s3:GetObjectLegalHold", "s3:GetObjectRetention"] if locked else []),
            ],
            f"{source.arn}/*",
            sid="ReadObjects",
        ),
    )


def _writes(replica: PrivateBucket) -> tuple[Statement, ...]:
    return (
        allow(
            ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"], f"{replica.arn}/*", sid="WriteReplicas"
        ),
    )


def _encrypts(naming: Naming, far: FarSide, key: str) -> tuple[Statement, ...]:
    """Return the use of both keys.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    return (
        allow_key(
            "kms:Decrypt",
            naming.arn("kms", "key/*"),
            f"alias/{naming.name(key)}",
            sid="DecryptObjects",
            condition={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
        ),
        allow_key(
            ["kms:Encrypt", "kms:GenerateDataKey"],
            far.naming.arn("kms", "key/*"),
            far.key_alias(key),
            sid="EncryptReplicas",
            condition={"StringEquals": {"kms:ViaService": f"s3.{far.region}.amazonaws.com"}},
        ),
    )
