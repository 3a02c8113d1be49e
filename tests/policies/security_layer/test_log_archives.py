from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit
from tests.policies.security_layer.judged import broken, give, recorded, statements_of
from tests.support.editing import UNKNOWN

_AUDIT, _ACCESS = "security-audit-logs-bucket", "security-access-logs-bucket"
_OF_AUDIT, _OF_ACCESS = "security-audit-logs", "security-access-logs"
_ACCESS_KEPT, _KEPT, _LOCKED = "access-logs-kept", "audit-logs-kept-two-years", "audit-logs-locked"
_FOR_EVER = at("object-locks-end", f"{_OF_AUDIT}-lock")


def _rules(*expirations: Any, status: str = "Enabled") -> list[dict[str, Any]]:
    return [
        {"status": status, "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}, "expiration": expiration}
        for expiration in expirations
    ]


_no_lock = drop(f"{_OF_AUDIT}-lock")
_trails_write, _tls_only = (
    next(statement for statement in statements_of(f"{_OF_AUDIT}-policy") if statement["Sid"] == sid)
    for sid in ("TrailWrites", "TlsOnly")
)
_unwritten = give(f"{_OF_AUDIT}-policy", _tls_only)
_trail = add("aws:cloudtrail/trail:Trail", "trail", {"s3BucketName": UNKNOWN}, s3BucketName=[f"{_OF_AUDIT}-policy"])


def _expires(archive: str, *expirations: Any, status: str = "Enabled") -> Change:
    return edit(f"{archive}-lifecycle", rules=_rules(*expirations, status=status))


def _lock(**retention: Any) -> Change:
    return edit(f"{_OF_AUDIT}-lock", rule={"defaultRetention": retention})


ACCEPTED: dict[str, Change] = {
    "access logs for 30 days": _expires(_OF_ACCESS, {"days": 30}),
    "access logs for ever": _expires(_OF_ACCESS, None),
    "a rule that is off": chain(
        edit(f"{_OF_ACCESS}-lifecycle", rules=[*_rules({"days": 1}, status="Disabled"), *_rules({"days": 90})])
    ),
    "audit logs for 731 days": _expires(_OF_AUDIT, {"days": 731}),
    "a lock for three years": _lock(mode="GOVERNANCE", years=3),
    "a lock for 731 days": _lock(mode="COMPLIANCE", days=731),
    "no lock where no trail writes": chain(_no_lock, _unwritten),
}
REJECTED: dict[str, Case] = {
    "access logs for 29 days": Case(_expires(_OF_ACCESS, {"days": 29}), at(_ACCESS_KEPT, _ACCESS)),
    "access logs to a date": Case(_expires(_OF_ACCESS, {"date": "2027-01-01T00:00:00Z"}), at(_ACCESS_KEPT, _ACCESS)),
    "one of two rules too early": Case(_expires(_OF_ACCESS, {"days": 90}, {"days": 1}), at(_ACCESS_KEPT, _ACCESS)),
    "unknown days": Case(_expires(_OF_ACCESS, {"days": UNKNOWN}), at(_ACCESS_KEPT, _ACCESS)),
    "audit logs for 730 days": Case(_expires(_OF_AUDIT, {"days": 730}), at(_KEPT, _AUDIT)),
    "no lock": Case(_no_lock, at(_LOCKED, _AUDIT)),
    "a lock of no mode": Case(_lock(days=731), at(_LOCKED, _AUDIT)),
    "a lock of no time": Case(_lock(mode="COMPLIANCE"), at(_LOCKED, _AUDIT)),
    "a lock for 730 days": Case(_lock(mode="COMPLIANCE", days=730), at(_LOCKED, _AUDIT)),
    "a lock for two years, a day too few": Case(_lock(mode="COMPLIANCE", years=2), at(_LOCKED, _AUDIT)),
    "a lock for a century": Case(_lock(mode="COMPLIANCE", years=100), _FOR_EVER),
    "a lock for ten years and a day": Case(_lock(mode="COMPLIANCE", days=3654), _FOR_EVER),
    "an unknown lock": Case(edit(f"{_OF_AUDIT}-lock", rule=UNKNOWN), at(_LOCKED, _AUDIT) | _FOR_EVER),
    "no lock where a trail of the stack writes": Case(chain(_no_lock, _unwritten, _trail), at(_LOCKED, _AUDIT)),
    "several writers in one statement": Case(
        chain(
            _no_lock,
            give(
                f"{_OF_AUDIT}-policy",
                _tls_only,
                {**_trails_write, "Principal": {"Service": ["config.amazonaws.com", "cloudtrail.amazonaws.com"]}},
            ),
        ),
        at(_LOCKED, _AUDIT),
    ),
    "no lock, and a policy that can't be read": Case(
        chain(_no_lock, edit(f"{_OF_AUDIT}-policy", policy=UNKNOWN)),
        at("resource-policies-scoped", f"{_OF_AUDIT}-policy") | at("tls-only", _AUDIT),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


def test_a_config_relaxes_days_and_the_lock() -> None:
    short = recorded("prod", security={"accessLogDays": 7, "auditLogDays": 7, "auditArchiveDays": 1})
    assert broken(short) == at(_ACCESS_KEPT, _ACCESS) | at(_KEPT, _AUDIT) | at(_LOCKED, _AUDIT)
    assert broken(short, {name: {"minimumDays": 7} for name in (_ACCESS_KEPT, _KEPT, _LOCKED)}) == set()
    unlocked = recorded("prod", security={"auditLockMode": "none"})
    assert broken(unlocked) == at(_LOCKED, _AUDIT)
    assert broken(unlocked, {_LOCKED: {"requireLock": False}}) == set()
