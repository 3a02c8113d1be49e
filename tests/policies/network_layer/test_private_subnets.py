import pytest

from components.network_layer.settings import ADR_INTERFACE_ENDPOINTS
from tests.policies.breaking import (
    DATA,
    ELSEWHERE,
    PRIVATE,
    VPC,
    ZONES,
    Case,
    Change,
    add,
    at,
    cases,
    chain,
    drop,
    edit,
    other_stack,
    point,
)
from tests.policies.network_layer.judged import recorded, violations
from tests.support.editing import UNKNOWN

_ROUTE = "aws:ec2/route:Route"
_A, _TO_NAT = "network-private-a", "network-private-a-internet"
_ASSOCIATION = "network-private-a-routes"
_ENDPOINTS = [f"network-endpoints-{service}" for service in ADR_INTERFACE_ENDPOINTS]


def _route(table: str, destination: dict[str, str], **targets: object) -> Change:
    """Add a route; a target is a literal, or the name of what it refers to in a list."""
    refers = {key: target for key, target in targets.items() if isinstance(target, list)}
    inputs = {key: UNKNOWN if isinstance(target, list) else target for key, target in targets.items()}
    return add(_ROUTE, "stray", {"routeTableId": UNKNOWN, **destination, **inputs}, routeTableId=[table], **refers)


_ALL = {"destinationCidrBlock": "0.0.0.0/0"}
_IGW = ["network-internet-gateway"]


ACCEPTED: dict[str, Change] = {
    "nothing changed": chain(),
    "route to the VPC itself": _route(
        "network-data-route-table", {"destinationCidrBlock": "10.0.0.0/16"}, gatewayId="local"
    ),
    "target spelt out as empty": edit(_TO_NAT, gatewayId="", networkInterfaceId="", transitGatewayId=""),
    "inline routes spelt out as empty": edit("network-data-route-table", routes=[], propagatingVgws=[]),
    "zone by id": chain(
        *(
            edit(f"network-{tier}-a", availabilityZone=None, availabilityZoneId="use1-az1")
            for tier in ("public", "private", "data")
        )
    ),
    "public addresses spelt out": edit(_A, assignIpv6AddressOnCreation=False, ipv6Native=False),
    "public addresses left out": edit(_A, mapPublicIpOnLaunch=None),
}

_ONE_TARGET = "routes-have-one-target"
_FOLLOWED = at("subnet-routes-followed", _A)
_FREE_ROUTE_TARGETS = {
    "literal internet gateway": {"gatewayId": "igw-1"},
    "literal NAT gateway": {"natGatewayId": "nat-1"},
    "transit gateway": {"transitGatewayId": "tgw-1"},
    "peering": {"vpcPeeringConnectionId": "pcx-1"},
    "network interface": {"networkInterfaceId": "eni-1"},
    "virtual private gateway": {"gatewayId": "vgw-1"},
    "egress-only gateway": {"egressOnlyGatewayId": "eigw-1"},
    "firewall": {"vpcEndpointId": "vpce-1"},
    "carrier gateway": {"carrierGatewayId": "cagw-1"},
    "core network": {"coreNetworkArn": "arn:x"},
    "local gateway": {"localGatewayId": "lgw-1"},
    "nothing": {},
    "something of another stack": {"gatewayId": [ELSEWHERE]},
    "NAT gateway of another stack": {"natGatewayId": [ELSEWHERE]},
    "local and elsewhere": {"gatewayId": "local", "transitGatewayId": "tgw-1"},
    "malformed": {"gatewayId": 7},
}
_TO_INTERNET = {
    "all of it": _ALL,
    "a single block": {"destinationCidrBlock": "52.0.0.0/8"},
    "a single address": {"destinationCidrBlock": "1.1.1.1/32"},
    "IPv6": {"destinationIpv6CidrBlock": "::/0"},
    "a prefix list": {"destinationPrefixListId": "pl-1"},
    "unknown destination": {"destinationCidrBlock": UNKNOWN},
}

