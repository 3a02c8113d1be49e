from collections.abc import Callable
from typing import Any

import pytest

from guardrails import placement
from guardrails.graph import Node
from guardrails.placement import LeadsTo, UnplacedError
from tests.policies.breaking import DATA, PRIVATE, PUBLIC, VPC
from tests.policies.graphs import graph, graph_of, named
from tests.support.recording import recorded

_SUBNET, _TABLE, _ROUTE = placement.SUBNET, placement.ROUTE_TABLE, placement.ROUTE
_TARGETS = {
    "igw": placement.INTERNET_GATEWAY,
    "nat": placement.NAT_GATEWAY,
    "tgw": "aws:ec2transitgateway/transitGateway:TransitGateway",
}


def _subnet(*routes: dict[str, Any], zone: dict[str, Any] | None = None) -> Node:
    """Return a subnet with routes; a value in a list refers to one of the targets."""
    declared = [
        (
            _ROUTE,
            f"route-{number}",
            {key: value for key, value in route.items() if not isinstance(value, list)},
            {"routeTableId": ["table"], **{key: value for key, value in route.items() if isinstance(value, list)}},
        )
        for number, route in enumerate(routes)
    ]
    stack = graph(
        (_SUBNET, "subnet", zone or {}, {}),
        (_TABLE, "table", {}, {}),
        (placement.ROUTE_TABLE_ASSOCIATION, "routes", {}, {"subnetId": ["subnet"], "routeTableId": ["table"]}),
        *((type_, name, {}, {}) for name, type_ in _TARGETS.items()),
        *declared,
    )
    return stack.of_type(_SUBNET)[0]


@pytest.mark.parametrize(
    ("routes", "place"),
    [
        ([], LeadsTo.VPC),
        ([{"gatewayId": "local"}], LeadsTo.VPC),
        ([{"natGatewayId": ["nat"]}], LeadsTo.NAT),
        ([{"gatewayId": ["igw"]}], LeadsTo.INTERNET),
        ([{"natGatewayId": ["nat"]}, {"gatewayId": ["igw"]}], LeadsTo.INTERNET),
        ([{"gatewayId": "local"}, {"natGatewayId": ["nat"]}], LeadsTo.NAT),
        ([{"natGatewayId": ["nat"], "gatewayId": ["igw"]}], LeadsTo.INTERNET),
    ],
)
def test_farthest_place_counts(routes: list[dict[str, Any]], place: LeadsTo) -> None:
    assert placement.leads_to(_subnet(*routes)) is place


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({}, "something undecided"),
        ({"gatewayId": "igw-1"}, "igw-1"),
        ({"transitGatewayId": ["tgw"]}, "tgw"),
        ({"natGatewayId": ["nat", "tgw"]}, "nat, tgw"),
        ({"natGatewayId": ["nat"], "transitGatewayId": "tgw-1"}, "nat, tgw-1"),
        ({"gatewayId": 1}, "gatewayId is 1"),
    ],
)
def test_route_that_is_lost_says_where(route: dict[str, Any], said: str) -> None:
    subnet = _subnet(route)
    with pytest.raises(UnplacedError, match=f"route route-0.*{said}"):
        placement.leads_to(subnet)
    assert not placement.is_placed(subnet)


@pytest.mark.parametrize(
    ("destination", "expected"),
    [({"destinationCidrBlock": "0.0.0.0/0"}, ["nat"]), ({"destinationCidrBlock": "10.0.0.0/8"}, []), ({}, [])],
)
def test_default_gateways(destination: dict[str, str], expected: list[str]) -> None:
    subnet = _subnet({**destination, "natGatewayId": ["nat"]})
    assert named(placement.default_gateways(subnet, placement.NAT_GATEWAY)) == expected
    assert not placement.default_gateways(subnet, placement.INTERNET_GATEWAY)


@pytest.mark.parametrize("zone", [{"availabilityZone": "z"}, {"availabilityZone": "", "availabilityZoneId": "z"}])
def test_zone_is_a_name_or_an_id(zone: dict[str, Any]) -> None:
    assert placement.zone(_subnet(zone=zone)) == "z"


def test_zone_must_be_named() -> None:
    with pytest.raises(UnplacedError, match="subnet names no Availability Zone"):
        placement.zone(_subnet())


@pytest.mark.parametrize(
    ("names", "place", "check"),
    [
        (PUBLIC, LeadsTo.INTERNET, placement.is_public_tier),
        (PRIVATE, LeadsTo.NAT, lambda tier: all(placement.has_gateway_endpoint(subnet) for subnet in tier)),
        (DATA, LeadsTo.VPC, lambda tier: not placement.is_public_tier(tier)),
    ],
)
def test_tiers_of_the_program(names: list[str], place: LeadsTo, check: Callable[[list[Node]], bool]) -> None:
    prod = graph_of(recorded("prod"))
    [vpc] = prod.of_type(placement.VPC)
    assert vpc.name == VPC
    [tier] = [tier for tier in placement.tiers_of(vpc, prod) if set(named(tier)) == set(names)]
    assert {placement.leads_to(subnet) for subnet in tier} == {place}
    assert set(named(placement.tier_of(tier[0]))) == set(names)
    assert check(tier)
