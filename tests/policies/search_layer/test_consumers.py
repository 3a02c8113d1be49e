import pytest

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point, provide
from tests.policies.compute_cluster.stack import broken
from tests.policies.database_layer.stack import not_of_stack, refer
from tests.policies.search_layer.stack import STREAM, TOPIC, recorded, violations
from tests.support.editing import UNKNOWN

_LABELS = ("analytics", "ai", "dashboards")
_SOURCE, _CONSUMER, _ALARM = "search-ai-mapping", "search-ai-consumer", "search-ai-IteratorAge"
_FUNCTION, _ALIAS = "search-ai-reader-function", "search-ai-reader-alias"
_BY_THREE, _WATCHED = at("streams-read-by-three", STREAM), at("stream-readers-watched", _SOURCE)
_HOURS = 3600
_QUEUE_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping"

ACCEPTED: dict[str, Change] = {
    "no second attempt": edit(_SOURCE, maximumRetryAttempts=0),
    "an hour": edit(_SOURCE, maximumRecordAgeInSeconds=_HOURS),
    "longer name of a consumer": edit(_CONSUMER, name="platform-ai"),
    "alarm by the function itself": refer(_ALARM, "dimensions", _FUNCTION),
    "late at six hours": edit(_ALARM, threshold=6 * _HOURS * 1000),
    "source of a queue": chain(
        add(_QUEUE_SOURCE, "more", {"eventSourceArn": UNKNOWN}, eventSourceArn=["search-ai-failed-queue"]),
        provide("more"),
    ),
}

REJECTED: dict[str, Case] = {
    **{f"no consumer {label}": Case(drop(f"search-{label}-consumer"), _BY_THREE) for label in _LABELS},
    **{f"no mapping {label}": Case(drop(f"search-{label}-mapping"), _BY_THREE) for label in _LABELS},
    **{
        f"consumer called {name!r}": Case(edit(_CONSUMER, name=name), _BY_THREE) for name in (None, "other", UNKNOWN, 7)
    },
    **{f"function {value!r}": Case(edit(_SOURCE, functionName=value), _BY_THREE) for value in (None, "other", UNKNOWN)},
    "alias of no function": Case(drop(_FUNCTION), _BY_THREE),
    "consumer of no stream": Case(
        edit(_CONSUMER, streamArn="arn:aws:kinesis:x"), _BY_THREE | at("stream-consumers-of-stack", _CONSUMER)
    ),
    "shared throughput": Case(
        point(_SOURCE, "eventSourceArn", STREAM), _BY_THREE | at("stream-readers-fan-out", _SOURCE)
    ),
    **not_of_stack("stream-failures-set-aside", _SOURCE, "destinationConfig", TOPIC),
    "destination of nothing": Case(refer(_SOURCE, "destinationConfig"), at("stream-failures-set-aside", _SOURCE)),
    **broken("stream-batches-halved", _SOURCE, "bisectBatchOnFunctionError", None, False, UNKNOWN, "true"),
    **broken("stream-retries-bounded", _SOURCE, "maximumRetryAttempts", None, -1, 11, 10_000, UNKNOWN, "5"),
    **broken(
        "stream-retries-bounded", _SOURCE, "maximumRecordAgeInSeconds", None, -1, 60, 3599, 86_400, 604_800, UNKNOWN
    ),
    **broken("stream-readers-start-with-oldest", _SOURCE, "startingPosition", None, "LATEST", "AT_TIMESTAMP", UNKNOWN),
    **broken("stream-readers-take-all", _SOURCE, "filterCriteria", {"filters": [{"pattern": "{}"}]}, UNKNOWN),
    **{
        f"no alarm {label}": Case(
            drop(f"search-{label}-IteratorAge"), at("stream-readers-watched", f"search-{label}-mapping")
        )
        for label in _LABELS
    },
    **{
        f"alarm with {key} {value!r}": Case(edit(_ALARM, **{key: value}), _WATCHED)
        for key, values in (
            ("namespace", (None, "AWS/Kinesis", UNKNOWN)),
            ("metricName", (None, "Errors", UNKNOWN)),
            ("statistic", (None, "Average", "Minimum", UNKNOWN)),
            ("comparisonOperator", (None, "LessThanThreshold", UNKNOWN)),
            ("threshold", (None, 0, 6 * _HOURS * 1000 + 1, UNKNOWN, "1")),
            ("dimensions", (None, {"FunctionName": "other"}, UNKNOWN)),
        )
        for value in values
    },
    "alarm of another function": Case(refer(_ALARM, "dimensions", "search-analytics-reader-alias"), _WATCHED),
}


@pytest.mark.parametrize("label", _LABELS)
def test_every_reader_keeps_them(label: str) -> None:
    late = edit(f"search-{label}-mapping", bisectBatchOnFunctionError=False)
    assert violations(late(recorded("prod"))) == at("stream-batches-halved", f"search-{label}-mapping")


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
