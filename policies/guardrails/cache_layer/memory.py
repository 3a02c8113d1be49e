"""Clauses cache-node-type, cache-64gb and cache-lru: how much the cache holds, and what it drops when it is full."""

import re
from collections.abc import Iterable, Mapping

from guardrails.cache_layer.resources import PARAMETER_GROUP, REPLICATION_GROUP, parameter
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties, UnreadableError

# GiB that AWS gives the engine on each node.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
_GENERAL = {"large": 6.38, "xlarge": 12.93, "2xlarge": 26.04, "4xlarge": 52.26, "12xlarge": 157.12}
_MEMORY = {"large": 13.07, "xlarge": 26.32, "2xlarge": 52.82, "4xlarge": 105.81, "12xlarge": 317.77}
_GRAVITON = {"8xlarge": 209.55, "16xlarge": 419.09}
_SMALL = {"micro": 0.5, "small": 1.37, "medium": 3.09}
_SIZES: Mapping[str, Mapping[str, float]] = {
    "m5": {**_GENERAL, "24xlarge": 314.32},
    "m6g": {**_GENERAL, "8xlarge": 103.68, "16xlarge": 209.55},
    "m7g": {**_GENERAL, "8xlarge": 103.68, "16xlarge": 209.55},
    "r5": {**_MEMORY, "24xlarge": 635.61},
    "r6g": {**_MEMORY, **_GRAVITON},
    "r7g": {**_MEMORY, **_GRAVITON},
    "t3": _SMALL,
    "t4g": _SMALL,
}
_NODE_TYPE = re.compile(r"cache\.([a-z0-9]+)\.([a-z0-9]+)")
_EQUIVALENT = re.compile(r"cache\.(r6g|r7g)\.(2|4|8|12|16)?xlarge")
_GIB, _GB = 1024**3, 10**9
_WANTED_GB = 64
_SHARDS = 4
_RESERVED = "25"  # percent, where no parameter says otherwise


def _node_type(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    found = properties.text("nodeType") or "not given"
    if relaxations.text("nodeType") == "equivalent" and not _EQUIVALENT.fullmatch(found):
        yield f"nodeType is {found}, not cache.r6g.xlarge or one of r6g or r7g as large"


def _sharded(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    least = relaxations.number("minimumShards")
    if properties.given("nodeGroupConfigurations"):
        yield "nodeGroupConfigurations are given, which place shards by hand"
    if (shards := properties.number("numNodeGroups") or 0) < least:
        yield f"numNodeGroups is {shards:g}, not {least:g} or more"


def _holds(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    wanted = relaxations.number("minimumGb")
    shards = group.properties.number("numNodeGroups") or 1
    size = _size(group.properties.text("nodeType"))
    usable = shards * size * _GIB * (100 - _reserved(group)) / 100
    if usable < wanted * _GB:
        yield (
            f"{shards:g} shards of {size:g} GiB hold {usable / _GB:.1f} GB beside {_reserved(group):g} % "
            f"that are reserved, not {wanted:g} GB"
        )


def _size(node_type: str | None) -> float:
    found = _NODE_TYPE.fullmatch(node_type or "")
    size = _SIZES.get(found[1], {}).get(found[2]) if found else None
    if size is None:
        raise UnreadableError(f"nodeType is {node_type or 'not given'}, whose memory nobody has looked up")
    return size


def _reserved(group: Node) -> float:
    percents = [
        parameter(found.properties, "reserved-memory-percent") or _RESERVED
        for found in group.refers("parameterGroupName", PARAMETER_GROUP)
    ]
    if not all(re.fullmatch(r"\d{1,2}", percent) for percent in percents):
        raise UnreadableError(f"reserved-memory-percent is {', '.join(percents)}, not a percentage")
    return max((float(percent) for percent in percents), default=float(_RESERVED))


def _has_parameters(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if len(found := group.refers("parameterGroupName", PARAMETER_GROUP)) != 1:
        yield f"parameterGroupName refers to {len(found)} parameter groups of this stack, not 1"


def _evicts(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (policy := parameter(properties, "maxmemory-policy")) != "volatile-lru":  # AWS's default, which may change
        yield f"maxmemory-policy is {policy or 'not given'}, not volatile-lru, which spares keys without an end"


def _clustered(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (enabled := parameter(properties, "cluster-enabled")) != "yes":
        yield f"cluster-enabled is {enabled or 'not given'}, not yes, so that there is one shard"


MEMORY_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="cache-node-type",
        title="Nodes of the cache are cache.r6g.xlarge, or as large of r6g or r7g",
        clauses=("cache-node-type",),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_node_type,
        options={
            "nodeType": Option(
                {"type": "string", "enum": ["equivalent", "any"]}, "equivalent", "Which node types will do."
            )
        },
        remediation="Leave cache.nodeType out, or set it to one of r6g or r7g from xlarge on.",
    ),
    ResourceGuardrail(
        id="cache-sharded",
        title="The loss of a shard takes a quarter of the cache at most",
        clauses=("cache-64gb",),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_sharded,
        options={
            "minimumShards": Option({"type": "integer", "minimum": 1}, _SHARDS, "Shards that there must be at least.")
        },
        remediation="Leave cache.shards out, or set it to 4 or more.",
    ),
    StackGuardrail(
        id="cache-holds-64-gb",
        title="The cache holds 64 GB beside what the engine keeps for itself",
        clauses=("cache-64gb",),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_holds,
        options={"minimumGb": Option({"type": "number", "minimum": 0}, _WANTED_GB, "GB that it must hold at least.")},
        remediation="Leave cache.shards and cache.nodeType out: four shards of cache.r6g.xlarge hold 84.8 GB.",
    ),
    StackGuardrail(
        id="cache-parameter-groups",
        title="The cache has a parameter group of the stack",
        clauses=("cache-lru",),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_has_parameters,
        remediation="Declare a parameter group, and pass its name; nothing can be set in the default one.",
    ),
    ResourceGuardrail(
        id="cache-evicts-by-lru",
        title="A full cache drops what was used longest ago, and nothing that has no end",
        clauses=("cache-lru", "cache-leaderboards"),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_evicts,
        remediation="Set maxmemory-policy to volatile-lru.",
    ),
    ResourceGuardrail(
        id="cache-clustered",
        title="Keys are spread over shards",
        clauses=("cache-64gb",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_clustered,
        remediation="Set cluster-enabled to yes.",
    ),
)
