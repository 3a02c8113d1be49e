"""Clause audit-pii-redaction, its logs: what identifies a person is masked in what services write."""

import json
from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.observability_layer.errors import task_log_groups
from guardrails.observability_layer.log_groups import is_of_errors
from guardrails.observability_layer.resources import LOG_GROUP
from guardrails.placement import known_text
from guardrails.reading import MalformedError

_POLICY = "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy"
_LEAST = ("Address", "CreditCardNumber", "EmailAddress")


def _masked(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not (group in task_log_groups(graph) or is_of_errors(known_text(group, "name") or "")):
        return
    if len(policies := group.referrers("logGroupName", _POLICY)) != 1:
        yield f"{len(policies) or 'no'} policies of this stack mask what identifies a person in it, not 1"


def _masks(policy: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not policy.refers("logGroupName", LOG_GROUP):
        yield "logGroupName refers to no log group of this stack"
    counted, masked = set[str](), set[str]()
    for statement in _statements(policy):
        identifiers = {str(arn).rpartition("/")[2] for arn in statement.get("DataIdentifier", [])}
        operation = statement.get("Operation", {})
        counted |= identifiers if "Audit" in operation else set()
        masked |= identifiers if operation.get("Deidentify") == {"MaskConfig": {}} else set()
    if missing := [name for name in relaxations.texts("identifiers") if name not in masked]:
        yield f"it masks no {', '.join(missing)}"
    if counted != masked:
        yield "it counts other data than it masks, which CloudWatch Logs refuses"


def _statements(policy: Node) -> list[dict[str, Any]]:
    text = policy.properties.text("policyDocument")
    try:
        found: Any = json.loads(text or "")["Statement"]
    except (ValueError, KeyError, TypeError):
        raise MalformedError("policyDocument", (text or "")[:40], "a data protection policy") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise MalformedError("policyDocument", (text or "")[:40], "a data protection policy")
    return found


MASKING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="service-logs-masked",
        title="Logs and errors of services and workers have a policy that masks",
        clauses=("audit-pii-redaction",),
        severity="high",
        types=frozenset({LOG_GROUP}),
        check=_masked,
        remediation="Declare an aws.cloudwatch.LogDataProtectionPolicy for the log group.",
    ),
    StackGuardrail(
        id="masks-cover-persons",
        title="What masks logs masks addresses, numbers of cards and e-mail addresses",
        clauses=("audit-pii-redaction",),
        severity="high",
        types=frozenset({_POLICY}),
        check=_masks,
        options={
            "identifiers": Option(
                {"type": "array", "items": {"type": "string"}},
                list(_LEAST),
                "Managed data identifiers that each policy masks at least.",
            )
        },
        remediation="Leave observability.masked out, or let it have Address, CreditCardNumber and EmailAddress.",
    ),
)
