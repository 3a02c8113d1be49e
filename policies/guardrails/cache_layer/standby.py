"""Clause cache-multi-az-failover: nodes in other zones take over by themselves, out of reach of the internet."""

from collections.abc import Iterable

from guardrails.cache_layer.resources import REPLICATION_GROUP, SUBNET_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import SUBNET, VPC, LeadsTo, is_placed, leads_to, subnets_of, zone
from guardrails.reading import Properties

_ENGINES = ("redis", "valkey")
_ZONES = 3


def _engine(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    engine = (properties.text("engine") or "redis").lower()  # AWS's default
    if engine not in _ENGINES:
        yield f"engine is {engine}, not {' or '.join(_ENGINES)}"


def _replicated(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    least = relaxations.number("minimumReplicas")
    if (replicas := properties.number("replicasPerNodeGroup") or 0) < least:
        yield f"replicasPerNodeGroup is {replicas:g}, not {least:g} or more"


def _over_zones(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.flag("requireZones") and not properties.flag("multiAzEnabled"):
        yield "multiAzEnabled is not true, so that a replica may be in the zone of what it stands by for"


def _takes_over(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("automaticFailoverEnabled"):
        yield "automaticFailoverEnabled is not true"


def _in_data_subnets(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    subnets = [subnet for subnet in group.refers("subnetIds", SUBNET) if is_placed(subnet)]
    for subnet in subnets:
        # workloads-in-private-subnets speaks of the internet, and data-tier-isolated of VPCs without such a tier.
        if leads_to(subnet) is LeadsTo.NAT and _has_isolated(subnet):
            yield f"subnet {subnet.name} leads to a NAT gateway, while nodes have nobody to call"
    zones, least = {zone(subnet) for subnet in subnets}, relaxations.number("minimumZones")
    if len(zones) < least:
        yield f"its subnets are in {len(zones)} zones of this stack, not {least:g}"


def _has_isolated(subnet: Node) -> bool:
    """Return whether the VPC of a subnet has others that lead nowhere."""
    others = [other for vpc in subnet.refers("vpcId", VPC) for other in subnets_of(vpc)]
    return any(is_placed(other) and leads_to(other) is LeadsTo.VPC for other in others)


STANDBY_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="cache-engine",
        title="The cache is Redis, or Valkey in its place",
        clauses=("cache-multi-az-failover",),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_engine,
        remediation="Leave cache.engine out, or set it to redis or valkey.",
    ),
    ResourceGuardrail(
        id="cache-replicated",
        title="Every shard has a replica",
        clauses=("cache-multi-az-failover",),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_replicated,
        options={
            "minimumReplicas": Option({"type": "integer", "minimum": 0}, 1, "Replicas that each shard must have.")
        },
        remediation="Leave cache.replicasPerShard out, or set it to 1 or more.",
    ),
    ResourceGuardrail(
        id="cache-spans-zones",
        title="Replicas are in other zones than what they stand by for",
        clauses=("cache-multi-az-failover",),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_over_zones,
        controls=("AwsSolutions-AEC4", "elasticache_redis_cluster_multi_az_enabled"),
        options={"requireZones": Option({"type": "boolean"}, True, "Whether nodes must be in several zones.")},
        remediation="Set multiAzEnabled to true.",
    ),
    ResourceGuardrail(
        id="cache-takes-over",
        title="A replica takes over by itself",
        clauses=("cache-multi-az-failover",),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_takes_over,
        controls=("ElastiCache.3", "CKV2_AWS_50", "elasticache_redis_cluster_automatic_failover_enabled"),
        remediation="Set automaticFailoverEnabled to true.",
    ),
    StackGuardrail(
        id="cache-in-data-subnets",
        title="Nodes of the cache are in data subnets, in three zones",
        clauses=("net-private-subnets", "cache-multi-az-failover"),
        severity="high",
        types=frozenset({SUBNET_GROUP}),
        check=_in_data_subnets,
        options={
            "minimumZones": Option(
                {"type": "integer", "minimum": 2, "maximum": 3}, _ZONES, "Zones that nodes may be in at least."
            )
        },
        remediation="Pass the data subnets of the NetworkLayer, and all of them.",
    ),
)
