import json

from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, point, provide
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, KEY, PRIMARY, REPLICA, not_of_stack, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_INSIGHTS_KEY = "performanceInsightsKmsKeyId"
_POLICY = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ]
    }
)

ACCEPTED: dict[str, Change] = {
    "replica that is encrypted as its key says": edit(REPLICA, storageEncrypted=None),
    "key replica": chain(
        add("aws:kms/replicaKey:ReplicaKey", "copied", {"policy": _POLICY}),
        provide("copied"),
        point(REPLICA, "kmsKeyId", "copied"),
        point(REPLICA, _INSIGHTS_KEY, "copied"),
    ),
}

REJECTED: dict[str, Case] = {
    **values("database-encrypted", PRIMARY, "storageEncrypted", None, False, UNKNOWN, "true", 1),
    **values("database-encrypted", REPLICA, "storageEncrypted", False, UNKNOWN, "true"),
    "replica without encryption and key": Case(
        edit(REPLICA, storageEncrypted=None, kmsKeyId=None),
        at("database-encrypted", REPLICA) | at("database-key-of-stack", REPLICA),
    ),
    **{
        key: case
        for name in INSTANCES
        for key, case in (
            not_of_stack("database-key-of-stack", name, "kmsKeyId", f"{KEY}-alias")
            | not_of_stack("database-insights-key-of-stack", name, _INSIGHTS_KEY, f"{KEY}-alias")
        ).items()
    },
}


def test_insights_that_are_off_need_no_key() -> None:
    off = edit(PRIMARY, performanceInsightsEnabled=False, performanceInsightsKmsKeyId=None)
    assert violations(off(recorded("prod"))) == at("database-insights", PRIMARY)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
