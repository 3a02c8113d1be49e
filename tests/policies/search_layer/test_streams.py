from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, provide
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import not_of_stack, refer
from tests.policies.search_layer.stack import STREAM, TOPIC, VPC, recorded, violations
from tests.support.editing import UNKNOWN

CONSUMER = "aws:kinesis/streamConsumer:StreamConsumer"
_ALARM = "search-alarms-WriteProvisionedThroughputExceeded"
_WATCHED = at("streams-watched", STREAM)
_MODE = "streamModeDetails.streamMode"
_METRICS = ["IncomingRecords", "IteratorAgeMilliseconds", "OutgoingRecords", "WriteProvisionedThroughputExceeded"]


def _provisioned(shards: object) -> Change:
    return edit(STREAM, streamModeDetails={"streamMode": "PROVISIONED"}, shardCount=shards)


ACCEPTED: dict[str, Change] = {
    "provisioned": _provisioned(2),
    "provisioned by default": edit(STREAM, streamModeDetails=None, shardCount=2),
    "24 hours by default": edit(STREAM, retentionPeriod=None),
    "only what is needed": edit(STREAM, shardLevelMetrics=_METRICS),
}

REJECTED: dict[str, Case] = {
    "no stream": Case(
        drop(STREAM),
        at("events-streamed", VPC)
        | at("stream-consumers-of-stack", *(f"search-{label}-consumer" for label in ("ai", "analytics", "dashboards"))),
    ),
    **broken("streams-encrypted", STREAM, "encryptionType", None, "NONE", UNKNOWN),
    **not_of_stack("streams-encrypted", STREAM, "kmsKeyId", TOPIC),
    **broken("streams-scale", STREAM, "shardCount", 1, 4, UNKNOWN),
    **broken("streams-scale", STREAM, _MODE, None, "PROVISIONED", "OTHER", UNKNOWN),
    **{f"{shards!r} shards": Case(_provisioned(shards), at("streams-scale", STREAM)) for shards in (None, 0, 1, "2")},
    **broken("streams-kept-24-hours", STREAM, "retentionPeriod", 0, 23, 25, 8760, UNKNOWN, "24"),
    **broken("streams-measured", STREAM, "shardLevelMetrics", None, [], _METRICS[1:], UNKNOWN),
    **broken("streams-kept-by-consumers", STREAM, "enforceConsumerDeletion", True, UNKNOWN),
    "no alarm": Case(drop(_ALARM), _WATCHED),
    **{
        f"alarm with {key} {value!r}": Case(edit(_ALARM, **{key: value}), _WATCHED)
        for key, values in (
            ("namespace", (None, "AWS/ES", UNKNOWN)),
            ("metricName", (None, "IncomingBytes", UNKNOWN)),
            ("comparisonOperator", (None, "LessThanThreshold", UNKNOWN)),
            ("statistic", (None, "Minimum", UNKNOWN)),
            ("dimensions", (None, {"StreamName": "other"})),
        )
        for value in values
    },
    "consumer of no stream": Case(
        chain(add(CONSUMER, "reader", {"name": "reader", "streamArn": UNKNOWN}), provide("reader")),
        at("stream-consumers-of-stack", "reader"),
    ),
    "alarm of another": Case(refer(_ALARM, "dimensions", TOPIC), _WATCHED),
}


def test_modes_are_told_apart() -> None:
    assert violations(nested(STREAM, _MODE, "ON_DEMAND")(recorded("prod"))) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
