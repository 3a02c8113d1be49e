from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit
from tests.policies.media_pipeline.judged import broken, bucket, more_statements, statement
from tests.policies.security_layer.judged import refer
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_THERE, _SERVED, _APART, _ORIGINS = (
    "media-buckets-there",
    "media-served-in-part",
    "archive-keys-apart",
    "archives-not-origins",
)
_KINDS = ("videos", "images", "documents", "backups", "analytics")
_STACK = "fitness-platform-prod"
_VIDEOS, _POLICY = "media-videos-bucket", "media-videos-policy"
_ARN = f"arn:aws:s3:::{bucket('videos')}"


def _cdn(resource: str, action: Any = "s3:GetObject") -> dict[str, Any]:
    return {
        "Sid": "More",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudfront.amazonaws.com"]},
        "Action": action,
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}},
    }


def _origins(*domains: Any, **refers: list[str]) -> Change:
    return add(
        "aws:cloudfront/distribution:Distribution",
        "cdn",
        {"origins": [{"originId": str(index), "domainName": domain} for index, domain in enumerate(domains)]},
        **refers,
    )


def _encrypted_with(kind: str, key: str) -> Change:
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": UNKNOWN}}]
    return refer(f"media-{kind}-encryption", "rules", rules, key)


ACCEPTED: dict[str, Change] = {
    "images served": more_statements("media-images-policy", _cdn(f"arn:aws:s3:::{bucket('images')}/*")),
    "another bucket served": chain(
        add("aws:s3/bucket:Bucket", "site", {"bucket": "fitness-platform-site-prod"}),
        add(
            "aws:s3/bucketPolicy:BucketPolicy",
            "site-policy",
            {"bucket": UNKNOWN, "policy": "{}"},
            bucket=["site"],
        ),
    ),
    "videos and other places as origins": _origins(
        f"{bucket('videos')}.s3.us-east-1.amazonaws.com", "api-origin.prod.fitness.example", UNKNOWN
    ),
    "videos as an origin by reference": _origins(UNKNOWN, origins=[_VIDEOS]),
    "documents under another key of no CDN": _encrypted_with("documents", "security-archive-key"),
}

REJECTED: dict[str, Case] = {
    **{
        f"{kind} under another name": Case(edit(f"media-{kind}-bucket", bucket=name), {(_THERE, _STACK)})
        for kind in ("images", "analytics")
        for name in ("pictures", f"my-fitness-platform-{kind}", f"fitness-platform-{kind}s", None)
    },
    **{f"without {kind}": Case(drop(f"media-{kind}-bucket"), {(_THERE, _STACK)}) for kind in _KINDS},
    "a name that is not known": Case(
        edit("media-images-bucket", bucket=UNKNOWN),
        {(_THERE, _STACK)}
        | {
            (guardrail, "media-images-bucket")
            for guardrail in (
                _SERVED,
                _APART,
                "videos-archived",
                "media-readable",
                "images-tiered",
                "old-media-moved",
                "archives-in-glacier",
                "media-kept",
                "documents-and-backups-locked",
                "versions-deleted-with-mfa",
                "uploads-encoded",
                "renditions-of-the-decision",
                "submitter-wired",
            )
        },
    ),
    "a second bucket for videos": Case(
        add("aws:s3/bucketV2:BucketV2", "more", {"bucket": "fitness-platform-videos-2"}),
        {(_THERE, _STACK)}
        | {
            (guardrail, "more")
            for guardrail in (
                _SERVED,
                "videos-archived",
                "media-readable",
                "media-kept",
                "versions-deleted-with-mfa",
                "uploads-encoded",
            )
        },
    ),
    # CloudFront
    "renditions served to nobody": Case(statement(_POLICY, "ServedByCdn"), at(_SERVED, _VIDEOS)),
    "renditions denied": Case(statement(_POLICY, "ServedByCdn", Effect="Deny"), at(_SERVED, _VIDEOS)),
    **{
        f"{key} {value!r}": Case(statement(_POLICY, "ServedByCdn", **{key: value}), at(_SERVED, _VIDEOS))
        for key, value in (
            ("Resource", f"{_ARN}/*"),
            ("Resource", f"{_ARN}/masters/*"),
            ("Resource", [f"{_ARN}/renditions/*", f"{_ARN}/masters/*"]),
            ("Resource", f"{_ARN}/rend*"),
            ("Resource", "*"),
            ("Action", "s3:PutObject"),
            ("Action", ["s3:GetObject", "s3:ListBucket"]),
            ("Action", "s3:Get*"),
            ("Action", "*"),
        )
    },
    "masters served too": Case(more_statements(_POLICY, _cdn(f"{_ARN}/masters/*")), at(_SERVED, _VIDEOS)),
    "images written": Case(
        more_statements("media-images-policy", _cdn(f"arn:aws:s3:::{bucket('images')}/*", "s3:PutObject")),
        at(_SERVED, "media-images-bucket"),
    ),
    **{
        f"{kind} served": Case(
            more_statements(f"media-{kind}-policy", _cdn(f"arn:aws:s3:::{bucket(kind)}/*")),
            at(_SERVED, f"media-{kind}-bucket"),
        )
        for kind in ("documents", "backups", "analytics")
    },
    # keys
    **{
        f"{kind} under the key of videos": Case(
            _encrypted_with(kind, "security-media-key"), at(_APART, f"media-{kind}-bucket")
        )
        for kind in ("documents", "backups", "analytics")
    },
    # origins
    **{
        f"{kind} as an origin": Case(_origins("a.example", f"{bucket(kind)}.{suffix}"), at(_ORIGINS, "cdn"))
        for kind in ("documents", "backups", "analytics")
        for suffix in ("s3.us-east-1.amazonaws.com", "s3.amazonaws.com", "s3-us-east-1.amazonaws.com")
    },
    "documents as an origin by reference": Case(
        _origins(UNKNOWN, origins=[_VIDEOS, "media-documents-bucket"]), at(_ORIGINS, "cdn")
    ),
    "origins that can't be told": Case(
        add("aws:cloudfront/distribution:Distribution", "cdn", {"origins": UNKNOWN}), at(_ORIGINS, "cdn")
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
