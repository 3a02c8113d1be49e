from collections.abc import Callable

import pytest

from guardrails.second_region.failover import FAILOVER_GUARDRAILS
from guardrails.second_region.standby import STANDBY_GUARDRAILS
from preview.topology import Topology
from tests.mutation.recorded_mutants import STANDBY, config_of
from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.engine import Eye, first_preview
from tests.policies.second_region.judged import refer
from tests.support.editing import UNKNOWN
from tests.support.judging import violations
from tests.support.recording import recorded

_JUDGED = (*FAILOVER_GUARDRAILS, *STANDBY_GUARDRAILS)
_PRIMARY, _SERVICES = "edge-origin-primary", "edge-origin-services-primary"
_SECONDARY, _OTHERS = "edge-origin-secondary", "edge-origin-services-secondary"
_HEALTH, _SERVES, _WAITS, _READY = (
    "edge-origin-health",
    "edge-origin-serves",
    "edge-origin-standby-waits",
    "edge-origin-ready",
)
_ALARM, _DATABASE = "far-database-writable", "database-standby"
_FENCED, _FOLLOWS, _MEASURED = "primary-fenced", "failover-checks-follow", "readiness-measured"
_GATED, _WHOLE, _ITS_OWN = "standby-serves-when-ready", "standby-database-whole", "standby-database-follows"
_BOTH = at(_FENCED, _PRIMARY, _SERVICES)


def _judge(topology: Topology) -> set[tuple[str, str]]:
    return violations(topology, config_of(topology.stack), _JUDGED)


