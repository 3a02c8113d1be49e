"""Security groups that let in groups alone, and keys that are left to IAM."""

from typing import Any

from guardrails.security_layer import SECURITY_GUARDRAILS
from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, provide
from tests.policies.security_layer.judged import ACCOUNT, document, extend
from tests.support.editing import UNKNOWN
from tests.support.judging import violations
from tests.support.recording import recorded

_GROUPS, _STORES = "groups-let-in-groups", "stores-call-nobody"
_GOVERNED, _INSIDE, _ROTATES = "keys-governed-by-iam", "key-policies-inside", "keys-rotate"
_JUDGED = [rail for rail in SECURITY_GUARDRAILS if rail.id in (_GROUPS, _STORES, _GOVERNED, _INSIDE, _ROTATES)]
_KEY = "security-data-key"
_ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
_DENIED = {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}


def _rule(way: str, group: str, **inputs: Any) -> Change:
    type_ = f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule"
    return add(type_, "more", {"securityGroupId": UNKNOWN, "ipProtocol": "tcp", **inputs}, securityGroupId=[group])


def _on(port: int, block: str = "10.0.0.0/16") -> dict[str, Any]:
    return {"cidrIpv4": block, "fromPort": port, "toPort": port}


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "one more block for the load balancer": _rule("Ingress", "groups-alb", **_on(443, "192.0.2.0/24")),
    "functions that call out": _rule("Egress", "groups-lambda", **_on(443, "0.0.0.0/0")),
    "a key that is denied under a condition": extend(
        _KEY, _DENIED | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    ),
    "a key's root by number": edit(_KEY, policy=document(_ROOT | {"Principal": {"AWS": [ACCOUNT]}})),
    "a key's kind spelt out": edit(_KEY, customerMasterKeySpec="SYMMETRIC_DEFAULT", keyUsage="ENCRYPT_DECRYPT"),
}

REJECTED: dict[str, Case] = {
    "addresses into the group of functions": Case(
        _rule("Ingress", "groups-lambda", **_on(443)), at(_GROUPS, "groups-lambda")
    ),
    "a group of another account": Case(
        _rule("Ingress", "groups-lambda", referencedSecurityGroupId="999988887777/sg-1", fromPort=443, toPort=443),
        at(_GROUPS, "groups-lambda"),
    ),
    "another port of the load balancer": Case(_rule("Ingress", "groups-alb", **_on(8080)), at(_GROUPS, "groups-alb")),
    "another port of endpoints": Case(
        _rule("Ingress", "network-endpoints-security-group", **_on(22)),
        at(_GROUPS, "network-endpoints-security-group"),
    ),
    **{
        f"{group} calls out": Case(_rule("Egress", group, **_on(443, "0.0.0.0/0")), at(_STORES, group))
        for group in ("groups-rds", "groups-redis", "groups-rds-proxy")
    },
    "a key without root": Case(
        edit(_KEY, policy=document(_ROOT | {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/x"}})),
        at(_GOVERNED, _KEY),
    ),
    "a key whose root is bound": Case(
        edit(_KEY, policy=document(_ROOT | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}})),
        at(_GOVERNED, _KEY),
    ),
    "a key that everybody is denied": Case(extend(_KEY, _DENIED), at(_GOVERNED, _KEY)),
    "a second policy of a key": Case(
        chain(
            add("aws:kms/keyPolicy:KeyPolicy", "more", {"keyId": UNKNOWN, "policy": document(_ROOT)}, keyId=[_KEY]),
            provide("more"),
        ),
        at(_INSIDE, "more"),
    ),
    **{
        f"{name} {value!r}": Case(edit(_KEY, **{name: value}), at(_ROTATES, _KEY))
        for name, value in (
            ("customerMasterKeySpec", "RSA_2048"),
            ("keyUsage", "SIGN_VERIFY"),
            ("customKeyStoreId", "cks-1"),
            ("xksKeyId", "one"),
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod")), of=_JUDGED) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod")), of=_JUDGED) == case.violations
