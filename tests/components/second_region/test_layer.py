import re

import pytest

from components import SecondRegion
from preview.topology import plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded

_PURPOSES = ("archive", "data", "media", "secrets")
_REPLICATED = {"videos": "media", "images": "media", "documents": "data", "backups": "archive"}
_LOCKED = ("documents", "backups")
_FAR = "us-west-2"


def _replica(kind: str) -> str:
    return f"arn:aws:s3:::fitness-platform-{kind}-prod-444455556666-us-west-2"


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    outputs = set(plain(topology.resources[urn_of(topology, "far")].outputs))
    assert outputs | {"side"} == set(SecondRegion.__annotations__)


def test_a_stack_without_a_second_region_declares_nothing_of_it() -> None:
    for topology in (recorded("dev"), recorded("prod", standby={"region": None})):
        assert [name for name in topology.resources if re.search("::(far|.*-far-|.*(?<!read)-replica)", name)] == []


def test_all_that_is_there_is_in_one_region_and_named_apart_from_the_first() -> None:
    topology = recorded("prod", standby={"region": "eu-west-1"})
    found = [plain(one.inputs) for one in topology.resources.values() if one.custom]
    assert {one["region"] for one in found if one.get("region")} == {"us-east-1", "eu-west-1"}
    assert inputs(topology, "far-access-logs-bucket")["bucket"].endswith("-far-logs-prod-444455556666-eu-west-1")


@pytest.mark.parametrize("purpose", _PURPOSES)
def test_keys_there_are_like_those_here(purpose: str) -> None:
    topology = recorded("prod")
    key, own = inputs(topology, f"far-{purpose}-key"), inputs(topology, f"security-{purpose}-key")
    assert (key["enableKeyRotation"], key["deletionWindowInDays"], key["region"]) == (True, 30, _FAR)
    own_statements = own["policy"]["Statement"]
    assert key["policy"]["Statement"] == (own_statements if purpose in ("alerts", "media") else own_statements[:1])
    assert inputs(topology, f"far-{purpose}-key-alias") == {
        "name": f"alias/fitness-platform-prod-far-{purpose}",
        "region": _FAR,
    }
    assert topology.resources[urn_of(topology, f"far-{purpose}-key")].options["protect"] is True


