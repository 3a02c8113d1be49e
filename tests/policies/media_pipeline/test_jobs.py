import json
from typing import Any

from tests.policies.breaking import Case, Change, at, cases, drop, edit, point
from tests.policies.media_pipeline.judged import broken
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_ACTIVE, _TOLD, _COUNTED = "encoding-queues-active", "encoding-ends-told", "encoding-failures-counted"
_QUEUE, _RULE = "media-workflow-transcoder-queue", "media-workflow-jobs-ended"
_TARGET, _PERMISSION = "media-workflow-jobs-ended-target", "media-workflow-notifier-called"
_ALARM = "media-workflow-failed-jobs"
_ARN = "arn:aws:mediaconvert:us-east-1:444455556666:queues/fitness-platform-prod-videos"
_PATTERN: dict[str, Any] = {"source": ["aws.mediaconvert"], "detail-type": ["MediaConvert Job State Change"]}


def _pattern(*, detail: Any = None, **changes: Any) -> Change:
    pattern = {**_PATTERN, **{key.replace("_", "-"): value for key, value in changes.items()}}
    return edit(_RULE, eventPattern=json.dumps(pattern if detail is None else {**pattern, "detail": detail}))


ACCEPTED: dict[str, Change] = {
    "jobs of every queue": _pattern(detail={"status": ["COMPLETE", "ERROR"]}),
    "more changes": _pattern(detail={"status": ["COMPLETE", "ERROR", "CANCELED"], "queue": [_ARN]}),
    "an alarm that waits for ten": edit(_ALARM, threshold=10, comparisonOperator="GreaterThanOrEqualToThreshold"),
}

REJECTED: dict[str, Case] = {
    **{
        f"{key} {value!r}": Case(edit(_QUEUE, **{key: value}), at(_ACTIVE, _QUEUE))
        for key, value in (
            ("status", "PAUSED"),
            ("status", None),
            ("status", UNKNOWN),
            ("pricingPlan", "RESERVED"),
            ("pricingPlan", None),
        )
    },
    "another name": Case(
        edit(_QUEUE, name="videos"),
        at(_TOLD, _QUEUE) | at(_COUNTED, _QUEUE) | at("submitter-wired", "media-videos-bucket"),
    ),
    **{f"without {name}": Case(drop(name), at(_TOLD, _QUEUE)) for name in (_RULE, _TARGET, _PERMISSION)},
    **{
        f"rule: {key} {value!r}": Case(edit(_RULE, **{key: value}), at(_TOLD, _QUEUE))
        for key, value in (
            ("state", "DISABLED"),
            ("state", None),
            ("state", UNKNOWN),
            ("isEnabled", False),
            ("eventBusName", "other"),
            ("eventPattern", None),
            ("eventPattern", "{"),
            ("eventPattern", "[]"),
            ("eventPattern", UNKNOWN),
        )
    },
    **{
        f"pattern: {key} {value!r}": Case(_pattern(**{key: value}), at(_TOLD, _QUEUE))
        for key, value in (
            ("source", ["aws.s3"]),
            ("detail_type", ["Something else"]),
            ("detail", {"status": ["COMPLETE"]}),
            ("detail", {"status": ["ERROR"]}),
            ("detail", {"queue": [_ARN]}),
            ("detail", {"queue": ["arn:aws:mediaconvert:us-east-1:444455556666:queues/Default"]}),
            ("detail", {"userMetadata": {"kind": ["trailer"]}}),
            ("detail", ["COMPLETE"]),
            ("resources", ["arn:aws:mediaconvert:us-east-1:444455556666:jobs/1"]),
        )
    },
    "target elsewhere": Case(edit(_TARGET, arn="arn:aws:lambda:us-east-1:444455556666:function:x"), at(_TOLD, _QUEUE)),
    "target that doesn't let the rule in": Case(
        point(_TARGET, "arn", "media-workflow-submitter-alias"), at(_TOLD, _QUEUE)
    ),
    "permission for another service": Case(edit(_PERMISSION, principal="s3.amazonaws.com"), at(_TOLD, _QUEUE)),
    "permission for another rule": Case(edit(_PERMISSION, sourceArn="arn:aws:events:::rule/x"), at(_TOLD, _QUEUE)),
    "topic gone": Case(drop("media-workflow-jobs"), at(_TOLD, _QUEUE)),
    "notifier that knows no topic": Case(
        edit("media-workflow-notifier-function", environment={"variables": {"TOPIC_ARN": "arn:aws:sns:::other"}}),
        at(_TOLD, _QUEUE),
    ),
    "without alarm": Case(drop(_ALARM), at(_COUNTED, _QUEUE)),
    **{
        f"alarm: {key} {value!r}": Case(edit(_ALARM, **{key: value}), at(_COUNTED, _QUEUE))
        for key, value in (
            ("namespace", "AWS/Lambda"),
            ("metricName", "JobsCompletedCount"),
            ("dimensions", {"Queue": "other"}),
            ("dimensions", None),
            ("statistic", "Average"),
            ("comparisonOperator", "LessThanThreshold"),
            ("threshold", 11),
            ("threshold", None),
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
