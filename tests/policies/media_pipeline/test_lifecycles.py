from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit
from tests.policies.media_pipeline.judged import broken, more_rules, moves, rule, without_rule
from tests.support.editing import UNKNOWN
from tests.support.judging import dev_config
from tests.support.recording import recorded

_ARCHIVED, _READABLE, _TIERED = "videos-archived", "media-readable", "images-tiered"
_MOVED, _GLACIER, _KEPT = "old-media-moved", "archives-in-glacier", "media-kept"
_VIDEOS, _IMAGES, _DOCUMENTS = "media-videos-bucket", "media-images-bucket", "media-documents-bucket"
_BACKUPS, _ANALYTICS, _AUDIT = "media-backups-bucket", "media-analytics-bucket", "security-audit-logs-bucket"
_OF = {
    name: name.replace("-bucket", "-lifecycle") for name in (_VIDEOS, _IMAGES, _DOCUMENTS, _BACKUPS, _ANALYTICS, _AUDIT)
}
_NO_LIFECYCLE = {
    _VIDEOS: {_ARCHIVED, _READABLE, _KEPT},
    _IMAGES: {_TIERED, _READABLE, _KEPT},
    _DOCUMENTS: {_MOVED, _READABLE, _KEPT},
    _BACKUPS: {_GLACIER, _KEPT},
    _ANALYTICS: {_MOVED, _READABLE, _KEPT},
    _AUDIT: {_GLACIER},
}


def _all(bucket: str, guardrails: set[str]) -> set[tuple[str, str]]:
    return {(guardrail, bucket) for guardrail in guardrails}


def _masters(*pairs: tuple[Any, str]) -> Change:
    return rule(_OF[_VIDEOS], "masters", transitions=moves(*pairs))


def _renditions(*pairs: tuple[Any, str]) -> Change:
    return rule(_OF[_VIDEOS], "renditions", transitions=moves(*pairs))


def _another(prefix: str, *pairs: tuple[Any, str], **more: Any) -> dict[str, Any]:
    return {"id": "more", "status": "Enabled", "filter": {"prefix": prefix}, "transitions": moves(*pairs), **more}


ACCEPTED: dict[str, Change] = {
    "masters stay in Glacier": _masters((90, "GLACIER")),
    "masters go deeper after half a year": _masters((90, "GLACIER"), (180, "DEEP_ARCHIVE")),
    "masters go deeper first in the list": _masters((365, "DEEP_ARCHIVE"), (90, "GLACIER")),
    "what is below another prefix may be archived": more_rules(_OF[_VIDEOS], _another("old/", (1, "DEEP_ARCHIVE"))),
    "a disabled rule says nothing": more_rules(
        _OF[_VIDEOS], _another("", (1, "GLACIER"), status="Disabled", expiration={"days": 1})
    ),
    "images by a prefix that is spelt the old way": rule(_OF[_IMAGES], "tier", filter=None, prefix=""),
    "images without days, which are none": rule(
        _OF[_IMAGES], "tier", transitions=[{"storageClass": "INTELLIGENT_TIERING"}]
    ),
    "documents read rarely": rule(_OF[_DOCUMENTS], "tier", transitions=moves((365, "STANDARD_IA"))),
    "exports in Intelligent-Tiering": rule(_OF[_ANALYTICS], "archive", transitions=moves((30, "INTELLIGENT_TIERING"))),
    "backups in the deepest archive": rule(_OF[_BACKUPS], "archive", transitions=moves((365, "DEEP_ARCHIVE"))),
    "backups for ever": rule(_OF[_BACKUPS], "archive", expiration=None),
    "backups for as long as the database's": rule(_OF[_BACKUPS], "archive", expiration={"days": 35}),
    "delete markers that hide nothing go": more_rules(
        _OF[_VIDEOS], {"id": "markers", "status": "Enabled", "expiration": {"expiredObjectDeleteMarker": True}}
    ),
    "audit logs in the deepest archive": rule(_OF[_AUDIT], "expire", transitions=moves((365, "DEEP_ARCHIVE"))),
}

