"""The stack as a graph: resources, and which property of which refers to which.

At the first preview ids are unknown, so that who refers to whom is read from the dependencies of each property and
never from values, names or tags.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

from pulumi_policy import PolicyResource

from guardrails.reading import Properties
from guardrails.tokens import canonical

_Answer = TypeVar("_Answer")


class Node:
    """A resource in the graph."""

    def __init__(self, resource: PolicyResource, graph: "Graph") -> None:
        self.urn = resource.urn
        self.name = resource.name
        self.type = canonical(resource.resource_type)
        self.properties = Properties(resource.props)
        self.provider = Properties(resource.provider.props if resource.provider else {}, "provider")
        self.protected = bool(resource.opts and resource.opts.protect)
        self.ignored = list(resource.opts.ignore_changes or ()) if resource.opts else []
        self._resource = resource
        self._graph = graph
        self._answers: dict[Callable[..., Any], Any] = {}

    def once(self, question: Callable[["Node"], _Answer]) -> _Answer:
        """Return what a function says of this resource, and call it only the first time."""
        if question not in self._answers:
            self._answers[question] = question(self)
        return self._answers[question]

    @cached_property
    def references(self) -> dict[str, list["Node"]]:
        """Resources that each top-level property refers to."""
        return {
            key: [self._graph.node(target.urn) for target in targets]
            for key, targets in self._resource.property_dependencies.items()
            if targets
        }

    @cached_property
    def depends_on(self) -> list["Node"]:
        """Resources that exist before this one is made, whether a property refers to them or not."""
        return [self._graph.node(target.urn) for target in self._resource.dependencies]

    def refers(self, key: str, *types: str) -> list["Node"]:
        """Return the resources of ``types`` (all where none are given) that the property ``key`` refers to."""
        return [node for node in self.references.get(key, ()) if not types or node.type in types]

    def referrers(self, key: str, *types: str) -> list["Node"]:
        """Return the resources of ``types`` whose property ``key`` refers to this one."""
        return [node for node, through in self._graph.incoming(self) if through == key and node.type in types]


class Graph:
    """All resources of a stack. The order in which the engine lists them has no meaning."""

    def __init__(self, resources: Iterable[PolicyResource]) -> None:
        ordered = sorted(resources, key=lambda resource: resource.urn)
        self._nodes = {resource.urn: Node(resource, self) for resource in ordered}

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())

    def node(self, urn: str) -> Node:
        """Return the resource with ``urn``."""
        return self._nodes[urn]

    @cached_property
    def _by_type(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self:
            found.setdefault(node.type, []).append(node)
        return found

    @cached_property
    def _incoming(self) -> dict[str, list[tuple[Node, str]]]:
        found: dict[str, list[tuple[Node, str]]] = {}
        for node in self:
            for key, targets in node.references.items():
                for target in targets:
                    found.setdefault(target.urn, []).append((node, key))
        return found

    def of_type(self, *types: str) -> list[Node]:
        """Return the resources of ``types``, in order of type and URN."""
        return [node for type_ in types for node in self._by_type.get(type_, ())]

    def incoming(self, node: Node) -> Sequence[tuple[Node, str]]:
        """Return who refers to ``node``, each with the property that does."""
        return self._incoming.get(node.urn, ())