ACCEPTED: dict[str, Change] = {
    "every 10 seconds": edit(_HEALTH, requestInterval=10),
    "looks at the answer": edit(_HEALTH, type="HTTPS_STR_MATCH", searchString="ok"),
    "two minutes": edit(_ALARM, evaluationPeriods=2),
    "not disabled, spelt out": edit(_SERVES, disabled=False),
    "no second region": lambda _: recorded("prod", standby={"region": None}),
}
REJECTED: dict[str, Case] = {
    "API asked by nobody": Case(refer(_SERVES, "childHealthchecks", _WAITS), _BOTH | at(_FOLLOWS, _SERVES)),
    "no fence": Case(refer(_SERVES, "childHealthchecks", _HEALTH), _BOTH | at(_FOLLOWS, _SERVES, _WAITS)),
    "fence alone": Case(point(_PRIMARY, "healthCheckId", _WAITS), at(_FENCED, _PRIMARY) | at(_FOLLOWS, _WAITS)),
    "health of the API alone": Case(point(_PRIMARY, "healthCheckId", _HEALTH), at(_FENCED, _PRIMARY)),
    "no health at all": Case(edit(_PRIMARY, healthCheckId=None), at(_FENCED, _PRIMARY)),
    "one of two is enough": Case(edit(_SERVES, childHealthThreshold=1), at(_FOLLOWS, _SERVES)),
    "none is enough": Case(edit(_SERVES, childHealthThreshold=0), at(_FOLLOWS, _SERVES)),
    "threshold unknown": Case(edit(_SERVES, childHealthThreshold=UNKNOWN), at(_FOLLOWS, _SERVES)),
    "upside down": Case(edit(_SERVES, invertHealthcheck=True), at(_FOLLOWS, _SERVES)),
    "switched off": Case(edit(_SERVES, disabled=True), at(_FOLLOWS, _SERVES)),
    "fence the right way up": Case(edit(_WAITS, invertHealthcheck=False), _BOTH),
    "fence that hears of no alarm": Case(edit(_WAITS, cloudwatchAlarmName=None), _BOTH | at(_FOLLOWS, _WAITS)),
    "fence that looks elsewhere": Case(edit(_WAITS, cloudwatchAlarmRegion="eu-west-1"), _BOTH | at(_MEASURED, _WAITS)),
    "fence without a region": Case(
        edit(_WAITS, cloudwatchAlarmRegion=None), _BOTH | at(_MEASURED, _WAITS) | at(_FOLLOWS, _WAITS)
    ),
    **{
        f"silence is {value!r}": Case(edit(_WAITS, insufficientDataHealthStatus=value), at(_FOLLOWS, _WAITS))
        for value in (None, "Healthy", "LastKnownStatus", UNKNOWN)
    },
    **{
        f"alarm: {key} {value!r}": Case(edit(_ALARM, **{key: value}), at(_MEASURED, _WAITS))
        for key, values in {
            "statistic": ("Maximum", "Average", None, UNKNOWN),
            "comparisonOperator": ("GreaterThanThreshold", "LessThanOrEqualToThreshold"),
            "treatMissingData": ("notBreaching", "ignore", None),
            "threshold": (0, 0.5, 2, UNKNOWN),
            "period": (10, 300),
            "evaluationPeriods": (0, 6),
            "metricQueries": ([{"id": "a", "expression": "1"}],),
        }.items()
        for value in values
    },
}
STANDBY_REJECTED: dict[str, Case] = {
    **{
        f"{record}: no health check": Case(edit(record, healthCheckId=None), at(_GATED, record))
        for record in (_SECONDARY, _OTHERS)
    },
    "ready upside down": Case(
        edit(_READY, invertHealthcheck=True), at(_GATED, _SECONDARY, _OTHERS) | at(_FOLLOWS, _READY)
    ),
    "ready by the primary's alarms": Case(
        edit(_READY, cloudwatchAlarmRegion="us-east-1"), at(_GATED, _SECONDARY, _OTHERS)
    ),
    "ready whatever happens": Case(
        edit(_READY, type="HTTPS", fqdn="origin.prod.fitness.example"), at(_GATED, _SECONDARY, _OTHERS)
    ),
    "ready in silence": Case(edit(_READY, insufficientDataHealthStatus="Healthy"), at(_FOLLOWS, _READY)),
    "ready by no alarm": Case(edit(_READY, cloudwatchAlarmName=None), at(_FOLLOWS, _READY)),
    "ready, switched off": Case(edit(_READY, disabled=True), at(_FOLLOWS, _READY)),
    "check dropped": Case(drop(_READY), at(_GATED, _SECONDARY, _OTHERS)),
    **{
        f"database: {key} {value!r}": Case(edit(_DATABASE, **{key: value}), at(_WHOLE, _DATABASE))
        for key, values in {
            "multiAz": (False, None, UNKNOWN),
            "backupRetentionPeriod": (0, 7, 34, None),
            "deleteAutomatedBackups": (True, None),
            "backupWindow": ("04:00-05:00", None),
        }.items()
        for value in values
    },
    **{
        f"database: {key}": Case(edit(_DATABASE, **{key: value}), at(_ITS_OWN, _DATABASE))
        for key, value in {"allocatedStorage": 500, "dbName": "fitness", "username": "x", "passwordWo": "x"}.items()
    },
}


as_shown = pytest.mark.parametrize(
    "shown", [lambda topology: topology, first_preview, Eye(deployed=True, reference="id-1")]
)


@as_shown
@cases(ACCEPTED)
def test_accepts(case: Change, shown: Callable[[Topology], Topology]) -> None:
    assert _judge(shown(case(recorded("prod")))) == set()


@as_shown
@cases(REJECTED)
def test_rejects(case: Case, shown: Callable[[Topology], Topology]) -> None:
    assert _judge(shown(case.change(recorded("prod")))) == case.violations


@as_shown
@cases(STANDBY_REJECTED)
def test_rejects_in_a_standby(case: Case, shown: Callable[[Topology], Topology]) -> None:
    assert _judge(shown(case.change(recorded(STANDBY)))) == case.violations


@pytest.mark.parametrize("stack", ["prod", STANDBY])
def test_accepts_what_is_declared(stack: str) -> None:
    assert _judge(recorded(stack)) == set()


def test_a_replica_of_this_region_may_be_smaller() -> None:
    assert _judge(chain(edit("database-analytics", multiAz=False))(recorded("prod"))) == set()


def test_every_guardrail_is_broken_by_a_case() -> None:
    rejected = [*REJECTED.values(), *STANDBY_REJECTED.values()]
    assert {guardrail for case in rejected for guardrail, _ in case.violations} == {one.id for one in _JUDGED}
