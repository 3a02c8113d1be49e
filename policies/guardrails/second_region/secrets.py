"""Clause dr-config-secrets-manager: what services log in with is in the second region before it is needed."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.provider import second_region
from guardrails.second_region.options import REQUIRED

_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 a type, not a secret


def _replicated(secret: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    second = second_region(graph)
    regions = [replica.text("region") for replica in secret.properties.blocks("replicas")]
    if others := sorted({str(region) for region in regions if region != second}):
        yield f"it is copied to {', '.join(others)}, not the region that backups are copied to"
    if relaxations.flag("required") and (second is None or second not in regions):
        yield "it has no replica in the region that backups are copied to"


SECRET_COPY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="secrets-replicated",
        title="Every secret is replicated to the second region, and nowhere else",
        clauses=("dr-config-secrets-manager",),
        severity="high",
        types=frozenset({_SECRET}),
        check=_replicated,
        options=REQUIRED,
        remediation="Give standby.region, and pass replicas with it and a key of it.",
    ),
)
