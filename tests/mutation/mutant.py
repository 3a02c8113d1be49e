"""What a mutant is, and the changes that all of them are made of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from google.protobuf import json_format

from preview.topology import Resource, Topology
from tests.support.editing import struct

Change = Callable[[Topology], Topology]


class Mutant(NamedTuple):
    """One change of a stack, and what is expected of the pack."""

    id: str
    """What is changed in which resource; unique in its stack."""
    family: str
    """How it was made."""
    subject: str
    """URN of the resource that is changed, or added."""
    clauses: tuple[str, ...]
    """Clauses of the table that it was made from, if it was."""
    harmless: bool
    """Whether the pack must raise nothing; otherwise it must raise something."""
    change: Change


def inputs_of(resource: Resource) -> dict[str, Any]:
    """Return the inputs of a resource, whole numbers as integers."""
    return _whole(json_format.MessageToDict(resource.inputs))


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def put(topology: Topology, *resources: Resource) -> Topology:
    """Return ``topology`` with resources replaced or added."""
    return replace(topology, resources={**topology.resources, **{resource.urn: resource for resource in resources}})


def with_inputs(resource: Resource, inputs: Mapping[str, Any], references: Mapping[str, tuple[str, ...]]) -> Resource:
    """Return a resource with other inputs, of which the first preview knows as much of the outputs."""
    written = struct(inputs)
    kept = {key: urns for key, urns in references.items() if urns}
    return replace(resource, inputs=written, outputs=written, property_dependencies=kept)


def without(topology: Topology, urn: str) -> Topology:
    """Return ``topology`` less one resource, and less what refers to it of the references of others."""
    return replace(
        topology,
        resources={
            other: _forgetting(resource, urn) if mentions(resource, urn) else resource
            for other, resource in topology.resources.items()
            if other != urn
        },
    )


def mentions(resource: Resource, urn: str) -> bool:
    """Return whether a resource refers to another, depends on it or is inside it."""
    references = resource.property_dependencies.values()
    return urn in resource.dependencies or resource.parent == urn or any(urn in urns for urns in references)


def _forgetting(resource: Resource, urn: str) -> Resource:
    left = {
        key: tuple(target for target in urns if target != urn) for key, urns in resource.property_dependencies.items()
    }
    return replace(
        resource,
        parent="" if resource.parent == urn else resource.parent,
        dependencies=tuple(target for target in resource.dependencies if target != urn),
        property_dependencies={key: urns for key, urns in left.items() if urns},
    )


def another(topology: Topology, type_: str, name: str, inputs: Mapping[str, Any], **references: str) -> Resource:
    """Return a further resource under the stack's provider, some of whose properties refer to others by URN."""
    stack, project = next(iter(topology.resources)).split("::")[:2]
    [provider] = [urn for urn, one in topology.resources.items() if one.type == "pulumi:providers:aws"]
    written = struct(inputs)
    return Resource(
        urn="::".join((stack, project, type_, name)),
        type=type_,
        name=name,
        parent="",
        custom=True,
        inputs=written,
        outputs=written,
        provider=provider,
        dependencies=tuple(sorted(references.values())),
        property_dependencies={key: (urn,) for key, urn in references.items()},
        options={},
    )
