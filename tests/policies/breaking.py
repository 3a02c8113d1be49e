"""Changes to the compliant prod stack, and what the pack must say of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

import pytest

from preview.topology import Topology
from tests.support.editing import UNKNOWN, added, edited, repointed, urn_of, without

Change = Callable[[Topology], Topology]

ZONES = "abc"
PUBLIC = [f"network-public-{letter}" for letter in ZONES]
PRIVATE = [f"network-private-{letter}" for letter in ZONES]
DATA = [f"network-data-{letter}" for letter in ZONES]
VPC = "network-vpc"
GROUP = "network-endpoints-security-group"
ELSEWHERE = "other-stack"


class Case(NamedTuple):
    """A change that breaks guardrails, and which of them at which resources."""

    change: Change
    violations: set[tuple[str, str]]


def at(guardrail: str, *names: str) -> set[tuple[str, str]]:
    """Return that one guardrail is broken by some resources."""
    return {(guardrail, name) for name in names}


def edit(name: str, /, **changes: Any) -> Change:
    """Change inputs; ``None`` takes one out."""
    return lambda topology: edited(topology, name, changes)


def point(name: str, key: str, *to: str) -> Change:
    """Let a property refer to other resources."""
    return lambda topology: repointed(topology, name, key, to)


def provide(name: str) -> Change:
    """Put a resource under the provider of the stack."""

    def change(topology: Topology) -> Topology:
        urn = urn_of(topology, name)
        resource = replace(topology.resources[urn], provider=urn_of(topology, "aws"))
        return replace(topology, resources={**topology.resources, urn: resource})

    return change


def drop(*names: str) -> Change:
    """Take resources out."""
    return lambda topology: without(topology, *names)


def add(type_: str, name: str, inputs: Mapping[str, Any], **references: Iterable[str]) -> Change:
    """Declare one more resource."""
    return lambda topology: added(topology, type_, name, inputs, references)


def chain(*changes: Change) -> Change:
    """Make several changes, one after another."""
    return lambda topology: reduce(lambda made, change: change(made), changes, topology)


def ids(names: Iterable[str]) -> list[str]:
    """Return ids that are not known yet, as many as there are names."""
    return [UNKNOWN for _ in names]


def nest(path: str, value: Any) -> dict[str, Any]:
    """Return a value as the property at a dotted path."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


other_stack = add("pulumi:pulumi:StackReference", ELSEWHERE, {"name": "organization/project/stack"})
"""Another stack, whose outputs are unknown."""


def cases(table: Mapping[str, Any]) -> pytest.MarkDecorator:
    """Run a test for each entry of a table."""
    return pytest.mark.parametrize("case", list(table.values()), ids=list(table))
