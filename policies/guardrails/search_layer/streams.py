"""Clauses search-kinesis-*: the stream of events, and who reads it."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import VPC
from guardrails.reading import Properties
from guardrails.search_layer.resources import ALARM, CONSUMER, GREATER, KEYS, STREAM

_MODE = "streamModeDetails.streamMode"
_PROVISIONED, _ON_DEMAND = "PROVISIONED", "ON_DEMAND"
_LEAST_SHARDS = 2
_DAY = 24  # hours, also where the provider is not told
_REFUSED = "WriteProvisionedThroughputExceeded"
_MOST_REFUSED = 100  # in a period
_METRICS = ("IncomingRecords", "IteratorAgeMilliseconds", "OutgoingRecords", _REFUSED)


def _there(vpc: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not graph.of_type(STREAM):
        yield f"no stream of this stack takes the events of {vpc.name}"


def _encrypted(stream: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (kind := stream.properties.text("encryptionType")) != "KMS":
        yield f"encryptionType is {kind or 'not given'}, not KMS"
    elif not stream.refers("kmsKeyId", *KEYS):
        yield "kmsKeyId refers to no key of this stack"


def _scales(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    mode, shards = properties.text(_MODE) or _PROVISIONED, properties.number("shardCount")
    if mode == _ON_DEMAND:
        if shards:
            yield f"shardCount is {shards:g}, which AWS refuses in mode ON_DEMAND"
    elif mode != _PROVISIONED:
        yield f"{_MODE} is {mode}, neither ON_DEMAND nor PROVISIONED"
    elif (shards or 0) < _LEAST_SHARDS:
        yield f"shardCount is {shards or 0:g}, not {_LEAST_SHARDS} or more, in mode PROVISIONED"


def _kept(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    wanted, hours = relaxations.number("hours"), properties.number("retentionPeriod")
    if hours is None:
        hours = _DAY
    if hours != wanted:
        yield f"retentionPeriod is {hours:g} hours, not {wanted:g}"


def _measured(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    found = properties.texts("shardLevelMetrics")
    if missing := [metric for metric in _METRICS if metric not in found]:
        yield f"shardLevelMetrics have no {', '.join(missing)}"


def _kept_by_consumers(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("enforceConsumerDeletion"):
        yield "enforceConsumerDeletion is true, so that it can be deleted while others read it"


def _watched(stream: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not any(
        alarm.properties.text("namespace") == "AWS/Kinesis"
        and alarm.properties.text("metricName") == _REFUSED
        and alarm.properties.given("dimensions.StreamName")
        and alarm.properties.text("comparisonOperator") in GREATER
        and alarm.properties.text("statistic") in ("Average", "Maximum", "Sum")
        and 0 <= (alarm.properties.number("threshold") or 0) <= _MOST_REFUSED
        for alarm in stream.referrers("dimensions", ALARM)
    ):
        yield f"no alarm of this stack is on its {_REFUSED}, so that nobody hears of events which are refused"


def _of_stack(consumer: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not consumer.refers("streamArn", STREAM):
        yield "streamArn refers to no stream of this stack"


STREAM_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="events-streamed",
        title="A stack has a stream of events",
        clauses=("search-kinesis-stream",),
        severity="high",
        types=frozenset({VPC}),
        check=_there,
        remediation="Declare the SearchLayer, which has the stream.",
    ),
    StackGuardrail(
        id="streams-encrypted",
        title="Streams are encrypted with a key of the stack",
        clauses=("search-kinesis-stream", "enc-rest-others", "enc-kms"),
        severity="high",
        types=frozenset({STREAM}),
        check=_encrypted,
        controls=("Kinesis.1", "CKV_AWS_43", "CKV_AWS_185", "AwsSolutions-KDS1", "kinesis_stream_encrypted_at_rest"),
        remediation="Set encryptionType to KMS, and pass the ARN of the SecurityLayer's streams key as kmsKeyId.",
    ),
    ResourceGuardrail(
        id="streams-scale",
        title="Streams have as many shards as events need, or two and more",
        clauses=("search-kinesis-sharding",),
        severity="medium",
        types=frozenset({STREAM}),
        check=_scales,
        remediation="Leave search.events.mode out, or set search.events.provisionedShards to 2 or more.",
    ),
    ResourceGuardrail(
        id="streams-kept-24-hours",
        title="Streams keep events for 24 hours",
        clauses=("search-kinesis-retention-24h",),
        severity="medium",
        types=frozenset({STREAM}),
        check=_kept,
        controls=("Kinesis.3", "kinesis_stream_data_retention_period"),
        options={"hours": Option({"type": "integer", "minimum": 24}, _DAY, "Hours that streams keep events.")},
        remediation="Leave search.events.retentionHours out.",
    ),
    ResourceGuardrail(
        id="streams-measured",
        title="Streams tell of each shard what comes in, what goes out and what is late",
        clauses=("search-kinesis-stream",),
        severity="low",
        types=frozenset({STREAM}),
        check=_measured,
        remediation="List the metrics under shardLevelMetrics.",
    ),
    ResourceGuardrail(
        id="streams-kept-by-consumers",
        title="A stream that others read can't be deleted",
        clauses=("search-kinesis-stream",),
        severity="medium",
        types=frozenset({STREAM}),
        check=_kept_by_consumers,
        remediation="Leave enforceConsumerDeletion out.",
    ),
    StackGuardrail(
        id="streams-watched",
        title="An alarm says that a stream refuses events",
        clauses=("search-kinesis-sharding",),
        severity="medium",
        types=frozenset({STREAM}),
        check=_watched,
        remediation="Declare an alarm on WriteProvisionedThroughputExceeded of the stream.",
    ),
    StackGuardrail(
        id="stream-consumers-of-stack",
        title="Consumers read streams that the stack declares",
        clauses=("search-kinesis-stream",),
        severity="medium",
        types=frozenset({CONSUMER}),
        check=_of_stack,
        remediation="Pass the ARN of a stream of the stack as streamArn.",
    ),
)
