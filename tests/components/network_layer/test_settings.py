from ipaddress import IPv4Network
from typing import Any

import pytest

from components.network_layer.settings import ADR_INTERFACE_ENDPOINTS, NetworkSettings, SubnetCidrSettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of


def _network(**values: Any) -> NetworkSettings:
    return load(stack_of(network=values)).network


def _mistakes(**values: Any) -> list[str]:
    return [message.removeprefix("fitness-platform:network.") for message in mistakes(stack_of(network=values))]


def test_every_default_is_the_decisions_value() -> None:
    assert _network().model_dump() == {
        "vpc_cidr": IPv4Network("10.0.0.0/16"),
        "availability_zones": ("a", "b", "c"),
        "subnet_cidrs": {"public": {}, "private": {}, "data": {}},
        "peer_cidrs": (),
        "nat_mode": "perAz",
        "single_nat_zone": "a",
        "gateway_endpoints": ("s3", "dynamodb"),
        "interface_endpoints": ADR_INTERFACE_ENDPOINTS,
        "flow_log_retention_days": 731,
        "flow_log_aggregation_seconds": 600,
    }
    for name, field in NetworkSettings.model_fields.items():
        for marker in (item for item in field.metadata if isinstance(item, KeepsAdr)):
            assert marker.holds(field.default), name


def test_every_value_can_be_given() -> None:
    network = _network(
        vpcCidr="172.20.0.0/16",
        availabilityZones=["f", "b"],
        subnetCidrs={"private": {"b": "172.20.192.0/20"}, "public": {"f": "172.20.160.0/24"}},
        peerCidrs=["10.0.0.0/8"],
        natMode="single",
        singleNatZone="f",
        gatewayEndpoints=["s3"],
        interfaceEndpoints=["sqs"],
        flowLogRetentionDays=3653,
        flowLogAggregationSeconds=60,
    )
    assert network == NetworkSettings.model_construct(
        vpc_cidr=IPv4Network("172.20.0.0/16"),
        availability_zones=("f", "b"),
        subnet_cidrs=SubnetCidrSettings.model_construct(
            private={"b": IPv4Network("172.20.192.0/20")}, public={"f": IPv4Network("172.20.160.0/24")}
        ),
        peer_cidrs=(IPv4Network("10.0.0.0/8"),),
        nat_mode="single",
        single_nat_zone="f",
        gateway_endpoints=("s3",),
        interface_endpoints=("sqs",),
        flow_log_retention_days=3653,
        flow_log_aggregation_seconds=60,
    )
    assert network.cidr_plan() == {
        ("public", "b"): IPv4Network("172.20.129.0/24"),
        ("public", "f"): IPv4Network("172.20.160.0/24"),
        ("private", "b"): IPv4Network("172.20.192.0/20"),
        ("private", "f"): IPv4Network("172.20.80.0/20"),
        ("data", "b"): IPv4Network("172.20.145.0/24"),
        ("data", "f"): IPv4Network("172.20.149.0/24"),
    }


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.255.192.0/18", "172.16.0.0/16", "172.31.0.0/17", "192.168.0.0/16"])
def test_private_blocks_of_the_right_size_can_be_the_vpc(cidr: str) -> None:
    assert _network(vpcCidr=cidr).vpc_cidr == IPv4Network(cidr)


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/8", "10.0.0.0/15", "10.0.0.0/19", "10.0.0.0/28", "172.32.0.0/16", "11.0.0.0/16", "0.0.0.0/0"]
)
def test_other_blocks_can_not(cidr: str) -> None:
    assert _mistakes(vpcCidr=cidr) == [
        f'vpcCidr: found "{cidr}"; allowed: a /16 to /18 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16'
    ]


@pytest.mark.parametrize(
    ("tier", "shortest", "longest", "too_short", "too_long"),
    [
        ("public", "10.0.192.0/20", "10.0.255.224/27", "10.0.192.0/19", "10.0.255.224/28"),
        ("private", "10.0.192.0/18", "10.0.192.0/24", None, "10.0.192.0/25"),
        ("data", "10.0.192.0/20", "10.0.255.224/27", "10.0.192.0/19", "10.0.255.224/28"),
    ],
)
def test_bounds_of_subnet_blocks(tier: str, shortest: str, longest: str, too_short: str | None, too_long: str) -> None:
    for block in (shortest, longest):
        assert _network(subnetCidrs={tier: {"a": block}}).subnet_cidrs.model_dump()[tier] == {"a": IPv4Network(block)}
    allowed = {"private": "/17 to /24"}.get(tier, "/20 to /27")
    for block in filter(None, (too_short, too_long)):
        assert _mistakes(subnetCidrs={tier: {"a": block}}) == [
            f'subnetCidrs.{tier}.a: found "{block}"; allowed: a {allowed} within vpcCidr 10.0.0.0/16'
        ]


