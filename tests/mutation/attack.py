"""Which guardrails refuse a changed stack, asking only those that read what changed.

Properties reach guardrails through the SDK's own proxies. A guardrail that read none of the changed parts of the
recorded stack takes the same way through the changed one, and finds nothing there either.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource

from guardrails.graph import Graph
from guardrails.model import Guardrail, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties
from guardrails.tokens import canonical
from preview.topology import Resource, Topology
from tests.support.sdk_reading import sdk_reader

_REFERENCES = "references to others"
_EVERYTHING = "everything"

Part = tuple[str, str]
"""URN of a resource, and a property of it, its references, or everything."""


class Attack:
    """The guardrails, and what each read of the recorded stack, which none of them refuses."""

    def __init__(self, topology: Topology, guardrails: Iterable[Guardrail]) -> None:
        self._topology = topology
        every = tuple(guardrails)
        self._on_resources = [one for one in every if isinstance(one, ResourceGuardrail)]
        self._on_stack = [one for one in every if isinstance(one, StackGuardrail)]
        resources = sdk_reader().stack(topology)
        self._read_by: dict[Part, set[str]] = {}
        for guardrail in self._on_stack:
            parts: set[Part] = set()
            watched = [_Watched(resource, parts) for resource in resources]
            found = list(guardrail.evaluate(Graph(watched), {}))  # pyright: ignore[reportArgumentType]
            if found:
                raise ValueError(f"the recorded stack is refused: {guardrail.id}: {found[0]}")
            for part in parts:
                self._read_by.setdefault(part, set()).add(guardrail.id)

    def killers(self, changed: Topology) -> frozenset[str]:
        """Return the guardrails that refuse ``changed``."""
        old, new = self._topology.resources, changed.resources
        touched = {urn: resource for urn, resource in new.items() if old.get(urn) is not resource}
        if any(resource.type.startswith("pulumi:providers:") for resource in touched.values()):
            touched = dict(new)  # each resource is shown with its provider
        return frozenset({*self._of_resources(touched, new), *self._of_stack(touched, changed)})

    def _of_resources(self, touched: Mapping[str, Resource], resources: Mapping[str, Resource]) -> Iterator[str]:
        for resource in touched.values():
            args = sdk_reader().resource(resource, resources)
            type_, properties = canonical(args.resource_type), Properties(args.props)
            for guardrail in self._on_resources:
                if any(True for _ in guardrail.evaluate(args.urn, type_, properties, {})):
                    yield guardrail.id

    def _of_stack(self, touched: Mapping[str, Resource], changed: Topology) -> Iterator[str]:
        concerned = self._concerned(touched, changed)
        if not concerned:
            return
        graph = Graph(sdk_reader().stack(changed))
        for guardrail in self._on_stack:
            if guardrail.id in concerned and any(True for _ in guardrail.evaluate(graph, {})):
                yield guardrail.id

    def _concerned(self, touched: Mapping[str, Resource], changed: Topology) -> set[str]:
        """Return the guardrails that read what changed; all, where resources came or went."""
        everyone = {guardrail.id for guardrail in self._on_stack}
        if changed.resources.keys() != self._topology.resources.keys() or len(touched) == len(changed.resources):
            return everyone
        found: set[str] = set()
        for urn, resource in touched.items():
            before = self._topology.resources[urn]
            if (before.type, before.options, before.provider) != (resource.type, resource.options, resource.provider):
                return everyone
            if before.property_dependencies != resource.property_dependencies:
                found |= self._read_by.get((urn, _REFERENCES), set())
            keys = {
                key
                for key in {*before.outputs.fields, *resource.outputs.fields}
                if before.outputs.fields.get(key) != resource.outputs.fields.get(key)
            }
            for key in (*keys, _EVERYTHING):
                found |= self._read_by.get((urn, key), set())
        return found


class _Watched:
    """A resource that writes down what is read of it."""

    def __init__(self, resource: PolicyResource, parts: set[Part]) -> None:
        self._resource = resource
        self._parts = parts
        self.props = _WatchedProperties(resource.urn, resource.props, parts)

    @property
    def property_dependencies(self) -> Mapping[str, list[PolicyResource]]:
        self._parts.add((self._resource.urn, _REFERENCES))
        return self._resource.property_dependencies

    def __getattr__(self, name: str) -> Any:
        return getattr(self._resource, name)


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
