from typing import Any

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

_TIERS = {"public": PUBLIC, "private": PRIVATE, "data": DATA}
_ACLS = {tier: f"network-{tier}-nacl" for tier in _TIERS}
_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
_ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
_BLOCK = "10.0.0.0/16"


def _passing(first: int, last: int, peer: str = "0.0.0.0/0", **changes: Any) -> dict[str, Any]:
    """Return an inline rule that lets TCP pass."""
    return {
        "ruleNo": 900,
        "action": "allow",
        "protocol": "tcp",
        "cidrBlock": peer,
        "fromPort": first,
        "toPort": last,
    } | (changes)


_ANSWERS = (_passing(1024, 3388), _passing(3390, 65535))
_GIVEN: dict[str, dict[str, list[dict[str, Any]]]] = {
    "public": {
        "ingress": [_passing(80, 80), _passing(443, 443), *_ANSWERS, _passing(1024, 65535, _BLOCK)],
        "egress": [_passing(443, 443), *_ANSWERS, _passing(1024, 65535, _BLOCK)],
    },
    "private": {
        "ingress": [*_ANSWERS, _passing(443, 443, _BLOCK), _passing(1024, 65535, _BLOCK)],
        "egress": [_passing(443, 443), _passing(1024, 65535, _BLOCK)],
    },
    "data": {
        "ingress": [_passing(443, 443, _BLOCK), _passing(1024, 65535, _BLOCK)],
        "egress": [_passing(1024, 65535, _BLOCK)],
    },
}


def _inline(tier: str, direction: str, *more: Any) -> Change:
    """Give a tier rules of its own in one direction, and ``more``."""
    return edit(_ACLS[tier], **{direction: [*_GIVEN[tier][direction], *more]})


def _less(tier: str, direction: str, *gone: int) -> Change:
    """Take rules out of a tier's, by position."""
    kept = [rule for position, rule in enumerate(_GIVEN[tier][direction]) if position not in gone]
    return edit(_ACLS[tier], **{direction: kept})


def _each(guardrails: tuple[str, ...], name: str) -> set[tuple[str, str]]:
    return {(guardrail, name) for guardrail in guardrails}


def _separate(tier: str, direction: str, rule: dict[str, Any], name: str = "more") -> Change:
    """Add a rule that is a resource of its own."""
    renamed = {{"action": "ruleAction", "ruleNo": "ruleNumber"}.get(key, key): value for key, value in rule.items()}
    inputs = {"networkAclId": UNKNOWN, "egress": direction == "egress", **renamed}
    return add(_RULE, name, inputs, networkAclId=[_ACLS[tier]])


def _all_separate(tier: str) -> Change:
    rules = [(direction, rule) for direction, given in _GIVEN[tier].items() for rule in given]
    return chain(
        edit(_ACLS[tier], ingress=None, egress=None),
        *(_separate(tier, direction, rule, f"rule-{number}") for number, (direction, rule) in enumerate(rules)),
    )


ACCEPTED: dict[str, Change] = {
    **{
        f"{tier}: inline {direction}": _inline(tier, direction)
        for tier in _TIERS
        for direction in ("ingress", "egress")
    },
    **{f"{tier}: separate rules": _all_separate(tier) for tier in _TIERS},
    "direction left to its default": _separate("private", "ingress", {**_passing(2000, 2001), "egress": False}),
    "rules in another order": edit(_ACLS["public"], ingress=_GIVEN["public"]["ingress"][::-1]),
    "one rule twice": _inline("private", "ingress", _GIVEN["private"]["ingress"][0]),
    "denial after what it would deny": _inline("private", "ingress", _passing(0, 65535, action="deny", ruleNo=999)),
    "denial of other ports": _inline("private", "ingress", _passing(444, 1023, action="deny", ruleNo=1)),
    "denial of other protocols": _inline(
        "private", "ingress", _passing(0, 65535, action="deny", protocol="udp", ruleNo=1)
    ),
    "denial in capitals": _inline("data", "ingress", _passing(22, 22, action="DENY", ruleNo=1)),
    "all protocols within the VPC": _inline("data", "ingress", _passing(0, 0, _BLOCK, protocol="-1")),
    "part of the VPC": _inline("data", "ingress", _passing(22, 22, "10.0.1.0/24")),
    "TCP by number": edit(
        _ACLS["data"], egress=[_passing(1024, 65535, _BLOCK, protocol="6")], ingress=_GIVEN["data"]["ingress"]
    ),
    "ACL with further subnets by association": chain(
        point(_ACLS["data"], "subnetIds", *DATA[:2]),
        add(_ASSOCIATION, "more", {}, subnetId=DATA[2:], networkAclId=[_ACLS["data"]]),
    ),
    "ACL of no subnets": add("aws:ec2/networkAcl:NetworkAcl", "spare", {"vpcId": UNKNOWN}, vpcId=[VPC]),
}

