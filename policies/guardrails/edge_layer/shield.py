"""Clause edge-ddos-shield: nobody signs a contract of a year by accident."""

from collections.abc import Iterable

from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_SUBSCRIPTION = "aws:shield/subscription:Subscription"
_REST = frozenset(
    f"aws:shield/{type_}"
    for type_ in (
        "applicationLayerAutomaticResponse:ApplicationLayerAutomaticResponse",
        "drtAccessLogBucketAssociation:DrtAccessLogBucketAssociation",
        "drtAccessRoleArnAssociation:DrtAccessRoleArnAssociation",
        "proactiveEngagement:ProactiveEngagement",
        "protection:Protection",
        "protectionGroup:ProtectionGroup",
        "protectionHealthCheckAssociation:ProtectionHealthCheckAssociation",
    )
)


def _chosen(type_: str, _properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if not relaxations.flag("allowed"):
        what = "costs 3000 USD a month for a year, which nothing takes back" if type_ == _SUBSCRIPTION else "needs one"
        yield f"it {'is a subscription to' if type_ == _SUBSCRIPTION else 'is part of'} Shield Advanced, which {what}"


SHIELD_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="shield-advanced-chosen",
        title="Shield Advanced is bought by whoever has said so twice: in the stack and in its policy config",
        clauses=("edge-ddos-shield",),
        severity="high",
        types=_REST | {_SUBSCRIPTION},
        check=_chosen,
        options={
            "allowed": Option(
                {"type": "boolean"}, False, "Whether the stack may subscribe to Shield Advanced, at 36000 USD a year."
            )
        },
        remediation="Leave edge.shieldAdvanced out. Shield Standard guards every distribution, and is free.",
    ),
)
