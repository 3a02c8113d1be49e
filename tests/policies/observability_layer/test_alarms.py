"""Alarms: runbooks, what must be watched, and the objective."""

from pathlib import Path
from typing import Any

from guardrails.observability_layer.alarms import RUNBOOKS
from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit
from tests.policies.database_layer.stack import refer
from tests.policies.observability_layer.stack import STACK, queried, violations
from tests.support import judging
from tests.support.editing import UNKNOWN
from tests.support.recording import ROOT, recorded

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_MINE = {"namespace": "Mine", "metricName": "Steps", "period": 60, "evaluationPeriods": 1}
_TASKS, _ERRORS, _SLOW, _UNHEALTHY = (
    "compute-auth-capacity-tasks",
    "compute-auth-alarms-TargetErrors",
    "observability-alarms-auth-SlowAnswers",
    "compute-auth-alarms-UnhealthyTargets",
)
_QUOTAS = ("observability-alarms-FargateQuota", "observability-alarms-LambdaQuota")
_BURN, _PART = "observability-alarms-FastBurn", "observability-alarms-FastBurn60"
_BOOK, _SERVICES, _OBJECTIVE = "alarms-name-runbook", "services-watched", "objective-watched"


def _errors(**changes: Any) -> Change:
    """Change the metrics of errors that an alarm on a service's is made of."""

    def change(queries: list[dict[str, Any]]) -> None:
        for query in queries:
            if query["id"].startswith("errors"):
                changed = {**query["metric"], **changes}
                query["metric"] = {key: value for key, value in changed.items() if value is not None}

    return queried(_ERRORS, change)


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "another runbook": edit(_TASKS, alarmDescription="Few. Runbook: docs/runbooks/audit.md"),
    "sooner": edit(_PART, threshold=0.1),
    "further alarm": add(_ALARM, "more", {"alarmDescription": "x. Runbook: docs/runbooks/cache.md", **_MINE}),
    "average of tasks": edit(_TASKS, statistic="Average"),
    "one task": edit(_TASKS, threshold=1),
    "a fifth of answers": edit(_ERRORS, threshold=20),
    "ten seconds": edit(_SLOW, threshold=10),
    "nine tenths of a quota": chain(*(edit(name, threshold=90) for name in _QUOTAS)),
}

REJECTED: dict[str, Case] = {
    **{
        f"{name} that says {value!r}": Case(edit(name, alarmDescription=value), at(_BOOK, name))
        for name in (_TASKS, _BURN)
        for value in (
            None,
            "",
            UNKNOWN,
            "Few tasks run",
            "Few. Runbook: docs/runbooks/none.md",
            "Few. Runbook: https://example.com/audit.md",
            " Runbook: docs/runbooks/audit.md",
        )
    },
    "no alarm on tasks": Case(drop(_TASKS), at(_SERVICES, "compute-auth-service")),
    **{
        f"alarm on tasks with {key} {value!r}": Case(
            edit(_TASKS, **{key: value}), at(_SERVICES, "compute-auth-service")
        )
        for key, value in (
            ("metricName", "CPUUtilization"),
            ("comparisonOperator", "GreaterThanThreshold"),
            ("namespace", "AWS/ECS"),
            ("comparisonOperator", "LessThanLowerOrGreaterThanUpperThreshold"),
            ("statistic", "Maximum"),
            ("threshold", 0),
            ("threshold", 7),
            ("threshold", None),
            ("dimensions", {"ServiceName": "fitness-platform-prod-auth"}),
            ("dimensions", {"ClusterName": "x", "ServiceName": "y"}),
        )
    },
    **{
        f"{name}: {key} {value!r}": Case(edit(name, **{key: value}), at(_SERVICES, "compute-auth-service"))
        for name, beyond in ((_ERRORS, (0, 20.1)), (_SLOW, (0, 60.1)), (_UNHEALTHY, (-1, 1.1)))
        for key, values in (("threshold", (*beyond, None)), ("comparisonOperator", ("LessThanThreshold", None)))
        for value in values
    },
    **{f"no {name}": Case(drop(name), at(_SERVICES, "compute-auth-service")) for name in (_ERRORS, _SLOW, _UNHEALTHY)},
    **{
        f"errors of targets with {key} {value!r}": Case(_errors(**{key: value}), at(_SERVICES, "compute-auth-service"))
        for key, value in (
            ("namespace", "AWS/ELB"),
            ("metricName", "HTTPCode_Target_4XX_Count"),
            ("stat", "Minimum"),
            ("stat", None),
            ("dimensions", {"LoadBalancer": UNKNOWN}),
        )
    },
    "one colour is watched": Case(
        refer(_ERRORS, "metricQueries", "api-load-balancer-alb", "api-route-auth-blue"),
        at(_SERVICES, "compute-auth-service"),
    ),
    "no part": Case(drop(_PART), at(_OBJECTIVE, STACK)),
    "no whole": Case(drop(_BURN), at(_OBJECTIVE, STACK)),
    "whole that tells nobody": Case(edit(_BURN, alarmActions=None), at(_OBJECTIVE, STACK)),
    "whole without its parts": Case(edit(_BURN, alarmRule="ALARM(x)"), at(_OBJECTIVE, STACK)),
    **{
        f"part with {key} {value!r}": Case(edit(_PART, **{key: value}), at(_OBJECTIVE, STACK))
        for key, values in (
            ("threshold", (0.2, None, UNKNOWN)),
            ("comparisonOperator", ("LessThanThreshold", None)),
        )
        for value in values
    },
    **{
        f"part with metricQueries {value!r}": Case(
            edit(_PART, metricQueries=value),
            at(_OBJECTIVE, STACK) | {(also, _PART) for also in ("alarms-in-time", "alarms-of-one-value")},
        )
        for value in (None, [], UNKNOWN)
    },
    **{f"no {name}": Case(drop(name), at(_OBJECTIVE, STACK)) for name in _QUOTAS},
    **{
        f"alarms on quotas with {key} {value!r}": Case(
            chain(*(edit(name, **{key: value}) for name in _QUOTAS)), at(_OBJECTIVE, STACK)
        )
        for key, value in (("threshold", 91), ("threshold", 0), ("comparisonOperator", "LessThanThreshold"))
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_each_runbook_is_there() -> None:
    written = {path.stem for path in Path(ROOT, "docs", "runbooks").glob("*.md")}
    assert written >= RUNBOOKS


def test_parts_of_an_alarm_that_tells_nobody_tell_nobody() -> None:
    changed: Any = edit(_BURN, alarmActions=None)(recorded("prod"))
    told = {found for found in judging.violations(changed) if found[0] == "alarms-tell-a-topic"}
    assert told == {("alarms-tell-a-topic", name) for name in (_BURN, _PART, "observability-alarms-FastBurn5")}
