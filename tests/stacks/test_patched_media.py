"""Media's buckets broken as a pull request might break them."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each

_PARTS, _BUCKETS = "components/private_bucket.py", "components/media_pipeline/buckets.py"
_BUCKET = "fitness-platform:media:MediaPipeline$fitness-platform:storage:PrivateBucket$aws:s3/bucket:Bucket"
_WORKFLOW, _TRANSCODER = "components/media_pipeline/workflow.py", "components/media_pipeline/transcoder.py"
_JOBS = "fitness-platform:media:MediaPipeline$fitness-platform:media:VideoWorkflow"
_NOTIFICATION = f"{_JOBS}$aws:s3/bucketNotification:BucketNotification"
_JOB_QUEUE = f"{_JOBS}$fitness-platform:media:Transcoder$aws:mediaconvert/queue:Queue"
_JOB_ROLE = f"{_JOBS}$fitness-platform:media:Transcoder$aws:iam/role:Role"
_REPLICATED = ("backups", "documents", "images", "videos")
_LIFECYCLE = _BUCKET.replace("bucket:Bucket", "bucketLifecycleConfiguration:BucketLifecycleConfiguration")


def _at(kind: str, *guardrails: str) -> set[tuple[str, str]]:
    return {found for guardrail in guardrails for found in each(guardrail, _BUCKET, f"media-{kind}-bucket")}


def _both(kind: str, *guardrails: str) -> set[tuple[str, str]]:
    """Return the same of a bucket and of its replica, which has its lifecycle and its lock."""
    return _at(kind, *guardrails) | _at(f"{kind}-replica", *guardrails)


def _without(kind: str, resource: str, *guardrails: str) -> Patch:
    """Leave a companion of one bucket out."""
    old = f"        aws.s3.{resource}("
    return Patch(_PARTS, old, f"        if name != 'media-{kind}': aws.s3.{resource}(", _at(kind, *guardrails))


def _awaited(kind: str, variable: str, resource: str, *guardrails: str) -> Patch:
    """Leave out a companion that others wait for."""
    old = f"{variable} = aws.s3.{resource}("
    return Patch(
        _PARTS,
        old,
        f"{variable} = bucket if name == 'media-{kind}' else aws.s3.{resource}(",
        _at(kind, *guardrails),
    )


PATCHES = {
    "no ownership controls": _without("images", "BucketOwnershipControls", "buckets-without-acls"),
    "no public access block": _awaited("documents", "blocked", "BucketPublicAccessBlock", "buckets-private"),
    "no versions": _awaited("backups", "versioning", "BucketVersioning", "buckets-versioned"),
    "no encryption": _without("videos", "BucketServerSideEncryptionConfiguration", "buckets-encrypted"),
    "no lifecycle": _without(
        "backups", "BucketLifecycleConfiguration", "buckets-have-lifecycle", "archives-in-glacier", "media-kept"
    ),
    "no access log": Patch(
        _PARTS,
        "if access_log_bucket is not None:",
        "if access_log_bucket is not None and name != 'media-analytics':",
        _at("analytics", "buckets-logged"),
    ),
    "no policy": _awaited(
        "images", "policy", "BucketPolicy", "tls-only", "versions-deleted-with-mfa", "media-served-in-part"
    ),
    "no lock": Patch(
        _PARTS,
        "if spec.lock is not None:",
        "if spec.lock is not None and name != 'media-backups':",
        _at("backups", "documents-and-backups-locked"),
    ),
    "lock loosened": Patch(
        _BUCKETS,
        "Lock(settings.lock_mode, settings.lock_days)",
        "Lock(settings.lock_mode, 1)",
        _both("documents", "documents-and-backups-locked") | _both("backups", "documents-and-backups-locked"),
    ),
    "masters and renditions in Glacier": Patch(
        _BUCKETS,
        'LifecycleRule("tidy", ',
        'LifecycleRule("tidy", moves=(Move(90, "GLACIER"),), ',
        _both("videos", "videos-archived", "media-readable"),
    ),
    "images that take hours": Patch(
        _BUCKETS,
        '(Move(0, "INTELLIGENT_TIERING"),)',
        '(Move(0, "INTELLIGENT_TIERING"), Move(180, "DEEP_ARCHIVE"))',
        _both("images", "images-tiered", "media-readable") | _both("documents", "media-readable"),
    ),
    "masters served": Patch(
        _BUCKETS,
        '_served_by_cdn(naming, "videos", RENDITIONS)',
        '_served_by_cdn(naming, "videos", MASTERS)',
        _at("videos", "media-served-in-part"),
    ),
    "backups under the key that CloudFront uses": Patch(
        _BUCKETS, '"backups": "archive"', '"backups": "media"', _both("backups", "archive-keys-apart")
    ),
    "backups by another name": Patch(
        _BUCKETS,
        "            BucketSpec(\n                purpose,",
        "            BucketSpec(\n                purpose.replace('backups', 'dumps'),",
        each("media-buckets-there", "pulumi:pulumi:Stack", "fitness-platform-prod"),
    ),
    "encoding that hears itself": Patch(
        _WORKFLOW,
        "filter_prefix=UPLOADS[0]",
        "filter_prefix=RENDITIONS",
        each("encoding-does-not-loop", _NOTIFICATION, "media-workflow-uploads") | _at("videos", "uploads-encoded"),
    ),
    "jobs that wait for ever": Patch(
        _TRANSCODER,
        'status="ACTIVE"',
        'status="PAUSED"',
        each("encoding-queues-active", _JOB_QUEUE, "media-workflow-transcoder-queue"),
    ),
    "failures that nobody hears of": Patch(
        _WORKFLOW,
        '"status": ["COMPLETE", "ERROR"]',
        '"status": ["COMPLETE"]',
        each("encoding-ends-told", _JOB_QUEUE, "media-workflow-transcoder-queue"),
    ),
    "MediaConvert that writes masters": Patch(
        _TRANSCODER,
        'allow("s3:PutObject", f"{bucket_arn}/{RENDITIONS}*"',
        'allow("s3:PutObject", f"{bucket_arn}/*"',
        each("transcoder-scoped", _JOB_ROLE, "media-workflow-transcoder-role"),
    ),
    "any role passed": Patch(
        _WORKFLOW,
        '                condition={"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}},\n',
        "",
        each(
            "roles-passed-narrowly",
            f"{_JOBS}$fitness-platform:functions:PythonFunction$aws:iam/rolePolicy:RolePolicy",
            "media-workflow-submitter-does-its-work",
        ),
    ),
    "no 4K": Patch(
        "components/media_pipeline/settings.py",
        '            RenditionSettings(name="4k", height=2160, kbps=14_000, codec="H_265"),\n',
        "",
        _at("videos", "renditions-of-the-decision"),
    ),
    "versions for a week": Patch(
        _BUCKETS,
        "days = settings.version_days",
        "days = 7",
        each(
            "versions-kept",
            _LIFECYCLE,
            *(f"media-{kind}-lifecycle" for kind in ("analytics", *_REPLICATED)),
            *(f"media-{kind}-replica-lifecycle" for kind in _REPLICATED),
        ),
    ),
}


@pytest.mark.parametrize("patch", list(PATCHES.values()), ids=list(PATCHES))
def test_a_patched_copy_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