REJECTED: dict[str, Case] = {
    **{
        f"{bucket} without lifecycle": Case(drop(_OF[bucket]), _all(bucket, guardrails))
        for bucket, guardrails in _NO_LIFECYCLE.items()
    },
    **{
        f"{bucket} with unknown rules": Case(
            edit(_OF[bucket], rules=UNKNOWN), _all(bucket, guardrails) | at("versions-kept", _OF[bucket])
        )
        for bucket, guardrails in _NO_LIFECYCLE.items()
    },
    # videos
    **{
        f"masters: {pairs}": Case(_masters(*pairs), at(_ARCHIVED, _VIDEOS))
        for pairs in (
            (),
            ((89, "GLACIER"),),
            ((91, "GLACIER"),),
            ((90, "GLACIER_IR"),),
            ((90, "DEEP_ARCHIVE"),),
            ((90, "GLACIER"), (179, "DEEP_ARCHIVE")),
            ((30, "STANDARD_IA"), (90, "GLACIER")),
        )
    },
    "masters unknown": Case(_masters((UNKNOWN, "GLACIER")), _all(_VIDEOS, {_ARCHIVED, _READABLE, _KEPT})),
    "masters on a date": Case(
        rule(_OF[_VIDEOS], "masters", transitions=[{"date": "2030-01-01T00:00:00Z", "storageClass": "GLACIER"}]),
        at(_ARCHIVED, _VIDEOS),
    ),
    "without masters": Case(without_rule(_OF[_VIDEOS], "masters"), at(_ARCHIVED, _VIDEOS)),
    **{
        f"masters {status!r}": Case(rule(_OF[_VIDEOS], "masters", status=status), at(_ARCHIVED, _VIDEOS))
        for status in ("Disabled", "On", "")
    },
    "some masters": Case(
        rule(_OF[_VIDEOS], "masters", filter={"prefix": "masters/2026/"}),
        at(_ARCHIVED, _VIDEOS),
    ),
    **{
        f"masters with {key}": Case(
            rule(_OF[_VIDEOS], "masters", filter={"prefix": "masters/", key: value}), at(_ARCHIVED, _VIDEOS)
        )
        for key, value in (
            ("tag", {"key": "old", "value": "yes"}),
            ("objectSizeGreaterThan", 1_000_000),
            ("objectSizeLessThan", 1_000_000),
            ("and", {"prefix": "masters/", "tags": {"old": "yes"}}),
        )
    },
    "masters twice": Case(more_rules(_OF[_VIDEOS], _another("masters/", (90, "GLACIER"))), at(_ARCHIVED, _VIDEOS)),
    "without renditions": Case(without_rule(_OF[_VIDEOS], "renditions"), at(_ARCHIVED, _VIDEOS)),
    **{
        f"renditions: {pairs}": Case(_renditions(*pairs), at(_ARCHIVED, _VIDEOS))
        for pairs in (
            (),
            ((89, "GLACIER_IR"),),
            ((90, "INTELLIGENT_TIERING"),),
            ((30, "STANDARD_IA"), (90, "GLACIER_IR")),
        )
    },
    **{
        f"renditions in {storage_class}": Case(
            _renditions((90, storage_class)), at(_ARCHIVED, _VIDEOS) | at(_READABLE, _VIDEOS)
        )
        for storage_class in ("GLACIER", "DEEP_ARCHIVE", "ONEZONE_IA")
    },
    "renditions deeper later": Case(
        _renditions((90, "GLACIER_IR"), (365, "DEEP_ARCHIVE")),
        at(_READABLE, _VIDEOS),
    ),
    "the whole bucket in Glacier": Case(
        more_rules(_OF[_VIDEOS], _another("", (90, "GLACIER"))),
        at(_ARCHIVED, _VIDEOS) | at(_READABLE, _VIDEOS),
    ),
    "some renditions in Glacier": Case(
        more_rules(_OF[_VIDEOS], _another("renditions/2026/", (90, "GLACIER"))), at(_READABLE, _VIDEOS)
    ),
    "large renditions in Glacier": Case(
        more_rules(
            _OF[_VIDEOS],
            _another("", (90, "GLACIER"), filter={"and": {"prefix": "renditions/", "objectSizeGreaterThan": 1}}),
        ),
        at(_READABLE, _VIDEOS),
    ),
    "old videos deleted": Case(more_rules(_OF[_VIDEOS], _another("", expiration={"days": 3650})), at(_KEPT, _VIDEOS)),
    "old videos deleted on a date": Case(
        more_rules(_OF[_VIDEOS], _another("", expiration={"date": "2030-01-01T00:00:00Z"})), at(_KEPT, _VIDEOS)
    ),
    # images
    **{
        f"images: {pairs}": Case(rule(_OF[_IMAGES], "tier", transitions=moves(*pairs)), at(_TIERED, _IMAGES))
        for pairs in ((), ((1, "INTELLIGENT_TIERING"),), ((0, "GLACIER_IR"),), ((30, "STANDARD_IA"),))
    },
    "images archived later": Case(
        rule(_OF[_IMAGES], "tier", transitions=moves((0, "INTELLIGENT_TIERING"), (365, "GLACIER"))),
        at(_TIERED, _IMAGES) | at(_READABLE, _IMAGES),
    ),
    "images tiered on a date": Case(
        rule(
            _OF[_IMAGES],
            "tier",
            transitions=[{"date": "2030-01-01T00:00:00Z", "storageClass": "INTELLIGENT_TIERING"}],
        ),
        at(_TIERED, _IMAGES),
    ),
    "some images": Case(rule(_OF[_IMAGES], "tier", filter={"prefix": "avatars/"}), at(_TIERED, _IMAGES)),
    "archive tiers": Case(
        add(
            "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
            "tiers",
            {"bucket": UNKNOWN, "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 90}]},
            bucket=[_IMAGES],
        ),
        at(_TIERED, "tiers"),
    ),
    "images deleted": Case(rule(_OF[_IMAGES], "tier", expiration={"days": 365}), at(_KEPT, _IMAGES)),
    # documents and exports
    **{
        f"{bucket} in {storage_class}": Case(
            rule(_OF[bucket], id_, transitions=moves((90, storage_class))), at(_READABLE, bucket)
        )
        for bucket, id_ in ((_DOCUMENTS, "tier"), (_ANALYTICS, "archive"))
        for storage_class in ("GLACIER", "DEEP_ARCHIVE", "ONEZONE_IA")
    },
    **{
        f"{bucket} late": Case(rule(_OF[bucket], id_, transitions=moves((366, "GLACIER_IR"))), at(_MOVED, bucket))
        for bucket, id_ in ((_DOCUMENTS, "tier"), (_ANALYTICS, "archive"))
    },
    **{
        f"{bucket} deleted": Case(rule(_OF[bucket], id_, expiration={"days": 3650}), at(_KEPT, bucket))
        for bucket, id_ in ((_DOCUMENTS, "tier"), (_ANALYTICS, "archive"))
    },
    # archives
    **{
        f"{bucket}: {pairs}": Case(rule(_OF[bucket], id_, transitions=moves(*pairs)), at(_GLACIER, bucket))
        for bucket, id_ in ((_BACKUPS, "archive"), (_AUDIT, "expire"))
        for pairs in ((), ((366, "GLACIER"),), ((30, "GLACIER_IR"),), ((30, "STANDARD_IA"),))
    },
    "some backups": Case(rule(_OF[_BACKUPS], "archive", filter={"prefix": "db/"}), at(_GLACIER, _BACKUPS)),
    "backups deleted early": Case(rule(_OF[_BACKUPS], "archive", expiration={"days": 34}), at(_KEPT, _BACKUPS)),
    "expiry unknown": Case(rule(_OF[_BACKUPS], "archive", expiration={"days": UNKNOWN}), _all(_BACKUPS, {_KEPT})),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


def test_audit_logs_may_stay_where_a_config_says_so() -> None:
    change = chain(rule(_OF[_AUDIT], "expire", transitions=[]), rule(_OF[_BACKUPS], "archive", transitions=[]))
    config = {"archives-in-glacier": dev_config()["archives-in-glacier"]}
    assert broken(change(recorded("prod")), config) == at(_GLACIER, _BACKUPS)
