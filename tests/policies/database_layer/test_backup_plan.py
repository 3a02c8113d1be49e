import pytest

from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import KEY, PRIMARY, REPLICA, amend, copy, not_of_stack, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_PLAN, _VAULT, _SELECTION = "database-backups-plan", "database-backups-vault", "database-backups-selection"
_PLANNED = at("database-in-backup-plan", PRIMARY)
_KEEPS, _DAILY, _SNAPSHOTS, _IN_VAULT = (
    at(guardrail, _PLAN)
    for guardrail in (
        "database-plan-keeps",
        "database-plan-daily",
        "database-plan-snapshots-only",
        "database-plan-vault",
    )
)
_OTHER_PLAN = {"name": "other", "rules": [{"ruleName": "weekly", "targetVaultName": "Default"}]}


def _rule(**changes: object) -> Change:
    return amend(_PLAN, "rules", changes)


def _copy(account: str) -> str:
    return f"arn:aws:backup:us-west-2:{account}:backup-vault:far"


ACCEPTED: dict[str, Change] = {
    "kept for longer": _rule(lifecycle={"deleteAfter": 36}),
    "moved to cold storage": _rule(lifecycle={"coldStorageAfter": 7, "deleteAfter": 97}),
    **{
        f"schedule {text}": _rule(schedule=text)
        for text in ("cron(30 5 ? * * *)", "cron(0 0,12 * * ? *)", "cron(0 0/6 * * ? *)")
    },
    "copied to another region": _rule(copyActions=[{"destinationVaultArn": _copy("444455556666")}]),
    "nothing excepted": edit(_SELECTION, notResources=[], conditions=[]),
    "snapshots only by default": _rule(enableContinuousBackup=None),
    "vault kept by default": edit(_VAULT, forceDestroy=None),
    "replica selected too": point(_SELECTION, "resources", PRIMARY, REPLICA),
    "plan of something else": add("aws:backup/plan:Plan", "more", _OTHER_PLAN),
    "plan of the replica alone": chain(
        add("aws:backup/plan:Plan", "more", _OTHER_PLAN),
        copy(_SELECTION, "selected"),
        point("selected", "planId", "more"),
        point("selected", "resources", REPLICA),
    ),
}

REJECTED: dict[str, Case] = {
    "no selection": Case(drop(_SELECTION), _PLANNED),
    **{
        f"all but {value!r} selected": Case(edit(_SELECTION, notResources=value), _PLANNED)
        for value in (["*"], ["arn:aws:rds:*:*:db:*"], UNKNOWN)
    },
    "what has a tag selected": Case(
        edit(_SELECTION, conditions=[{"stringEquals": [{"key": "x", "value": "y"}]}]), _PLANNED
    ),
    **{
        f"copied to {arn}": Case(_rule(copyActions=[{"destinationVaultArn": arn}]), _IN_VAULT)
        for arn in (_copy("999988887777"), "", None, "x", UNKNOWN)
    },
    "nothing selected": Case(edit(_SELECTION, resources=[]), _PLANNED),
    "everything selected": Case(edit(_SELECTION, resources=["*"]), _PLANNED),
    "replica selected": Case(point(_SELECTION, "resources", REPLICA), _PLANNED),
    "selection of another plan": Case(chain(other_stack, point(_SELECTION, "planId", ELSEWHERE)), _PLANNED),
    "selection of a literal plan": Case(edit(_SELECTION, planId="x"), _PLANNED),
    **{
        f"lifecycle {value!r}": Case(_rule(lifecycle=value), _KEEPS)
        for value in (
            None,
            {},
            {"coldStorageAfter": 35},
            {"deleteAfter": 34},
            {"deleteAfter": 0},
            {"deleteAfter": UNKNOWN},
            {"deleteAfter": "35"},
            UNKNOWN,
            35,
        )
    },
    **{
        f"schedule {value!r}": Case(_rule(schedule=value), _DAILY)
        for value in (
            None,
            "cron(0 4 ? * SUN *)",
            "cron(0 4 1 * ? *)",
            "cron(0 4 * 1 ? *)",
            "cron(0 4 * * ? 2026)",
            "cron(0 4 * * ?)",
            "rate(1 day)",
            "0 4 * * ? *",
            UNKNOWN,
            7,
        )
    },
    **{
        f"continuous {value!r}": Case(_rule(enableContinuousBackup=value), _SNAPSHOTS)
        for value in (True, UNKNOWN, "false")
    },
    **{f"vault {value!r}": Case(_rule(targetVaultName=value), _IN_VAULT) for value in (None, "Default", 7)},
    "no vault": Case(drop(_VAULT), _IN_VAULT),
    "vault with another name": Case(edit(_VAULT, name="other"), _IN_VAULT),
    "rules unknown": Case(edit(_PLAN, rules=UNKNOWN), _KEEPS | _DAILY | _SNAPSHOTS | _IN_VAULT),
    "no rules": Case(edit(_PLAN, rules=None), _DAILY | _IN_VAULT),
    "second rule that keeps less": Case(
        edit(
            _PLAN,
            rules=[
                {
                    "ruleName": name,
                    "schedule": "cron(0 4 * * ? *)",
                    "targetVaultName": UNKNOWN,
                    "lifecycle": {"deleteAfter": days},
                }
                for name, days in (("first", 35), ("second", 7))
            ],
        ),
        _KEEPS | _IN_VAULT,
    ),
    "second plan that keeps less": Case(
        chain(
            copy(_PLAN, "more"),
            copy(_SELECTION, "selected"),
            point("selected", "planId", "more"),
            amend("more", "rules", {"lifecycle": {"deleteAfter": 7}}),
        ),
        at("database-plan-keeps", "more"),
    ),
    **not_of_stack("backup-vaults-encrypted", _VAULT, "kmsKeyArn", f"{KEY}-alias"),
    "second vault without a key": Case(
        add("aws:backup/vault:Vault", "more", {}), at("backup-vaults-encrypted", "more")
    ),
    **values("backup-vaults-kept", _VAULT, "forceDestroy", True, UNKNOWN, "false"),
}


@pytest.mark.parametrize(("days", "accepted"), [(7, True), (6, False)])
def test_days_are_an_option(days: int, accepted: bool) -> None:
    topology = _rule(lifecycle={"deleteAfter": days})(recorded("prod"))
    found = violations(topology, {"database-plan-keeps": {"minimumDays": 7}})
    assert found == (set() if accepted else _KEEPS)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_vault_may_be_named_by_aws() -> None:
    topology = chain(edit(_VAULT, name=None), _rule(targetVaultName=UNKNOWN))(recorded("prod"))
    assert violations(topology) == set()
