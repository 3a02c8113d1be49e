from tests.policies.breaking import DATA, PRIVATE, Case, Change, at, cases, edit, point
from tests.policies.cache_layer.stack import CACHE, SUBNETS, recorded, violations
from tests.policies.database_layer.stack import values
from tests.support.editing import UNKNOWN

_IN_DATA = "cache-in-data-subnets"

ACCEPTED: dict[str, Change] = {
    "Valkey": edit(CACHE, engine="valkey"),
    "Redis by default": edit(CACHE, engine=None),
    "order of subnets": point(SUBNETS, "subnetIds", *reversed(DATA)),
}

REJECTED: dict[str, Case] = {
    **values("cache-engine", CACHE, "engine", "memcached", UNKNOWN, 7),
    **values("cache-replicated", CACHE, "replicasPerNodeGroup", None, 0),
    **{
        f"replicas {value!r}": Case(
            edit(CACHE, replicasPerNodeGroup=value), at("cache-replicated", CACHE) | at("cache-watched", CACHE)
        )
        for value in ("1", UNKNOWN)
    },
    **values("cache-spans-zones", CACHE, "multiAzEnabled", None, False, UNKNOWN, "true"),
    **values("cache-takes-over", CACHE, "automaticFailoverEnabled", None, False, UNKNOWN, "true"),
    "private subnets": Case(point(SUBNETS, "subnetIds", *PRIVATE), at(_IN_DATA, SUBNETS)),
    "two zones": Case(point(SUBNETS, "subnetIds", *DATA[:2]), at(_IN_DATA, SUBNETS)),
    "one subnet of another tier": Case(point(SUBNETS, "subnetIds", *DATA, PRIVATE[0]), at(_IN_DATA, SUBNETS)),
    "no subnets": Case(edit(SUBNETS, subnetIds=None), at(_IN_DATA, SUBNETS)),
    "subnets by id": Case(edit(SUBNETS, subnetIds=["subnet-1", "subnet-2", "subnet-3"]), at(_IN_DATA, SUBNETS)),
    "unknown subnets": Case(edit(SUBNETS, subnetIds=UNKNOWN), at(_IN_DATA, SUBNETS)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_dev_has_one_node_in_two_zones() -> None:
    config = {
        "cache-replicated": {"minimumReplicas": 0},
        "cache-spans-zones": {"requireZones": False},
        _IN_DATA: {"minimumZones": 2},
    }
    alone = edit(CACHE, replicasPerNodeGroup=0, multiAzEnabled=False)(recorded("prod"))
    assert violations(point(SUBNETS, "subnetIds", *DATA[:2])(alone), config) == set()
