"""Stacks as the engine shows them, where it knows more or less than an offline preview.

It fills in the provider's defaults before a resource is judged by its inputs. Among the outputs of a first preview,
what the program leaves out and AWS computes is unknown; of a stack that is deployed, all of it is known, while what
refers to what stays the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from google.protobuf import json_format

from preview.topology import Resource, Topology
from tests.support.editing import UNKNOWN, struct
from tests.support.provider_defaults import DEFAULTS

_MOST_KEPT = 20_000
_NONE: Mapping[str, Mapping[str, Any]] = {}

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
    "aws:dynamodb/table:Table": {
        "pointInTimeRecovery": {"enabled": False},
        "serverSideEncryption": {"enabled": False, "kmsKeyArn": ""},
        "ttl": {"enabled": False, "attributeName": ""},
    },
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
    "aws:lambda/eventSourceMapping:EventSourceMapping": {
        "batchSize": 10,
        "functionResponseTypes": [],
        "maximumBatchingWindowInSeconds": 0,
    },
    "aws:lambda/function:Function": {
        "architectures": ["x86_64"],
        "loggingConfig": {"logFormat": "Text", "logGroup": "/aws/lambda/x"},
        "tracingConfig": {"mode": "PassThrough"},
    },
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
    "aws:sqs/queue:Queue": {
        "kmsDataKeyReusePeriodSeconds": 300,
        "policy": "",
        "redriveAllowPolicy": "",
        "redrivePolicy": "",
        "sqsManagedSseEnabled": False,
    },
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {"connectionPoolConfig": {"maxConnectionsPercent": 100}},
}


def _canonical(type_: str) -> str:
    return "aws:alb/loadBalancer:LoadBalancer" if type_.endswith("loadBalancer:LoadBalancer") else type_


class Eye:
    """Shows stacks as the engine does: before anything is deployed, or after.

    Most of a stack is the same from case to case, and is shown as the same object.
    """

    def __init__(
        self,
        *,
        deployed: bool,
        defaults: Mapping[str, Mapping[str, Any]] = _NONE,
        computed: Mapping[str, Mapping[str, Any]] = _NONE,
        reference: str = "id-of-{}",
    ) -> None:
        """Take more defaults and more computed values, by type, than this module knows, and what references are.

        ``reference`` takes the name of the resource that refers. Where guardrails compare ids, it is ``id-1`` for all.
        """
        self._deployed = deployed
        self._defaults = defaults
        self._computed = computed
        self._reference = reference
        self._shown: dict[int, tuple[Resource, Resource]] = {}

    def __call__(self, topology: Topology) -> Topology:
        """Return how a stack is shown."""
        return replace(topology, resources={urn: self._known(one) for urn, one in topology.resources.items()})

    def _known(self, resource: Resource) -> Resource:
        if id(resource) not in self._shown:
            if len(self._shown) > _MOST_KEPT:
                self._shown.clear()
            self._shown[id(resource)] = resource, self._show(resource)  # the first keeps its id from being reused
        return self._shown[id(resource)][1]

    def _show(self, resource: Resource) -> Resource:
        defaults = {**self._defaults.get(resource.type, {}), **DEFAULTS.get(resource.type, {})}
        inputs = {**defaults, **json_format.MessageToDict(resource.inputs)}
        shown = replace(resource, inputs=struct(inputs))
        if not resource.type.startswith("aws:"):
            return shown
        more = self._computed.get(resource.type, {})
        computed = {**_COMPUTED.get(_canonical(resource.type), {}), **more}
        if not self._deployed:
            return replace(shown, outputs=struct({**dict.fromkeys(computed, UNKNOWN), **inputs}))
        given = {
            key: _decided(value, key, self._reference.format(resource.name))
            if resource.property_dependencies.get(key)
            else value
            for key, value in inputs.items()
        }
        return replace(shown, outputs=struct({**computed, "id": "id-1", **given}))


first_preview = Eye(deployed=False)
"""Shows a stack of which nothing is deployed yet: what AWS computes is unknown."""
later_preview = Eye(deployed=True)
"""Shows a stack that is deployed: ids are known, and so is what AWS computed."""


def _decided(value: Any, key: str, known: str) -> Any:
    if isinstance(value, dict):
        return {inner: _decided(item, inner, known) for inner, item in value.items()}
    if isinstance(value, list):
        return [_decided(item, "", known) for item in value]
    # How long a list is that is unknown as a whole can't be told here.
    return known if value == UNKNOWN and key not in ("subnets", "subnetIds") else value


as_shown = pytest.mark.parametrize("shown", [first_preview, later_preview])
"""Runs a test with a stack of which nothing is deployed yet, and with one that is."""


def gathered(modules: Iterable[ModuleType], table: str) -> dict[str, Any]:
    """Return the cases of several test modules, each under the name of its module."""
    return {
        f"{module.__name__.rpartition('.test_')[2]}: {name}": case
        for module in modules
        for name, case in getattr(module, table).items()
    }
