"""Edits to recorded stacks, as a careless or hostile change to the program would make them.

Inputs and outputs change together: what the program gives is what the first preview knows of the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from preview.topology import Resource, Topology

UNKNOWN = rpc.UNKNOWN
"""What the engine sends in place of a value that it doesn't know yet."""


def urn_of(topology: Topology, name: str) -> str:
    """Return the URN of the only resource called ``name``."""
    [urn] = [urn for urn, resource in topology.resources.items() if resource.name == name]
    return urn


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return ``values`` in wire form."""
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def _with(topology: Topology, resource: Resource) -> Topology:
    return replace(topology, resources=dict(sorted({**topology.resources, resource.urn: resource}.items())))


def edited(topology: Topology, name: str, changes: Mapping[str, Any]) -> Topology:
    """Return ``topology`` with inputs of one resource changed, and what they referred to; ``None`` takes one out."""
    resource = topology.resources[urn_of(topology, name)]
    inputs = {**json_format.MessageToDict(resource.inputs), **changes}
    known = struct({key: value for key, value in inputs.items() if value is not None})
    references = {key: urns for key, urns in resource.property_dependencies.items() if key not in changes}
    return _with(topology, replace(resource, inputs=known, outputs=known, property_dependencies=references))


def repointed(topology: Topology, name: str, key: str, to: Iterable[str]) -> Topology:
    """Return ``topology`` with one property of one resource referring to other resources, as ids not yet known."""
    resource = topology.resources[urn_of(topology, name)]
    targets = tuple(sorted(urn_of(topology, target) for target in to))
    inputs = json_format.MessageToDict(resource.inputs)
    inputs[key] = [UNKNOWN] * len(targets) if isinstance(inputs.get(key), list) else UNKNOWN
    references = {**resource.property_dependencies, key: targets}
    return _with(
        topology,
        replace(resource, inputs=struct(inputs), outputs=struct(inputs), property_dependencies=references),
    )


def without(topology: Topology, *names: str) -> Topology:
    """Return ``topology`` less some resources, and less what refers to them of the references of others."""
    gone = {urn_of(topology, name) for name in names}
    kept = {
        urn: replace(
            resource,
            property_dependencies={
                key: left
                for key, urns in resource.property_dependencies.items()
                if (left := tuple(target for target in urns if target not in gone))
            },
        )
        for urn, resource in topology.resources.items()
        if urn not in gone
    }
    return replace(topology, resources=kept)


def added(
    topology: Topology,
    type_: str,
    name: str,
    inputs: Mapping[str, Any],
    references: Mapping[str, Iterable[str]] | None = None,
) -> Topology:
    """Return ``topology`` with one more resource, whose properties refer to others by name."""
    stack = next(iter(topology.resources)).split("::")
    resource = Resource(
        urn="::".join((stack[0], stack[1], type_, name)),
        type=type_,
        name=name,
        parent="",
        custom=True,
        inputs=struct(inputs),
        outputs=struct(inputs),
        provider="",
        dependencies=(),
        property_dependencies={
            key: tuple(sorted(urn_of(topology, target) for target in targets))
            for key, targets in (references or {}).items()
        },
        options={},
    )
    return _with(topology, resource)
