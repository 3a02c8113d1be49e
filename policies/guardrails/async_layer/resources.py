"""What the guardrails of queues have in common: types, and what a queue is to others."""

import json
import re
from typing import Any

from guardrails.functions.resources import EVENT_SOURCE, QUEUE
from guardrails.graph import Graph, Node
from guardrails.provider import own_accounts
from guardrails.reading import MalformedError, UndecidedError

REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
REDRIVE_ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
TABLE = "aws:dynamodb/table:Table"
BROKER = "aws:mq/broker:Broker"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

FIVE = ("email", "payment-webhooks", "analytics-events", "health-metrics", "ai-recommendations")
"""The queues that the decision names."""

_LEAVES_LETTERS = ("redrivePolicy", "deadLetterConfig", "destinationConfig", "redrivePolicies", "target", "ecsTarget")
_LABEL = re.compile(r"fitness-platform-[a-z0-9]+-(?P<label>.+?)(\.fifo)?")


def label_of(queue: Node) -> str:
    """Return what a queue is for, from its physical name."""
    name = queue.properties.text("name") or ""
    found = _LABEL.fullmatch(name)
    return found["label"] if found else name


def arns_of(queue: Node) -> set[str]:
    """Return the ARN of a queue, for each account that it may be in."""
    place = f"arn:aws:sqs:{queue.provider.text('region')}"
    return {f"{place}:{account}:{queue.properties.text('name')}" for account in own_accounts(queue)}


def sources_of(queue: Node) -> list[Node]:
    """Return the event sources that take messages from a queue."""
    return queue.referrers("eventSourceArn", EVENT_SOURCE)


def leaves_to(queue: Node, graph: Graph) -> list[Node]:
    """Return the queues whose messages end in a queue."""
    return [other for other in graph.of_type(QUEUE) if queue in other.refers("redrivePolicy", QUEUE)]


def holds_dead_letters(queue: Node, graph: Graph) -> bool:
    """Return whether what failed elsewhere ends in a queue."""
    return any(key in _LEAVES_LETTERS for _, key in graph.incoming(queue))


def policy_in(queue: Node, key: str) -> dict[str, Any]:
    """Return the JSON that a property of a queue holds; an absent one is empty."""
    try:
        text = queue.properties.text(key)
    except UndecidedError:
        if queue.refers(key):
            raise
        return {}  # AWS computes it where it is left out
    try:
        found: Any = json.loads(text or "{}")
    except ValueError:
        raise MalformedError(key, text, "a JSON object") from None
    if not isinstance(found, dict):
        raise MalformedError(key, text, "a JSON object")
    return found
