import pytest

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, PRIMARY, REPLICA, copy, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_EXPORTED, _DECLARED, _FIRST = "database-logs-exported", "database-log-groups-declared", "database-log-groups-first"
_KEPT = "database-logs-kept-two-years"
_GROUPS = [f"{name}-{log}-log" for name in INSTANCES for log in ("postgresql", "upgrade")]
_UPGRADES = f"{REPLICA}-upgrade-log"
_EXPORTS = "enabledCloudwatchLogsExports"
_MORE = "iam-db-auth-error"
_NAME = "/aws/rds/instance/fitness-platform-prod-db"
_more_group = add(
    "aws:cloudwatch/logGroup:LogGroup",
    "more",
    {"name": f"{_NAME}/{_MORE}", "retentionInDays": 731},
    kmsKeyId=["security-logs-key"],
)

ACCEPTED: dict[str, Change] = {
    "other order": edit(PRIMARY, enabledCloudwatchLogsExports=["upgrade", "postgresql"]),
    **{f"{name} kept for longer": edit(name, retentionInDays=1096) for name in _GROUPS},
    "other log group kept for less": chain(_more_group, edit("more", name="/other", retentionInDays=30)),
    "log group that AWS names, kept for less": chain(_more_group, edit("more", name=None, retentionInDays=30)),
}

REJECTED: dict[str, Case] = {
    **{
        key: case
        for name in INSTANCES
        for key, case in values(_EXPORTED, name, _EXPORTS, None, [], ["postgresql"], ["upgrade"]).items()
    },
    **{
        f"exports {value!r}": Case(
            edit(PRIMARY, enabledCloudwatchLogsExports=value),
            at(_EXPORTED, PRIMARY) | at(_DECLARED, PRIMARY) | at(_FIRST, PRIMARY),
        )
        for value in (UNKNOWN, ["postgresql", "upgrade", UNKNOWN], "postgresql", ["postgresql", 7])
    },
    "one more log without a group": Case(
        edit(PRIMARY, enabledCloudwatchLogsExports=["postgresql", "upgrade", _MORE]), at(_DECLARED, PRIMARY)
    ),
    "one more log with a group that may come later": Case(
        chain(_more_group, edit(PRIMARY, enabledCloudwatchLogsExports=["postgresql", "upgrade", _MORE])),
        at(_FIRST, PRIMARY),
    ),
    **{
        f"{name} missing": Case(
            drop(name), at(_DECLARED, name.removesuffix("-postgresql-log").removesuffix("-upgrade-log"))
        )
        for name in _GROUPS
    },
    **{
        f"{_UPGRADES} named {value!r}": Case(edit(_UPGRADES, name=value), at(_DECLARED, REPLICA))
        for value in (None, "/aws/rds/instance/other/upgrade", f"{_NAME}-analytics/Upgrade", UNKNOWN, 7)
    },
    "proxy without a log group": Case(
        drop("database-proxy-log"), at("proxy-log-group-declared", "database-proxy-pool")
    ),
    "log group that is a copy": Case(chain(copy(_UPGRADES, "more"), drop(_UPGRADES)), at(_FIRST, REPLICA)),
    **{
        f"identifier {value!r}": Case(edit(REPLICA, identifier=value), at(_DECLARED, REPLICA) | at(_FIRST, REPLICA))
        for value in (None, UNKNOWN, 7)
    },
    "other identifier": Case(edit(REPLICA, identifier="other"), at(_DECLARED, REPLICA)),
    **{
        f"{name} kept for {days} days": Case(edit(name, retentionInDays=days), at(_KEPT, name))
        for name in _GROUPS
        for days in (1, 365, 730)
    },
    **{
        f"retention {days!r}": Case(
            edit(_UPGRADES, retentionInDays=days),
            {(guardrail, _UPGRADES) for guardrail in (_KEPT, "log-groups-expire", "flow-logs-kept-two-years")},
        )
        for days in (UNKNOWN, "731", True)
    },
    **{
        f"retention {days!r}": Case(edit(_UPGRADES, retentionInDays=days), at("log-groups-expire", _UPGRADES))
        for days in (None, 0)
    },
}


@pytest.mark.parametrize(("minimum", "accepted"), [(30, True), (31, False)])
def test_days_are_an_option(minimum: int, accepted: bool) -> None:
    topology = recorded("prod", database={"auditLogDays": 30})
    found = violations(topology, {_KEPT: {"minimumDays": minimum}})
    assert found == (set() if accepted else at(_KEPT, *_GROUPS))


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