REJECTED: dict[str, Case] = {
    # where a subnet's routes lead
    "no route table": Case(drop(_ASSOCIATION), _FOLLOWED),
    "literal route table": Case(edit(_ASSOCIATION, routeTableId="rtb-1"), _FOLLOWED),
    "main route table": Case(point(_ASSOCIATION, "routeTableId", VPC), _FOLLOWED),
    "second association, with a literal route table": Case(
        add("aws:ec2/routeTableAssociation:RouteTableAssociation", "more", {"routeTableId": "rtb-1"}, subnetId=[_A]),
        _FOLLOWED,
    ),
    "no zone": Case(
        edit("network-data-a", availabilityZone=None),
        at("subnet-routes-followed", "network-data-a")
        | at("subnets-span-zones", VPC)
        | at("interface-endpoints-usable", *_ENDPOINTS),
    ),
    "unknown zone": Case(
        edit("network-data-a", availabilityZone=UNKNOWN),
        at("subnet-routes-followed", "network-data-a")
        | at("subnets-span-zones", VPC)
        | at("interface-endpoints-usable", *_ENDPOINTS),
    ),
    "subnet of another VPC": Case(
        chain(
            add(
                "aws:ec2/subnet:Subnet",
                "stranger",
                {"vpcId": "vpc-1", "availabilityZone": "us-east-1a"},
            ),
            add(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                "strange",
                {},
                subnetId=["stranger"],
                routeTableId=["network-data-route-table"],
            ),
        ),
        at("subnet-routes-followed", "stranger") | at("network-acl-per-tier", "stranger"),
    ),
    **{
        f"route to {what}": Case(
            chain(other_stack, _route("network-private-a-route-table", _ALL, **targets)),
            _FOLLOWED if len(targets) == 1 else _FOLLOWED | at(_ONE_TARGET, "stray"),
        )
        for what, targets in _FREE_ROUTE_TARGETS.items()
    },
    "second target beside the NAT gateway": Case(
        edit(_TO_NAT, transitGatewayId="tgw-1"), _FOLLOWED | at(_ONE_TARGET, _TO_NAT)
    ),
    # routes that no resource declares
    **{
        f"inline {key}": Case(
            edit("network-data-route-table", **{key: value}),
            at("routes-declared-separately", "network-data-route-table"),
        )
        for key, value in {
            "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}],
            "propagatingVgws": ["vgw-1"],
        }.items()
    },
    "inline routes unknown": Case(
        edit("network-data-route-table", routes=UNKNOWN), at("routes-declared-separately", "network-data-route-table")
    ),
    **{
        f"propagation by {type_}": Case(
            add(type_, "propagation", {"routeTableId": UNKNOWN}, routeTableId=["network-data-route-table"]),
            at("routes-declared-separately", "propagation"),
        )
        for type_ in (
            "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
            "aws:vpc/routeServerPropagation:RouteServerPropagation",
        )
    },
    # the internet gateway
    **{
        f"private subnet led to the internet: {what}": Case(
            _route("network-private-a-route-table", destination, gatewayId=_IGW),
            at("internet-routes-for-public-tier-only", _A),
        )
        for what, destination in _TO_INTERNET.items()
    },
    "data subnets led to the internet": Case(
        _route("network-data-route-table", _ALL, gatewayId=_IGW),
        at("internet-routes-for-public-tier-only", *DATA)
        | at("data-tier-isolated", VPC)
        | at("network-acls-let-answers-pass", "network-data-nacl")
        | at("network-acls-let-https-pass", "network-data-nacl"),
    ),
    "private subnet with the public route table": Case(
        point(_ASSOCIATION, "routeTableId", "network-public-route-table"),
        at("internet-routes-for-public-tier-only", _A) | at("s3-gateway-endpoint", VPC),
    ),
    "private subnets, all with the public route table": Case(
        chain(*(point(f"{name}-routes", "routeTableId", "network-public-route-table") for name in PRIVATE)),
        at("internet-routes-for-public-tier-only", *PRIVATE)
        | at("public-subnets-reserved", *_ENDPOINTS)
        | at("nat-gateway-per-zone", VPC)
        | at("network-acls-let-https-pass", "network-private-nacl")
        | at("network-acls-let-answers-pass", "network-private-nacl"),
    ),
    "public subnet with a private route table": Case(
        point("network-public-a-routes", "routeTableId", "network-private-a-route-table"),
        at("internet-routes-for-public-tier-only", "network-public-a") | at("nat-gateways-public", "network-nat-a"),
    ),
    # the data tier
    "data subnets led to a NAT gateway": Case(
        _route("network-data-route-table", _ALL, natGatewayId=["network-nat-a"]),
        at("data-tier-isolated", VPC)
        | at("nat-gateway-per-zone", VPC)
        | at("s3-gateway-endpoint", VPC)
        | at("network-acls-let-answers-pass", "network-data-nacl")
        | at("network-acls-let-https-pass", "network-data-nacl"),
    ),
    # zones
    "two subnets of a tier in one zone": Case(
        edit("network-data-c", availabilityZone="us-east-1b"), at("subnets-span-zones", VPC)
    ),
    "a zone less in one tier": Case(drop("network-data-c", "network-data-c-routes"), at("subnets-span-zones", VPC)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize(("minimum", "kept"), [(2, True), (3, False)])
def test_minimum_of_zones_is_an_option(minimum: int, kept: bool) -> None:
    two = chain(*(drop(f"network-data-{letter}", f"network-data-{letter}-routes") for letter in ZONES[2:]))
    found = violations(two(recorded("prod")), {"subnets-span-zones": {"minimumZones": minimum}})
    assert (not found) is kept
