"""What the guardrails of the security layer say; other layers have tests of their own."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from google.protobuf import json_format

from guardrails.security_layer import SECURITY_GUARDRAILS
from guardrails.security_layer.bucket_policies import BUCKET_POLICY_GUARDRAILS
from guardrails.security_layer.grants import GRANT_GUARDRAILS
from guardrails.security_layer.key_users import KEY_USER_GUARDRAILS
from guardrails.security_layer.role_users import ROLE_USER_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Change, edit
from tests.support import recording
from tests.support.editing import edited, urn_of
from tests.support.judging import violations

ACCOUNT, OTHER_ACCOUNT = "444455556666", "999988887777"
_APART = {
    guardrail.id
    for guardrail in (*BUCKET_POLICY_GUARDRAILS, *GRANT_GUARDRAILS, *KEY_USER_GUARDRAILS, *ROLE_USER_GUARDRAILS)
} | {
    "broker-callers",
    "groups-let-in-groups",
    "key-policies-inside",
    "keys-governed-by-iam",
    "secrets-have-values",
    "stores-call-nobody",
}
_GUARDRAILS = [guardrail for guardrail in SECURITY_GUARDRAILS if guardrail.id not in _APART]
IDS = {guardrail.id for guardrail in _GUARDRAILS}
_BUILT_ON_IT = (
    "fitness-platform:api:ApiLayer",
    "fitness-platform:async:AsyncLayer",
    "fitness-platform:cache:CacheLayer",
    "fitness-platform:compute:ComputeCluster",
    "fitness-platform:edge:EdgeLayer",
    "fitness-platform:media:MediaPipeline",
    "fitness-platform:observability:ObservabilityLayer",
    "fitness-platform:search:SearchLayer",
    "fitness-platform:standby:SecondRegion$fitness-platform:storage:PrivateBucket",
)


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less the layers that come after the database."""
    topology = recording.recorded(stack, **sections)
    kept = {urn: found for urn, found in topology.resources.items() if not urn.split("::")[2].startswith(_BUILT_ON_IT)}
    return replace(topology, resources=kept)


def broken(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which of the guardrails a stack breaks, each with the name of the resource that does.

    Those that ask whether users can use what they are given, and those of policies of buckets, have tests of their own.
    """
    return violations(topology, config, _GUARDRAILS)


def statements_of(name: str) -> list[dict[str, Any]]:
    """Return the statements of a policy of prod."""
    topology = recording.recorded("prod")
    inputs = json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)
    return json.loads(inputs["policy"])["Statement"]


def document(*statements: Any) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def give(name: str, *statements: Any) -> Change:
    """Replace the policy of a resource."""
    return edit(name, policy=document(*statements))


def extend(name: str, *statements: Any) -> Change:
    """Put more statements into the policy of a resource."""
    return give(name, *statements_of(name), *statements)


def refer(name: str, key: str, value: Any, *to: str) -> Change:
    """Set a property to a value that refers to other resources."""

    def change(topology: Topology) -> Topology:
        urn = urn_of(topology, name)
        changed = edited(topology, name, {key: value})
        resource = changed.resources[urn]
        references = {**resource.property_dependencies, key: tuple(sorted(urn_of(topology, target) for target in to))}
        return replace(
            changed, resources={**changed.resources, urn: replace(resource, property_dependencies=references)}
        )

    return change