_PER_TIER = "network-acl-per-tier"
_NARROW = "network-acls-narrow"
_ANSWERS_PASS = "network-acls-let-answers-pass"  # noqa: S105 the id of a guardrail
_HTTPS_PASSES = "network-acls-let-https-pass"
_DATA_ONLY = "data-tier-acl-vpc-only"
_JUDGED = (_NARROW, _ANSWERS_PASS, _HTTPS_PASSES)

_TOO_WIDE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "SSH from anywhere": ("private", "ingress", _passing(22, 22)),
    "SSH from a part of the world": ("private", "ingress", _passing(22, 22, "8.0.0.0/8")),
    "SSH from one half of the world": ("private", "ingress", _passing(22, 22, "0.0.0.0/1")),
    "SSH from the other half": ("private", "ingress", _passing(22, 22, "128.0.0.0/1")),
    "SSH from another private network": ("private", "ingress", _passing(22, 22, "10.1.0.0/16")),
    "SSH from more than the VPC": ("private", "ingress", _passing(22, 22, "10.0.0.0/15")),
    "remote desktop": ("private", "ingress", _passing(3389, 3389)),
    "remote desktop into the public tier": ("public", "ingress", _passing(3000, 4000)),
    "all TCP": ("private", "ingress", _passing(0, 65535)),
    "all ephemeral ports": ("private", "ingress", _passing(1024, 65535)),
    "web into the private tier": ("private", "ingress", _passing(443, 443)),
    "ports between web ports": ("public", "ingress", _passing(80, 443)),
    "ports above HTTPS": ("public", "ingress", _passing(443, 2000)),
    "ports above HTTP": ("public", "ingress", _passing(80, 1023)),
    "all TCP out": ("private", "egress", _passing(0, 65535)),
    "ephemeral ports out of the private tier": ("private", "egress", _passing(1024, 65535)),
    "mail out": ("public", "egress", _passing(25, 25)),
    "UDP": ("private", "ingress", _passing(1024, 2000, protocol="udp")),
    "UDP by number": ("private", "ingress", _passing(1024, 2000, protocol="17")),
    "UDP out": ("private", "egress", _passing(443, 443, protocol="udp")),
    "ICMP": ("public", "ingress", _passing(0, 0, protocol="icmp")),
    "all protocols": ("public", "ingress", _passing(0, 0, protocol="-1")),
    "all protocols by name": ("public", "ingress", _passing(0, 0, protocol="ALL")),
    "IPv6": ("private", "ingress", {**_passing(22, 22), "cidrBlock": "", "ipv6CidrBlock": "::/0"}),
    "TCP without ports": ("private", "ingress", {**_passing(0, 0), "fromPort": None, "toPort": None}),
    "no peer": ("private", "ingress", {**_passing(22, 22), "cidrBlock": None}),
}
# A private subnet among those of the data tier: none of them is isolated any more, and all want a NAT gateway.
_MIXED = (
    at("data-tier-isolated", VPC)
    | at("nat-gateway-per-zone", VPC)
    | at("s3-gateway-endpoint", VPC)
    | at(_ANSWERS_PASS, _ACLS["data"])
    | at(_HTTPS_PASSES, _ACLS["data"])
)
_PARTS = ("action", "cidrBlock", "fromPort", "protocol", "ruleNo", "toPort")

