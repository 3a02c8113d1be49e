"""The same thing declared in another place, and wide open: inline instead of separate, and the reverse.

AWS takes rules, routes and policies both inside the resource that they belong to and as resources of their own. What a
guardrail sees in the one place it must see in the other.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from guardrails.tokens import canonical
from preview.topology import Resource, Topology
from tests.mutation.mutant import Change, Mutant, another, inputs_of, put, with_inputs
from tests.support.editing import UNKNOWN

_ANYWHERE = "0.0.0.0/0"
_GRANT = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _policy(**more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**_GRANT, **more}]})


_FOR_ANYONE = _policy(Principal="*")
_ALL = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [_ANYWHERE]}
_ALL_OF_ACL = {"protocol": "-1", "ruleNo": 1, "action": "allow", "fromPort": 0, "toPort": 0, "cidrBlock": _ANYWHERE}

_INLINE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("aws:ec2/securityGroup:SecurityGroup", {"ingress": [_ALL]}),
    ("aws:ec2/securityGroup:SecurityGroup", {"egress": [_ALL]}),
    ("aws:ec2/networkAcl:NetworkAcl", {"ingress": [_ALL_OF_ACL]}),
    ("aws:ec2/networkAcl:NetworkAcl", {"egress": [_ALL_OF_ACL]}),
    ("aws:ec2/routeTable:RouteTable", {"routes": [{"cidrBlock": _ANYWHERE, "gatewayId": "igw-0123456789abcdef0"}]}),
    ("aws:iam/role:Role", {"inlinePolicies": [{"name": "all", "policy": _policy()}]}),
    ("aws:iam/role:Role", {"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}),
    ("aws:s3/bucket:Bucket", {"acl": "public-read"}),
    ("aws:s3/bucket:Bucket", {"policy": _FOR_ANYONE}),
    ("aws:s3/bucket:Bucket", {"versioning": {"enabled": False}}),
    ("aws:secretsmanager/secret:Secret", {"policy": _FOR_ANYONE}),
    ("aws:secretsmanager/secret:Secret", {"replicas": [{"region": "us-west-2"}]}),
    ("aws:sns/topic:Topic", {"policy": _FOR_ANYONE}),
)
"""Properties in which a resource takes what this program declares apart."""


class _Apart(NamedTuple):
    """A resource that opens up another, and the property by which it refers to it."""

    owner: str
    type: str
    key: str
    inputs: dict[str, Any]


_RULE = {"ipProtocol": "-1", "cidrIpv4": _ANYWHERE}
_OLD_RULE = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [_ANYWHERE]}
_ACL_RULE = {"protocol": "-1", "ruleNumber": 1, "ruleAction": "allow", "cidrBlock": _ANYWHERE}

_SEPARATE = (
    _Apart("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/securityGroupRule:SecurityGroupRule", "securityGroupId",
           {"type": "ingress", **_OLD_RULE}),
    _Apart("aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
           "securityGroupId", _RULE),
    _Apart("aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
           "securityGroupId", _RULE),
    _Apart("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule", "networkAclId",
           {"egress": False, **_ACL_RULE}),
    _Apart("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule", "networkAclId",
           {"egress": True, **_ACL_RULE}),
    _Apart("aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "vpcEndpointId",
           {"policy": _FOR_ANYONE}),
    _Apart("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "role", {"policy": _policy()}),
    _Apart("aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role",
           {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    _Apart("aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy", "keyId", {"policy": _FOR_ANYONE}),
    _Apart("aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", "bucket", {"policy": _FOR_ANYONE}),
    _Apart("aws:s3/bucket:Bucket", "aws:s3/bucketAcl:BucketAcl", "bucket", {"acl": "public-read"}),
    _Apart("aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretPolicy:SecretPolicy", "secretArn",
           {"policy": _FOR_ANYONE}),
    _Apart("aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "arn", {"policy": _FOR_ANYONE}),
)  # fmt: skip
"""Resources that stand beside what they open up."""


def wide_open(topology: Topology) -> Iterator[Mutant]:
    """Yield a mutant for each resource of the stack and each other place in which it can be opened up."""
    for urn, resource in topology.resources.items():
        for type_, inputs in _INLINE:
            if canonical(resource.type) == type_:
                name = ", ".join(f"{key} {json.dumps(value)}" for key, value in inputs.items())
                yield Mutant(f"{resource.name}: inline {name}", "inline", urn, (), False, _inline(urn, inputs))
        for index, apart in enumerate(_SEPARATE):
            if canonical(resource.type) == apart.owner:
                name = f"{resource.name}: opened by {apart.type} {index}"
                yield Mutant(name, "apart", urn, (), False, _separate(resource, apart))


def _inline(urn: str, inputs: dict[str, Any]) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        return put(topology, with_inputs(resource, {**inputs_of(resource), **inputs}, resource.property_dependencies))

    return change


def _separate(owner: Resource, apart: _Apart) -> Change:
    return lambda topology: put(
        topology,
        another(
            topology, apart.type, f"{owner.name}-opened", {**apart.inputs, apart.key: UNKNOWN}, **{apart.key: owner.urn}
        ),
    )
