"""The MediaPipeline component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.backing import Backing
from components.bucket_replication import BucketReplication
from components.far_side import CopiesHere, FarSide
from components.media_pipeline.access import access
from components.media_pipeline.buckets import MASTERS, MediaBucket, media_buckets
from components.media_pipeline.settings import MediaSettings
from components.media_pipeline.workflow import VideoWorkflow, WorkflowArgs
from components.naming import Naming
from components.private_bucket import KnownBucket, PrivateBucket, known_bucket


@dataclass(frozen=True, slots=True)
class MediaArgs:
    """What a MediaPipeline is made from: settings, and what other layers hand on."""

    settings: MediaSettings
    naming: Naming
    key_arns: Mapping[str, pulumi.Input[str]]
    """ARNs of the keys by what they encrypt: media, data, archive, queues, secrets, logs, alerts."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """ARNs of the topics for alarms, by severity."""
    access_log_bucket: pulumi.Input[str]
    """Bucket for access logs, once its policy exists."""
    far: FarSide | None
    """The second region, where buckets are copied to one."""
    copies: CopiesHere | None
    """What the primary copied here, where this is a standby's: those buckets are there already."""
    waits: bool
    """Whether uploads are not encoded yet."""
    protect: bool
    """Whether the buckets are protected from deletion."""


class MediaPipeline(pulumi.ComponentResource):
    """Buckets for videos, images, documents, backups and analytics, and the encoding of videos.

    Where there is a second region, what can't be made again is copied to replicas of the buckets there.

    Carries the clauses ``media-*``, ``dr-s3-crr``, ``edge-s3-backup-archive``, ``edge-s3-lifecycle-cost``,
    ``dr-s3-versioning-mfa-delete`` and ``dr-glacier-compliance``.
    """

    bucket_names: Mapping[str, str]
    """Names of the buckets by what they hold: videos, images, documents, backups, analytics."""
    buckets: Mapping[str, pulumi.Output[str]]
    """The same, once each bucket and its policy exist."""
    videos_domain_name: str
    """Name under which the CDN finds the bucket of videos."""
    backings: Sequence[Backing]
    """What the tasks that use the buckets need; empty where none does."""
    submitter_arn: str
    """ARN of the function that S3 calls for each upload to be encoded, built from its name."""
    jobs_topic_arn: pulumi.Output[str]
    """ARN of the topic that is told how the encoding of each video ended."""

    def __init__(self, name: str, args: MediaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:media:MediaPipeline", name, None, opts)
        specs = media_buckets(args.settings, args.naming)
        own = {
            purpose: PrivateBucket(
                f"{name}-{purpose}",
                bucket.spec,
                naming=args.naming,
                key_arn=args.key_arns[bucket.key],
                access_log_bucket=args.access_log_bucket,
                protect=args.protect,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for purpose, bucket in specs.items()
            if not args.copies or purpose not in args.copies.buckets
        }
        buckets: dict[str, PrivateBucket | KnownBucket] = {
            purpose: own.get(purpose) or known_bucket(args.naming, purpose) for purpose in specs
        }
        if args.far:
            self._replicate(name, args, args.far, specs, own)
        self.bucket_names = {purpose: bucket.bucket_name for purpose, bucket in buckets.items()}
        self.buckets = {purpose: bucket.bucket for purpose, bucket in buckets.items()}
        self.videos_domain_name = buckets["videos"].domain_name
        backing = access(buckets, args.settings.used_by, args.naming, args.copies)
        self.backings = [backing] if backing else []
        workflow = VideoWorkflow(
            f"{name}-workflow",
            WorkflowArgs(
                settings=args.settings,
                naming=args.naming,
                videos=buckets["videos"],
                copies=args.copies,
                waits=args.waits,
                key_arns=args.key_arns,
                alert_topic_arns=args.alert_topic_arns,
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.jobs_topic_arn, self.submitter_arn = workflow.topic_arn, workflow.submitter_arn
        self.register_outputs(
            {
                "bucket_names": self.bucket_names,
                "buckets": self.buckets,
                "videos_domain_name": self.videos_domain_name,
                "submitter_arn": self.submitter_arn,
                "jobs_topic_arn": self.jobs_topic_arn,
            }
        )

    def _replicate(
        self,
        name: str,
        args: MediaArgs,
        far: FarSide,
        specs: Mapping[str, MediaBucket],
        buckets: Mapping[str, PrivateBucket],
    ) -> None:
        """Declare replicas with the lifecycle, lock and policy of their originals, which S3 doesn't copy."""
        for purpose, replica in media_buckets(args.settings, far.naming, served=False).items():
            if purpose not in far.replicated:
                continue
            BucketReplication(
                f"{name}-{purpose}-replication",
                purpose,
                naming=args.naming,
                far=far,
                key=specs[purpose].key,
                source=buckets[purpose],
                replica=PrivateBucket(
                    f"{name}-{purpose}-replica",
                    replica.spec,
                    naming=far.naming,
                    key_arn=far.key_arns[replica.key],
                    access_log_bucket=far.access_log_bucket,
                    protect=args.protect,
                    region=far.region,
                    opts=pulumi.ResourceOptions(parent=self),
                ),
                topic_arns=args.alert_topic_arns,
                locked=replica.spec.lock is not None,
                timed=purpose == "documents",
                prefix=MASTERS if purpose == "videos" else "",  # renditions can be encoded again
                opts=pulumi.ResourceOptions(parent=self),
            )
