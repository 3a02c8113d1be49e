import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.network_layer.settings import ADR_INTERFACE_ENDPOINTS
from tests.policies.breaking import (
    DATA,
    ELSEWHERE,
    GROUP,
    PRIVATE,
    VPC,
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
    provide,
)
from tests.policies.network_layer.judged import recorded, violations
from tests.support.editing import UNKNOWN

_SQS, _S3, _RULE = "network-endpoints-sqs", "network-endpoints-s3", "network-endpoints-from-vpc"
_TABLES = [f"{name}-route-table" for name in PRIVATE]
_INTERFACES = [f"network-endpoints-{service}" for service in ADR_INTERFACE_ENDPOINTS]
_ACCOUNT, _OTHER = "444455556666", "111122223333"
_POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
_EITHER_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_DESCRIBED = {"description": "HTTPS"}


def _statement(condition: Any = None, **changes: Any) -> dict[str, Any]:
    """Return a statement that allows everything, but for what ``changes`` says; ``None`` takes a key out."""
    own = {"StringEquals": {"aws:PrincipalAccount": _ACCOUNT}} if condition is None else condition
    full = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": own, **changes}
    return {key: value for key, value in full.items() if value is not None}


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _equals(**accounts: Any) -> dict[str, Any]:
    keys = {"principal": "aws:PrincipalAccount", "resource": "aws:ResourceAccount"}
    return {"StringEquals": {keys[key]: value for key, value in accounts.items()}}


def _own_policy(endpoint: str, statement: dict[str, Any]) -> Change:
    """Declare an endpoint's policy as a resource of its own."""
    declared = add(_POLICY, "more", {"policy": _policy(statement)}, vpcEndpointId=[endpoint])
    return chain(declared, provide("more"))


def _admitted(**inputs: Any) -> Change:
    """Replace the rule of the endpoints' security group by one of the older type."""
    rule = {"type": "ingress", "protocol": "tcp", "fromPort": 443, "toPort": 443, **_DESCRIBED, **inputs}
    return chain(drop(_RULE), add(_EITHER_RULE, "older", rule, securityGroupId=[GROUP]))


_tasks = add("aws:ec2/securityGroup:SecurityGroup", "tasks", {**_DESCRIBED, "vpcId": UNKNOWN}, vpcId=[VPC])
_LAYERS = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"

ACCEPTED: dict[str, Change] = {
    "kind of gateway endpoints left out": edit(_S3, vpcEndpointType=None),
    "gateway endpoint attached by associations": chain(
        edit(_S3, routeTableIds=None),
        *(
            add(
                "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
                f"{table}-s3",
                {},
                routeTableId=[table],
                vpcEndpointId=[_S3],
            )
            for table in _TABLES
        ),
    ),
    "no endpoint of DynamoDB": drop("network-endpoints-dynamodb"),
    "DNS support left to its default": edit(VPC, enableDnsSupport=None),
    "one statement, not in a list": edit(_SQS, policy=json.dumps({"Statement": _statement()})),
    "account in a list": edit(_SQS, policy=_policy(_statement(_equals(principal=[_ACCOUNT])))),
    "further conditions": edit(
        _SQS, policy=_policy(_statement({**_equals(principal=_ACCOUNT), "Bool": {"aws:SecureTransport": "true"}}))
    ),
    "denial without condition": edit(
        _SQS, policy=_policy(_statement(), _statement({}, Effect="Deny", Action="sqs:DeleteQueue"))
    ),
    "policy of its own beside": _own_policy(_SQS, _statement()),
    "HTTPS admitted by an older rule": _admitted(cidrBlocks=["10.0.0.0/16"]),
    "HTTPS admitted within a range of ports": edit(_RULE, fromPort=400, toPort=500),
    "HTTPS admitted by protocol number": edit(_RULE, ipProtocol="6"),
}

_SCOPED, _OF_AWS = "endpoint-policies-scoped", "endpoints-of-aws"
_UNUSABLE = at("interface-endpoints-usable", *_INTERFACES)

