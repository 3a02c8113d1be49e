from tests.policies.async_layer.stack import (
    FUNCTION,
    LONG_FUNCTION,
    LONG_QUEUE,
    LONG_SOURCE,
    QUEUE,
    SOURCE,
    STACK,
    recorded,
    violations,
)
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken
from tests.support.editing import UNKNOWN

_FOLLOWED, _ON, _REPORTS = "event-sources-followed", "event-sources-on", "event-sources-report-failures"
_BOUNDED, _ALL, _OUTLAST = "event-sources-bounded", "event-sources-take-all", "queues-outlast-processors"
_FIVE = "queues-of-the-decision"

ACCEPTED: dict[str, Change] = {
    "enabled by default": edit(SOURCE, enabled=None),
    "least at once": edit(SOURCE, scalingConfig={"maximumConcurrency": 2}),
    "most at once": edit(SOURCE, scalingConfig={"maximumConcurrency": 1000}),
    "no filters": edit(SOURCE, filterCriteria={}),
    "a sixth": edit(FUNCTION, timeout=50),
    "timeout by default": edit(FUNCTION, timeout=None),
    "work of 15 minutes": chain(edit(LONG_QUEUE, visibilityTimeoutSeconds=5400), edit(LONG_FUNCTION, timeout=900)),
    "a window beside": chain(edit(FUNCTION, timeout=40), edit(SOURCE, maximumBatchingWindowInSeconds=60)),
    "a stream": chain(
        add("aws:kinesis/stream:Stream", "stream", {"name": "x"}),
        add(
            "aws:lambda/eventSourceMapping:EventSourceMapping",
            "more",
            {"eventSourceArn": UNKNOWN, "functionResponseTypes": ["ReportBatchItemFailures"]},
            eventSourceArn=["stream"],
        ),
    ),
}

REJECTED: dict[str, Case] = {
    **{
        f"takes from {value!r}": Case(edit(SOURCE, eventSourceArn=value), at(_FOLLOWED, SOURCE) | at(_FIVE, STACK))
        for value in (None, "arn:aws:sqs:us-east-1:999988887777:x", UNKNOWN)
    },
    "takes from another stack": Case(
        chain(other_stack, point(SOURCE, "eventSourceArn", ELSEWHERE)), at(_FOLLOWED, SOURCE) | at(_FIVE, STACK)
    ),
    **broken(_ON, SOURCE, "enabled", False, UNKNOWN),
    **broken(_REPORTS, SOURCE, "functionResponseTypes", None, [], ["Other"], UNKNOWN, "ReportBatchItemFailures"),
    **broken(_BOUNDED, SOURCE, "scalingConfig", None, {}, UNKNOWN),
    **{
        f"{count!r} at once": Case(edit(SOURCE, scalingConfig={"maximumConcurrency": count}), at(_BOUNDED, SOURCE))
        for count in (0, 1, 1001, UNKNOWN)
    },
    **broken(_ALL, SOURCE, "filterCriteria", {"filters": [{"pattern": "{}"}]}, UNKNOWN),
    **{
        f"timeout {seconds!r}": Case(edit(FUNCTION, timeout=seconds), at(_OUTLAST, SOURCE))
        for seconds in (51, 300, 301, 900, UNKNOWN)
    },
    "hidden for as long as the work takes": Case(edit(LONG_FUNCTION, timeout=300), at(_OUTLAST, LONG_SOURCE)),
    "hidden for less by default": Case(
        edit(QUEUE, visibilityTimeoutSeconds=None), at(_OUTLAST, SOURCE) | at("queues-hide-5-minutes", QUEUE)
    ),
    "a window beside": Case(edit(SOURCE, maximumBatchingWindowInSeconds=1), at(_OUTLAST, SOURCE)),
    "unknown window": Case(edit(SOURCE, maximumBatchingWindowInSeconds=UNKNOWN), at(_OUTLAST, SOURCE)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
