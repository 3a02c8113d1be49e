import pytest

from tests.policies.breaking import (
    DATA,
    ELSEWHERE,
    PRIVATE,
    PUBLIC,
    VPC,
    Case,
    Change,
    add,
    at,
    cases,
    chain,
    drop,
    edit,
    ids,
    other_stack,
    point,
)
from tests.policies.network_layer.judged import recorded, violations
from tests.support.editing import UNKNOWN

_SPELLINGS = ("lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2")
_NATS = [f"network-nat-{letter}" for letter in "abc"]


def _balancer(within: list[str], module: str = "alb", **inputs: object) -> Change:
    given = {"subnets": ids(within), **inputs}
    known = {key: value for key, value in given.items() if value is not None}
    return add(f"aws:{module}/loadBalancer:LoadBalancer", "balancer", known, subnets=within)


def _mapped(subnets: list[str], *more: dict[str, str]) -> Change:
    mappings = [{"subnetId": UNKNOWN} for _ in subnets]
    inputs = {"subnetMappings": [*mappings, *more]}
    return add("aws:lb/loadBalancer:LoadBalancer", "balancer", inputs, subnetMappings=subnets)


ACCEPTED: dict[str, Change] = {
    **{f"{module} in public subnets": _balancer(PUBLIC, module) for module in _SPELLINGS},
    **{f"internal {module} in private subnets": _balancer(PRIVATE, module, internal=True) for module in _SPELLINGS},
    "load balancer, internal spelt out": _balancer(PUBLIC, internal=False),
    "load balancer with subnets not known as a whole": _balancer(PUBLIC, subnets=UNKNOWN),
    "load balancer with mapped subnets": _mapped(PUBLIC[:2]),
    "load balancer in two zones": _balancer(PUBLIC[1:]),
    "internal load balancer in data subnets": _balancer(DATA, internal=True),
    "NAT gateway, its kind left out": edit("network-nat-a", connectivityType=None),
    "flow log of a public subnet": add(
        "aws:ec2/flowLog:FlowLog",
        "more",
        {"trafficType": "ALL", "subnetId": UNKNOWN, "logDestination": UNKNOWN, "iamRoleArn": UNKNOWN},
        subnetId=PUBLIC[:1],
        logDestination=["network-flow-logs-group"],
        iamRoleArn=["network-flow-logs-role"],
    ),
}

_MISPLACED = at("load-balancers-placed", "balancer")

