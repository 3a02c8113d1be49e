from typing import Any

import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, edit
from tests.policies.cache_layer.stack import CACHE, KEY, PARAMETERS, recorded, violations
from tests.policies.database_layer.stack import copy, inputs_of, not_of_stack
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded as whole

_HOLDS, _SHARDED, _TYPE = "cache-holds-64-gb", "cache-sharded", "cache-node-type"
_EVICTS, _CLUSTERED, _IN_GROUP = "cache-evicts-by-lru", "cache-clustered", "cache-parameter-groups"
_GIVEN: list[dict[str, Any]] = inputs_of(whole("prod"), PARAMETERS)["parameters"]


def _parameter(name: str, value: object) -> Change:
    """Give a parameter another value; ``None`` takes it out."""
    others = [item for item in _GIVEN if item["name"] != name]
    return edit(PARAMETERS, parameters=others if value is None else [*others, {"name": name, "value": value}])


def _nodes(node_type: str, shards: int) -> Change:
    return edit(CACHE, nodeType=node_type, numNodeGroups=shards)


ACCEPTED: dict[str, Change] = {
    "larger nodes": edit(CACHE, nodeType="cache.r7g.16xlarge"),
    "no more reserved than AWS would": _parameter("reserved-memory-percent", None),
    "more reserved, and still enough": _parameter("reserved-memory-percent", "40"),
    "name in capitals": edit(
        PARAMETERS, parameters=[{"name": item["name"].upper(), "value": item["value"]} for item in _GIVEN]
    ),
    "more parameters": edit(PARAMETERS, parameters=[*_GIVEN, {"name": "timeout", "value": "300"}]),
}

REJECTED: dict[str, Case] = {
    "one shard too few": Case(edit(CACHE, numNodeGroups=3), at(_SHARDED, CACHE) | at(_HOLDS, CACHE)),
    "few large shards": Case(_nodes("cache.r6g.2xlarge", 3), at(_SHARDED, CACHE)),
    "no shards": Case(edit(CACHE, numNodeGroups=None), at(_SHARDED, CACHE) | at(_HOLDS, CACHE)),
    "unknown shards": Case(
        edit(CACHE, numNodeGroups=UNKNOWN), {(name, CACHE) for name in (_SHARDED, _HOLDS, "cache-watched")}
    ),
    "shards by hand": Case(edit(CACHE, nodeGroupConfigurations=[{"slots": "0-1000"}]), at(_SHARDED, CACHE)),
    "small nodes": Case(edit(CACHE, nodeType="cache.r6g.large"), at(_TYPE, CACHE) | at(_HOLDS, CACHE)),
    "nodes of another kind, and enough of them": Case(edit(CACHE, nodeType="cache.m6g.12xlarge"), at(_TYPE, CACHE)),
    **{
        f"node type {value!r}": Case(edit(CACHE, nodeType=value), at(_TYPE, CACHE) | at(_HOLDS, CACHE))
        for value in (None, "", "cache.x9.xlarge", "cache.r6g.3xlarge", "r6g.xlarge", UNKNOWN, 7)
    },
    "too much reserved": Case(_parameter("reserved-memory-percent", "50"), at(_HOLDS, CACHE)),
    **{
        f"reserved {value!r}": Case(_parameter("reserved-memory-percent", value), at(_HOLDS, CACHE))
        for value in ("all", "100", "-5", UNKNOWN)
    },
    **not_of_stack(_IN_GROUP, CACHE, "parameterGroupName", KEY),
    **{
        f"policy {value!r}": Case(_parameter("maxmemory-policy", value), at(_EVICTS, PARAMETERS))
        for value in (None, "", "noeviction", "allkeys-lru", "volatile-lfu", "volatile-ttl", "volatile-random", UNKNOWN)
    },
    **{
        f"clustered {value!r}": Case(_parameter("cluster-enabled", value), at(_CLUSTERED, PARAMETERS))
        for value in (None, "no", UNKNOWN)
    },
    "policy given twice": Case(
        edit(PARAMETERS, parameters=[*_GIVEN, {"name": "Maxmemory-Policy", "value": "volatile-lru"}]),
        at(_EVICTS, PARAMETERS),
    ),
    "no parameters": Case(edit(PARAMETERS, parameters=None), at(_EVICTS, PARAMETERS) | at(_CLUSTERED, PARAMETERS)),
    "second group that evicts anything": Case(
        chain(
            _parameter("maxmemory-policy", "allkeys-lru"), copy(PARAMETERS, "more"), edit(PARAMETERS, parameters=_GIVEN)
        ),
        at(_EVICTS, "more"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize(
    ("config", "change"),
    [
        ({_TYPE: {"nodeType": "any"}}, edit(CACHE, nodeType="cache.m6g.12xlarge")),
        ({_SHARDED: {"minimumShards": 3}, _HOLDS: {"minimumGb": 63}}, edit(CACHE, numNodeGroups=3)),
    ],
)
def test_size_is_an_option(config: dict[str, Any], change: Change) -> None:
    assert violations(change(recorded("prod")), config) == set()
