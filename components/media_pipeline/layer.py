"""The MediaPipeline component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.media_pipeline.buckets import media_buckets
from components.media_pipeline.settings import MediaSettings
from components.naming import Naming
from components.private_bucket import PrivateBucket


@dataclass(frozen=True, slots=True)
class MediaArgs:
    """What a MediaPipeline is made from: settings, and what other layers hand on."""

    settings: MediaSettings
    naming: Naming
    key_arns: Mapping[str, pulumi.Input[str]]
    """ARNs of the keys by what they encrypt: media, data, archive."""
    access_log_bucket: pulumi.Input[str]
    """Bucket for access logs, once its policy exists."""
    protect: bool
    """Whether the buckets are protected from deletion."""


class MediaPipeline(pulumi.ComponentResource):
    """Buckets for videos, images, documents, backups and analytics.

    Carries the clauses ``media-*``, ``edge-s3-backup-archive``, ``edge-s3-lifecycle-cost``,
    ``dr-s3-versioning-mfa-delete`` and ``dr-glacier-compliance``.
    """

    bucket_names: Mapping[str, str]
    """Names of the buckets by what they hold: videos, images, documents, backups, analytics."""
    buckets: Mapping[str, pulumi.Output[str]]
    """The same, once each bucket and its policy exist."""
    videos_domain_name: str
    """Name under which the CDN finds the bucket of videos."""

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
        self.register_outputs(
            {
                "bucket_names": self.bucket_names,
                "buckets": self.buckets,
                "videos_domain_name": self.videos_domain_name,
            }
        )