REJECTED: dict[str, Case] = {
    # what may be in public subnets
    **{
        f"{type_} in a public subnet": Case(
            add(type_, "guest", {key: UNKNOWN}, **{key: PUBLIC[:1]}), at("public-subnets-reserved", "guest")
        )
        for type_, key in {
            "aws:autoscaling/group:Group": "vpcZoneIdentifiers",
            "aws:elasticloadbalancing/loadBalancer:LoadBalancer": "subnets",
            "aws:memorydb/subnetGroup:SubnetGroup": "subnetIds",
            "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "subnetIds",
        }.items()
    },
    "interface endpoint with a public subnet": Case(
        point("network-endpoints-sqs", "subnetIds", *PRIVATE[:2], PUBLIC[2]),
        at("public-subnets-reserved", "network-endpoints-sqs"),
    ),
    # NAT gateways
    **{
        f"NAT gateway with {key} {value}": Case(
            edit("network-nat-a", **{key: value}), at("nat-gateways-public", "network-nat-a")
        )
        for key, value in (
            ("connectivityType", "private"),
            ("connectivityType", UNKNOWN),
            ("connectivityType", 7),
            ("allocationId", None),
            ("allocationId", "eipalloc-1"),
        )
    },
    "NAT gateway with an address of another stack": Case(
        chain(other_stack, point("network-nat-a", "allocationId", ELSEWHERE)),
        at("nat-gateways-public", "network-nat-a"),
    ),
    **{
        f"NAT gateway in subnet {value}": Case(
            edit("network-nat-a", subnetId=value),
            at("nat-gateways-public", "network-nat-a") | at("nat-gateway-per-zone", VPC),
        )
        for value in (None, "subnet-1", UNKNOWN)
    },
    "NAT gateway of regional mode": Case(
        edit("network-nat-a", availabilityMode="regional", subnetId=None, allocationId=None),
        at("nat-gateways-public", "network-nat-a") | at("nat-gateway-per-zone", VPC),
    ),
    "NAT gateway in a private subnet": Case(
        point("network-nat-a", "subnetId", PRIVATE[0]), at("nat-gateways-public", "network-nat-a")
    ),
    "NAT gateway in another zone": Case(point("network-nat-a", "subnetId", PUBLIC[1]), at("nat-gateway-per-zone", VPC)),
    "route to the NAT gateway of another zone": Case(
        point("network-private-a-internet", "natGatewayId", "network-nat-b"), at("nat-gateway-per-zone", VPC)
    ),
    **{
        f"default route to the NAT gateway narrowed to {destination}": Case(
            edit("network-private-a-internet", **{"destinationCidrBlock": None, **destination}),
            at("nat-gateway-per-zone", VPC),
        )
        for destination in (
            {"destinationCidrBlock": "52.0.0.0/8"},
            {"destinationCidrBlock": UNKNOWN},
            {"destinationPrefixListId": "pl-1"},
            {"destinationIpv6CidrBlock": "::/0"},
        )
    },
    "no route to the NAT gateway": Case(drop("network-private-a-internet"), at("nat-gateway-per-zone", VPC)),
    "no routes to NAT gateways": Case(drop(*(f"{name}-internet" for name in PRIVATE)), at("nat-gateway-per-zone", VPC)),
    "NAT gateway gone": Case(drop("network-nat-a"), at("subnet-routes-followed", PRIVATE[0])),
    "internet route gone": Case(drop("network-public-internet"), at("nat-gateways-public", *_NATS)),
    **{
        f"internet route narrowed to {destination}": Case(
            edit("network-public-internet", **{"destinationCidrBlock": None, **destination}),
            at("nat-gateways-public", *_NATS),
        )
        for destination in (
            {"destinationCidrBlock": "52.0.0.0/8"},
            {"destinationCidrBlock": UNKNOWN},
            {"destinationIpv6CidrBlock": "::/0"},
        )
    },
    # addresses
    **{
        f"{key} of an address {value!r}": Case(
            edit("network-nat-a-address", **{key: value}), at("addresses-for-gateways", "network-nat-a-address")
        )
        for key in ("instance", "networkInterface", "associateWithPrivateIp")
        for value in ("i-1", UNKNOWN)
    },
    # load balancers
    **{f"{module} in private subnets": Case(_balancer(PRIVATE, module), _MISPLACED) for module in _SPELLINGS},
    **{
        f"internal {module} in public subnets": Case(_balancer(PUBLIC, module, internal=True), _MISPLACED)
        for module in _SPELLINGS
    },
    "load balancer with a private subnet": Case(_balancer([*PUBLIC[:2], PRIVATE[2]]), _MISPLACED),
    "internal load balancer with a public subnet": Case(
        _balancer([*PRIVATE[:2], PUBLIC[2]], internal=True), _MISPLACED
    ),
    "load balancer in one zone": Case(_balancer(PUBLIC[:1]), _MISPLACED),
    "load balancer with mapped subnets in one zone": Case(_mapped(PUBLIC[:1]), _MISPLACED),
    "load balancer with literal subnets": Case(_balancer([], subnets=["subnet-1", "subnet-2"]), _MISPLACED),
    "load balancer with a literal subnet too": Case(
        _balancer(PUBLIC[:2], subnets=[UNKNOWN, UNKNOWN, "subnet-1"]), _MISPLACED
    ),
    "load balancer with a literal mapping too": Case(_mapped(PUBLIC[:2], {"subnetId": "subnet-1"}), _MISPLACED),
    "load balancer without subnets": Case(_balancer([], subnets=None), _MISPLACED),
    "load balancer in subnets of another stack": Case(
        chain(other_stack, _balancer([ELSEWHERE], subnets=UNKNOWN)), _MISPLACED
    ),
    "load balancer in subnets of this stack and another": Case(
        chain(other_stack, _balancer([*PUBLIC, ELSEWHERE], subnets=UNKNOWN)), _MISPLACED
    ),
    "load balancer of unknown kind": Case(_balancer(PUBLIC, internal=UNKNOWN), at("inputs-known", "balancer")),
    "load balancer of unknown kind in private subnets": Case(
        _balancer(PRIVATE, internal=UNKNOWN), at("inputs-known", "balancer") | _MISPLACED
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_malformed_kind_of_load_balancer_is_a_violation() -> None:
    found = violations(_balancer(PUBLIC, internal="yes")(recorded("prod")))
    assert found >= _MISPLACED


@pytest.mark.parametrize(
    ("mode", "recording", "kept"),
    [
        ("perAz", "perAz", True),
        ("perAz", "single", False),
        ("perAz", "none", False),
        ("single", "perAz", True),
        ("single", "single", True),
        ("single", "none", False),
        ("none", "perAz", True),
        ("none", "single", True),
        ("none", "none", True),
    ],
)
def test_sharing_of_nat_gateways_is_an_option(mode: str, recording: str, kept: bool) -> None:
    topology = recorded("prod", network={"natMode": recording})
    found = violations(topology, {"nat-gateway-per-zone": {"natMode": mode}})
    assert found == (set() if kept else at("nat-gateway-per-zone", VPC))
