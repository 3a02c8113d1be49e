import pytest

from preview.drill.recorded import Recorded
from preview.drill.zone_loss import zone_loss
from preview.topology import Topology
from tests.policies.breaking import Change, drop, edit, point
from tests.support.recording import recorded

CHANGES: dict[str, tuple[str, Change]] = {
    "way out by the lost zone": ("way-out", point("network-private-b-internet", "natGatewayId", "network-nat-a")),
    "load balancer in two zones": (
        "load-balancer",
        point("api-load-balancer-alb", "subnets", "network-public-a", "network-public-b"),
    ),
    "no load balancer": ("load-balancer", drop("api-load-balancer-alb")),
    "service in two zones": (
        "services",
        point("compute-auth-service", "networkConfiguration", "network-private-a", "network-private-b"),
    ),
    "service with a task in each zone": ("services", edit("compute-auth-scaling-target", minCapacity=3)),
    "database without a standby": ("database", edit("database-primary", multiAz=False)),
    "database in the lost zone": ("database", point("database-primary-subnets", "subnetIds", "network-data-a")),
    "cache that doesn't fail over": ("cache", edit("cache-group", automaticFailoverEnabled=False)),
    "cache in one zone": ("cache", edit("cache-group", multiAzEnabled=False)),
    "shards without replicas": ("cache", edit("cache-group", replicasPerNodeGroup=0)),
    "search in one zone": (
        "search",
        edit("search-domain-nodes", clusterConfig={"zoneAwarenessEnabled": False, "instanceCount": 3}),
    ),
    "search in two zones": (
        "search",
        point("search-domain-nodes", "vpcOptions", "network-data-a", "network-data-b"),
    ),
    "endpoint in the lost zone": ("placed", point("network-endpoints-kms", "subnetIds", "network-private-a")),
    "endpoint in nobody knows which zones": ("placed", point("network-endpoints-kms", "subnetIds")),
    "gateway in nobody knows which zone": ("way-out", point("network-nat-b", "subnetId")),
    "proxy in the lost zone": ("placed", point("database-proxy-pool", "vpcSubnetIds", "network-private-a")),
}


def _missing(topology: Topology, zone: str) -> dict[str, tuple[str, ...]]:
    findings = zone_loss(Recorded(topology), zone)
    return {one.id: one.missing for one in findings.prerequisites if not one.holds}


@pytest.mark.parametrize("stack", ["prod"])
@pytest.mark.parametrize("zone", ["a", "b", "c"])
def test_prod_loses_any_zone(stack: str, zone: str) -> None:
    assert _missing(recorded(stack), zone) == {}


@pytest.mark.parametrize(("id_", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_what_is_missing_is_named(id_: str, change: Change) -> None:
    assert id_ in _missing(change(recorded("prod")), "a")


def test_every_prerequisite_is_missed_by_a_case() -> None:
    every = {one.id for one in zone_loss(Recorded(recorded("prod")), "a").prerequisites}
    assert {id_ for id_, _ in CHANGES.values()} == every


def test_dev_depends_on_the_zone_of_its_only_gateway() -> None:
    assert _missing(recorded("dev"), "a")["way-out"] == ("network-private-b goes out by network-nat-a, which is lost",)
    assert "way-out" not in _missing(recorded("dev"), "b")


def test_the_replica_for_analytics_is_lost_with_its_zone() -> None:
    facts = dict(zone_loss(Recorded(recorded("prod")), "c").facts)
    assert "database-analytics" in [fact.about for fact in facts["Gone"]]
    assert [fact.what for fact in facts["Left"]] == ["a, b"]
