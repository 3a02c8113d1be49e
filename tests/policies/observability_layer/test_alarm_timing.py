"""How soon alarms ring, what they take silence for, and what they compare."""

from typing import Any

from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.observability_layer.stack import queried, violations
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_OWN, _TASKS = "api-alarms-HTTPCode_ELB_5XX_Count", "compute-auth-capacity-tasks"
_EXPIRY, _STORAGE = "api-alarms-DaysToExpiry", "database-alarms-primary-FreeStorageSpace"
_ERRORS, _PART = "compute-auth-alarms-TargetErrors", "observability-alarms-SlowBurn360"
_LAG, _HEALTH = "database-alarms-analytics-ReplicaLag", "edge-alarms-api-HealthCheckStatus"
_TIME, _SILENCE, _ONE = "alarms-in-time", "alarms-hear-silence", "alarms-of-one-value"


def _queries(change: Any) -> Change:
    return queried(_ERRORS, change)


def _in_periods_of(seconds: int) -> Change:
    return _queries(lambda found: [query["metric"].update(period=seconds) for query in found if "metric" in query])


ACCEPTED: dict[str, Change] = {
    "an hour": edit(_OWN, period=1200),
    "two of three": edit(_OWN, datapointsToAlarm=2),
    "all of three": edit(_OWN, datapointsToAlarm=3),
    "a day": edit(_EXPIRY, period=86_400),
    "an hour of several metrics": _in_periods_of(1800),
    "nothing said of silence": edit(_OWN, treatMissingData=None),
    "silence as trouble": edit(_OWN, treatMissingData="breaching"),
}

REJECTED: dict[str, Case] = {
    **{
        f"{name}: {key} {value!r}": Case(edit(name, **{key: value}), at(_TIME, name))
        for name in (_OWN, _TASKS, _EXPIRY, _STORAGE)
        for key, value in (
            ("period", 172_800),
            ("period", None),
            ("period", UNKNOWN),
            ("evaluationPeriods", 1000),
            ("evaluationPeriods", 0),
            ("evaluationPeriods", None),
            ("datapointsToAlarm", 100),
            ("datapointsToAlarm", 0),
        )
    },
    "a little more than an hour": Case(edit(_OWN, period=1260), at(_TIME, _OWN)),
    "a little more than an hour of several metrics": Case(_in_periods_of(1860), at(_TIME, _ERRORS)),
    "two days of what is part of another": Case(edit(_PART, evaluationPeriods=2), at(_TIME, _PART)),
    **{
        f"{name}: silence {value!r}": Case(edit(name, treatMissingData=value), at(_SILENCE, name))
        for name, values in (
            (_OWN, ("ignore", "x", UNKNOWN)),
            (_PART, ("ignore",)),
            *((name, ("ignore", "notBreaching", "missing", None)) for name in (_TASKS, _STORAGE, _LAG, _HEALTH)),
        )
        for value in values
    },
    **{
        f"{key} beside several metrics": Case(edit(_ERRORS, **{key: value}), at(_ONE, _ERRORS))
        for key, value in (
            ("metricName", "RequestCount"),
            ("namespace", "AWS/ApplicationELB"),
            ("period", 60),
            ("statistic", "Sum"),
            ("dimensions", {"X": "y"}),
        )
    },
    "no value": Case(_queries(lambda found: found[-1].update(returnData=False)), at(_ONE, _ERRORS)),
    "two values": Case(_queries(lambda found: found[0].update(returnData=True)), at(_ONE, _ERRORS)),
    "errors that don't count": Case(
        _queries(lambda found: found[-1].update(expression="requests_blue + requests_green")), at(_ONE, _ERRORS)
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