_LOOSE_CONDITIONS: dict[str, Any] = {
    "no condition": {},
    "another account": _equals(principal=_OTHER),
    "another account too": _equals(principal=[_ACCOUNT, _OTHER]),
    "an empty list": _equals(principal=[]),
    "a wildcard": _equals(principal="*"),
    "a pattern": {"StringLike": {"aws:PrincipalAccount": "4444*"}},
    "if it exists": {"StringEqualsIfExists": {"aws:PrincipalAccount": _ACCOUNT}},
    "a negation": {"StringNotEquals": {"aws:PrincipalAccount": _ACCOUNT}},
    "another key": {"StringEquals": {"aws:SourceAccount": _ACCOUNT}},
    "malformed": ["aws:PrincipalAccount"],
    "malformed inside": {"StringEquals": _ACCOUNT},
}
_LOOSE_STATEMENTS: dict[str, dict[str, Any]] = {
    "all but a principal": _statement({}, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::1:root"}),
    "image layers, and writing them": _statement({}, Action=["s3:GetObject", "s3:PutObject"], Resource=_LAYERS),
    "image layers, and more": _statement({}, Action="s3:GetObject", Resource=[_LAYERS, "*"]),
    "nothing but image layers": _statement({}, Action="s3:GetObject", Resource=None, NotResource=_LAYERS),
    "effect left out": _statement({}, Effect=None),
}
_MALFORMED = ("", "{", "[]", "{}", '{"Statement": []}', '{"Statement": ["Allow"]}', UNKNOWN, 7, None)

REJECTED: dict[str, Case] = {
    # S3
    "no gateway endpoint of S3": Case(drop(_S3), at("s3-gateway-endpoint", VPC)),
    "S3 as an interface endpoint": Case(
        edit(_S3, vpcEndpointType="Interface"),
        at("s3-gateway-endpoint", VPC) | at("interface-endpoints-usable", _S3),
    ),
    "S3 in two of three route tables": Case(point(_S3, "routeTableIds", *_TABLES[:2]), at("s3-gateway-endpoint", VPC)),
    "S3 in no route table": Case(edit(_S3, routeTableIds=None), at("s3-gateway-endpoint", VPC)),
    "S3 in literal route tables": Case(
        edit(_S3, routeTableIds=["rtb-1", "rtb-2", "rtb-3"]), at("s3-gateway-endpoint", VPC)
    ),
    "S3 of another VPC": Case(edit(_S3, vpcId="vpc-1"), at("s3-gateway-endpoint", VPC)),
    "S3 in the data tier": Case(
        add(
            "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
            "more",
            {},
            routeTableId=["network-data-route-table"],
            vpcEndpointId=[_S3],
        ),
        at("data-tier-isolated", VPC)
        | at("nat-gateway-per-zone", VPC)
        | at("network-acls-let-answers-pass", "network-data-nacl")
        | at("network-acls-let-https-pass", "network-data-nacl"),
    ),
    # interface endpoints
    **{f"no interface endpoint of {name}": Case(drop(name), at("interface-endpoints", VPC)) for name in _INTERFACES},
    "kind of an interface endpoint left out": Case(
        edit(_SQS, vpcEndpointType=None),
        at("interface-endpoints", VPC) | at(_SCOPED, _SQS),
    ),
    "interface endpoint of unknown kind": Case(
        edit(_SQS, vpcEndpointType=UNKNOWN),
        at("interface-endpoints", VPC)
        | at("s3-gateway-endpoint", VPC)
        | at("interface-endpoints-usable", _SQS)
        | at(_SCOPED, _SQS)
        | at(_OF_AWS, _SQS),
    ),
    **{
        f"interface endpoint of service {service}": Case(
            edit(_SQS, serviceName=service), at("interface-endpoints", VPC) | at(_OF_AWS, _SQS)
        )
        for service in ("com.amazonaws.vpce.us-east-1.vpce-svc-1", "sqs", "", None, UNKNOWN, 7)
    },
    "interface endpoint of another service": Case(
        edit(_SQS, serviceName="com.amazonaws.us-east-1.sqs-fips"), at("interface-endpoints", VPC)
    ),
    **{
        f"endpoint of kind {kind}": Case(
            edit(_SQS, vpcEndpointType=kind), at("interface-endpoints", VPC) | at(_OF_AWS, _SQS)
        )
        for kind in ("GatewayLoadBalancer", "Resource", "ServiceNetwork")
    },
    "interface endpoint of another VPC": Case(
        edit(_SQS, vpcId="vpc-1"), at("interface-endpoints", VPC) | at("interface-endpoints-usable", _SQS)
    ),
    **{
        f"interface endpoint with {key} {value}": Case(
            edit(_SQS, **{key: value}), at("interface-endpoints-usable", _SQS)
        )
        for key, value in (
            ("privateDnsEnabled", None),
            ("privateDnsEnabled", False),
            ("privateDnsEnabled", UNKNOWN),
            ("privateDnsEnabled", "true"),
            ("subnetIds", None),
            ("subnetIds", ["subnet-1", "subnet-2", "subnet-3"]),
            ("securityGroupIds", None),
            ("securityGroupIds", ["sg-1"]),
        )
    },
    "interface endpoint in two zones": Case(
        point(_SQS, "subnetIds", *PRIVATE[:2]), at("interface-endpoints-usable", _SQS)
    ),
    "interface endpoint twice in one zone": Case(
        point(_SQS, "subnetIds", *PRIVATE[:2], DATA[0]), at("interface-endpoints-usable", _SQS)
    ),
    "interface endpoint in subnets of another stack": Case(
        chain(other_stack, point(_SQS, "subnetIds", ELSEWHERE)), at("interface-endpoints-usable", _SQS)
    ),
    "interface endpoint with a security group without rules": Case(
        chain(_tasks, point(_SQS, "securityGroupIds", "tasks")), at("interface-endpoints-usable", _SQS)
    ),
    "interface endpoint with a security group of another stack besides": Case(
        chain(other_stack, point(_SQS, "securityGroupIds", GROUP, ELSEWHERE)), at("interface-endpoints-usable", _SQS)
    ),
    "endpoints admit nothing": Case(drop(_RULE), _UNUSABLE),
    **{
        f"endpoints admit {changes}": Case(edit(_RULE, **changes), _UNUSABLE)
        for changes in (
            {"ipProtocol": "udp"},
            {"fromPort": 80, "toPort": 80},
            {"fromPort": 444, "toPort": 500},
            {"fromPort": None, "toPort": None},
            {"cidrIpv4": "10.0.0.0/17"},
            {"cidrIpv4": "10.1.0.0/16"},
            {"cidrIpv4": None, "cidrIpv6": "fd00::/8"},
            {"cidrIpv4": None, "referencedSecurityGroupId": "sg-1"},
        )
    },
    **{
        f"endpoints admit an unreadable {changes}": Case(
            edit(_RULE, **changes), _UNUSABLE | at("security-groups-not-open", _RULE)
        )
        for changes in (
            {"ipProtocol": UNKNOWN},
            {"fromPort": UNKNOWN},
            {"toPort": "443"},
            {"cidrIpv4": UNKNOWN},
            {"cidrIpv4": "everybody"},
        )
    },
    "endpoints let out only": Case(_admitted(cidrBlocks=["10.0.0.0/16"], type="egress"), _UNUSABLE),
    # policies
    **{
        f"interface endpoint bound to {what}": Case(
            edit(_SQS, policy=_policy(_statement(), _statement(condition))), at(_SCOPED, _SQS)
        )
        for what, condition in _LOOSE_CONDITIONS.items()
    },
    **{
        f"interface endpoint that allows {what}": Case(
            edit(_SQS, policy=_policy(_statement(), statement)), at(_SCOPED, _SQS)
        )
        for what, statement in _LOOSE_STATEMENTS.items()
    },
    **{
        f"gateway endpoint with {what}": Case(edit(_S3, policy=_policy(_statement(condition))), at(_SCOPED, _S3))
        for what, condition in {
            "principals only": _equals(principal=_ACCOUNT),
            "data only": _equals(resource=_ACCOUNT),
            "data of another account": _equals(principal=_ACCOUNT, resource=_OTHER),
            "data of any account": _equals(principal=_ACCOUNT, resource="*"),
        }.items()
    },
    **{f"policy {value!r}": Case(edit(_SQS, policy=value), at(_SCOPED, _SQS)) for value in _MALFORMED},
    "policy of its own, open": Case(_own_policy(_SQS, _statement({})), at(_SCOPED, "more")),
    "policy of its own, without data": Case(_own_policy(_S3, _statement()), at(_SCOPED, "more")),
    # names
    **{
        f"{key} {value}": Case(edit(VPC, **{key: value}), at("vpc-dns-enabled", VPC))
        for key in ("enableDnsSupport", "enableDnsHostnames")
        for value in (False, UNKNOWN, "true")
    },
    "enableDnsHostnames left out": Case(edit(VPC, enableDnsHostnames=None), at("vpc-dns-enabled", VPC)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("accounts", [None, "[]", UNKNOWN, json.dumps([_OTHER])])
def test_account_is_the_one_that_the_provider_is_bound_to(accounts: str | None) -> None:
    found = violations(edit("aws", allowedAccountIds=accounts)(recorded("prod")))
    assert found == at(_SCOPED, *_INTERFACES, _S3, "network-endpoints-dynamodb")


@pytest.mark.parametrize(("required", "kept"), [([], True), (["sqs"], True), (["sqs", "states"], False)])
def test_services_with_interface_endpoints_are_an_option(required: list[str], kept: bool) -> None:
    found = violations(recorded("prod"), {"interface-endpoints": {"required": required}})
    assert (not found) is kept
