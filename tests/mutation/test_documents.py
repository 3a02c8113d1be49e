import json
from typing import Any

from tests.mutation.documents import wider

GRANT = {
    "Sid": "Grant",
    "Effect": "Allow",
    "Principal": {"Service": "logs.amazonaws.com"},
    "Action": "kms:Decrypt",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceAccount": "1"}},
}
DENIAL = {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
OF_IAM = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}


def _wider(*statements: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {label: json.loads(changed)["Statement"] for label, changed in wider(text)}


def test_a_grant_is_opened_in_each_way() -> None:
    found = _wider(GRANT)
    assert found["Grant: anyone may"][0]["Principal"] == "*"
    assert "Condition" not in found["Grant: anyone may"][0]
    assert found["Grant: another account may"][0]["Principal"] == {"AWS": "arn:aws:iam::999999999999:root"}
    assert found["Grant: condition dropped"][0] == {key: value for key, value in GRANT.items() if key != "Condition"}
    assert len(found) == 3


def test_a_denial_is_weakened_in_each_way() -> None:
    assert _wider(GRANT, DENIAL)["TlsOnly: denial dropped"] == [GRANT]
    assert _wider(DENIAL)["TlsOnly: denial turned into a grant"][0]["Effect"] == "Allow"


def test_a_policy_of_iam_grows_in_action_and_resource() -> None:
    assert {label: found[0] for label, found in _wider(OF_IAM).items()} == {
        "0: Action *": {**OF_IAM, "Action": "*"},
        "0: Resource *": {**OF_IAM, "Resource": "*"},
    }
