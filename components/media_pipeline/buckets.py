"""What each of media's buckets is for: its lifecycle, its lock, and what its policy says."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.bucket_lifecycle import ABORT_DAYS, LifecycleRule, Move
from components.media_pipeline.settings import MediaSettings
from components.naming import Naming
from components.policy_documents import Statement, allow, deny, service
from components.private_bucket import BucketSpec, Lock

MASTERS = "masters/"
"""Where videos are uploaded to."""
RENDITIONS = "renditions/"
"""Where players read videos from."""


@dataclass(frozen=True, slots=True)
class MediaBucket:
    """A bucket and the key that encrypts it."""

    spec: BucketSpec
    key: str
    """What the key of the security layer is for."""


def media_buckets(settings: MediaSettings, naming: Naming, *, served: bool = True) -> Mapping[str, MediaBucket]:
    """Return the five buckets by what they hold; replicas are not ``served`` by a CDN."""
    days = settings.version_days
    lock = None if settings.lock_mode == "none" else Lock(settings.lock_mode, settings.lock_days)
    # Intelligent-Tiering by lifecycle alone: with a configuration of its own it would archive what pages show.
    tiered = (
        LifecycleRule("tier", moves=(Move(0, "INTELLIGENT_TIERING"),), noncurrent_days=days, abort_days=ABORT_DAYS),
    )
    deep = settings.master_deep_archive_days
    rules: Mapping[str, tuple[LifecycleRule, ...]] = {
        "videos": (
            LifecycleRule(
                "masters",
                MASTERS,
                (Move(settings.master_archive_days, "GLACIER"), *([Move(deep, "DEEP_ARCHIVE")] if deep else [])),
            ),
            LifecycleRule(
                "renditions",
                RENDITIONS,
                (Move(settings.rendition_archive_days, settings.rendition_archive_class),),
            ),
            LifecycleRule("tidy", noncurrent_days=days, abort_days=ABORT_DAYS),
        ),
        "images": tiered,
        "documents": tiered,
        "backups": (
            LifecycleRule(
                "archive",
                moves=(Move(settings.backup_archive_days, "GLACIER"),),
                expire_days=settings.backup_days,
                noncurrent_days=days,
                abort_days=ABORT_DAYS,
            ),
        ),
        "analytics": (
            LifecycleRule(
                "archive",
                moves=(Move(settings.export_archive_days, "GLACIER_IR"),),
                noncurrent_days=days,
                abort_days=ABORT_DAYS,
            ),
        ),
    }
    keys = {"videos": "media", "images": "media", "documents": "data", "backups": "archive", "analytics": "data"}
    readers = {"videos": (_served_by_cdn(naming, "videos", RENDITIONS),)} if served else {}
    return {
        purpose: MediaBucket(
            BucketSpec(
                purpose,
                rules[purpose],
                statements=(*readers.get(purpose, ()), *_with_mfa(naming, purpose, settings.deploy_role)),
                lock=lock if purpose in ("documents", "backups") else None,
            ),
            key,
        )
        for purpose, key in keys.items()
    }


def _served_by_cdn(naming: Naming, purpose: str, prefix: str) -> Statement:
    """Return that CloudFront reads some objects, for distributions of this account: their ids are not known yet.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    return allow(
        "s3:GetObject",
        f"arn:aws:s3:::{naming.bucket(purpose)}/{prefix}*",
        sid="ServedByCdn",
        principal=service("cloudfront"),
        condition={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{naming.account_id}:distribution/*"},
        },
    )


def _with_mfa(naming: Naming, purpose: str, deploy_role: str) -> tuple[Statement, ...]:
    """Return what stands in for MFA delete: versions are deleted, and their protection is changed, with MFA only."""
    arn = f"arn:aws:s3:::{naming.bucket(purpose)}"
    # Who signed in without MFA has no such key at all, which must be denied too.
    without_mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    role = f"arn:aws:iam::{naming.account_id}:role/{deploy_role}"
    return (
        deny(
            ["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"],
            f"{arn}/*",
            sid="VersionsDeletedWithMfa",
            principal="*",
            condition=without_mfa,
        ),
        deny(
            [
                "s3:DeleteBucketPolicy",
                "s3:PutBucketObjectLockConfiguration",
                "s3:PutBucketPolicy",
                "s3:PutBucketVersioning",
                "s3:PutLifecycleConfiguration",
            ],
            arn,
            sid="ProtectionChangedWithMfa",
            principal="*",
            condition={**without_mfa, "ArnNotEquals": {"aws:PrincipalArn": role}},
        ),
    )
