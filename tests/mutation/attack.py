"""Which guardrails refuse a changed stack, asking each only of the subjects for which it read what changed.

Properties reach guardrails through the SDK's own proxies. A guardrail that, for a subject, read none of the changed
parts of the recorded stack takes the same way through the changed one, and finds nothing there either.

Parts are small: who refers to a resource is one of its own, so that a reference that moves concerns those that read it
where it is, or where it came from and leads to, and nobody who looked at other references.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pulumi_policy import PolicyResource

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties
from guardrails.tokens import canonical
from preview.topology import Resource, Topology
from tests.support.sdk_reading import sdk_reader

_REFERENCES = "references to others"
_INCOMING = "references of others to it"
_EVERYTHING = "everything"
_MEMBERS = "resources of the type"
_ANY_TYPE = "any type"

Part = tuple[str, str]
"""URN of a resource, and a property of it, its references, those to it, or everything; or a type, and its members."""
Question = tuple[StackGuardrail, str]
"""What a guardrail says of a subject, by its URN."""

Change = tuple[Resource | None, Resource | None]
"""A resource before and after, where it is there."""


class Attack:
    """The guardrails, and what each read of the recorded stack for each subject, of which none is refused."""

    def __init__(
        self, topology: Topology, guardrails: Iterable[Guardrail], config: Mapping[str, Any] | None = None
    ) -> None:
        """Take the stack as it was recorded, the guardrails, and the policy config that it is judged by."""
        self._topology, self._config = topology, config or {}
        every = tuple(guardrails)
        self._on_resources = [one for one in every if isinstance(one, ResourceGuardrail)]
        self._on_stack = [one for one in every if isinstance(one, StackGuardrail)]
        self._read_by: dict[Part, array[int]] = {}
        self._questions: list[Question] = []
        graph = _WatchedGraph(sdk_reader().stack(topology))
        for guardrail in self._on_stack:
            relaxations = self._relaxations(guardrail)
            for subject in guardrail.subjects(graph):
                graph.parts.clear()
                if found := list(guardrail.judge(subject, graph, relaxations)):
                    raise ValueError(f"the recorded stack is refused: {guardrail.id}: {found[0]}")
                for part in graph.parts:
                    self._read_by.setdefault(part, array("I")).append(len(self._questions))
                self._questions.append((guardrail, subject.urn))

    def _relaxations(self, guardrail: Guardrail) -> Relaxations:
        return Relaxations(guardrail.options, self._config.get(guardrail.id, {}))

    def killers(self, changed: Topology) -> frozenset[str]:
        """Return the guardrails that refuse ``changed``."""
        old, new = self._topology.resources, changed.resources
        gone = old.keys() - new.keys()
        touched = {urn: one for urn, one in new.items() if old.get(urn) is not one and old.get(urn) != one}
        changes = {urn: (old.get(urn), new.get(urn)) for urn in {*touched, *gone}}
        if any(_is_provider(resource) for resource in touched.values()):
            touched = dict(new)  # each resource is shown with its provider
        return frozenset({*self._of_resources(touched, new), *self._of_stack(changed, changes)})

    def _of_resources(self, touched: Mapping[str, Resource], resources: Mapping[str, Resource]) -> Iterator[str]:
        for resource in touched.values():
            args = sdk_reader().resource(resource, resources)
            type_, properties = canonical(args.resource_type), Properties(args.props)
            for guardrail in self._on_resources:
                if any(
                    True for _ in guardrail.evaluate(args.urn, type_, properties, self._config.get(guardrail.id, {}))
                ):
                    yield guardrail.id

    def _of_stack(self, changed: Topology, changes: Mapping[str, Change]) -> Iterator[str]:
        questions = self._concerned(changes)
        graph = Graph(sdk_reader().stack(changed) if questions else [])
        refused: set[str] = set()
        for guardrail, urn in questions:
            if guardrail.id in refused or urn not in changed.resources:
                continue
            relaxations = self._relaxations(guardrail)
            if any(True for _ in guardrail.judge(graph.node(urn), graph, relaxations)):
                refused.add(guardrail.id)
        return iter(refused)

    def _concerned(self, changes: Mapping[str, Change]) -> list[Question]:
        """Return the questions whose answers rest on what changed, came or went."""
        come = [after for before, after in changes.values() if after and not before]
        asked = [
            (guardrail, resource.urn)
            for resource in come
            for guardrail in self._on_stack
            if not guardrail.types or canonical(resource.type) in guardrail.types
        ]
        if any(_concerns_all(*change) for change in changes.values()):
            return self._questions + asked
        parts = {part for change in changes.values() for part in _changed_parts(*change)}
        numbers = {number for part in parts for number in self._read_by.get(part, ())}
        return [self._questions[number] for number in sorted(numbers)] + asked


def _is_provider(resource: Resource | None) -> bool:
    return bool(resource and resource.type.startswith("pulumi:providers:"))


def _concerns_all(before: Resource | None, after: Resource | None) -> bool:
    """Return whether something changed that is in no part of its own."""
    if _is_provider(before) or _is_provider(after):
        return True
    return bool(before and after) and any(
        getattr(before, key) != getattr(after, key) for key in ("type", "options", "provider", "dependencies")
    )


def _changed_parts(before: Resource | None, after: Resource | None) -> Iterator[Part]:
    """Yield the parts of a stack that aren't the same once a resource has changed, come or gone."""
    for one in (before, after):
        if one and not (before and after):
            yield canonical(one.type), _MEMBERS
            yield _ANY_TYPE, _MEMBERS
    for one in (before, after):
        if one and not (before and after and before.property_dependencies == after.property_dependencies):
            yield one.urn, _REFERENCES
    for _, target in _references(before) ^ _references(after):
        yield target, _INCOMING
    if before and after and before.outputs != after.outputs:
        yield before.urn, _EVERYTHING
        for key in {*before.outputs.fields, *after.outputs.fields}:
            if before.outputs.fields.get(key) != after.outputs.fields.get(key):
                yield before.urn, key


