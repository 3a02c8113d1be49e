"""Clause dr-failover-rds-auto, its events: somebody is told what happens to the database."""

from collections.abc import Callable, Iterable

from guardrails.database_layer.parameters import parameter_groups
from guardrails.database_layer.resources import INSTANCE, TOPIC, is_replica
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail

_SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription"


def _told_of(source: str, *categories: str) -> Callable[[Node, Graph, Relaxations], Iterable[str]]:
    def check(instance: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
        if is_replica(instance.properties):
            return
        missing = set(categories)
        for subscription in graph.of_type(_SUBSCRIPTION):
            if _counts(subscription, source, instance):
                missing -= set(subscription.properties.texts("eventCategories") or categories)
        if missing:
            yield f"no topic of this stack is told of {source}: {', '.join(sorted(missing))}"

    return check


def _counts(subscription: Node, source: str, instance: Node) -> bool:
    """Return whether a subscription is in force for what concerns an instance."""
    properties = subscription.properties
    concerned = [instance, *parameter_groups(instance)]
    return (
        properties.text("sourceType") in (source, None)  # none means all
        and properties.flag_or("enabled", True)
        and bool(subscription.refers("snsTopic", TOPIC))
        and (not properties.given("sourceIds") or any(node in concerned for node in subscription.refers("sourceIds")))
    )


_REMEDIATION = "Subscribe a topic of the stack to these categories, for all sources of the kind."

EVENT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-events",
        title="Somebody is told of failovers, failures, maintenance and low storage",
        clauses=("dr-failover-rds-auto",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_told_of("db-instance", "failover", "failure", "low storage", "maintenance"),
        controls=("RDS.20", "rds_instance_critical_event_subscription"),
        remediation=_REMEDIATION,
    ),
    StackGuardrail(
        id="database-parameter-events",
        title="Somebody is told of changes to parameter groups",
        clauses=("dr-failover-rds-auto",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_told_of("db-parameter-group", "configuration change"),
        controls=("RDS.21",),
        remediation=_REMEDIATION,
    ),
    StackGuardrail(
        id="database-security-group-events",
        title="Somebody is told of changes to security groups of databases",
        clauses=("dr-failover-rds-auto",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_told_of("db-security-group", "configuration change", "failure"),
        controls=("RDS.22",),
        remediation=_REMEDIATION,
    ),
)