def test_a_private_subnet_as_large_as_the_vpc_is_refused() -> None:
    assert _mistakes(subnetCidrs={"private": {"a": "10.0.0.0/16"}}) == [
        'subnetCidrs.private.a: found "10.0.0.0/16"; allowed: a /17 to /24 within vpcCidr 10.0.0.0/16'
    ]


CONFLICTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "zone twice": (
        {"availabilityZones": ["a", "b", "a"]},
        ['availabilityZones.2: found "a"; allowed: each of availabilityZones once'],
    ),
    "gateway endpoint twice": (
        {"gatewayEndpoints": ["s3", "s3"]},
        ['gatewayEndpoints.1: found "s3"; allowed: each of gatewayEndpoints once'],
    ),
    "interface endpoint twice": (
        {"interfaceEndpoints": ["sqs", "kms", "sqs", "sqs"]},
        [f'interfaceEndpoints.{index}: found "sqs"; allowed: each of interfaceEndpoints once' for index in (2, 3)],
    ),
    "interface endpoints of services that have gateway endpoints": (
        {"gatewayEndpoints": [], "interfaceEndpoints": ["sqs", "s3", "dynamodb"]},
        [
            f'interfaceEndpoints.{index}: found "{name}"; allowed: services other than those of gatewayEndpoints'
            for index, name in ((1, "s3"), (2, "dynamodb"))
        ],
    ),
    "NAT gateway in a zone not in use": (
        {"natMode": "single", "singleNatZone": "d"},
        ['singleNatZone: found "d"; allowed: a zone of availabilityZones (a, b, c)'],
    ),
    "peer": (
        {"peerCidrs": ["10.1.0.0/16", "10.0.128.0/17", "10.0.0.0/8"]},
        [
            'peerCidrs.1: found "10.0.128.0/17"; allowed: a block that vpcCidr 10.0.0.0/16 leaves free',
            'peerCidrs.2: found "10.0.0.0/8"; allowed: a block that vpcCidr 10.0.0.0/16 leaves free',
        ],
    ),
    "block outside the VPC": (
        {"subnetCidrs": {"public": {"a": "10.1.0.0/24"}}},
        ['subnetCidrs.public.a: found "10.1.0.0/24"; allowed: a /20 to /27 within vpcCidr 10.0.0.0/16'],
    ),
    "block of a zone not in use": (
        {"subnetCidrs": {"data": {"f": "10.0.200.0/24"}}},
        ['subnetCidrs.data.f: found "10.0.200.0/24"; allowed: zones of availabilityZones (a, b, c)'],
    ),
    "block over one of the plan": (
        {"subnetCidrs": {"public": {"b": "10.0.16.0/24"}}},
        [
            (
                'subnetCidrs.public.b: found "10.0.16.0/24"; '
                "allowed: a block apart from 10.0.16.0/20, the private subnet of zone b"
            )
        ],
    ),
    "two blocks over each other": (
        {"subnetCidrs": {"public": {"b": "10.0.200.0/24"}, "data": {"a": "10.0.192.0/20"}}},
        [
            (
                'subnetCidrs.data.a: found "10.0.192.0/20"; '
                "allowed: a block apart from 10.0.200.0/24, the public subnet of zone b"
            )
        ],
    ),
    "all at once": (
        {"availabilityZones": ["b", "b"], "natMode": "single", "peerCidrs": ["10.0.0.0/16"]},
        [
            'availabilityZones.1: found "b"; allowed: each of availabilityZones once',
            'singleNatZone: found "a"; allowed: a zone of availabilityZones (b, b)',
            'peerCidrs.0: found "10.0.0.0/16"; allowed: a block that vpcCidr 10.0.0.0/16 leaves free',
        ],
    ),
}


@pytest.mark.parametrize(("values", "messages"), CONFLICTS.values(), ids=CONFLICTS)
def test_conflicts(values: dict[str, Any], messages: list[str]) -> None:
    assert _mistakes(**values) == messages


def test_the_zone_of_a_single_nat_gateway_is_not_read_in_other_modes() -> None:
    assert _network(natMode="perAz", singleNatZone="f").single_nat_zone == "f"
