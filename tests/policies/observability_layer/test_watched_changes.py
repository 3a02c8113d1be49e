from typing import Any

from components.observability_layer.watched_changes import WATCHED
from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.database_layer.stack import inputs_of
from tests.policies.observability_layer.stack import TOPIC, TRAIL, TRAIL_LOG, violations
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_ROOT = "observability-trail-changes-RootUse"
_COUNT = f"{_ROOT}-count"
_COUNTED, _TOLD, _OF_STACK = "watched-changes-counted", "watched-changes-told", "metric-filters-of-stack"
_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"

_SAID = "Late. Runbook: docs/runbooks/audit.md"


def _metric(**changes: Any) -> Change:
    given = {**inputs_of(recorded("prod"), _COUNT)["metricTransformation"], **changes}
    return edit(_COUNT, metricTransformation={key: value for key, value in given.items() if value is not None})


def _pattern(change: Any) -> Change:
    return edit(_COUNT, pattern=change(inputs_of(recorded("prod"), _COUNT)["pattern"]))


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "pattern with more blanks": _pattern(lambda text: text.replace("&&", "  &&  ")),
    "more than none": edit(_ROOT, comparisonOperator="GreaterThanThreshold", threshold=0),
    "each minute": edit(_ROOT, period=60),
    "another topic": point(_ROOT, "alarmActions", TOPIC),
    "enabled by default": edit(_ROOT, actionsEnabled=None),
    "another alarm on the same, far too late": add(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "more",
        {
            "namespace": "fitness-platform-prod/Audit",
            "metricName": "RootUse",
            "threshold": 100,
            "alarmDescription": _SAID,
            "period": 60,
            "evaluationPeriods": 1,
        },
    ),
    "filter of another log group": add(
        _FILTER,
        "more",
        {"pattern": "", "metricTransformation": {"namespace": "Mine", "name": "A", "value": "1"}},
        logGroupName=["compute-auth-task-log"],
    ),
    "both renamed": chain(_metric(name="Root", namespace="Mine"), edit(_ROOT, metricName="Root", namespace="Mine")),
}

REJECTED: dict[str, Case] = {
    **{
        f"{watched.name} not counted": Case(
            drop(f"observability-trail-changes-{watched.name}-count"), at(_COUNTED, TRAIL)
        )
        for watched in WATCHED
    },
    **{
        f"{watched.name} not told": Case(drop(f"observability-trail-changes-{watched.name}"), at(_TOLD, TRAIL))
        for watched in WATCHED
    },
    **{f"pattern {value!r}": Case(edit(_COUNT, pattern=value), at(_COUNTED, TRAIL)) for value in ("", None, "ERROR")},
    "pattern that is not known": Case(edit(_COUNT, pattern=UNKNOWN), at(_COUNTED, TRAIL) | at(_TOLD, TRAIL)),
    "pattern of more than root": Case(_pattern(lambda text: text.replace("Root", "*")), at(_COUNTED, TRAIL)),
    "counted as nothing": Case(_metric(value="0"), at(_COUNTED, TRAIL)),
    "counted in another log group": Case(point(_COUNT, "logGroupName", "compute-auth-task-log"), at(_COUNTED, TRAIL)),
    "counted in no log group of the stack": Case(
        edit(_COUNT, logGroupName="/aws/cloudtrail/x"), at(_COUNTED, TRAIL) | at(_OF_STACK, _COUNT)
    ),
    "counted as AWS's own": Case(_metric(namespace="AWS/Usage"), at(_OF_STACK, _COUNT) | at(_TOLD, TRAIL)),
    "counted nowhere": Case(_metric(namespace=None), at(_OF_STACK, _COUNT) | at(_TOLD, TRAIL)),
    "counted under another name": Case(_metric(name="Roots"), at(_TOLD, TRAIL)),
    **{
        f"{key} {value!r}": Case(edit(_ROOT, **{key: value}), at(_TOLD, TRAIL))
        for key, values in (
            ("threshold", (2, None, UNKNOWN)),
            ("comparisonOperator", ("LessThanThreshold", None)),
            ("statistic", ("Average", None)),
            ("period", (600,)),
            ("evaluationPeriods", (2,)),
            ("actionsEnabled", (False,)),
            ("alarmActions", (None, ["arn:aws:sns:us-east-1:444455556666:x"])),
            ("dimensions", ({"Trail": "x"},)),
            ("metricName", ("Other",)),
        )
        for value in values
    },
    **{
        f"{key} {value!r}": Case(edit(_ROOT, **{key: value}), at(_TOLD, TRAIL) | at(also, _ROOT))
        for key, value, also in (
            ("period", 0, "alarms-in-time"),
            ("period", None, "alarms-in-time"),
            ("evaluationPeriods", None, "alarms-in-time"),
            ("metricName", None, "alarms-of-one-value"),
        )
    },
    "log group without filters": Case(
        point(TRAIL, "cloudWatchLogsGroupArn", "database-primary-postgresql-log"), at(_COUNTED, TRAIL)
    ),
    "filter of no log group": Case(
        add(_FILTER, "more", {"pattern": "x", "metricTransformation": {"namespace": "Mine"}}), at(_OF_STACK, "more")
    ),
    "filters of a log group that is gone": Case(
        drop(TRAIL_LOG),
        at(_COUNTED, TRAIL)
        | at("trails-logged", TRAIL)
        | at(_OF_STACK, *(f"observability-trail-changes-{watched.name}-count" for watched in WATCHED)),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