def test_the_vault_is_locked_and_nobody_empties_it_without_mfa() -> None:
    topology = recorded("prod")
    assert inputs(topology, "far-copies-vault") == {
        "name": "fitness-platform-prod-copies",
        "forceDestroy": False,
        "region": _FAR,
    }
    assert references(topology, "far-copies-vault") == {"kmsKeyArn": ["far-data-key"]}
    assert inputs(topology, "far-copies-lock") == {
        "backupVaultName": "fitness-platform-prod-copies",
        "minRetentionDays": 35,
        "region": _FAR,
    }
    assert references(topology, "far-copies-lock") == {"backupVaultName": ["far-copies-vault"]}
    [copies, protection] = inputs(topology, "far-copies-policy")["policy"]["Statement"]
    assert copies["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    assert protection["Condition"]["ArnNotEquals"]["aws:PrincipalArn"].startswith("arn:aws:iam::444455556666:role/")
    assert topology.resources[urn_of(topology, "far-copies-vault")].options["protect"] is True


def test_a_lock_for_compliance_can_be_taken_back_for_some_days() -> None:
    topology = recorded("prod", standby={"region": _FAR, "lockMode": "COMPLIANCE", "lockGraceDays": 7})
    assert inputs(topology, "far-copies-lock")["changeableForDays"] == 7
    unlocked = recorded("prod", standby={"region": _FAR, "lockMode": "none"})
    assert names(unlocked, "VaultLockConfiguration") == set()


@pytest.mark.parametrize("kind", _REPLICATED)
def test_replicas_are_like_their_originals_but_serve_nobody(kind: str) -> None:
    topology = recorded("prod")
    for part in (
        "bucket",
        "lifecycle",
        "ownership",
        "public-access-block",
        "versioning",
        *(["lock"] * (kind in _LOCKED)),
    ):
        original, replica = (inputs(topology, f"media-{kind}{which}-{part}") for which in ("", "-replica"))
        assert replica.pop("region") == _FAR
        assert replica == original | ({"bucket": _replica(kind).rpartition(":")[2]} if part == "bucket" else {})
    assert references(topology, f"media-{kind}-replica-encryption")["rules"] == [f"far-{_REPLICATED[kind]}-key"]
    assert references(topology, f"media-{kind}-replica-logging")["targetBucket"] == ["far-access-logs-policy"]
    statements = inputs(topology, f"media-{kind}-replica-policy")["policy"]["Statement"]
    assert {one["Effect"] for one in statements} == {"Deny"}


@pytest.mark.parametrize("kind", _REPLICATED)
def test_new_objects_and_deletions_are_copied_encrypted(kind: str) -> None:
    topology = recorded("prod")
    name = f"media-{kind}-replication"
    [rule] = inputs(topology, f"{name}-rules")["rules"]
    assert rule["filter"] == {"prefix": "masters/" if kind == "videos" else ""}
    assert rule["status"] == rule["deleteMarkerReplication"]["status"] == "Enabled"
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert rule["destination"]["bucket"] == _replica(kind)
    assert rule["destination"]["metrics"]["status"] == "Enabled"
    assert ("replicationTime" in rule["destination"]) == (kind == "documents")
    assert references(topology, f"{name}-rules") == {
        "bucket": [f"media-{kind}-policy"],
        "role": [f"{name}-role"],
        "rules": [f"far-{_REPLICATED[kind]}-key"],
    }
    assert waits_for(topology, f"{name}-rules") >= {
        f"{name}-copies",
        f"media-{kind}-versioning",
        f"media-{kind}-replica-versioning",
    }


@pytest.mark.parametrize("kind", _REPLICATED)
def test_roles_copy_one_bucket_with_two_keys(kind: str) -> None:
    statements = inputs(recorded("prod"), f"media-{kind}-replication-copies")["policy"]["Statement"]
    by_sid = {one["Sid"]: one for one in statements}
    assert by_sid["WriteReplicas"]["Resource"] == f"{_replica(kind)}/*"
    assert ("s3:GetObjectRetention" in by_sid["ReadObjects"]["Action"]) == (kind in _LOCKED)
    key = f"alias/fitness-platform-prod-far-{_REPLICATED[kind]}"
    assert by_sid["EncryptReplicas"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": key},
    }


def test_what_is_replicated_can_be_chosen() -> None:
    topology = recorded("prod", standby={"region": _FAR, "replicated": ["images"], "timeControl": False})
    assert names(topology, "BucketReplicationConfig") == {
        "edge-files-replication-rules",
        "media-images-replication-rules",
    }
    assert "media-documents-replica-bucket" not in names(topology, "Bucket")


def test_images_are_replicated_into_repositories_like_those_here() -> None:
    topology = recorded("prod")
    there = inputs(topology, "compute-far-images-auth")
    assert (there["name"], there["imageTagMutability"], there["region"]) == (
        "fitness-platform-prod/auth",
        "IMMUTABLE",
        _FAR,
    )
    assert references(topology, "compute-far-images-auth") == {"encryptionConfigurations": ["far-data-key"]}
    [rule] = inputs(topology, "compute-far-images-rules")["replicationConfiguration"]["rules"]
    assert rule == {
        "destinations": [{"region": _FAR, "registryId": "444455556666"}],
        "repositoryFilters": [{"filter": "fitness-platform-prod/", "filterType": "PREFIX_MATCH"}],
    }
    assert "compute-far-images-auth" in waits_for(topology, "compute-far-images-rules")


def test_one_stack_of_an_account_says_what_its_registry_replicates() -> None:
    topology = recorded("prod", platform={"accountSettings": False})
    assert names(topology, "ReplicationConfiguration") == set()


def test_every_secret_has_a_replica_there() -> None:
    topology = recorded("prod")
    for name in names(topology, "Secret"):
        [replica] = plain(topology.resources[urn_of(topology, name)].inputs)["replicas"]
        assert replica["region"] == _FAR
        assert references(topology, name)["replicas"] == ["far-secrets-key"]
