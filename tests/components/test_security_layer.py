import pytest

from components import SecurityLayer
from preview.topology import plain
from tests.components.reading import inputs, references
from tests.support.editing import urn_of
from tests.support.recording import recorded


def test_the_key_of_the_logs() -> None:
    topology = recorded("prod")
    assert inputs(topology, "security-log-key") == {
        "description": "Log groups of fitness-platform-prod",
        "enableKeyRotation": True,
        "deletionWindowInDays": 30,
        "policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "GovernedByIam",
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Sid": "EncryptLogGroups",
                    "Effect": "Allow",
                    "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
                    "Action": [
                        "kms:Encrypt",
                        "kms:Decrypt",
                        "kms:ReEncrypt*",
                        "kms:GenerateDataKey*",
                        "kms:DescribeKey",
                    ],
                    "Resource": "*",
                    "Condition": {
                        "ArnLike": {
                            "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:444455556666:log-group:*"
                        }
                    },
                },
            ],
        },
    }


def test_the_key_has_an_alias() -> None:
    topology = recorded("prod")
    assert inputs(topology, "security-log-key-alias") == {"name": "alias/fitness-platform-prod-logs"}
    assert references(topology, "security-log-key-alias") == {"targetKeyId": ["security-log-key"]}


@pytest.mark.parametrize("protect", [True, False])
def test_protection_follows_the_settings(protect: bool) -> None:
    topology = recorded("prod", platform={"protectStatefulResources": protect})
    options = topology.resources[urn_of(topology, "security-log-key")].options
    assert options == ({"protect": True} if protect else {})


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    registered = plain(topology.resources[urn_of(topology, "security")].outputs)
    assert set(registered) == set(SecurityLayer.__annotations__)
