"""Policies of resources that deny everything to everybody: what they are of can't be used, or mended, any more."""

from collections.abc import Iterable
from typing import Any

from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties, UnreadableError, as_texts
from guardrails.security_layer.resource_policies import BUCKET_POLICY, QUEUE_POLICY, TOPIC_POLICY, is_every


def _open_to_owner(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    try:
        statements = properties.statements("policy")
    except UnreadableError:
        return  # resource-policies-scoped says so
    for statement in statements:
        if _shuts_out(statement):
            yield f"statement {statement.get('Sid', '')!r} of its policy denies everything to everybody"


def _shuts_out(statement: dict[str, Any]) -> bool:
    principal: Any = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in as_texts(principal.get("AWS", [])))
    return (
        statement.get("Effect") == "Deny"
        and everybody
        and not statement.get("Condition")
        and any(is_every(action) for action in as_texts(statement.get("Action", "*")))
    )


LOCKOUT_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="resource-policies-leave-a-door",
        title="No policy of a bucket, queue, topic or secret denies everything to everybody",
        clauses=("dr-config-secrets-manager", "media-public-access-blocked"),
        severity="high",
        types=frozenset({BUCKET_POLICY, QUEUE_POLICY, TOPIC_POLICY, "aws:secretsmanager/secretPolicy:SecretPolicy"}),
        check=_open_to_owner,
        remediation="Give the statement a condition, or deny single actions.",
    ),
)
