"""Alarms: runbooks, what must be watched, and the objective."""

from pathlib import Path
from typing import Any

from guardrails.observability_layer.alarms import RUNBOOKS
from tests.policies.breaking import Case, Change, add, at, cases, drop, edit
from tests.policies.observability_layer.stack import STACK, violations
from tests.support import judging
from tests.support.editing import UNKNOWN
from tests.support.recording import ROOT, recorded

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_TASKS, _REFUSED, _OWN = (
    "compute-auth-capacity-tasks",
    "api-alarms-RejectedConnectionCount",
    "api-alarms-HTTPCode_ELB_5XX_Count",
)
_BURN, _PART = "observability-alarms-FastBurn", "observability-alarms-FastBurn60"
_BOOK, _SERVICES, _BALANCERS, _OBJECTIVE = (
    "alarms-name-runbook",
    "services-watched",
    "load-balancers-watched",
    "objective-watched",
)

ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "another runbook": edit(_TASKS, alarmDescription="Few. Runbook: docs/runbooks/audit.md"),
    "sooner": edit(_PART, threshold=0.1),
    "further alarm": add(_ALARM, "more", {"alarmDescription": "x. Runbook: docs/runbooks/cache.md"}),
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
            ("threshold", 0),
            ("threshold", None),
            ("dimensions", {"ClusterName": "x", "ServiceName": "y"}),
        )
    },
    **{f"no {name}": Case(drop(name), at(_BALANCERS, "api-load-balancer-alb")) for name in (_REFUSED, _OWN)},
    "alarm of too little": Case(
        edit(_OWN, comparisonOperator="LessThanThreshold"), at(_BALANCERS, "api-load-balancer-alb")
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
            ("metricQueries", (None, [], UNKNOWN)),
        )
        for value in values
    },
    "no alarm on quotas": Case(
        drop("observability-alarms-FargateQuota", "observability-alarms-LambdaQuota"), at(_OBJECTIVE, STACK)
    ),
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
