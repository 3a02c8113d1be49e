from typing import Any

from guardrails.network_layer.security_groups import SECURITY_GROUP_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import GROUP, VPC, Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.network_layer.judged import recorded
from tests.support.editing import UNKNOWN
from tests.support.judging import violations

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_EITHER = "aws:ec2/securityGroupRule:SecurityGroupRule"
_SPELLINGS = ("ingress rule", "rule of either kind", "inline")
_FROM_VPC, _DEFAULT = "network-endpoints-from-vpc", "network-default-security-group"


def _rule(type_: str, inputs: dict[str, Any], **more: Any) -> Change:
    """Add a rule of its own to the endpoints' security group."""
    given = {"securityGroupId": UNKNOWN, "description": "more", **inputs, **more}
    return add(type_, "more", given, securityGroupId=[GROUP])


def _letting(spelling: str, direction: str, **rule: Any) -> Change:
    """Let a peer through, in one of the ways to say so; ``rule`` is what the older resource takes."""
    if spelling == "rule of either kind":
        return _rule(_EITHER, rule, type=direction)
    if spelling == "inline":
        return edit(GROUP, **{direction: [rule]})
    names = {"cidrBlocks": "cidrIpv4", "ipv6CidrBlocks": "cidrIpv6", "prefixListIds": "prefixListId"}
    single = {
        names.get(key, "ipProtocol" if key == "protocol" else key): value[0] if key in names else value
        for key, value in rule.items()
    }
    return _rule(_INGRESS if direction == "ingress" else _EGRESS, single)


def _found(spelling: str) -> set[tuple[str, str]]:
    if spelling == "inline":
        return at("security-groups-not-open", GROUP) | at("security-group-rules-separate", GROUP)
    return at("security-groups-not-open", "more")


def _tcp(first: Any, last: Any, *peers: str, protocol: str = "tcp") -> dict[str, Any]:
    return {"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": list(peers or ["0.0.0.0/0"])}


_PREFIX_LIST = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "prefixListIds": ["pl-1"]}
_FINE: dict[str, tuple[str, dict[str, Any]]] = {
    "HTTP from anywhere": ("ingress", _tcp(80, 80)),
    "HTTPS from anywhere": ("ingress", _tcp(443, 443)),
    "HTTPS by number": ("ingress", _tcp(443, 443, protocol="6")),
    "HTTPS from a prefix list": ("ingress", _PREFIX_LIST),
    "HTTPS from IPv6": ("ingress", {"protocol": "tcp", "fromPort": 443, "toPort": 443, "ipv6CidrBlocks": ["::/0"]}),
    "any port from private addresses": ("ingress", _tcp(0, 65535, "10.0.0.0/8")),
    "any port from unique local addresses": (
        "ingress",
        {"protocol": "tcp", "fromPort": 0, "toPort": 65535, "ipv6CidrBlocks": ["fd00::/8"]},
    ),
    "one port to anywhere": ("egress", _tcp(5671, 5671)),
    "any port to private addresses": ("egress", _tcp(0, 65535, "10.0.0.0/8")),
    "UDP to private addresses": ("egress", _tcp(53, 53, "10.0.0.2/32", protocol="udp")),
    "ports to a prefix list": ("egress", _PREFIX_LIST),
}
_OPEN: dict[str, tuple[str, dict[str, Any]]] = {
    "SSH from anywhere": ("ingress", _tcp(22, 22)),
    "remote desktop from anywhere": ("ingress", _tcp(3389, 3389)),
    "database from anywhere": ("ingress", _tcp(5432, 5432)),
    "ports between web ports": ("ingress", _tcp(80, 443)),
    "no ports": ("ingress", {"protocol": "tcp", "cidrBlocks": ["0.0.0.0/0"]}),
    "HTTPS over UDP": ("ingress", _tcp(443, 443, protocol="udp")),
    "ping": ("ingress", _tcp(-1, -1, protocol="icmp")),
    "one half of the world": ("ingress", _tcp(22, 22, "0.0.0.0/1")),
    "one address": ("ingress", _tcp(22, 22, "203.0.113.7/32")),
    "shared addresses": ("ingress", _tcp(22, 22, "100.64.0.0/10")),
    "more than the private addresses": ("ingress", _tcp(22, 22, "10.0.0.0/7")),
    "IPv6": ("ingress", {"protocol": "tcp", "fromPort": 22, "toPort": 22, "ipv6CidrBlocks": ["::/0"]}),
    "prefix list": ("ingress", {**_PREFIX_LIST, "fromPort": 22, "toPort": 22}),
    "all protocols from anywhere": ("ingress", _tcp(0, 0, protocol="-1")),
    "all protocols by name": ("ingress", _tcp(0, 0, protocol="ALL")),
    "all protocols from private addresses": ("ingress", _tcp(0, 0, "10.0.0.0/16", protocol="-1")),
    "every port to anywhere": ("egress", _tcp(0, 65535)),
    "a span of ports to anywhere": ("egress", _tcp(80, 443)),
    "UDP to anywhere": ("egress", _tcp(443, 443, protocol="udp")),
    "no ports to a prefix list": ("egress", {"protocol": "tcp", "prefixListIds": ["pl-1"]}),
    "all protocols to anywhere": ("egress", _tcp(0, 0, protocol="-1")),
    "all protocols to IPv6": ("egress", {"protocol": "-1", "ipv6CidrBlocks": ["::/0"]}),
    "protocol left out": ("egress", {"cidrBlocks": ["0.0.0.0/0"]}),
    "unknown protocol": ("ingress", {**_tcp(443, 443), "protocol": UNKNOWN}),
    "unknown port": ("ingress", _tcp(UNKNOWN, 443)),
    "unknown peer": ("ingress", _tcp(443, 443, UNKNOWN)),
    "malformed protocol": ("ingress", {**_tcp(443, 443), "protocol": 6}),
    "malformed port": ("ingress", _tcp("443", 443)),
    "malformed peer": ("ingress", _tcp(443, 443, "everybody")),
}

