import pytest

from tests.components.reading import inputs, names, references
from tests.support.editing import urn_of
from tests.support.recording import recorded

_PURPOSES = ("alerts", "archive", "data", "logs", "media", "queues", "secrets", "streams")
_GOVERNED = {
    "Sid": "GovernedByIam",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def test_there_is_a_key_for_each_kind_of_data() -> None:
    own = {name for name in names(recorded("prod"), "Key") if name.startswith("security-")}
    assert own == {f"security-{purpose}-key" for purpose in _PURPOSES}


@pytest.mark.parametrize("purpose", _PURPOSES)
def test_keys_rotate_and_iam_governs_them(purpose: str) -> None:
    topology = recorded("prod")
    key = inputs(topology, f"security-{purpose}-key")
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)
    assert key["policy"]["Statement"][0] == _GOVERNED
    assert inputs(topology, f"security-{purpose}-key-alias") == {"name": f"alias/fitness-platform-prod-{purpose}"}
    assert references(topology, f"security-{purpose}-key-alias") == {"targetKeyId": [f"security-{purpose}-key"]}


@pytest.mark.parametrize(
    ("purpose", "services"),
    [
        ("alerts", [f"{name}.amazonaws.com" for name in ("cloudwatch", "events.rds", "budgets", "costalerts")]),
        ("archive", ["cloudtrail.amazonaws.com", "config.amazonaws.com"]),
        ("data", []),
        ("logs", ["logs.us-east-1.amazonaws.com"]),
        ("media", ["cloudfront.amazonaws.com"]),
        ("queues", []),
        ("secrets", []),
        ("streams", []),
    ],
)
def test_services_use_keys_on_behalf_of_this_account_only(purpose: str, services: list[str]) -> None:
    statements = inputs(recorded("prod"), f"security-{purpose}-key")["policy"]["Statement"][1:]
    assert [statement["Principal"]["Service"] for statement in statements] == services
    for statement in statements:
        assert "444455556666" in str(statement["Condition"])
        assert "kms:*" not in statement["Action"]


def test_deletion_takes_as_long_as_the_settings_say() -> None:
    assert inputs(recorded("dev"), "security-data-key")["deletionWindowInDays"] == 7


@pytest.mark.parametrize("protect", [True, False])
def test_protection_follows_the_settings(protect: bool) -> None:
    topology = recorded("prod", platform={"protectStatefulResources": protect})
    assert bool(topology.resources[urn_of(topology, "security-data-key")].options.get("protect")) is protect
