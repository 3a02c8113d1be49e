"""What the guardrails of the second region, and those of other layers that it concerns, say of a changed stack."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from google.protobuf import json_format

from guardrails.provider import PROVIDER_GUARDRAILS
from guardrails.second_region import SECOND_REGION_GUARDRAILS
from guardrails.security_layer.buckets import BUCKET_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Change
from tests.support import judging
from tests.support.editing import edited, urn_of

IDS = {guardrail.id for guardrail in SECOND_REGION_GUARDRAILS}
JUDGED = (*SECOND_REGION_GUARDRAILS, *PROVIDER_GUARDRAILS, *BUCKET_GUARDRAILS)


def broken(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which of the guardrails a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, JUDGED)


def amend(name: str, key: str, /, **changes: Any) -> Change:
    """Change the first object of a list, by paths with ``__`` for dots; it goes on referring to what it refers to."""

    def change(topology: Topology) -> Topology:
        inputs = json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)
        for path, value in changes.items():
            at: Any = inputs[key][0]
            *above, last = path.split("__")
            for step in above:
                at = at.setdefault(step, {})
                at = at[0] if isinstance(at, list) else at
            at.pop(last, None)
            if value is not None:
                at[last] = value
        return _with(edited(topology, name, {key: inputs[key]}), name, key, references(topology, name, key))

    return change


def refer(name: str, key: str, *to: str) -> Change:
    """Let a property refer to other resources, and leave all of it that is known."""
    return lambda topology: _with(topology, name, key, tuple(sorted(urn_of(topology, target) for target in to)))


def references(topology: Topology, name: str, key: str) -> tuple[str, ...]:
    """Return the URNs that a property refers to."""
    return tuple(topology.resources[urn_of(topology, name)].property_dependencies.get(key, ()))


def _with(topology: Topology, name: str, key: str, urns: tuple[str, ...]) -> Topology:
    urn = urn_of(topology, name)
    resource = topology.resources[urn]
    changed = replace(resource, property_dependencies={**resource.property_dependencies, key: urns})
    return replace(topology, resources={**topology.resources, urn: changed})


def statement(name: str, sid: str, /, **changes: Any) -> Change:
    """Change one statement of a policy, found by its ``Sid``; no changes take it out."""

    def change(topology: Topology) -> Topology:
        inputs = json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)
        document = json.loads(inputs["policy"])
        document["Statement"] = [
            {**old, **changes} if old["Sid"] == sid else old
            for old in document["Statement"]
            if changes or old["Sid"] != sid
        ]
        return edited(topology, name, {"policy": json.dumps(document)})

    return change
