import pytest

from components.network_layer.settings import ADR_INTERFACE_ENDPOINTS
from preview.topology import Topology
from tests.components.reading import inputs, names, references
from tests.support.recording import recorded

_TABLES = [f"network-private-{letter}-route-table" for letter in "abc"]
_OWN_DATA = {
    "Sid": "OwnPrincipalsOnOwnData",
    "Effect": "Allow",
    "Principal": "*",
    "Resource": "*",
    "Condition": {
        "StringEquals": {"aws:PrincipalAccount": "444455556666", "aws:ResourceAccount": "444455556666"},
    },
}
_IMAGE_LAYERS = {
    "Sid": "ImageLayersOfEcr",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*",
}


@pytest.mark.parametrize(
    ("service", "statements"),
    [
        ("s3", [_OWN_DATA | {"Action": "s3:*"}, _IMAGE_LAYERS]),
        ("dynamodb", [_OWN_DATA | {"Action": "dynamodb:*"}]),
    ],
)
def test_gateway_endpoints(service: str, statements: list[object]) -> None:
    topology = recorded("prod")
    assert inputs(topology, f"network-endpoints-{service}") == {
        "serviceName": f"com.amazonaws.us-east-1.{service}",
        "vpcEndpointType": "Gateway",
        "policy": {"Version": "2012-10-17", "Statement": statements},
    }
    assert references(topology, f"network-endpoints-{service}") == {"routeTableIds": _TABLES, "vpcId": ["network-vpc"]}


@pytest.mark.parametrize("service", ADR_INTERFACE_ENDPOINTS)
def test_interface_endpoints(service: str) -> None:
    topology = recorded("prod")
    assert inputs(topology, f"network-endpoints-{service}") == {
        "serviceName": f"com.amazonaws.us-east-1.{service}",
        "vpcEndpointType": "Interface",
        "privateDnsEnabled": True,
        "policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OwnPrincipals",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "*",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalAccount": "444455556666"}},
                }
            ],
        },
    }
    assert references(topology, f"network-endpoints-{service}") == {
        "securityGroupIds": ["network-endpoints-security-group"],
        "subnetIds": [f"network-private-{letter}" for letter in "abc"],
        "vpcId": ["network-vpc"],
    }


def test_their_security_group_lets_https_in_from_the_vpc_alone() -> None:
    topology = recorded("prod")
    assert references(topology, "network-endpoints-security-group") == {"vpcId": ["network-vpc"]}
    assert inputs(topology, "network-endpoints-security-group") == {
        "name": "fitness-platform-prod-endpoints",
        "description": "Interface endpoints of AWS services",
    }
    assert inputs(topology, "network-endpoints-from-vpc") == {
        "description": "HTTPS from tasks and functions in the VPC",
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrIpv4": "10.0.0.0/16",
    }
    assert references(topology, "network-endpoints-from-vpc") == {
        "securityGroupId": ["network-endpoints-security-group"]
    }


def _own(topology: Topology, kind: str) -> set[str]:
    return {name for name in names(topology, kind) if name.startswith("network-")}


def test_what_is_listed_is_declared_and_nothing_else() -> None:
    topology = recorded("prod", network={"gatewayEndpoints": ["s3"], "interfaceEndpoints": ["sqs"]})
    assert names(topology, "VpcEndpoint") == {"network-endpoints-s3", "network-endpoints-sqs"}
    assert _own(topology, "SecurityGroup") == {"network-endpoints-security-group"}


def test_no_interface_endpoint_no_security_group() -> None:
    topology = recorded("prod", network={"gatewayEndpoints": [], "interfaceEndpoints": []})
    assert _own(topology, "VpcEndpoint") | _own(topology, "SecurityGroup") == set()
    assert names(topology, "VpcEndpoints") == {"network-endpoints"}
