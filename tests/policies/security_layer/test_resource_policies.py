import json
from dataclasses import replace
from typing import Any

import pytest

from preview.topology import Topology
from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, provide
from tests.policies.security_layer.judged import (
    ACCOUNT,
    OTHER_ACCOUNT,
    broken,
    document,
    extend,
    recorded,
    statements_of,
)
from tests.support.editing import UNKNOWN, edited, urn_of

_SCOPED, _SEPARATE = "resource-policies-scoped", "resource-policies-separate"
_KEY, _TOPIC, _BUCKET = "security-data-key", "security-alerts-critical", "security-audit-logs-bucket"
_TOPIC_POLICY, _BUCKET_POLICY = "security-alerts-critical-policy", "security-audit-logs-policy"
_SECRET = "database-app-secret"  # noqa: S105 a name
_QUEUE = "aws:sqs/queue:Queue"
_MORE: dict[str, str] = {
    "aws:kms/keyPolicy:KeyPolicy": "keyId",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "secretArn",
    "aws:sns/topicPolicy:TopicPolicy": "arn",
    "aws:sqs/queuePolicy:QueuePolicy": "queueUrl",
    "aws:s3/bucketPolicy:BucketPolicy": "bucket",
}
_ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def _allow(principal: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    given = {"Effect": "Allow", "Principal": principal, "Action": "sns:Publish", "Resource": "*", **more}
    return {**given, "Condition": condition} if condition is not None else given


def _service(operator: str, key: str, value: Any) -> dict[str, Any]:
    return _allow({"Service": "events.amazonaws.com"}, {operator: {key: value}})


def _arn(account: str, service: str = "events", region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{account}:rule/*"


_ANYBODY = {"any": "*", "any of AWS": {"AWS": "*"}, "any in a list": {"AWS": ["*"]}}
_OWN = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
_LOG_CONTEXT = "kms:EncryptionContext:aws:logs:arn"


def _balancers(path: str, service: str = "logdelivery.elasticloadbalancing", **changes: Any) -> dict[str, Any]:
    put = {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::logs/{path}"}
    return _allow({"Service": f"{service}.amazonaws.com"}, **put | changes)


_FINE: dict[str, dict[str, Any]] = {
    "own account's root": _allow({"AWS": _ROOT}),
    "own account by number": _allow({"AWS": ACCOUNT}),
    "own role, in a list": _allow({"AWS": [f"arn:aws:iam::{ACCOUNT}:role/path/reader"]}),
    "own session": _allow({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/session"}),
    **{f"{what} of the own account": _allow(who, _OWN) for what, who in _ANYBODY.items()},
    "condition's key in other letters": _allow("*", {"StringEquals": {"AWS:principalaccount": [ACCOUNT]}}),
    "further condition": _allow("*", {**_OWN, "Bool": {"aws:SecureTransport": "true"}}),
    "denial of anything": {"Effect": "Deny", "NotPrincipal": {"AWS": _ROOT}, "NotAction": "x:*", "NotResource": "*"},
    **{
        f"service by {operator} of {key}": _service(operator, key, value)
        for operator, key, value in (
            ("StringEquals", "aws:SourceAccount", ACCOUNT),
            ("StringEquals", "AWS:SourceAccount", [ACCOUNT]),
            ("StringLike", "aws:SourceAccount", ACCOUNT),
            ("StringEquals", "kms:CallerAccount", ACCOUNT),
            ("ArnLike", "aws:SourceArn", _arn(ACCOUNT)),
            ("ArnLike", "aws:SourceArn", _arn(ACCOUNT, region="*")),
            ("ArnEquals", "aws:SourceArn", [_arn(ACCOUNT)]),
            ("StringLike", "aws:SourceArn", _arn(ACCOUNT)),
            ("StringEquals", "aws:SourceArn", _arn(ACCOUNT)),
            ("ArnLike", _LOG_CONTEXT, _arn(ACCOUNT, "logs")),
            ("StringEquals", "kms:EncryptionContext:account", ACCOUNT),
        )
    },
    "service with a loose condition beside": _allow(
        {"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]},
        {"ArnLike": {"aws:SourceArn": "*", "aws:SourceAccount": "*"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}},
    ),
    "some actions by wildcard": _allow({"AWS": _ROOT}, Action=["kms:Describe*", "kms:*Key"]),
    "load balancers below the own account's path": _balancers(f"alb/AWSLogs/{ACCOUNT}/*"),
}

_LOOSE: dict[str, Any] = {
    **{what: _allow(who) for what, who in _ANYBODY.items()},
    **{
        f"anybody by {condition}": _allow("*", condition)
        for condition in (
            {},
            [],
            {"StringEquals": []},
            {"StringEquals": {"aws:PrincipalAccount": []}},
            {"StringEquals": {"aws:PrincipalAccount": OTHER_ACCOUNT}},
            {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, OTHER_ACCOUNT]}},
            {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            {"StringLike": {"aws:PrincipalAccount": ACCOUNT}},
            {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
            {"StringEqualsIfExists": {"aws:PrincipalAccount": ACCOUNT}},
            {"ForAllValues:StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
        )
    },
    **{
        f"principal {who!r}": _allow(who)
        for who in (
            None,
            ACCOUNT,
            [ACCOUNT],
            {"AWS": OTHER_ACCOUNT},
            {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/{ACCOUNT}"},
            {"AWS": [_ROOT, f"arn:aws:iam::{OTHER_ACCOUNT}:root"]},
            {"AWS": [_ROOT, "*"]},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:*"},
            {"AWS": "arn:aws:iam::*:role/reader"},
            {"AWS": "AROAEXAMPLE"},
            {"AWS": 7},
            {"Federated": "accounts.google.com"},
            {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/own"},
            {"CanonicalUser": "1234"},
            {"Service": "events.amazonaws.com"},
        )
    },
    "other account under a condition": _allow({"AWS": OTHER_ACCOUNT}, _OWN),
    "federated under a condition": _allow({"Federated": "accounts.google.com"}, _OWN),
    "any service under a condition": _allow({"Service": "*"}, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
    "own account and a service": _allow({"AWS": _ROOT, "Service": "events.amazonaws.com"}),
    **{
        f"service by {operator} of {key} {value}": _service(operator, key, value)
        for operator, key, value in (
            ("StringEquals", "aws:SourceAccount", OTHER_ACCOUNT),
            ("StringEquals", "aws:SourceAccount", [ACCOUNT, OTHER_ACCOUNT]),
            ("StringEquals", "aws:SourceAccount", []),
            ("StringLike", "aws:SourceAccount", "*"),
            ("StringLike", "aws:SourceAccount", f"{ACCOUNT}*"),
            ("StringNotEquals", "aws:SourceAccount", ACCOUNT),
            ("StringEqualsIfExists", "aws:SourceAccount", ACCOUNT),
            ("ForAllValues:StringEquals", "aws:SourceAccount", ACCOUNT),
            ("Null", "aws:SourceAccount", "false"),
            ("StringEquals", "aws:PrincipalAccount", ACCOUNT),
            ("StringEquals", "aws:SourceOrgID", "o-1"),
            ("StringEquals", "kms:ViaService", "events.us-east-1.amazonaws.com"),
            ("ArnLike", "aws:SourceArn", "*"),
            ("ArnLike", "aws:SourceArn", []),
            ("ArnLike", "aws:SourceArn", _arn("*")),
            ("ArnLike", "aws:SourceArn", _arn("4444*")),
            ("ArnLike", "aws:SourceArn", _arn(OTHER_ACCOUNT)),
            ("ArnLike", "aws:SourceArn", [_arn(ACCOUNT), _arn(OTHER_ACCOUNT)]),
            ("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket"),
            ("ArnNotLike", "aws:SourceArn", _arn(ACCOUNT)),
            ("ArnLikeIfExists", "aws:SourceArn", _arn(ACCOUNT)),
            ("StringLike", "aws:SourceArn", _arn(ACCOUNT, region="*")),
            ("StringLike", "aws:SourceArn", f"*{ACCOUNT}*"),
            ("ArnLike", _LOG_CONTEXT, _arn("*", "logs")),
            ("ArnLike", "aws:SourceAccount", _arn(ACCOUNT)),
        )
    },
    "load balancers anywhere": _balancers("*"),
    "load balancers below any path": _balancers(f"*/AWSLogs/{ACCOUNT}/*"),
    "load balancers below any account": _balancers("alb/AWSLogs/*"),
    "load balancers of another account": _balancers(f"alb/AWSLogs/{OTHER_ACCOUNT}/*"),
    "load balancers that read": _balancers(f"alb/AWSLogs/{ACCOUNT}/*", Action=["s3:PutObject", "s3:GetObject"]),
    "load balancers below one path of two": _balancers("", Resource=[f"arn:aws:s3:::logs/AWSLogs/{ACCOUNT}/*", "*"]),
    "load balancers without a path": _balancers("", Resource=[]),
    "another service below the own account's path": _balancers(f"alb/AWSLogs/{ACCOUNT}/*", service="logging.s3"),
    "not a principal": {**_allow(None), "NotPrincipal": {"AWS": OTHER_ACCOUNT}},
    "not an action": _allow({"AWS": _ROOT}, NotAction="sns:Publish"),
    "not a resource": _allow({"AWS": _ROOT}, NotResource="*"),
    "element in other letters": {**_allow({"AWS": _ROOT}), "principal": "*"},
    "effect in other letters": _allow("*", Effect="deny"),
    "effect left out": {"Principal": "*", "Action": "sns:Publish", "Resource": "*"},
    "effect malformed": _allow("*", Effect=["Deny"]),
    **{
        f"own role may {actions!r}": _allow({"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}, Action=actions)
        for actions in ("*", "kms:*", ["kms:Decrypt", "KMS:*"], "kms:**", "kms:?*", "k*")
    },
    "service may do everything": {**_service("StringEquals", "aws:SourceAccount", ACCOUNT), "Action": "kms:*"},
    "account may do everything": _allow("*", _OWN, Action="kms:*"),
    "root and a role may do everything": _allow({"AWS": [_ROOT, f"arn:aws:iam::{ACCOUNT}:role/x"]}, Action="kms:*"),
}


def _separate(type_: str, *statements: Any) -> Change:
    """Declare a policy of its own under the stack's provider; what it is for is not in the stack."""
    given = {_MORE[type_]: UNKNOWN, "policy": document(*statements)}
    return chain(add(type_, "more", given), provide("more"))


def _bound_to(accounts: Any) -> Change:
    """Bind the stack's provider to other accounts."""

    def change(topology: Topology) -> Topology:
        urn = urn_of(topology, "aws")
        provider = edited(topology, "aws", {"allowedAccountIds": accounts}).resources[urn]
        return replace(topology, resources={**topology.resources, urn: provider})

    return change


_HOLDERS = at(
    _SCOPED,
    *(
        f"security-{name}-key"
        for name in ("alerts", "archive", "data", "logs", "media", "queues", "secrets", "streams")
    ),
    *(f"far-{name}-key" for name in ("alerts", "archive", "data", "media", "secrets")),
) | at(
    _SCOPED,
    _TOPIC_POLICY,
    "security-alerts-warning-policy",
    "far-alerts-critical-policy",
    _BUCKET_POLICY,
    "security-access-logs-policy",
)
_DENIALS = at(_SCOPED, "far-copies-policy")
"""What lets nobody in, whose account it has to know all the same."""
_TLS = at("tls-only", _TOPIC, "security-alerts-warning", "far-alerts-critical")
_ROLES = at(
    "roles-trusted-narrowly",
    "database-backups-role",
    "database-monitoring-role",
    "database-proxy-role",
    "network-flow-logs-role",
    "runbooks-role",
) | at(
    "permissions-named",
    "database-backups-takes-snapshots",
    "database-proxy-reads-secret",
    "network-flow-logs-delivery",
    "runbooks-acts",
)

ACCEPTED: dict[str, Change] = {
    **{
        f"{what}, in a policy of {holder}": extend(holder, statement)
        for what, statement in _FINE.items()
        for holder in (_KEY, _TOPIC_POLICY)
    },
    **{f"own account in {type_}": _separate(type_, _FINE["own account's root"]) for type_ in _MORE},
    "every action for the account by number, in a key": extend(_KEY, _allow({"AWS": ACCOUNT}, Action="*")),
    "every action for root, in a key's own policy": _separate(
        "aws:kms/keyPolicy:KeyPolicy", _allow({"AWS": _ROOT}, Action="kms:*")
    ),
    "provider of two accounts": _bound_to(json.dumps([ACCOUNT, OTHER_ACCOUNT])),
    "inline policies spelt out as empty": chain(edit(_TOPIC, policy=""), edit(_BUCKET, policy="")),
}

REJECTED: dict[str, Case] = {
    **{
        f"{what}, in a policy of {holder}": Case(extend(holder, statement), at(_SCOPED, holder))
        for what, statement in _LOOSE.items()
        for holder in (_KEY, _TOPIC_POLICY)
    },
    **{
        f"{what} in {type_}": Case(_separate(type_, _LOOSE[what]), at(_SCOPED, "more"))
        for type_ in _MORE
        for what in ("any", "principal {'Federated': 'accounts.google.com'}", "own role may '*'")
    },
    **{
        f"root may do everything in {type_}": Case(
            _separate(type_, _allow({"AWS": _ROOT}, Action="*")), at(_SCOPED, "more")
        )
        for type_ in _MORE
        if "kms" not in type_
    },
    **{
        f"bucket policy {value!r}": Case(
            edit(_BUCKET_POLICY, policy=value), at(_SCOPED, _BUCKET_POLICY) | at("tls-only", _BUCKET)
        )
        for value in (UNKNOWN, None, "", 7, "{", "[]", "{}", '{"Statement": []}', '{"Statement": ["all"]}')
    },
    **{
        f"{action!r} denied to {principal!r}, in a policy of {holder}": Case(
            extend(holder, {"Effect": "Deny", "Principal": principal, "Action": action, "Resource": "*"}),
            at(_SCOPED, holder),
        )
        for holder, action in ((_KEY, "kms:*"), (_TOPIC_POLICY, ["sns:*"]), (_TOPIC_POLICY, "*"))
        for principal in ("*", {"AWS": "*"})
    },
    "provider of another account": Case(_bound_to(json.dumps([OTHER_ACCOUNT])), _HOLDERS | _TLS | _ROLES),
    **{
        f"provider bound to {value!r}": Case(_bound_to(value), _HOLDERS | _DENIALS | _TLS | _ROLES)
        for value in (None, "", "[]", UNKNOWN, 7, "x")
    },
    "no provider": Case(
        add("aws:sqs/queuePolicy:QueuePolicy", "more", {"policy": document(_allow({"AWS": _ROOT}))}),
        at(_SCOPED, "more"),
    ),
    **{
        f"inline policy of {name} {value!r}": Case(edit(name, policy=value), at(_SEPARATE, name))
        for name in (_TOPIC, _BUCKET, _SECRET)
        for value in (document(_allow({"AWS": _ROOT})), UNKNOWN, 7)
    },
    "inline policy of a queue": Case(
        add(_QUEUE, "queue", {"policy": document(_allow("*"))}), at(_SEPARATE, "queue") | at("tls-only", "queue")
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("name", [_KEY, _TOPIC_POLICY, _BUCKET_POLICY])
def test_one_statement_needs_no_list(name: str) -> None:
    [first, *_] = statements_of(name)
    topology = edit(name, policy=json.dumps({"Statement": {**first, "Principal": "*"}}))(recorded("prod"))
    assert (_SCOPED, name) in broken(topology)
