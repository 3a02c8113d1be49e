"""Names in the compliant prod stack, and changes that many tests of the database make."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from google.protobuf import json_format

from preview.topology import Topology
from tests.policies.breaking import ELSEWHERE, Case, Change, at, chain, edit, other_stack, point
from tests.support.editing import UNKNOWN, edited, urn_of

PRIMARY, REPLICA = "database-primary", "database-analytics"
INSTANCES = (PRIMARY, REPLICA)
PARAMETERS, REPLICA_PARAMETERS = "database-primary-parameters", "database-analytics-parameters"
KEY, TOPIC = "security-data-key", "security-alerts-warning"


def inputs_of(topology: Topology, name: str) -> dict[str, Any]:
    """Return the inputs of a resource."""
    return json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)


def copy(name: str, new: str) -> Change:
    """Declare a resource once more, under another name."""

    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn_of(topology, name)]
        urn = f"{resource.urn.removesuffix(name)}{new}"
        return replace(topology, resources={**topology.resources, urn: replace(resource, urn=urn, name=new)})

    return change


def amend(name: str, key: str, changes: Mapping[str, Any], *, item: str = "", by: str = "name") -> Change:
    """Change an object of a list, found by its name, or the only one; what the list refers to stays the same."""

    def change(topology: Topology) -> Topology:
        items: list[dict[str, Any]] = inputs_of(topology, name)[key]
        amended = [
            {inner: value for inner, value in {**old, **changes}.items() if value is not None}
            if not item or old[by] == item
            else old
            for old in items
        ]
        return _keeping_references(topology, name, key, amended)

    return change


def parameter(group: str, name: str, value: Any, /, **more: Any) -> Change:
    """Give a parameter another value; ``None`` takes it out."""

    def change(topology: Topology) -> Topology:
        items = inputs_of(topology, group)["parameters"]
        others = [item for item in items if item["name"] != name]
        [old] = [item for item in items if item["name"] == name] or [{"name": name, "applyMethod": "immediate"}]
        new = [] if value is None else [{**old, "value": value, **more}]
        return edited(topology, group, {"parameters": others + new})

    return change


def refer(name: str, key: str, *to: str) -> Change:
    """Let a property refer to other resources, and keep its value."""

    def change(topology: Topology) -> Topology:
        urn = urn_of(topology, name)
        resource = topology.resources[urn]
        references = {**resource.property_dependencies, key: tuple(urn_of(topology, target) for target in to)}
        changed = replace(resource, property_dependencies=references)
        return replace(topology, resources={**topology.resources, urn: changed})

    return change


def _keeping_references(topology: Topology, name: str, key: str, value: Any) -> Topology:
    urn = urn_of(topology, name)
    references = topology.resources[urn].property_dependencies
    changed = edited(topology, name, {key: value})
    resource = replace(changed.resources[urn], property_dependencies=references)
    return replace(changed, resources={**changed.resources, urn: resource})


def values(guardrail: str, name: str, key: str, *found: Any) -> dict[str, Case]:
    """Return a case for each value of a property, all of which break one guardrail."""
    return {f"{name}: {key} {value!r}": Case(edit(name, **{key: value}), at(guardrail, name)) for value in found}


def not_of_stack(guardrail: str, name: str, key: str, wrong_type: str) -> dict[str, Case]:
    """Return cases in which a property that must refer to something of the stack does not."""
    broken = at(guardrail, name)
    return {
        **values(guardrail, name, key, None, "", "arn:aws:iam::1:something", UNKNOWN),
        f"{name}: {key} of another stack": Case(chain(other_stack, point(name, key, ELSEWHERE)), broken),
        f"{name}: {key} of another type": Case(point(name, key, wrong_type), broken),
    }
