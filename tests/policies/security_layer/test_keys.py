from tests.policies.breaking import Case, Change, add, at, cases, edit, point
from tests.policies.security_layer.judged import broken, give, recorded, statements_of
from tests.support.editing import UNKNOWN
from tests.support.judging import dev_config

_KEY = "security-data-key"
_REPLICA = "aws:kms/replicaKey:ReplicaKey"
_DAYS, _ROTATES, _POLICY = "keys-deleted-late", "keys-rotate", "keys-have-policies"
_ALIASES = "key-aliases-of-stack"
_SCOPED = "resource-policies-scoped"

ACCEPTED: dict[str, Change] = {
    "window left to its default": edit(_KEY, deletionWindowInDays=None),
    "spelt out as enabled": edit(_KEY, isEnabled=True),
    "rotation period given": edit(_KEY, rotationPeriodInDays=90),
    "rotation period spelt out": edit(_KEY, rotationPeriodInDays=365),
    "alias of another key": point(f"{_KEY}-alias", "targetKeyId", "security-logs-key"),
}

REJECTED: dict[str, Case] = {
    **{
        f"rotation {value!r}": Case(edit(_KEY, enableKeyRotation=value), at(_ROTATES, _KEY))
        for value in (False, None, UNKNOWN, "true")
    },
    **{
        f"enabled {value!r}": Case(edit(_KEY, isEnabled=value), at(_ROTATES, _KEY))
        for value in (False, UNKNOWN, "true")
    },
    **{
        f"window {value!r}": Case(edit(_KEY, deletionWindowInDays=value), at(_DAYS, _KEY))
        for value in (7, 29, UNKNOWN, "30")
    },
    **{f"policy {value!r}": Case(edit(_KEY, policy=value), at(_POLICY, _KEY)) for value in (None, "", UNKNOWN)},
    **{
        f"policy {value!r}": Case(edit(_KEY, policy=value), at(_POLICY, _KEY) | at(_SCOPED, _KEY))
        for value in (7, "{", "[]", "{}", '{"Statement": []}', '{"Statement": "all"}')
    },
    **{
        f"rotation every {days!r} days": Case(edit(_KEY, rotationPeriodInDays=days), at(_ROTATES, _KEY))
        for days in (366, 2560, UNKNOWN, "90")
    },
    **{
        f"lockout check bypassed {value!r}": Case(edit(_KEY, bypassPolicyLockoutSafetyCheck=value), at(_POLICY, _KEY))
        for value in (True, UNKNOWN, "false")
    },
    **{
        f"alias of {key!r}": Case(edit(f"{_KEY}-alias", targetKeyId=key), at(_ALIASES, f"{_KEY}-alias"))
        for key in (None, "1234", UNKNOWN)
    },
    "alias of what is no key": Case(
        point(f"{_KEY}-alias", "targetKeyId", "security-alerts-critical"), at(_ALIASES, f"{_KEY}-alias")
    ),
    "replica with a short window and no policy": Case(
        add(_REPLICA, "replica", {"deletionWindowInDays": 7}),
        at(_DAYS, "replica") | at(_POLICY, "replica") | at(_SCOPED, "replica"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


def test_window_is_an_option() -> None:
    for days, found in ((7, set[tuple[str, str]]()), (6, at(_DAYS, _KEY)), (UNKNOWN, at(_DAYS, _KEY))):
        topology = edit(_KEY, deletionWindowInDays=days)(recorded("prod"))
        assert broken(topology, {_DAYS: {"minimumDays": 7}}) == found


def test_dev_keeps_them_under_its_config_only() -> None:
    assert broken(recorded("dev"), dev_config()) == set()
    assert {guardrail for guardrail, _ in broken(recorded("dev"))} == {
        _DAYS,
        "audit-logs-kept-two-years",
        "audit-logs-locked",
    }


def test_policy_in_one_statement_is_read() -> None:
    [statement] = statements_of(_KEY)
    assert broken(give(_KEY, statement)(recorded("prod"))) == set()
