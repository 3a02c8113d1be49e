import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.second_region.judged import amend, broken, refer, statement
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_KINDS = ("videos", "images", "documents", "backups")
_VIDEOS, _DOCUMENTS, _IMAGES = (f"media-{kind}-replication-rules" for kind in ("videos", "documents", "images"))
_COMPLETE, _ELSEWHERE, _ENCRYPTED = "replication-complete", "replicas-elsewhere", "replicas-encrypted"
_UNWATCHED = at("replication-watched", _IMAGES)
_IN_TIME, _ALLOWED = at("documents-replicated-in-time", _DOCUMENTS), "replication-allowed"
_ARN = "arn:aws:s3:::fitness-platform-{}-prod-444455556666-{}"
_COPIES = "media-documents-replication-copies"


def _rule(name: str, **changes: object) -> Change:
    return amend(name, "rules", **changes)


ACCEPTED: dict[str, Change] = {
    "all of the videos": _rule(_VIDEOS, filter__prefix=""),
    "no filter": _rule(_IMAGES, filter=None),
    "prefix of the older kind": _rule(_VIDEOS, filter=None, prefix="masters/"),
    "own account spelt out": _rule(_IMAGES, destination__account="444455556666"),
    "images in time too": _rule(_IMAGES, destination__replicationTime={"status": "Enabled", "time": {"minutes": 15}}),
    "exports not replicated": lambda topology: topology,
}

REJECTED: dict[str, Case] = {
    **{
        f"no rules for {kind}": Case(
            drop(f"media-{kind}-replication-rules"), at("media-replicated", f"media-{kind}-bucket")
        )
        for kind in _KINDS
    },
    "a part of the masters": Case(
        _rule(_VIDEOS, filter__prefix="masters/2026/"), at("media-replicated", "media-videos-bucket")
    ),
    "renditions alone": Case(
        _rule(_VIDEOS, filter__prefix="renditions/"), at("media-replicated", "media-videos-bucket")
    ),
    "what has a tag": Case(
        _rule(_IMAGES, filter={"tag": {"key": "keep", "value": "1"}}), at("media-replicated", "media-images-bucket")
    ),
    "rule that is disabled": Case(
        _rule(_IMAGES, status="Disabled"), at("media-replicated", "media-images-bucket") | at(_COMPLETE, _IMAGES)
    ),
    **{
        f"{path} {value!r}": Case(_rule(_IMAGES, **{path: value}), at(_COMPLETE, _IMAGES))
        for path in (
            "deleteMarkerReplication__status",
            "sourceSelectionCriteria__sseKmsEncryptedObjects__status",
            "destination__metrics__status",
        )
        for value in ("Disabled", None, UNKNOWN, True)
    },
    **{
        f"copies to {arn}": Case(_rule(_IMAGES, destination__bucket=arn), at(_ELSEWHERE, _IMAGES) | _UNWATCHED)
        for arn in (
            "arn:aws:s3:::somebody-elses",
            _ARN.format("videos", "us-west-2"),
        )
    },
    "copies to itself": Case(
        _rule(_IMAGES, destination__bucket=_ARN.format("images", "us-east-1")),
        at(_ELSEWHERE, _IMAGES) | at(_ENCRYPTED, _IMAGES) | _UNWATCHED,
    ),
    "copies to a bucket of another key": Case(
        _rule(_IMAGES, destination__bucket=_ARN.format("backups", "us-west-2")),
        at(_ELSEWHERE, _IMAGES) | at(_ENCRYPTED, _IMAGES) | _UNWATCHED,
    ),
    "copies that another account owns": Case(
        _rule(_IMAGES, destination__account="999988887777"), at(_ELSEWHERE, _IMAGES)
    ),
    "copies under no key": Case(_rule(_IMAGES, destination__encryptionConfiguration=None), at(_ENCRYPTED, _IMAGES)),
    "no alarm on what isn't copied": Case(drop("media-images-replication-OperationsFailedReplication"), _UNWATCHED),
    **{
        f"alarm on what isn't copied: {key} {value!r}": Case(
            edit("media-images-replication-OperationsFailedReplication", **{key: value}), _UNWATCHED
        )
        for key, value in {
            "metricName": "BytesPendingReplication",
            "comparisonOperator": "LessThanThreshold",
            "statistic": "Average",
            "threshold": 1000,
            "dimensions": {"RuleId": "images"},
        }.items()
    },
    "files that aren't replicated": Case(
        drop("edge-files-replication-rules"), at("media-replicated", "edge-files-bucket")
    ),
    "copies under another key there": Case(refer(_IMAGES, "rules", "far-data-key"), at(_ENCRYPTED, _IMAGES)),
    "copies under a key here": Case(
        refer(_IMAGES, "rules", "security-media-key"),
        at(_ENCRYPTED, _IMAGES) | at("keys-used-in-their-region", "security-media-key"),
    ),
    "copies under nobody's key": Case(refer(_IMAGES, "rules"), at(_ENCRYPTED, _IMAGES)),
    **{
        f"documents in {value!r}": Case(_rule(_DOCUMENTS, destination__replicationTime=value), _IN_TIME)
        for value in (None, {"status": "Disabled"}, {"status": "Enabled", "time": {"minutes": 60}}, UNKNOWN)
    },
    **{
        f"{sid} not allowed": Case(statement(_COPIES, sid), at(_ALLOWED, _DOCUMENTS))
        for sid in ("ReadRules", "ReadObjects", "WriteReplicas", "DecryptObjects", "EncryptReplicas")
    },
    "locks not read": Case(
        statement(_COPIES, "ReadObjects", Action=["s3:GetObjectVersionForReplication"]), at(_ALLOWED, _DOCUMENTS)
    ),
    "no role": Case(chain(edit(_IMAGES, role="x"), point(_IMAGES, "role")), at(_ALLOWED, _IMAGES)),
    "replica logged here": Case(
        point("media-images-replica-logging", "targetBucket", "security-access-logs-bucket"),
        at("buckets-logged", "media-images-replica-bucket"),
    ),
    "versions of a replica kept here": Case(
        edit("media-images-replica-versioning", region=None),
        at("bucket-settings-of-stack", "media-images-replica-versioning"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("region", [None, "us-east-1"])
def test_a_replica_here_is_none(region: str | None) -> None:
    found = broken(edit("media-images-replica-bucket", region=region)(recorded("prod")))
    assert at(_ELSEWHERE, _IMAGES) <= found
