"""Clauses cost-ri-1yr, cost-mix and cost-data-transfer-regions: nothing is bought by accident, and somebody is told."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import STACK, TOPIC
from guardrails.reading import UnreadableError

_BUDGET = "aws:budgets/budget:Budget"
_MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
_SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription"
_COMMITMENTS: Mapping[str, str] = {
    "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput": "for a term of months",
    "aws:ec2/capacityBlockReservation:CapacityBlockReservation": "in advance",
    "aws:ec2/capacityReservation:CapacityReservation": "by the hour, used or not",
    "aws:elasticache/reservedCacheNode:ReservedCacheNode": "for a year or more",
    "aws:rds/reservedInstance:ReservedInstance": "for a year or more",
    "aws:route53domains/domain:Domain": "for a year or more",
    "aws:savingsplans/savingsPlan:SavingsPlan": "for a year or more",
    "aws:shield/subscription:Subscription": "for a year, at 3,000 USD a month",
}
_COMMITTED = ("RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE")
_TAGS = ("Project", "Environment", "ManagedBy")


def _bought(node: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if node.type not in relaxations.texts("allowed"):
        yield f"it is paid {_COMMITMENTS[node.type]} the moment that it is made, and destroying it gives nothing back"


def _told(budget: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if budget.type == _SUBSCRIPTION:
        if not budget.refers("subscribers", TOPIC):
            yield "subscribers refer to no topic of this stack"
        if not budget.refers("monitorArnLists", _MONITOR):
            yield "monitorArnLists refer to no monitor of this stack"
        return
    if not budget.properties.blocks("notifications"):
        yield "it has no notifications, so that nobody is told"
    elif not budget.refers("notifications", TOPIC):
        yield "notifications refer to no topic of this stack"


def _planned(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    budgets = graph.of_type(_BUDGET)
    kinds = [(budget, _kind(budget)) for budget in budgets]
    for kind in _COMMITTED:
        if not any(found == kind and _when(budget, "LESS_THAN") for budget, found in kinds):
            yield f"no budget of kind {kind} tells of too little"
    if not any(found == "COST" and _when(budget, "GREATER_THAN") for budget, found in kinds):
        yield "no budget of kind COST tells of too much"
    if not graph.of_type(_SUBSCRIPTION) and relaxations.flag("anomalies"):
        yield "nobody is told of costs that are unusual"


def _kind(budget: Node) -> str | None:
    try:
        return budget.properties.text("budgetType")
    except UnreadableError:
        return None


def _when(budget: Node, comparison: str) -> bool:
    return any(notice.text("comparisonOperator") == comparison for notice in budget.properties.blocks("notifications"))


def _as_default(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not node.type.startswith("aws:"):
        return
    if changed := [tag for tag in _TAGS if node.properties.given(f"tags.{tag}")]:
        yield f"its tags give {', '.join(changed)}, which are the stack's to give"


COST_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="nothing-bought",
        title="No stack buys capacity, domains or subscriptions",
        clauses=("cost-ri-1yr",),
        severity="high",
        types=frozenset(_COMMITMENTS),
        check=_bought,
        options={
            "allowed": Option(
                {"type": "array", "items": {"type": "string"}}, [], "Types of commitments that a stack may make."
            )
        },
        remediation="Buy it by hand, once somebody has signed for it; budgets tell whether it is used.",
    ),
    StackGuardrail(
        id="budgets-tell-a-topic",
        title="Budgets and monitors of cost tell a topic of the stack",
        clauses=("cost-ri-1yr", "cost-data-transfer-regions"),
        severity="low",
        types=frozenset({_BUDGET, _SUBSCRIPTION}),
        check=_told,
        remediation="Pass the ARN of the SecurityLayer's topic for warnings.",
    ),
    StackGuardrail(
        id="costs-watched",
        title="Budgets watch costs, and whether commitments are used and suffice",
        clauses=("cost-ri-1yr", "cost-mix", "cost-data-transfer-regions"),
        severity="low",
        types=frozenset({STACK}),
        check=_planned,
        options={
            "anomalies": Option({"type": "boolean"}, True, "Whether the stack must tell of costs that are unusual.")
        },
        remediation="Leave the budgets as components/observability_layer/cost.py has them.",
    ),
    StackGuardrail(
        id="cost-tags-of-stack",
        title="What costs are told apart by is what the provider's default tags say",
        clauses=("cost-mix",),
        severity="low",
        types=frozenset(),
        check=_as_default,
        remediation="Leave Project, Environment and ManagedBy to components/provider.py.",
    ),
)
