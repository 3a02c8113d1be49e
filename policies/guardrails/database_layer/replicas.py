"""Clause db-replica-analytics: a replica has parameters of its own, and keeps up with what it copies."""

from collections.abc import Iterable

from guardrails.database_layer.parameters import number_of, parameter_groups
from guardrails.database_layer.resources import INSTANCE, is_replica, source_elsewhere
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import own_accounts

_CONNECTIONS = "max_connections"


def _sources(instance: Node) -> list[Node]:
    return instance.refers("replicateSourceDb", INSTANCE)


def _known_source(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_replica(instance.properties) or _sources(instance):
        return
    if source_elsewhere(instance) is None:
        yield "replicateSourceDb refers to no instance of this stack, and names none of another region by its ARN"
    elif (known_text(instance, "replicateSourceDb") or "").split(":")[4] not in own_accounts(instance):
        yield "replicateSourceDb is of another account"


def _own_parameters(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for source in _sources(instance):
        for group in parameter_groups(instance):
            if group in parameter_groups(source):
                yield f"it shares {group.name} with {source.name}, so that its statements end after five minutes"


def _enough_connections(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for source in _sources(instance):
        for theirs in parameter_groups(source):
            for own in parameter_groups(instance):
                if (found := number_of(own, _CONNECTIONS)) < (least := number_of(theirs, _CONNECTIONS)):
                    yield f"{_CONNECTIONS} is {found} in {own.name}, less than the {least} of {source.name}"


REPLICA_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-replica-source",
        title="Replicas copy a database of the stack, or by its ARN one of the account in another region",
        clauses=("db-replica-analytics", "db-replica-cross-region"),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_known_source,
        remediation="Pass the ARN of an instance of the stack, or of the primary in its region, as replicateSourceDb.",
    ),
    StackGuardrail(
        id="database-replica-parameters",
        title="A replica has a parameter group of its own",
        clauses=("db-replica-analytics", "db-statement-timeout"),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_own_parameters,
        remediation="Give the replica a parameter group of its own, with time for long queries.",
    ),
    StackGuardrail(
        id="database-replica-connections",
        title="A replica takes as many connections as what it copies",
        clauses=("db-replica-analytics",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_enough_connections,
        remediation="Give max_connections in both parameter groups; a replica with fewer stops replaying.",
    ),
)
