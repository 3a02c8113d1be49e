"""Clause async-dlq: what can't be handled is kept, goes where it belongs, and somebody is told."""

from collections.abc import Iterable, Mapping

from guardrails.async_layer.resources import (
    ALARM,
    REDRIVE,
    REDRIVE_ALLOW,
    arns_of,
    holds_dead_letters,
    leaves_to,
    policy_in,
    sources_of,
)
from guardrails.functions.resources import QUEUE
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_LEAST, _MOST = 3, 10
_OLDEST = 86_400  # seconds, of the 14 days that there are
_SUBJECT: Mapping[str, tuple[str, float]] = {
    "dead letters": ("ApproximateNumberOfMessagesVisible", 0),
    "old messages": ("ApproximateAgeOfOldestMessage", _OLDEST),
}


def _given_up(queue: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    policy = policy_in(queue, "redrivePolicy")
    if not policy:
        if sources_of(queue) or not holds_dead_letters(queue, graph):
            yield "it has no redrivePolicy, so that a message which always fails is tried until it is lost"
        return
    targets = queue.refers("redrivePolicy", QUEUE)
    named = policy.get("deadLetterTargetArn")
    if len(targets) != 1 or targets[0] is queue or named not in arns_of(targets[0]):
        yield f"redrivePolicy names {named}, which is no other queue of this stack that it refers to"
    elif sources_of(targets[0]):
        yield f"redrivePolicy names {targets[0].name}, whose messages are worked on"
    elif targets[0].properties.flag("fifoQueue") != queue.properties.flag("fifoQueue"):
        yield f"only one of it and {targets[0].name} is FIFO, which SQS refuses"
    count = policy.get("maxReceiveCount")
    if isinstance(count, str) and count.isdecimal():
        count = int(count)  # SQS takes both
    if isinstance(count, bool) or not isinstance(count, int) or not _LEAST <= count <= _MOST:
        yield f"maxReceiveCount is {count!r}, not {_LEAST} to {_MOST}"


def _takes_its_own(queue: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    policy = policy_in(queue, "redriveAllowPolicy")
    sources = leaves_to(queue, graph)
    permission, named = policy.get("redrivePermission"), policy.get("sourceQueueArns", [])
    if not sources:
        if permission != "denyAll":
            yield f"redrivePermission is {permission or 'not given'}, not denyAll, though no queue uses it"
        return
    if permission != "byQueue":
        yield f"redrivePermission is {permission or 'not given'}, not byQueue"
    known = set[str]().union(*map(arns_of, sources))
    if not isinstance(named, list) or set(named) != known:
        yield f"sourceQueueArns are {named}, not {', '.join(sorted(known))}"


def _inline(_type: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield "it fights with what the queue itself says"


def _watched(queue: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    subjects = ["dead letters"] if holds_dead_letters(queue, graph) else []
    subjects += ["old messages"] if sources_of(queue) else []
    for subject in subjects:
        metric, most = _SUBJECT[subject]
        if not any(_tells(alarm, metric, most) for alarm in queue.referrers("dimensions", ALARM)):
            yield f"no alarm of this stack tells of {subject} in it"


def _tells(alarm: Node, metric: str, most: float) -> bool:
    properties = alarm.properties
    threshold = properties.number("threshold")
    return (
        (properties.text("namespace"), properties.text("metricName")) == ("AWS/SQS", metric)
        and properties.given("dimensions.QueueName")
        and properties.text("statistic") in ("Maximum", "Average", "Sum")
        and properties.text("comparisonOperator") == "GreaterThanThreshold"
        and threshold is not None
        and 0 <= threshold <= most
    )


DEAD_LETTER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="queues-have-dead-letters",
        title="What fails 3 to 10 times goes to another queue of the stack",
        clauses=("async-dlq", "async-fifo-if-required"),
        severity="high",
        types=frozenset({QUEUE}),
        check=_given_up,
        controls=("AwsSolutions-SQS3",),
        remediation="Give the queue a redrivePolicy with a queue of its own, and a maxReceiveCount of 5.",
    ),
    StackGuardrail(
        id="dead-letters-of-own-queue",
        title="Queues take dead letters from those that they are for, and others from none",
        clauses=("async-dlq",),
        severity="medium",
        types=frozenset({QUEUE}),
        check=_takes_its_own,
        remediation="Set redriveAllowPolicy to byQueue with the ARNs of these queues, or to denyAll without any.",
    ),
    ResourceGuardrail(
        id="redrive-inside-queues",
        title="Where messages go in the end is said by their queue",
        clauses=("async-dlq", "dr-iac-git"),
        severity="medium",
        types=frozenset({REDRIVE, REDRIVE_ALLOW}),
        check=_inline,
        remediation="Set redrivePolicy and redriveAllowPolicy of the queues.",
    ),
    StackGuardrail(
        id="queues-watched",
        title="Alarms tell of dead letters, and of messages that wait for too long",
        clauses=("async-dlq", "obs-central-logging"),
        severity="medium",
        types=frozenset({QUEUE}),
        check=_watched,
        remediation="Declare alarms on ApproximateNumberOfMessagesVisible and ApproximateAgeOfOldestMessage.",
    ),
)
