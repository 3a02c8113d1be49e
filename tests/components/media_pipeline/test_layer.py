from typing import Any

import pytest

from components import MediaPipeline
from components.bucket_lifecycle import Move
from components.media_pipeline.buckets import media_buckets
from preview.topology import plain
from tests.components.reading import inputs, load, names, references, stack_of
from tests.support.editing import urn_of
from tests.support.recording import recorded

_KINDS = ("videos", "images", "documents", "backups", "analytics")
_LOCKED = ("documents", "backups")
_KEYS = {"videos": "media", "images": "media", "documents": "data", "backups": "archive", "analytics": "data"}


def _bucket(kind: str) -> str:
    return f"fitness-platform-{kind}-prod-444455556666-us-east-1"


def _moves(kind: str, stack: str = "prod", **media: Any) -> dict[str, tuple[str, list[tuple[float, str]]]]:
    """Return the prefix and the moves of each rule of a lifecycle."""
    rules = inputs(recorded(stack, media=media), f"media-{kind}-lifecycle")["rules"]
    return {
        rule["id"]: (
            rule["filter"]["prefix"],
            [(move["days"], move["storageClass"]) for move in rule.get("transitions", [])],
        )
        for rule in rules
    }


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    outputs = set(plain(topology.resources[urn_of(topology, "media")].outputs))
    assert outputs | {"backings"} == set(MediaPipeline.__annotations__)


@pytest.mark.parametrize("kind", _KINDS)
def test_each_bucket_has_the_decisions_name_and_every_companion(kind: str) -> None:
    topology = recorded("prod")
    name = f"media-{kind}"
    assert inputs(topology, f"{name}-bucket") == {
        "bucket": _bucket(kind),
        "forceDestroy": False,
        "objectLockEnabled": kind in _LOCKED,
    }
    assert topology.resources[urn_of(topology, f"{name}-bucket")].options["protect"] is True
    for part in ("ownership", "public-access-block", "versioning", "encryption", "lifecycle", "logging", "policy"):
        assert references(topology, f"{name}-{part}")["bucket"] == [f"{name}-bucket"]
    assert inputs(topology, f"{name}-logging") == {"targetPrefix": f"s3/{kind}/"}
    assert references(topology, f"{name}-encryption")["rules"] == [f"security-{_KEYS[kind]}-key"]
    [rule] = inputs(topology, f"{name}-encryption")["rules"]
    assert rule["bucketKeyEnabled"] is True


def test_documents_and_backups_are_locked() -> None:
    topology = recorded("prod")
    assert names(topology, "BucketObjectLockConfiguration") == {
        "media-backups-lock",
        "media-backups-replica-lock",
        "media-documents-lock",
        "media-documents-replica-lock",
        "security-audit-logs-lock",
    }
    for kind in _LOCKED:
        assert inputs(topology, f"media-{kind}-lock") == {
            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 35}}
        }


def test_dev_locks_nothing() -> None:
    assert names(recorded("dev"), "BucketObjectLockConfiguration") == set()
    assert inputs(recorded("dev"), "media-backups-bucket")["objectLockEnabled"] is False


def test_old_objects_move_where_they_can_still_be_read_if_they_must() -> None:
    assert _moves("videos") == {
        "masters": ("masters/", [(90, "GLACIER"), (365, "DEEP_ARCHIVE")]),
        "renditions": ("renditions/", [(90, "GLACIER_IR")]),
        "tidy": ("", []),
    }
    assert _moves("images") == _moves("documents") == {"tier": ("", [(0, "INTELLIGENT_TIERING")])}
    assert _moves("backups") == {"archive": ("", [(30, "GLACIER")])}
    assert _moves("analytics") == {"archive": ("", [(90, "GLACIER_IR")])}


def test_settings_decide_when_and_where() -> None:
    moved = _moves(
        "videos",
        masterArchiveDays=30,
        masterDeepArchiveDays=120,
        renditionArchiveDays=60,
        renditionArchiveClass="STANDARD_IA",
    )
    assert moved["masters"] == ("masters/", [(30, "GLACIER"), (120, "DEEP_ARCHIVE")])
    assert moved["renditions"] == ("renditions/", [(60, "STANDARD_IA")])
    assert _moves("analytics", exportArchiveDays=7) == {"archive": ("", [(7, "GLACIER_IR")])}


def test_only_backups_expire() -> None:
    topology = recorded("prod")
    expiring = {
        (kind, rule["expiration"]["days"])
        for kind in _KINDS
        for rule in inputs(topology, f"media-{kind}-lifecycle")["rules"]
        if "expiration" in rule
    }
    assert expiring == {("backups", 731)}


def test_null_takes_a_step_out_of_a_lifecycle() -> None:
    settings = load(stack_of(media={"masterDeepArchiveDays": None, "backupDays": None}))
    found = media_buckets(settings.media, settings.naming)
    assert found["videos"].spec.rules[0].moves == (Move(90, "GLACIER"),)
    assert found["backups"].spec.rules[0].expire_days is None


@pytest.mark.parametrize("kind", _KINDS)
def test_versions_and_abandoned_uploads_go_by_one_rule_for_all_objects(kind: str) -> None:
    rules = inputs(recorded("prod"), f"media-{kind}-lifecycle")["rules"]
    [tidying] = [rule for rule in rules if "abortIncompleteMultipartUpload" in rule]
    assert tidying["filter"] == {"prefix": ""}
    assert tidying["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert tidying["noncurrentVersionExpiration"] == {"noncurrentDays": 90}


@pytest.mark.parametrize("kind", _KINDS)
def test_policies_ask_for_mfa_before_anything_is_lost(kind: str) -> None:
    policy = inputs(recorded("prod", media={"deployRole": "ci/deploy"}), f"media-{kind}-policy")["policy"]
    found = {statement["Sid"]: statement for statement in policy["Statement"]}
    without_mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    assert list(found) == [
        *(["ServedByCdn"] if kind == "videos" else []),
        "VersionsDeletedWithMfa",
        "ProtectionChangedWithMfa",
        "TlsOnly",
    ]
    assert found["VersionsDeletedWithMfa"]["Condition"] == without_mfa
    assert found["VersionsDeletedWithMfa"]["Resource"] == f"arn:aws:s3:::{_bucket(kind)}/*"
    assert found["ProtectionChangedWithMfa"]["Resource"] == f"arn:aws:s3:::{_bucket(kind)}"
    assert found["ProtectionChangedWithMfa"]["Condition"] == {
        **without_mfa,
        "ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/ci/deploy"},
    }


def test_the_cdn_reads_renditions_and_decrypts_them() -> None:
    topology = recorded("prod")
    served = inputs(topology, "media-videos-policy")["policy"]["Statement"][0]
    decrypted = inputs(topology, "security-media-key")["policy"]["Statement"][1]
    assert (served["Action"], served["Resource"]) == ("s3:GetObject", f"arn:aws:s3:::{_bucket('videos')}/renditions/*")
    assert decrypted["Action"] == "kms:Decrypt"
    assert (
        served["Condition"]
        == decrypted["Condition"]
        == {
            "StringEquals": {"aws:SourceAccount": "444455556666"},
            "ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::444455556666:distribution/*"},
        }
    )
