"""Telling a place of others in what a program is told: another account's, another environment's, a stranger's queue."""

import json
import re
from collections.abc import Iterator

from guardrails.graph import Graph, Node
from guardrails.placement import known_text
from guardrails.provider import own_accounts

_QUEUE = "aws:sqs/queue:Queue"
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_OF_AWS = re.compile(r"\barn:aws|\.amazonaws\.com|\bfitness-")
_QUEUE_URL = re.compile(r"https?://(?:[a-z0-9-]+\.)*amazonaws\.com/[0-9]{12}/(?P<name>[A-Za-z0-9_.-]+)")
_OURS = re.compile(r"[a-z0-9.-]*\bfitness\b[a-z0-9.-]*")
_ENVIRONMENTS = frozenset(
    {"demo", "dev", "development", "preprod", "prod", "production", "qa", "sandbox", "stage", "staging", "test", "uat"}
)


def strange_place(value: str, node: Node, graph: Graph) -> str | None:
    """Return which place of others a value leads to; ``node`` is what is told."""
    accounts = set(_ACCOUNT.findall(value)) if _OF_AWS.search(value) else set[str]()
    if others := sorted(accounts - own_accounts(node)):
        return f"a place in account {others[0]}"
    own = _environment(node)
    if own and (others := sorted(word for word in _words(value) if word in _ENVIRONMENTS - {own})):
        return f"a place in {others[0]}"
    if (url := _QUEUE_URL.fullmatch(value)) and url["name"] not in _queues(graph):
        return f"queue {url['name']}, which is not of this stack"
    return None


def _environment(node: Node) -> str | None:
    """Return the environment that the provider's tags name; provider-tags speaks of what can't be read."""
    try:
        return json.loads(node.provider.text("defaultTags") or "{}")["tags"]["Environment"]
    except (ValueError, KeyError, TypeError):
        return None


def _words(value: str) -> Iterator[str]:
    for name in _OURS.findall(value):
        yield from re.split(r"[.-]", name)


def _queues(graph: Graph) -> set[str | None]:
    return {known_text(queue, "name") for queue in graph.of_type(_QUEUE)}
