"""Clause enc-kms: what is encrypted, its key, and the name that a role knows the key by, are in one region."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import region_of, second_region
from guardrails.reading import as_texts
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import conditions_of

_ALIAS = "aws:kms/alias:Alias"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_COPIED = re.compile(r"alias/fitness-platform-[a-z0-9]+-far-[a-z]+")
"""Keys of what a primary copies to its second region."""
_FAR_PROPERTIES: Mapping[str, str] = {
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "rules",
    "aws:secretsmanager/secret:Secret": "replicas",
}
"""Properties that name keys of the second region, of resources in the first."""


def _near_users(key: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    own, second = region_of(key), second_region(graph)
    for user, property_ in graph.incoming(key):
        wanted = second if _FAR_PROPERTIES.get(user.type) == property_ else region_of(user)
        if user.type.startswith("aws:") and wanted != own:
            yield f"{property_} of {user.name} refers to it from {wanted}, and it is in {own}"


def _named(policy: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    aliases = {(region_of(alias), known_text(alias, "name")) for alias in graph.of_type(_ALIAS)}
    for statement in policy.properties.statements("policy"):
        named = [name for _, key, names in conditions_of(statement) if key == "kms:resourcealiases" for name in names]
        for region in _regions(statement):
            for name in named:
                copied = relaxations.flag("copied") and region == region_of(policy) and _COPIED.fullmatch(name)
                if (region, name) not in aliases and not copied:
                    sid = statement.get("Sid", "")
                    yield f"statement {sid!r} names {name}, which no key of this stack in {region} has"


def _regions(statement: dict[str, Any]) -> set[str]:
    """Return the regions of the keys that a statement is about."""
    arns = [resource.split(":", 5) for resource in as_texts(statement.get("Resource", []))]
    return {parts[3] for parts in arns if len(parts) == 6 and parts[2] == "kms"}


FAR_KEY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="keys-used-in-their-region",
        title="A key encrypts what is in its own region, copies there among it",
        clauses=("enc-kms", "dr-db-cross-region-copies", "dr-s3-crr"),
        severity="high",
        types=frozenset({KEY, REPLICA_KEY}),
        check=_near_users,
        controls=("CKV_AWS_245",),
        remediation="Pass a key of the SecurityLayer, or for copies one of the SecondRegion.",
    ),
    StackGuardrail(
        id="keys-have-their-names",
        title="Keys that roles know by an alias have it, in the region that the role is allowed it in",
        clauses=("enc-kms", "dr-s3-crr"),
        severity="medium",
        types=frozenset({_ROLE_POLICY}),
        check=_named,
        options={
            "copied": Option({"type": "boolean"}, False, "Whether keys of copies here are the primary's stack's.")
        },
        remediation="Name an alias of the SecurityLayer, or for copies one of the SecondRegion.",
    ),
)
