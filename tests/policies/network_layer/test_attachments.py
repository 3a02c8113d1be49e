from guardrails.network_layer import attachments
from tests.policies.breaking import (
    ELSEWHERE,
    Case,
    Change,
    add,
    at,
    cases,
    chain,
    other_stack,
    point,
    provide,
)
from tests.policies.network_layer.judged import recorded, violations
from tests.support.editing import UNKNOWN

_RULE: dict[str, object] = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "description": "more"}

# By type: which property says what it is attached to, a resource that this may be, what else it takes to be judged.
_PARTS: dict[str, tuple[str, str, dict[str, object]]] = {
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": ("subnetId", "network-data-a", {}),
    "aws:ec2/networkAclRule:NetworkAclRule": (
        "networkAclId",
        "network-data-nacl",
        {"ruleAction": "deny", "ruleNumber": 999, "protocol": "-1", "cidrBlock": "0.0.0.0/0"},
    ),
    "aws:ec2/route:Route": ("routeTableId", "network-data-route-table", {"gatewayId": "local"}),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("subnetId", "network-data-a", {}),
    "aws:ec2/securityGroup:SecurityGroup": ("vpcId", "network-vpc", {"description": "more"}),
    "aws:ec2/securityGroupRule:SecurityGroupRule": (
        "securityGroupId",
        "network-endpoints-security-group",
        {"type": "ingress", "protocol": "tcp", **_RULE},
    ),
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": (
        "vpcEndpointId",
        "network-endpoints-sqs",
        {"policy": '{"Statement": {"Effect": "Deny"}}'},
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": (
        "vpcEndpointId",
        "network-endpoints-s3",
        {},
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "securityGroupId",
        "network-endpoints-security-group",
        _RULE,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "securityGroupId",
        "network-endpoints-security-group",
        _RULE,
    ),
}


def _part(type_: str, attached_to: str | None) -> Change:
    key, _, inputs = _PARTS[type_]
    declared = add(type_, "part", inputs if attached_to is None else {key: attached_to, **inputs})
    return chain(other_stack, declared, provide("part"))


_UNATTACHED = at("network-parts-attached", "part")

REJECTED: dict[str, Case] = {
    **{
        f"{type_} attached to {what}": Case(_part(type_, what), _UNATTACHED)
        for type_ in _PARTS
        for what in (None, "id-1", UNKNOWN)
    },
    **{
        f"{type_} attached to something of another stack": Case(
            chain(_part(type_, None), point("part", key, ELSEWHERE)), _UNATTACHED
        )
        for type_, (key, _, _) in _PARTS.items()
    },
    "route of the VPC's main route table": Case(
        chain(_part("aws:ec2/route:Route", None), point("part", "routeTableId", "network-vpc")), _UNATTACHED
    ),
    "rule of the VPC's default network ACL": Case(
        chain(_part("aws:ec2/networkAclRule:NetworkAclRule", None), point("part", "networkAclId", "network-vpc")),
        _UNATTACHED,
    ),
}


@cases({type_: type_ for type_ in _PARTS})
def test_accepts(case: str) -> None:
    key, target, _ = _PARTS[case]
    attached = chain(_part(case, None), point("part", key, target))
    assert not _UNATTACHED & violations(attached(recorded("prod")))


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_every_type_is_tried() -> None:
    assert set(_PARTS) == set(vars(attachments)["_ATTACHED_TO"])
