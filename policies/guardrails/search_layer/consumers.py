"""Clauses search-kinesis-consumer-*: nothing that reads a stream loses what it can't handle."""

import re
from collections.abc import Iterable

from guardrails.functions.resources import EVENT_SOURCE, QUEUE, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.search_layer.resources import ALARM, CONSUMER, GREATER, STREAM

_NAMED = ("analytics", "ai", "dashboards")
_CLAUSES = tuple(f"search-kinesis-consumer-{name}" for name in _NAMED)
_MOST_ATTEMPTS = 10
_HOUR = 3600  # seconds
_LATEST = 6 * _HOUR * 1000  # milliseconds, a quarter of what a stream keeps
_DAY = 24 * _HOUR


def _reads_stream(source: Node) -> bool:
    return bool(source.refers("eventSourceArn", STREAM, CONSUMER))


def _fans_out(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if source.refers("eventSourceArn", STREAM):
        yield "eventSourceArn refers to the stream itself, whose throughput all that read it share"


def _set_aside(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _reads_stream(source):
        return
    given = source.properties.given("destinationConfig.onFailure.destinationArn")
    if not given or len(source.refers("destinationConfig", QUEUE)) != 1:
        yield "destinationConfig.onFailure.destinationArn refers to no queue of this stack, so that events are lost"


def _halved(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if _reads_stream(source) and not source.properties.flag("bisectBatchOnFunctionError"):
        yield "bisectBatchOnFunctionError is not true, so that one event sets all aside that are with it"


def _bounded(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _reads_stream(source):
        return
    attempts = source.properties.number("maximumRetryAttempts")
    if attempts is None or not 0 <= attempts <= _MOST_ATTEMPTS:
        found = "not given" if attempts is None else f"{attempts:g}"
        yield f"maximumRetryAttempts is {found}, not 0 to {_MOST_ATTEMPTS}, so that one event stops all after it"
    age = source.properties.number("maximumRecordAgeInSeconds")
    if age is None or not _HOUR <= age < _DAY:
        found = "not given" if age is None else f"{age:g}"
        yield f"maximumRecordAgeInSeconds is {found}, not {_HOUR} or more and less than the {_DAY} that events are kept"


def _from_oldest(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if _reads_stream(source) and (start := source.properties.text("startingPosition")) != "TRIM_HORIZON":
        yield f"startingPosition is {start or 'not given'}, not TRIM_HORIZON, so that it misses what is there already"


def _takes_all(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if _reads_stream(source) and source.properties.given("filterCriteria"):
        yield "filterCriteria are given, and what they leave out is seen by nobody"


def _watched(source: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _reads_stream(source):
        return
    for function in functions_of(source, "functionName"):
        if not any(_says_late(alarm, function) for alarm in graph.of_type(ALARM)):
            yield f"no alarm of this stack says that {function.name} is {_LATEST / 1000 / _HOUR:g} hours late, or less"


def _says_late(alarm: Node, function: Node) -> bool:
    properties = alarm.properties
    if function not in functions_of(alarm, "dimensions"):
        return False
    threshold = properties.number("threshold")
    return (
        (properties.text("namespace"), properties.text("metricName")) == ("AWS/Lambda", "IteratorAge")
        and properties.given("dimensions.FunctionName")
        and properties.text("statistic") == "Maximum"
        and properties.text("comparisonOperator") in GREATER
        and threshold is not None
        and 0 < threshold <= _LATEST
    )


def _read_by_all(stream: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    readers = {
        _label(consumer)
        for consumer in stream.referrers("streamArn", CONSUMER)
        for source in consumer.referrers("eventSourceArn", EVENT_SOURCE)
        if functions_of(source, "functionName")
    }
    if missing := [name for name in _NAMED if name not in readers]:
        yield f"no function of this stack reads it for {', '.join(missing)}, with throughput of its own"


def _label(consumer: Node) -> str:
    found = re.fullmatch(r"(?:.+-)?([a-z]+)", consumer.properties.text("name") or "")
    return found[1] if found else ""


CONSUMER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="streams-read-by-three",
        title="Analytics, AI and dashboards read each stream",
        clauses=_CLAUSES,
        severity="high",
        types=frozenset({STREAM}),
        check=_read_by_all,
        remediation="Declare a consumer and an event source mapping for each, as components/search_layer does.",
    ),
    StackGuardrail(
        id="stream-readers-fan-out",
        title="Each reader of a stream has throughput of its own",
        clauses=_CLAUSES,
        severity="medium",
        types=frozenset({EVENT_SOURCE}),
        check=_fans_out,
        remediation="Pass the ARN of a registered consumer as eventSourceArn.",
    ),
    StackGuardrail(
        id="stream-failures-set-aside",
        title="Events that can't be handled are set aside in a queue",
        clauses=_CLAUSES,
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_set_aside,
        remediation="Pass the ARN of a queue of the stack as destinationConfig.onFailure.destinationArn.",
    ),
    StackGuardrail(
        id="stream-batches-halved",
        title="Batches that fail are halved until the event that fails is alone",
        clauses=_CLAUSES,
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_halved,
        remediation="Set bisectBatchOnFunctionError to true.",
    ),
    StackGuardrail(
        id="stream-retries-bounded",
        title="Events that fail stop others for a while only",
        clauses=_CLAUSES,
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_bounded,
        remediation="Leave search.events.retryAttempts and search.events.oldestHours out.",
    ),
    StackGuardrail(
        id="stream-readers-start-with-oldest",
        title="Readers of a stream begin with the oldest event that it has",
        clauses=_CLAUSES,
        severity="medium",
        types=frozenset({EVENT_SOURCE}),
        check=_from_oldest,
        remediation="Set startingPosition to TRIM_HORIZON.",
    ),
    StackGuardrail(
        id="stream-readers-take-all",
        title="Readers of a stream see every event",
        clauses=_CLAUSES,
        severity="medium",
        types=frozenset({EVENT_SOURCE}),
        check=_takes_all,
        remediation="Leave filterCriteria out, and let the function decide.",
    ),
    StackGuardrail(
        id="stream-readers-watched",
        title="An alarm says that a reader of a stream is late, long before events are gone",
        clauses=_CLAUSES,
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_watched,
        remediation="Declare an alarm on IteratorAge of its function, at six hours or less.",
    ),
)
