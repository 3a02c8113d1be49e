from tests.policies.async_layer.stack import KEY, TABLE, recorded, violations
from tests.policies.breaking import Case, Change, at, cases, drop, edit, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.security_layer.judged import refer
from tests.support.editing import UNKNOWN

_ENCRYPTED, _RECOVERABLE, _PROTECTED = "tables-encrypted", "tables-recoverable", "tables-deletion-protected"
_FORGET, _GROW = "tables-forget", "tables-grow-with-requests"
_FUNCTIONS = [
    f"async-{label}-processor-function"
    for label in ("email", "payment-webhooks", "analytics-events", "health-metrics", "ai-recommendations")
]

ACCEPTED: dict[str, Change] = {
    "forgets by another attribute": edit(TABLE, ttl={"attributeName": "end", "enabled": True}),
    "recovered for a week": nested(TABLE, "pointInTimeRecovery.recoveryPeriodInDays", 7),
}

REJECTED: dict[str, Case] = {
    **broken(_ENCRYPTED, TABLE, "serverSideEncryption", None, UNKNOWN, {"enabled": True}),
    "not encrypted": Case(
        refer(TABLE, "serverSideEncryption", {"enabled": False, "kmsKeyArn": UNKNOWN}, KEY), at(_ENCRYPTED, TABLE)
    ),
    "not a key": Case(point(TABLE, "serverSideEncryption", "async-email-queue"), at(_ENCRYPTED, TABLE)),
    **broken(_ENCRYPTED, TABLE, "replicas", [{"regionName": "us-west-2"}], UNKNOWN),
    **broken(_RECOVERABLE, TABLE, "pointInTimeRecovery", None, {}, {"enabled": False}, UNKNOWN),
    **broken(_PROTECTED, TABLE, "deletionProtectionEnabled", None, False, UNKNOWN),
    **broken(_FORGET, TABLE, "ttl", None, {"enabled": False, "attributeName": "x"}, {"enabled": True}, UNKNOWN),
    "gone": Case(drop(TABLE), at("functions-know-tables", *_FUNCTIONS)),
    "another name": Case(edit(TABLE, name="other"), at("functions-know-tables", *_FUNCTIONS)),
    **broken(_GROW, TABLE, "billingMode", None, "PROVISIONED", UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_protection_can_be_relaxed() -> None:
    changed = edit(TABLE, deletionProtectionEnabled=False)(recorded("prod"))
    assert violations(changed, {_PROTECTED: {"requireProtection": False}}) == set()