def _references(resource: Resource | None) -> set[tuple[str, str]]:
    """Return which property refers to which URN."""
    references = resource.property_dependencies if resource else {}
    return {(key, target) for key, targets in references.items() for target in targets}


class _WatchedGraph(Graph):
    """A graph that writes down what is read of it."""

    def __init__(self, resources: Sequence[PolicyResource]) -> None:
        super().__init__(resources)
        self.parts: set[Part] = set()
        self._plain = Graph(resources)
        self._nodes = {resource.urn: _WatchedNode(resource, self) for resource in resources}

    def __iter__(self) -> Iterator[Node]:
        self.parts.add((_ANY_TYPE, _MEMBERS))
        return super().__iter__()

    def of_type(self, *types: str) -> list[Node]:
        self.parts.update((type_, _MEMBERS) for type_ in types)
        return [self.node(node.urn) for node in self._plain.of_type(*types)]

    def incoming(self, node: Node) -> Sequence[tuple[Node, str]]:
        self.parts.add((node.urn, _INCOMING))
        return [(self.node(one.urn), key) for one, key in self._plain.incoming(self._plain.node(node.urn))]


class _WatchedNode(Node):
    """A resource in such a graph. It remembers no answers, since who asks again has to read again."""

    def __init__(self, resource: PolicyResource, graph: _WatchedGraph) -> None:
        super().__init__(resource, graph)
        self._parts = graph.parts
        self.properties = Properties(_WatchedProperties(resource.urn, resource.props, graph.parts))

    def once(self, question: Callable[[Node], Any]) -> Any:
        return question(self)

    @property
    def references(self) -> dict[str, list[Node]]:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._parts.add((self.urn, _REFERENCES))
        return super().references


class _WatchedProperties(Mapping[str, Any]):
    def __init__(self, urn: str, properties: Mapping[str, Any], parts: set[Part]) -> None:
        self._urn = urn
        self._properties = properties
        self._parts = parts

    def get(self, key: str, default: Any = None) -> Any:
        self._parts.add((self._urn, key))
        return self._properties.get(key, default)

    def __getitem__(self, key: str) -> Any:
        self._parts.add((self._urn, key))
        return self._properties[key]

    def __iter__(self) -> Iterator[str]:
        self._parts.add((self._urn, _EVERYTHING))
        return iter(self._properties)

    def __len__(self) -> int:
        self._parts.add((self._urn, _EVERYTHING))
        return len(self._properties)
