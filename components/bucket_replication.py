"""Copies of a bucket in the second region, as objects arrive."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.far_side import FarSide
from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key, document, trust
from components.private_bucket import PrivateBucket

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
        topic_arns: Mapping[str, pulumi.Input[str]],
        locked: bool = False,
        timed: bool = False,
        prefix: str = "",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Let a bucket be copied.

        :param purpose: what the buckets hold.
        :param key: what the keys that encrypt both of them are for.
        :param topic_arns: topics by severity in the region of the source, which is where failures are counted.
        :param locked: whether objects are locked, which S3 has to read to copy it.
        :param timed: whether S3 promises to copy within 15 minutes, where the second region's settings ask for it.
        :param prefix: start of the names of what is copied, if that is not all.
        """
        super().__init__("fitness-platform:storage:BucketReplication", name, None, opts)
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
                    filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=prefix),
                    delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                        status="Enabled"
                    ),
                    source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
                        sse_kms_encrypted_objects=_encrypted_too()
                    ),
                    destination=_destination(replica, far.key_arns[key], far.time_control and timed),
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[copies, source, replica]),
        )
        alarm = _failures(purpose, source, replica)
        alarm.declare(f"{name}-{alarm.metric}", naming.name(purpose, alarm.metric), topic_arns=topic_arns, opts=child)
        self.register_outputs({})


def _failures(purpose: str, source: PrivateBucket, replica: PrivateBucket) -> ThresholdAlarm:
    """Return the alarm that objects were not copied.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
    """
    return ThresholdAlarm(
        namespace="AWS/S3",
        metric="OperationsFailedReplication",
        dimensions={
            "SourceBucket": source.bucket_name,
            "DestinationBucket": replica.bucket_name,
            "RuleId": purpose,
        },
        statistic="Sum",
        period=300,
        periods=1,
        comparison="GreaterThanThreshold",
        threshold=0,
        severity="critical",
        missing="notBreaching",  # nothing was to be copied
        meaning=f"Copies of {purpose}: objects did not arrive in the second region",
    )


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
