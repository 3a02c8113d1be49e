"""Clauses cost-ri-1yr, cost-mix and cost-data-transfer-regions: nothing is bought by accident, and somebody is told."""

from collections.abc import Iterable, Iterator, Mapping

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
_RESERVABLE: Mapping[str, str] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": "Amazon ElastiCache",
    "aws:opensearch/domain:Domain": "Amazon OpenSearch Service",
    "aws:rds/instance:Instance": "Amazon Relational Database Service",
}
"""What runs on instances that can be reserved, by the name of its service among costs."""
_MOVED = "EC2: Data Transfer"
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
    if not relaxations.flag("required"):
        return
    budgets = [(budget, _kind(budget)) for budget in graph.of_type(_BUDGET)]
    for kind, about in _wanted(graph):
        if not any(
            found == kind and _when(budget, "LESS_THAN") and _is_about(budget, about) for budget, found in budgets
        ):
            yield f"no budget of kind {kind}{f' of {about}' if about else ''} tells of too little"
    much = [budget for budget, found in budgets if found == "COST" and _when(budget, "GREATER_THAN")]
    if not any(not _is_about(budget, _MOVED) for budget in much):
        yield "no budget of kind COST tells that all of it costs too much"
    if not any(_is_about(budget, _MOVED) for budget in much):
        yield "no budget of kind COST tells that moving data costs too much"
    if not graph.of_type(_SUBSCRIPTION) and relaxations.flag("anomalies"):
        yield "nobody is told of costs that are unusual"


def _wanted(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield the kinds of budgets that must be there, each with what it is about."""
    for type_, service in _RESERVABLE.items():
        if graph.of_type(type_):
            yield from ((kind, service) for kind in ("RI_UTILIZATION", "RI_COVERAGE"))
    yield from (("SAVINGS_PLANS_UTILIZATION", ""), ("SAVINGS_PLANS_COVERAGE", ""))


def _is_about(budget: Node, word: str) -> bool:
    """Return whether a filter of a budget has a value that begins with a word; each does with none."""
    return not word or any(
        value.startswith(word) for found in budget.properties.blocks("costFilters") for value in found.texts("values")
    )


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
            "required": Option(
                {"type": "boolean"}, True, "Whether the stack must watch costs: a primary does so for its standby."
            ),
            "anomalies": Option({"type": "boolean"}, True, "Whether the stack must tell of costs that are unusual."),
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
