"""What can only be broken together: media."""

import json
from typing import Any

from tests.mutation.part import Composite, Part

_ROLE = "arn:aws:iam::444455556666:role/fitness-platform-deploy"
_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def _arn(kind: str) -> str:
    return f"arn:aws:s3:::fitness-platform-{kind}-prod-444455556666-us-east-1"


def _deny(action: Any, resource: Any, condition: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition}


def _policy(kind: str, *statements: Any) -> dict[str, str]:
    """Return the policy of a bucket that says what it has to, and more."""
    arn = _arn(kind)
    has_to = (
        _deny("s3:*", [arn, f"{arn}/*"], {"Bool": {"aws:SecureTransport": "false"}}),
        _deny(["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"], f"{arn}/*", _MFA),
        _deny(
            [
                "s3:DeleteBucketPolicy",
                "s3:PutBucketObjectLockConfiguration",
                "s3:PutBucketPolicy",
                "s3:PutBucketVersioning",
                "s3:PutLifecycleConfiguration",
            ],
            arn,
            {**_MFA, "ArnNotEquals": {"aws:PrincipalArn": _ROLE}},
        ),
    )
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": [*has_to, *statements]})}


def _read(resource: str, principal: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": resource,
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::444455556666:distribution/*"}},
    }


_EVERY_VIDEO = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{_arn('videos')}/*"}
_CDN = {"Service": "cloudfront.amazonaws.com"}

MEDIA_BREAKAGES = (
    Composite(
        "images in a bucket of another name",
        (
            Part(name="media-images-bucket", values={"bucket": _arn("pictures").removeprefix("arn:aws:s3:::")}),
            Part(
                name="media-images-policy",
                values=_policy("pictures"),
                refers={"bucket": ("media-images-bucket",)},
            ),
        ),
    ),
    Composite(
        "masters that CloudFront reads",
        (Part(name="media-videos-policy", values=_policy("videos", _read(f"{_arn('videos')}/masters/*", _CDN))),),
    ),
    Composite("renditions that nobody reads", (Part(name="media-videos-policy", values=_policy("videos")),)),
    Composite(
        "role let in by the policy of a bucket",
        (
            Part(
                name="media-documents-policy",
                values=_policy("documents", _read(f"{_arn('documents')}/*", {"AWS": _ROLE})),
            ),
        ),
    ),
    Composite(
        "MediaConvert that reads every video",
        (
            Part(
                name="media-workflow-transcoder-encodes",
                values={"policy": json.dumps({"Statement": [_EVERY_VIDEO]})},
            ),
        ),
    ),
    Composite(
        "documents under the key that CloudFront uses",
        (Part(name="media-documents-encryption", same={"rules": "media-videos-encryption"},
              refers={"rules": ("security-media-key",)}),),
    ),
)  # fmt: skip