REJECTED: dict[str, Case] = {
    # which subnets are under which ACL
    "subnet under no ACL": Case(
        point(_ACLS["data"], "subnetIds", *DATA[:2]), at(_PER_TIER, DATA[2]) | at("subnets-span-zones", VPC)
    ),
    "subnet under two ACLs": Case(
        point(_ACLS["data"], "subnetIds", *DATA, PRIVATE[0]), at(_PER_TIER, PRIVATE[0]) | _MIXED
    ),
    "subnet moved by an association": Case(
        add(_ASSOCIATION, "more", {}, subnetId=PRIVATE[:1], networkAclId=[_ACLS["data"]]),
        at(_PER_TIER, PRIVATE[0]) | _MIXED,
    ),
    "subnet moved to a literal ACL": Case(
        add(_ASSOCIATION, "more", {"networkAclId": "acl-1"}, subnetId=DATA[:1]), at(_PER_TIER, DATA[0])
    ),
    "subnet moved to the VPC's own ACL": Case(
        add(_ASSOCIATION, "more", {}, subnetId=DATA[:1], networkAclId=[VPC]), at(_PER_TIER, DATA[0])
    ),
    "literal subnets": Case(
        edit(_ACLS["data"], subnetIds=["subnet-1"]), at(_PER_TIER, *DATA, VPC) | at("data-tier-isolated", VPC)
    ),
    "ACL gone": Case(drop(_ACLS["data"]), at(_PER_TIER, *DATA, VPC) | at("data-tier-isolated", VPC)),
    "two tiers under one ACL": Case(
        chain(drop(_ACLS["data"]), point(_ACLS["private"], "subnetIds", *PRIVATE, *DATA)),
        at(_PER_TIER, VPC)
        | at("data-tier-isolated", VPC)
        | at("nat-gateway-per-zone", VPC)
        | at("s3-gateway-endpoint", VPC),
    ),
    # what passes
    **{
        f"{what}, {how}": Case(made(tier, direction, rule), at(_NARROW, _ACLS[tier]))
        for what, (tier, direction, rule) in _TOO_WIDE.items()
        for how, made in (("inline", _inline), ("separate", _separate))
    },
    **{
        f"data tier: {rule['cidrBlock']} {direction} {how}": Case(
            made("data", direction, rule), at(_DATA_ONLY, _ACLS["data"])
        )
        for direction in ("ingress", "egress")
        for rule in (
            _passing(443, 443),
            _passing(1024, 65535, "10.0.0.0/8"),
            _passing(1024, 65535, "10.1.0.0/16"),
            _passing(0, 0, protocol="-1"),
        )
        for how, made in (("inline", _inline), ("separate", _separate))
    },
    "data tier: IPv6": Case(
        _inline("data", "ingress", {**_passing(443, 443), "cidrBlock": "", "ipv6CidrBlock": "fd00::/8"}),
        at(_DATA_ONLY, _ACLS["data"]),
    ),
    # what must pass
    **{
        f"{tier}: {direction} less {gone}": Case(_less(tier, direction, *gone), at(guardrail, _ACLS[tier]))
        for tier, direction, gone, guardrail in (
            ("public", "ingress", (1,), _HTTPS_PASSES),
            ("public", "egress", (0,), _HTTPS_PASSES),
            ("private", "ingress", (2,), _HTTPS_PASSES),
            ("private", "egress", (0,), _HTTPS_PASSES),
            ("public", "ingress", (2,), _ANSWERS_PASS),
            ("public", "ingress", (3,), _ANSWERS_PASS),
            ("public", "egress", (1,), _ANSWERS_PASS),
            ("public", "egress", (2,), _ANSWERS_PASS),
            ("private", "ingress", (0,), _ANSWERS_PASS),
            ("private", "ingress", (1,), _ANSWERS_PASS),
            ("private", "egress", (1,), _ANSWERS_PASS),
            ("data", "ingress", (1,), _ANSWERS_PASS),
            ("data", "egress", (0,), _ANSWERS_PASS),
        )
    },
    **{
        f"{tier}: {direction} denied first": Case(
            _inline(tier, direction, _passing(1024, 65535, action="deny", ruleNo=1)), at(_ANSWERS_PASS, _ACLS[tier])
        )
        for tier in _TIERS
        for direction in ("ingress", "egress")
    },
    "denial of a part of the VPC": Case(
        _inline("data", "ingress", _passing(5000, 5000, "10.0.0.0/24", action="deny", ruleNo=1)),
        at(_ANSWERS_PASS, _ACLS["data"]),
    ),
    "denial of HTTPS": Case(
        _separate("public", "ingress", _passing(443, 443, action="deny", ruleNo=1)), at(_HTTPS_PASSES, _ACLS["public"])
    ),
    "answers to one half of the VPC": Case(
        edit(_ACLS["data"], egress=[_passing(1024, 65535, "10.0.0.0/17")]), at(_ANSWERS_PASS, _ACLS["data"])
    ),
    "no rules": Case(
        edit(_ACLS["private"], ingress=None, egress=None),
        at(_ANSWERS_PASS, _ACLS["private"]) | at(_HTTPS_PASSES, _ACLS["private"]),
    ),
    # what can't be read
    **{
        f"separate {key} {value!r}": Case(
            _separate("private", "ingress", {**_passing(2000, 2001), key: value}),
            _each(_JUDGED, _ACLS["private"]),
        )
        for key in (*_PARTS, "egress")
        for value in (UNKNOWN, ["443"])
    },
    **{
        f"inline {key} unknown": Case(
            _inline("private", "ingress", {**_passing(2000, 2001), key: UNKNOWN}),
            _each((*_JUDGED, "inputs-known"), _ACLS["private"]),
        )
        for key in _PARTS
    },
    "inline rule unknown": Case(
        _inline("private", "egress", UNKNOWN),
        {
            found
            for guardrail in (_ANSWERS_PASS, _HTTPS_PASSES, "inputs-known")
            for found in at(guardrail, _ACLS["private"])
        },
    ),
    **{
        f"all {direction} rules unknown": Case(
            edit(_ACLS["private"], **{direction: UNKNOWN}),
            {
                found
                for guardrail in (_ANSWERS_PASS, _HTTPS_PASSES, "inputs-known")
                for found in at(guardrail, _ACLS["private"])
            },
        )
        for direction in ("ingress", "egress")
    },
    "inline rules malformed": Case(
        edit(_ACLS["private"], ingress="all"),
        _each(_JUDGED, _ACLS["private"]),
    ),
    "ACL of another VPC": Case(
        edit(_ACLS["private"], vpcId="vpc-1"),
        _each(_JUDGED, _ACLS["private"]),
    ),
    "ACL of another stack's VPC": Case(
        chain(other_stack, point(_ACLS["data"], "vpcId", ELSEWHERE)),
        _each((_DATA_ONLY, _ANSWERS_PASS), _ACLS["data"]),
    ),
    "open ACL of no subnets": Case(
        add(
            "aws:ec2/networkAcl:NetworkAcl",
            "spare",
            {"vpcId": UNKNOWN, "ingress": [_passing(0, 0, protocol="-1")]},
            vpcId=[VPC],
        ),
        at(_NARROW, "spare"),
    ),
    "open default ACL": Case(
        add(
            "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
            "default",
            {"vpcId": UNKNOWN, "ingress": [_passing(0, 0, protocol="-1")]},
            vpcId=[VPC],
        ),
        at(_NARROW, "default"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("tier", _TIERS)
def test_default_acl_may_be_a_tiers(tier: str) -> None:
    adopted = chain(
        drop(_ACLS[tier]),
        add(
            "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
            "adopted",
            {"defaultNetworkAclId": UNKNOWN, "vpcId": UNKNOWN, "subnetIds": ids(_TIERS[tier]), **_GIVEN[tier]},
            defaultNetworkAclId=[VPC],
            vpcId=[VPC],
            subnetIds=_TIERS[tier],
        ),
    )
    assert violations(adopted(recorded("prod"))) == set()
