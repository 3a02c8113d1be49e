import json
from typing import Any

import pytest

from components import NetworkLayer
from preview.topology import Topology, plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded

_TIERS = ("data", "private", "public")
_INTERNET = {"destinationCidrBlock": "0.0.0.0/0"}


def _below_network(topology: Topology) -> set[str]:
    parent = urn_of(topology, "network")
    return {resource.name for resource in topology.resources.values() if resource.parent == parent}


def _expected_names(letters: str, nat: str) -> set[str]:
    subnets = {f"network-{tier}-{letter}" for tier in _TIERS for letter in letters}
    return {
        "network-vpc",
        "network-default-security-group",
        "network-internet-gateway",
        "network-public-internet",
        "network-public-route-table",
        "network-data-route-table",
        "network-endpoints",
        "network-flow-logs",
        *subnets,
        *(f"{subnet}-routes" for subnet in subnets),
        *(f"network-{tier}-nacl" for tier in _TIERS),
        *(f"network-private-{letter}-route-table" for letter in letters),
        *(f"network-private-{letter}-internet" for letter in letters if nat),
        *(f"network-nat-{letter}" for letter in nat),
        *(f"network-nat-{letter}-address" for letter in nat),
    }


@pytest.mark.parametrize(
    ("stack", "changes", "letters", "nat"),
    [
        ("prod", {}, "abc", "abc"),
        ("dev", {}, "ab", "a"),
        ("prod", {"natMode": "none"}, "abc", ""),
        ("prod", {"natMode": "single", "singleNatZone": "c"}, "abc", "c"),
        ("prod", {"natMode": "perAz", "availabilityZones": ["f", "b"]}, "bf", "bf"),
    ],
)
def test_names(stack: str, changes: dict[str, Any], letters: str, nat: str) -> None:
    assert _below_network(recorded(stack, network=changes)) == _expected_names(letters, nat)


def test_the_vpc_and_its_closed_default_group() -> None:
    topology = recorded("prod")
    assert inputs(topology, "network-vpc") == {
        "cidrBlock": "10.0.0.0/16",
        "enableDnsSupport": True,
        "enableDnsHostnames": True,
    }
    assert inputs(topology, "network-default-security-group") == {}
    assert references(topology, "network-default-security-group") == {"vpcId": ["network-vpc"]}


@pytest.mark.parametrize(
    ("stack", "subnet", "cidr"),
    [
        ("prod", "private-a", "10.0.0.0/20"),
        ("prod", "public-c", "10.0.130.0/24"),
        ("prod", "data-b", "10.0.145.0/24"),
        ("dev", "private-b", "10.64.16.0/20"),
        ("dev", "public-a", "10.64.128.0/24"),
        ("dev", "data-a", "10.64.144.0/24"),
    ],
)
def test_subnets(stack: str, subnet: str, cidr: str) -> None:
    topology = recorded(stack)
    assert inputs(topology, f"network-{subnet}") == {
        "availabilityZone": f"us-east-1{subnet[-1]}",
        "cidrBlock": cidr,
        "mapPublicIpOnLaunch": False,
    }
    assert references(topology, f"network-{subnet}") == {"vpcId": ["network-vpc"]}


def test_a_subnet_block_from_the_settings() -> None:
    topology = recorded("prod", network={"subnetCidrs": {"private": {"b": "10.0.192.0/20"}}})
    assert inputs(topology, "network-private-b")["cidrBlock"] == "10.0.192.0/20"
    assert inputs(topology, "network-private-a")["cidrBlock"] == "10.0.0.0/20"


@pytest.mark.parametrize("letter", "abc")
def test_each_subnet_has_the_routes_of_its_tier(letter: str) -> None:
    topology = recorded("prod")
    tables = {"public": "public", "data": "data", "private": f"private-{letter}"}
    for tier, table in tables.items():
        assert references(topology, f"network-{tier}-{letter}-routes") == {
            "routeTableId": [f"network-{table}-route-table"],
            "subnetId": [f"network-{tier}-{letter}"],
        }
        assert references(topology, f"network-{table}-route-table") == {"vpcId": ["network-vpc"]}


