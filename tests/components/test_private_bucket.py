import pytest

from tests.components.reading import inputs, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded

_AUDIT = "fitness-platform-audit-prod-444455556666-us-east-1"


def test_every_companion_is_there_and_strict() -> None:
    topology = recorded("prod")
    name = "security-audit-logs"
    assert inputs(topology, f"{name}-bucket") == {"bucket": _AUDIT, "forceDestroy": False, "objectLockEnabled": True}
    assert topology.resources[urn_of(topology, f"{name}-bucket")].options["protect"] is True
    assert inputs(topology, f"{name}-ownership") == {"rule": {"objectOwnership": "BucketOwnerEnforced"}}
    assert inputs(topology, f"{name}-public-access-block") == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    assert inputs(topology, f"{name}-versioning") == {"versioningConfiguration": {"status": "Enabled"}}
    assert inputs(topology, f"{name}-lock") == {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 731}}}
    assert inputs(topology, f"{name}-logging") == {"targetPrefix": "s3/audit/"}
    assert references(topology, f"{name}-logging")["targetBucket"] == ["security-access-logs-policy"]
    assert references(topology, f"{name}-encryption")["rules"] == ["security-archive-key"]


def test_without_a_key_s3_encrypts_with_its_own() -> None:
    [rule] = inputs(recorded("prod"), "security-access-logs-encryption")["rules"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}


def test_policies_refuse_requests_without_tls_after_what_they_allow() -> None:
    *allowed, last = inputs(recorded("prod"), "security-audit-logs-policy")["policy"]["Statement"]
    assert [statement["Sid"] for statement in allowed] == ["TrailChecks", "TrailWrites"]
    assert last == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{_AUDIT}", f"arn:aws:s3:::{_AUDIT}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@pytest.mark.parametrize(
    ("part", "awaited"), [("policy", "public-access-block"), ("lifecycle", "versioning"), ("lock", "versioning")]
)
def test_what_s3_wants_first_comes_first(part: str, awaited: str) -> None:
    assert waits_for(recorded("prod"), f"security-audit-logs-{part}") == {f"security-audit-logs-{awaited}"}


def test_unlocked_and_unlogged_buckets_have_no_such_companion() -> None:
    names = {resource.name for resource in recorded("dev").resources.values()}
    assert {"security-access-logs-logging", "security-access-logs-lock", "security-audit-logs-lock"} & names == set()