ACCEPTED: dict[str, Change] = {
    **{
        f"{what}, {spelling}": _letting(spelling, direction, **rule)
        for what, (direction, rule) in _FINE.items()
        for spelling in _SPELLINGS[:2]
    },
    "inline rules spelt out as empty": edit(GROUP, ingress=[], egress=[]),
    "default group without description": edit(_DEFAULT, description=None),
    "prefix list not known yet": _letting("ingress rule", "egress", **{**_PREFIX_LIST, "prefixListIds": [UNKNOWN]}),
    "peers left out for a security group": _rule(
        _INGRESS, {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "referencedSecurityGroupId": "sg-1"}
    ),
}

REJECTED: dict[str, Case] = {
    **{
        f"{what}, {spelling}": Case(_letting(spelling, direction, **rule), _found(spelling))
        for what, (direction, rule) in _OPEN.items()
        for spelling in _SPELLINGS
    },
    "direction unknown": Case(_letting("rule of either kind", UNKNOWN, **_tcp(443, 443)), _found("")),
    "direction left out": Case(_rule(_EITHER, _tcp(22, 22)), _found("")),
    # inline
    **{
        f"{name}: {direction} {value}": Case(
            edit(name, **{direction: value}),
            at("security-group-rules-separate", name)
            | (set() if isinstance(value, list) else at("security-groups-not-open", name)),
        )
        for name in (GROUP, _DEFAULT)
        for direction in ("ingress", "egress")
        for value in ([_tcp(443, 443)], UNKNOWN, "all")
    },
    # descriptions
    **{
        f"{name} described as {text!r}": Case(edit(name, description=text), at("security-groups-described", name))
        for name in (GROUP, _FROM_VPC)
        for text in (None, "", "Managed by Pulumi", "Managed by Terraform", UNKNOWN, 7)
    },
    **{
        f"{type_} without description": Case(
            _rule(type_, {**inputs, "description": ""}), at("security-groups-described", "more")
        )
        for type_, inputs in {
            _EGRESS: {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"},
            _EITHER: {"type": "egress", **_tcp(443, 443)},
        }.items()
    },
    # the default group
    "default group not adopted": Case(drop(_DEFAULT), at("default-security-group-closed", VPC)),
    "default group of another VPC adopted": Case(
        edit(_DEFAULT, vpcId="vpc-1"), at("default-security-group-closed", VPC)
    ),
    **{
        f"rule of the default group, by its {owner}": Case(
            chain(
                _rule(_EITHER, {"type": "ingress", **_tcp(443, 443, "10.0.0.0/16")}),
                point("more", "securityGroupId", owner),
            ),
            at("default-security-group-closed", VPC),
        )
        for owner in (_DEFAULT, VPC)
    },
}


def _judged(topology: Topology) -> set[tuple[str, str]]:
    return violations(topology, of=SECURITY_GROUP_GUARDRAILS)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert _judged(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert _judged(case.change(recorded("prod"))) == case.violations