def test_the_public_tier_leads_to_the_internet_gateway() -> None:
    topology = recorded("prod")
    assert inputs(topology, "network-public-internet") == _INTERNET
    assert references(topology, "network-public-internet") == {
        "gatewayId": ["network-internet-gateway"],
        "routeTableId": ["network-public-route-table"],
    }
    assert references(topology, "network-internet-gateway") == {"vpcId": ["network-vpc"]}


@pytest.mark.parametrize(
    ("changes", "nat_of"),
    [
        ({}, {"a": "a", "b": "b", "c": "c"}),
        ({"natMode": "single"}, {"a": "a", "b": "a", "c": "a"}),
        ({"natMode": "single", "singleNatZone": "b"}, {"a": "b", "b": "b", "c": "b"}),
        ({"natMode": "none"}, {}),
    ],
)
def test_the_private_tier_leads_to_its_nat_gateway(changes: dict[str, Any], nat_of: dict[str, str]) -> None:
    topology = recorded("prod", network=changes)
    routes = {f"network-private-{letter}-internet": home for letter, home in nat_of.items()}
    assert names(topology, "Route") == {"network-public-internet", *routes}
    for route, home in routes.items():
        assert inputs(topology, route) == _INTERNET
        assert references(topology, route) == {
            "natGatewayId": [f"network-nat-{home}"],
            "routeTableId": [route.replace("internet", "route-table")],
        }
    for home in set(nat_of.values()):
        nat = f"network-nat-{home}"
        assert inputs(topology, nat) == {"connectivityType": "public"}
        assert references(topology, nat) == {
            "allocationId": [f"{nat}-address"],
            "subnetId": [f"network-public-{home}"],
        }
        assert inputs(topology, f"{nat}-address") == {"domain": "vpc"}
        assert waits_for(topology, nat) == waits_for(topology, f"{nat}-address") == {"network-public-internet"}


@pytest.mark.parametrize("tier", _TIERS)
def test_network_acls_hold_every_subnet_of_their_tier(tier: str) -> None:
    topology = recorded("prod")
    assert references(topology, f"network-{tier}-nacl") == {
        "subnetIds": [f"network-{tier}-{letter}" for letter in "abc"],
        "vpcId": ["network-vpc"],
    }


def test_network_acls_hold_the_table() -> None:
    topology = recorded("dev")
    rule = {"action": "allow", "protocol": "tcp", "cidrBlock": "10.64.0.0/16"}
    services = {"fromPort": 1024, "toPort": 65535}
    assert inputs(topology, "network-data-nacl") == {
        "ingress": [
            rule | {"ruleNo": 10, "fromPort": 443, "toPort": 443},
            rule | {"ruleNo": 20, **services},
        ],
        "egress": [rule | {"ruleNo": 10, **services}],
    }


def test_everything_that_can_have_a_name_tag_has_its_own() -> None:
    topology = recorded("prod", platform={"tags": {"Team": "x"}})
    tags = {resource.name: plain(resource.inputs).get("tags") for resource in topology.resources.values()}
    assert tags["network-nat-a"] == {"Name": "fitness-platform-prod-nat-a"}
    assert tags["network-private-nacl"] == {"Name": "fitness-platform-prod-private"}
    provider = plain(topology.resources[urn_of(topology, "aws")].inputs)
    assert json.loads(provider["defaultTags"])["tags"]["Team"] == "x"


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    registered = plain(topology.resources[urn_of(topology, "network")].outputs)
    assert set(registered) == set(NetworkLayer.__annotations__)
    zones = dict.fromkeys("abc", UNKNOWN)
    assert registered == {
        "vpc_id": UNKNOWN,
        "public_subnet_ids": zones,
        "private_subnet_ids": zones,
        "data_subnet_ids": zones,
    }
