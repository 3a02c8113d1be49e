"""Stacks as the engine shows them, where it knows more or less than an offline preview.

It fills in the provider's defaults before a resource is judged by its inputs. Among the outputs of a first preview,
what the program leaves out and AWS computes is unknown; of a stack that is deployed, all of it is known, while what
refers to what stays the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from google.protobuf import json_format

from preview.topology import Resource, Topology
from tests.support.editing import UNKNOWN, struct
from tests.support.provider_defaults import DEFAULTS

# What AWS computes where it is left out, as it is once the stack is deployed.
_COMPUTED: Mapping[str, Mapping[str, Any]] = {
    "aws:acm/certificate:Certificate": {"subjectAlternativeNames": [], "validationMethod": "NONE"},
    "aws:alb/loadBalancer:LoadBalancer": {
        "internal": False,
        "securityGroups": ["sg-1"],
        "subnets": ["subnet-1"],
        "subnetMappings": [{"subnetId": "subnet-1"}],
    },
    "aws:cloudwatch/logGroup:LogGroup": {"logGroupClass": "STANDARD"},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"ingress": [], "egress": [], "description": "default"},
    "aws:ec2/natGateway:NatGateway": {"availabilityMode": "zonal", "secondaryAllocationIds": [], "publicIp": "1.1.1.1"},
    "aws:ec2/networkAcl:NetworkAcl": {"ingress": [], "egress": [], "subnetIds": []},
    "aws:ec2/route:Route": {"networkInterfaceId": "", "instanceId": "", "state": "active", "origin": "CreateRoute"},
    "aws:ec2/routeTable:RouteTable": {
        "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}],
        "propagatingVgws": [],
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        "ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/16"]}],
        "egress": [],
    },
    # The zone that AWS picked would do, were it known; here nobody has named one.
    "aws:ec2/subnet:Subnet": {"availabilityZone": UNKNOWN, "availabilityZoneId": UNKNOWN},
    "aws:ec2/vpc:Vpc": {"enableDnsHostnames": False, "mainRouteTableId": "rtb-1", "defaultNetworkAclId": "acl-1"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "policy": '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}',
        "privateDnsEnabled": False,
        "routeTableIds": [],
        "securityGroupIds": [],
        "subnetIds": [],
    },
    "aws:elasticache/cluster:Cluster": {"subnetGroupName": "default"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {"subnetGroupName": "default"},
    "aws:iam/role:Role": {"managedPolicyArns": [], "inlinePolicies": []},
    "aws:lb/listener:Listener": {"protocol": "HTTP"},
    "aws:lb/listenerRule:ListenerRule": {"priority": 1},
    "aws:mq/broker:Broker": {"subnetIds": ["subnet-1"]},
    "aws:rds/cluster:Cluster": {"dbSubnetGroupName": "default"},
    "aws:rds/instance:Instance": {
        "allocatedStorage": 500,
        "availabilityZone": UNKNOWN,  # as for subnets
        "backupRetentionPeriod": 0,
        "backupWindow": "03:00-03:30",
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "dbSubnetGroupName": "default",
        "engine": "postgres",
        "iops": 12000,
        "kmsKeyId": "arn:aws:kms:us-east-1:1:key/aws-rds",
        "maintenanceWindow": "mon:03:00-mon:03:30",
        "monitoringRoleArn": "",
        "multiAz": False,
        "parameterGroupName": "default.postgres17",
        "performanceInsightsKmsKeyId": "",
        "storageThroughput": 500,
        "storageType": "gp2",
    },
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {"connectionPoolConfig": {"maxConnectionsPercent": 100}},
}


def _canonical(type_: str) -> str:
    return "aws:alb/loadBalancer:LoadBalancer" if type_.endswith("loadBalancer:LoadBalancer") else type_


def _changed(topology: Topology, change: Callable[[Resource, dict[str, Any]], dict[str, Any]]) -> Topology:
    """Return ``topology`` with other outputs, made from the inputs of each resource."""
    return replace(
        topology,
        resources={
            urn: replace(resource, outputs=struct(change(resource, json_format.MessageToDict(resource.inputs))))
            if resource.type.startswith("aws:")
            else resource
            for urn, resource in topology.resources.items()
        },
    )


def _defaulted(topology: Topology) -> Topology:
    filled = {
        urn: replace(
            resource,
            inputs=struct({**DEFAULTS.get(resource.type, {}), **json_format.MessageToDict(resource.inputs)}),
        )
        for urn, resource in topology.resources.items()
    }
    return replace(topology, resources=filled)


def first_preview(topology: Topology) -> Topology:
    """Return a stack of which nothing is deployed yet: what AWS computes is unknown."""
    return _changed(
        _defaulted(topology),
        lambda resource, inputs: {**dict.fromkeys(_COMPUTED.get(_canonical(resource.type), {}), UNKNOWN), **inputs},
    )


def later_preview(topology: Topology) -> Topology:
    """Return a stack that is deployed: ids are known, and so is what AWS computed."""

    def known(resource: Resource, inputs: dict[str, Any]) -> dict[str, Any]:
        given = {
            key: _decided(value, key) if resource.property_dependencies.get(key) else value
            for key, value in inputs.items()
        }
        return {**_COMPUTED.get(_canonical(resource.type), {}), "id": "id-1", **given}

    return _changed(_defaulted(topology), known)


def _decided(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {inner: _decided(item, inner) for inner, item in value.items()}
    if isinstance(value, list):
        return [_decided(item) for item in value]
    # How long a list is that is unknown as a whole can't be told here.
    return "id-1" if value == UNKNOWN and key not in ("subnets", "subnetIds") else value
