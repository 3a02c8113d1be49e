"""The MediaPipeline component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.backing import Backing
from components.media_pipeline.access import access
from components.media_pipeline.buckets import media_buckets
from components.media_pipeline.settings import MediaSettings
from components.media_pipeline.workflow import VideoWorkflow, WorkflowArgs
from components.naming import Naming
from components.private_bucket import PrivateBucket


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
    protect: bool
    """Whether the buckets are protected from deletion."""


class MediaPipeline(pulumi.ComponentResource):
    """Buckets for videos, images, documents, backups and analytics, and the encoding of videos.

    Carries the clauses ``media-*``, ``edge-s3-backup-archive``, ``edge-s3-lifecycle-cost``,
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
    jobs_topic_arn: pulumi.Output[str]
    """ARN of the topic that is told how the encoding of each video ended."""

    def __init__(self, name: str, args: MediaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:media:MediaPipeline", name, None, opts)
        buckets = {
            purpose: PrivateBucket(
                f"{name}-{purpose}",
                bucket.spec,
                naming=args.naming,
                key_arn=args.key_arns[bucket.key],
                access_log_bucket=args.access_log_bucket,
                protect=args.protect,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for purpose, bucket in media_buckets(args.settings, args.naming).items()
        }
        self.bucket_names = {purpose: bucket.bucket_name for purpose, bucket in buckets.items()}
        self.buckets = {purpose: bucket.bucket for purpose, bucket in buckets.items()}
        self.videos_domain_name = buckets["videos"].domain_name
        backing = access(buckets, args.settings.used_by, args.naming)
        self.backings = [backing] if backing else []
        self.jobs_topic_arn = VideoWorkflow(
            f"{name}-workflow",
            WorkflowArgs(
                settings=args.settings,
                naming=args.naming,
                videos=buckets["videos"],
                key_arns=args.key_arns,
                alert_topic_arns=args.alert_topic_arns,
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        ).topic_arn
        self.register_outputs(
            {
                "bucket_names": self.bucket_names,
                "buckets": self.buckets,
                "videos_domain_name": self.videos_domain_name,
                "jobs_topic_arn": self.jobs_topic_arn,
            }
        )
