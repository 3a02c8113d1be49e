import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.compute_cluster.stack import SERVICE, broken, nested, recorded, violations
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN

_SCHEDULED, _ROOM, _ON_TIME, _STEPPED, _OUT_ONLY, _TRIGGERED = (
    "services-scheduled",
    "scheduled-actions-leave-room",
    "scheduled-actions-on-time",
    "services-step-scaled",
    "step-scaling-out-only",
    "step-scaling-triggered",
)
_PEAK, _OFF_PEAK = "compute-auth-scaling-peak", "compute-auth-scaling-off-peak"
_STEPS, _ALARM = "compute-auth-scaling-steps", "compute-auth-scaling-steps-alarm"
_CONFIGURATION, _ACTION = "stepScalingPolicyConfiguration", "scalableTargetAction"

ACCEPTED: dict[str, Change] = {
    "third action": copy(_PEAK, "more"),
    "the most as it is": nested(_PEAK, f"{_ACTION}.maxCapacity", 30),
    "more at most": nested(_PEAK, f"{_ACTION}.maxCapacity", 40),
    "steps by default": edit(_STEPS, policyType=None),
    "a number of tasks": nested(_STEPS, f"{_CONFIGURATION}.adjustmentType", "ChangeInCapacity"),
    "three minutes": edit(_ALARM, evaluationPeriods=3),
    "from the threshold on": edit(_ALARM, comparisonOperator="GreaterThanOrEqualToThreshold"),
}

REJECTED: dict[str, Case] = {
    "no schedules": Case(drop(_PEAK, _OFF_PEAK), at(_SCHEDULED, SERVICE)),
    "peak without an end": Case(drop(_OFF_PEAK), at(_SCHEDULED, SERVICE)),
    "end without a peak": Case(drop(_PEAK), at(_SCHEDULED, SERVICE)),
    "peak that is none": Case(nested(_PEAK, f"{_ACTION}.minCapacity", 6), at(_SCHEDULED, SERVICE)),
    **{
        f"peak of {value!r}": Case(nested(_PEAK, f"{_ACTION}.minCapacity", value), at(_ROOM, _PEAK))
        for value in (30, 31, None)
    },
    **{
        f"peak of {value!r}": Case(
            nested(_PEAK, f"{_ACTION}.minCapacity", value),
            at(_ROOM, _PEAK) | at(_SCHEDULED, SERVICE) | at("services-two-tasks-a-zone", SERVICE),
        )
        for value in (UNKNOWN, "12")
    },
    **{
        f"most of {value!r}": Case(nested(_PEAK, f"{_ACTION}.maxCapacity", value), at(_ROOM, _PEAK))
        for value in (0, 12, 29, UNKNOWN, "30")
    },
    **broken(_ON_TIME, _PEAK, "startTime", "2090-01-01T00:00:00Z", UNKNOWN),
    **broken(_ON_TIME, _PEAK, "endTime", "2020-01-01T00:00:00Z", UNKNOWN),
    **broken(_ON_TIME, _PEAK, "timezone", None, "", "UTC", UNKNOWN, 7),
    **broken(
        _ON_TIME, _PEAK, "schedule", None, "", "at(2026-01-01T00:00:00)", "rate(1 hour)", "0 6 * * ? *", UNKNOWN, 7
    ),
    "no steps": Case(drop(_STEPS), at(_STEPPED, SERVICE)),
    **{
        f"adjustment {value!r}": Case(nested(_STEPS, f"{_CONFIGURATION}.adjustmentType", value), at(_OUT_ONLY, _STEPS))
        for value in (None, "ExactCapacity", UNKNOWN, 7)
    },
    **{
        f"steps {value!r}": Case(nested(_STEPS, f"{_CONFIGURATION}.stepAdjustments", value), at(_OUT_ONLY, _STEPS))
        for value in (
            None,
            [],
            UNKNOWN,
            [{"metricIntervalLowerBound": "0"}],
            [{"scalingAdjustment": 25}, {"scalingAdjustment": -10}],
            [{"scalingAdjustment": 0}],
            [{"scalingAdjustment": UNKNOWN}],
        )
    },
    "no configuration": Case(edit(_STEPS, **{_CONFIGURATION: None}), at(_OUT_ONLY, _STEPS)),
    "no alarm": Case(drop(_ALARM), at(_TRIGGERED, _STEPS)),
    "alarm that tells a topic": Case(point(_ALARM, "alarmActions", "security-alerts-warning"), at(_TRIGGERED, _STEPS)),
    "alarm that says it is over": Case(
        chain(point(_ALARM, "alarmActions", "security-alerts-warning"), point(_ALARM, "okActions", _STEPS)),
        at(_TRIGGERED, _STEPS),
    ),
    **{
        f"alarm {key} {value!r}": Case(edit(_ALARM, **{key: value}), at(_TRIGGERED, _STEPS))
        for key, found in (
            ("comparisonOperator", (None, "LessThanThreshold", UNKNOWN)),
            ("period", (None, 30, 300, UNKNOWN, "60")),
            ("evaluationPeriods", (None, 4, UNKNOWN)),
        )
        for value in found
    },
}


@pytest.mark.parametrize(("guardrail", "gone"), [(_SCHEDULED, (_PEAK, _OFF_PEAK)), (_STEPPED, (_STEPS, _ALARM))])
def test_they_are_options(guardrail: str, gone: tuple[str, ...]) -> None:
    topology = drop(*gone)(recorded("prod"))
    assert violations(topology) == at(guardrail, SERVICE)
    assert violations(topology, {guardrail: {"required": False}}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
