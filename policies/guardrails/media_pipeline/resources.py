"""What the guardrails of media have in common: which bucket holds what, and what its lifecycle does."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrails.graph import Graph, Node
from guardrails.reading import Properties
from guardrails.security_layer.buckets import LIFECYCLE, companion

STACK = "pulumi:pulumi:Stack"
KINDS = ("videos", "images", "documents", "backups", "analytics")
"""What the decision's buckets hold: the part of their names after the platform's."""
_NAME = re.compile(rf"fitness-platform-({'|'.join(KINDS)})(-.+)?")
_NARROWS = ("filter.tag", "filter.objectSizeGreaterThan", "filter.objectSizeLessThan", "filter.and")


def kind_of(bucket: Node) -> str | None:
    """Return which of the decision's buckets one is, by its name; ``None`` for any other."""
    return kind_of_name(bucket.properties.text("bucket") or "")


def kind_of_name(name: str) -> str | None:
    """Return the same for a name alone."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


class Rule(NamedTuple):
    """A rule of a lifecycle that is not disabled."""

    name: str
    prefix: str
    """Start of the names of the objects that it is about."""
    narrowed: bool
    """Whether it is about only some of those, by tag or size."""
    moves: Mapping[str, float | None]
    """Days after which objects move, by storage class; ``None`` where they do so on a date."""
    enabled: bool
    """Whether it is in force; AWS takes ``Enabled`` and ``Disabled`` alone."""
    properties: Properties

    def reaches(self, prefix: str) -> bool:
        """Return whether it is about some objects below a prefix."""
        return prefix.startswith(self.prefix) or self.prefix.startswith(prefix)

    def covers(self, prefix: str = "") -> bool:
        """Return whether it is about all objects below a prefix."""
        return self.enabled and not self.narrowed and prefix.startswith(self.prefix)


def rules_of(bucket: Node, graph: Graph) -> list[Rule]:
    """Return the rules of a bucket's lifecycle that are not disabled.

    :raises UnreadableError: where the bucket has none, or more than one, or it can't be read.
    """
    return [*_rules(companion(bucket, graph, LIFECYCLE))]


def _rules(lifecycle: Node) -> Iterator[Rule]:
    for properties in lifecycle.properties.blocks("rules"):
        if properties.text("status") != "Disabled":
            yield Rule(
                f"rule {properties.text('id')!r} of {lifecycle.name}",
                properties.text("filter.prefix")
                or properties.text("filter.and.prefix")
                or properties.text("prefix")
                or "",
                any(properties.given(path) for path in _NARROWS),
                {str(move.text("storageClass")): _days(move) for move in properties.blocks("transitions")},
                properties.text("status") == "Enabled",
                properties,
            )


def _days(move: Properties) -> float | None:
    return None if move.given("date") else move.number("days") or 0
