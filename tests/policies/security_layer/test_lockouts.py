import json
from typing import Any

from guardrails.security_layer.lockouts import LOCKOUT_GUARDRAILS
from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.database_layer.stack import inputs_of
from tests.support.editing import UNKNOWN, edited
from tests.support.judging import violations
from tests.support.recording import recorded

_DOOR = "resource-policies-leave-a-door"
_POLICIES = ("async-email-policy", "edge-files-policy", "security-alerts-critical-policy")


def _deny(policy: str, **changes: Any) -> Change:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", **changes}

    def change(topology: Any) -> Any:
        document = json.loads(inputs_of(topology, policy)["policy"])
        document["Statement"].append(statement)
        return edited(topology, policy, {"policy": json.dumps(document)})

    return change


ACCEPTED: dict[str, Change] = {
    "a single action": _deny("edge-files-policy", Action="s3:DeleteBucket"),
    "a condition": _deny("async-email-policy", Condition={"Bool": {"aws:SecureTransport": "false"}}),
    "one principal": _deny("async-email-policy", Principal={"AWS": "arn:aws:iam::444455556666:role/old"}),
    "what is allowed": _deny("async-email-policy", Effect="Allow"),
    "not known": edit("async-email-policy", policy=UNKNOWN),
}

REJECTED: dict[str, Case] = {
    f"{policy}: {changes}": Case(_deny(policy, **changes), at(_DOOR, policy))
    for policy in _POLICIES
    for changes in (
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["444455556666", "*"]}},
        {"Action": ["sqs:*"]},
    )
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod")), of=LOCKOUT_GUARDRAILS) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod")), of=LOCKOUT_GUARDRAILS) == case.violations
