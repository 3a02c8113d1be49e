"""What the guardrails of media say of the compliant prod stack once it is changed."""

import json
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format

from guardrails.media_pipeline import MEDIA_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Change
from tests.support import judging
from tests.support.editing import edited, urn_of

IDS = {guardrail.id for guardrail in MEDIA_GUARDRAILS}


def bucket(kind: str) -> str:
    """Return what the bucket of a kind is called in AWS."""
    return f"fitness-platform-{kind}-prod-444455556666-us-east-1"


def broken(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which of the guardrails a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, MEDIA_GUARDRAILS)


def inputs_of(topology: Topology, name: str) -> dict[str, Any]:
    """Return the inputs of a resource."""
    return json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)


def rule(name: str, id_: str, /, **changes: Any) -> Change:
    """Change one rule of a lifecycle, found by its id; ``None`` takes a part out."""

    def change(topology: Topology) -> Topology:
        rules = [
            {key: value for key, value in {**old, **changes}.items() if value is not None} if old["id"] == id_ else old
            for old in inputs_of(topology, name)["rules"]
        ]
        return edited(topology, name, {"rules": rules})

    return change


def without_rule(name: str, id_: str) -> Change:
    """Take one rule out of a lifecycle."""
    return lambda topology: edited(
        topology, name, {"rules": [one for one in inputs_of(topology, name)["rules"] if one["id"] != id_]}
    )


def more_rules(name: str, *rules: Any) -> Change:
    """Put more rules into a lifecycle."""
    return lambda topology: edited(topology, name, {"rules": [*inputs_of(topology, name)["rules"], *rules]})


def moves(*pairs: tuple[Any, str]) -> list[dict[str, Any]]:
    """Return transitions, each by its days and the class that it leads to."""
    return [{"days": days, "storageClass": storage_class} for days, storage_class in pairs]


def statement(name: str, sid: str, /, **changes: Any) -> Change:
    """Change one statement of a policy, found by its ``Sid``; no changes take it out."""

    def change(topology: Topology) -> Topology:
        document = json.loads(inputs_of(topology, name)["policy"])
        document["Statement"] = [
            {**old, **changes} if old["Sid"] == sid else old
            for old in document["Statement"]
            if changes or old["Sid"] != sid
        ]
        return edited(topology, name, {"policy": json.dumps(document)})

    return change


def more_statements(name: str, *statements: Any) -> Change:
    """Put more statements into a policy."""

    def change(topology: Topology) -> Topology:
        document = json.loads(inputs_of(topology, name)["policy"])
        document["Statement"] += statements
        return edited(topology, name, {"policy": json.dumps(document)})

    return change
