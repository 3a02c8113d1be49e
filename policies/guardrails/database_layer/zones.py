"""Clauses db-primary-az-a, db-standby-az-b and db-replica-az-c: which instance is in which zone."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, is_replica, takes_over, zones_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import region_of
from guardrails.reading import UndecidedError


def _pair(instance: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not takes_over(instance) or not relaxations.flag("pinZones") or not _has_standby(instance):
        return
    zones = sorted(zones_of(instance))
    if len(zones) != 2:
        yield f"its subnet group is in {len(zones)} zones of this stack ({', '.join(zones)}), not 2"


def _has_standby(instance: Node) -> bool:
    try:
        return instance.properties.flag("multiAz")
    except UndecidedError:
        return False  # database-standby speaks of what is given


def _replica_apart(primary: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    wanted = relaxations.text("replica")
    if is_replica(primary.properties) or wanted == "none":
        return
    replicas = [
        replica
        for replica in primary.referrers("replicateSourceDb", INSTANCE)
        if region_of(replica) == region_of(primary)
    ]
    if not replicas:
        yield "it has no replica in its region"
        return
    taken = zones_of(primary)
    if wanted == "apart" and not any(_is_apart(replica, taken) for replica in replicas):
        names = ", ".join(replica.name for replica in replicas)
        yield f"no replica is certain to be outside its zones ({', '.join(sorted(taken))}): {names}"


def _is_apart(replica: Node, taken: set[str]) -> bool:
    given = known_text(replica, "availabilityZone")
    zones = {given} if given else zones_of(replica)
    return bool(zones) and zones.isdisjoint(taken)


ZONE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-zone-pair",
        title="Primary and standby keep to two zones",
        clauses=("db-primary-az-a", "db-standby-az-b"),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_pair,
        options={
            "pinZones": Option({"type": "boolean"}, True, "Whether primary and standby must keep to two zones."),
        },
        remediation="Leave database.pinZones out, or set it to true.",
    ),
    StackGuardrail(
        id="database-replica-apart",
        title="A replica is in a zone of its own",
        clauses=("db-replica-az-c", "db-replica-analytics"),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_replica_apart,
        options={
            "replica": Option(
                {"type": "string", "enum": ["apart", "anywhere", "none"]},
                "apart",
                "Whether a replica may be in a zone of the primary or its standby, or there need be none.",
            )
        },
        remediation="Leave database.analyticsReplica and database.pinZones out, or set them to true.",
    ),
)
