"""Small graphs, made without a program."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import json_format
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import unknown_checking_proxy

from guardrails.graph import Graph, Node
from preview.topology import Topology


def resource(type_: str, name: str, properties: Mapping[str, Any] | None = None) -> PolicyResource:
    """Return a resource that refers to nothing yet."""
    options: Any = None
    urn = f"urn:pulumi:prod::project::{type_}::{name}"
    return PolicyResource(type_, unknown_checking_proxy(dict(properties or {})), urn, name, options, None, None, [], {})


def graph(*resources: tuple[str, str, Mapping[str, Any], Mapping[str, Iterable[str]]]) -> Graph:
    """Return a graph of resources: type, name, properties, and the names that each property refers to."""
    made = {name: resource(type_, name, properties) for type_, name, properties, _ in resources}
    for _, name, _, references in resources:
        made[name].property_dependencies.update({key: [made[to] for to in names] for key, names in references.items()})
    return Graph(made.values())


def graph_of(topology: Topology) -> Graph:
    """Return the graph of a recorded stack."""
    return graph(
        *(
            (
                declared.type,
                declared.name,
                json_format.MessageToDict(declared.outputs),
                {
                    key: [topology.resources[urn].name for urn in urns]
                    for key, urns in declared.property_dependencies.items()
                },
            )
            for declared in topology.resources.values()
        )
    )


def named(nodes: Iterable[Node]) -> list[str]:
    """Return the names of nodes."""
    return [node.name for node in nodes]
