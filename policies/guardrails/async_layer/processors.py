"""Clauses async-standard-queues and async-visibility-5min, from the side of what takes messages."""

from collections.abc import Iterable

from guardrails.functions.resources import EVENT_SOURCE, QUEUE, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail

_SHARE = 6  # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_DEFAULT_TIMEOUT, _DEFAULT_VISIBILITY = 3, 30  # seconds
_LEAST, _MOST = 2, 1000
_REPORTS = "ReportBatchItemFailures"
_SOURCES = (
    QUEUE,
    "aws:dynamodb/table:Table",
    "aws:kinesis/stream:Stream",
    "aws:kinesis/streamConsumer:StreamConsumer",
)


def _followed(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if len(source.refers("eventSourceArn", *_SOURCES)) != 1:
        yield "eventSourceArn refers to no queue or stream of this stack"


def _working(source: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    works, waits = source.properties.flag_or("enabled", True), relaxations.flag("waits")
    if not works and not waits:
        yield "enabled is false, so that what waits gets old"
    if works and waits:
        yield "enabled is not false, so that a standby does what the primary does already"


def _reports(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if _REPORTS not in source.properties.texts("functionResponseTypes"):
        yield f"functionResponseTypes has no {_REPORTS}, so that one bad message brings back all that were with it"


def _bounded(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not source.refers("eventSourceArn", QUEUE):
        return
    most = source.properties.number("scalingConfig.maximumConcurrency")
    if most is None or not _LEAST <= most <= _MOST:
        yield f"scalingConfig.maximumConcurrency is {most or 'not given'}, not {_LEAST} to {_MOST}"


def _takes_all(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if source.refers("eventSourceArn", QUEUE) and source.properties.given("filterCriteria"):
        yield "filterCriteria are given, and what they leave out SQS deletes unseen"


def _in_time(source: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for queue in source.refers("eventSourceArn", QUEUE):
        window = source.properties.number("maximumBatchingWindowInSeconds") or 0
        hidden = queue.properties.number("visibilityTimeoutSeconds")
        hidden = _DEFAULT_VISIBILITY if hidden is None else hidden
        for function in functions_of(source, "functionName"):
            timeout = function.properties.number("timeout")
            needed = _SHARE * (_DEFAULT_TIMEOUT if timeout is None else timeout) + window
            if hidden < needed:
                yield f"{queue.name} hides messages for {hidden:g} s; six times {function.name} is {needed:g}"


PROCESSOR_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="event-sources-followed",
        title="Functions take from queues and streams of the stack",
        clauses=("async-standard-queues", "dr-iac-git"),
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_followed,
        remediation="Pass the ARN of a queue or a stream of the stack.",
    ),
    StackGuardrail(
        id="event-sources-on",
        title="Whatever takes messages does so all the time, or never in a standby",
        clauses=("async-standard-queues", "dr-warm-standby"),
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_working,
        options={"waits": Option({"type": "boolean"}, False, "Whether the stack is a standby, which takes nothing.")},
        remediation="Leave enabled out; in a standby, set it to false until its database is promoted.",
    ),
    StackGuardrail(
        id="event-sources-report-failures",
        title="Functions say which messages of a batch failed",
        clauses=("async-standard-queues",),
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_reports,
        remediation="List ReportBatchItemFailures under functionResponseTypes.",
    ),
    StackGuardrail(
        id="event-sources-bounded",
        title="Each queue has its own share of executions",
        clauses=("async-lambda-concurrency-1000",),
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_bounded,
        remediation="Set scalingConfig.maximumConcurrency to 2 to 1000.",
    ),
    StackGuardrail(
        id="event-sources-take-all",
        title="No message of a queue is left out",
        clauses=("async-dlq", "async-standard-queues"),
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_takes_all,
        remediation="Leave filterCriteria out, and let the function decide.",
    ),
    StackGuardrail(
        id="queues-outlast-processors",
        title="Messages are hidden for six times as long as their processor may take",
        clauses=("async-visibility-5min",),
        severity="high",
        types=frozenset({EVENT_SOURCE}),
        check=_in_time,
        remediation="Lower the function's timeout to a sixth of visibilityTimeoutSeconds, 50 seconds of 300.",
    ),
)
