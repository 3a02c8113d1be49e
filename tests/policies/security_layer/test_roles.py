from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, point, provide
from tests.policies.security_layer.judged import (
    ACCOUNT,
    OTHER_ACCOUNT,
    broken,
    document,
    extend,
    recorded,
    statements_of,
)
from tests.support.editing import UNKNOWN

_TRUSTED, _NAMED, _KNOWN = "roles-trusted-narrowly", "permissions-named", "managed-policies-known"
_OF_STACK, _SEPARATE = "roles-of-stack", "role-policies-separate"
_ROLE, _POLICY, _ATTACHMENT = "database-proxy-role", "database-proxy-reads-secret", "database-monitoring-policy"
_LINKED = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
_TAKE_ROLES = {
    _POLICY: "role",
    _ATTACHMENT: "role",
    "database-backups-selection": "iamRoleArn",
    "database-proxy-pool": "roleArn",
}
_MANAGED = "arn:aws:iam::aws:policy"
_DATABASE = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:fitness-platform-prod"
_OWN = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def _trust(principal: Any, condition: Any = None, **more: Any) -> Change:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return edit(_ROLE, assumeRolePolicy=document(statement | ({"Condition": condition} if condition else {})))


def _grant(action: Any, resource: Any, condition: Any = None, **more: Any) -> Change:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return extend(_POLICY, statement | ({"Condition": condition} if condition else {}))


_NO_DOCUMENTS = (UNKNOWN, None, "{", '{"Statement": []}')
_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_SERVICE = {"Service": "ecs-tasks.amazonaws.com"}
_KEYS = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*"

ACCEPTED: dict[str, Change] = {
    "service on behalf of the account": _trust(_SERVICE, _OWN),
    "a role of the account": _trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/deployer"}),
    "denial of anything to a role": extend(_POLICY, {"Effect": "Deny", "NotAction": "x:*", "Resource": "*"}),
    "an object of a bucket": _grant("s3:GetObject", "arn:aws:s3:::fitness-platform-prod-media/*"),
    "a bucket's name by prefix": _grant(["s3:Get*"], ["arn:aws:s3:::fitness-platform-prod-*"]),
    "one database in any region": _grant("rds-db:connect", f"arn:aws:rds-db:*:{ACCOUNT}:dbuser:db-1/app"),
    "all of a kind, to list": _grant(["logs:DescribeLogGroups", "logs:List*"], f"arn:aws:logs:*:{ACCOUNT}:log-group:*"),
    "all of a kind, under a condition": _grant("kms:Decrypt", _KEYS, {"StringLike": {"kms:ViaService": "s3.*"}}),
    "one that has a policy of the stack": chain(
        add("aws:iam/policy:Policy", "own", {"policy": document(*statements_of(_POLICY))}),
        provide("own"),
        point(_ATTACHMENT, "policyArn", "own"),
    ),
    "inline policies spelt out as none": edit(_ROLE, inlinePolicies=[], managedPolicyArns=[]),
}

_OPEN: dict[str, Change] = {
    "anybody": _trust("*"),
    "anybody of AWS": _trust({"AWS": "*"}),
    "anybody under a condition of the caller's": _trust({"AWS": "*"}, {"StringEquals": {"sts:ExternalId": "x"}}),
    "another account": _trust({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}),
    "another account by number": _trust({"AWS": OTHER_ACCOUNT}),
    "anybody but somebody": edit(
        _ROLE,
        assumeRolePolicy=document(
            {"Effect": "Allow", "NotPrincipal": {"AWS": OTHER_ACCOUNT}, "Action": "sts:AssumeRole"}
        ),
    ),
    "service for any account": _trust(_SERVICE),
    "any service": _trust({"Service": "*"}, _OWN),
    "federated users": _trust(
        {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
    ),
    "every action": _trust(_SERVICE, _OWN, Action="sts:*"),
    **{
        f"document {value!r}": edit(_ROLE, assumeRolePolicy=value)
        for value in (UNKNOWN, None, "{", '{"Statement": []}')
    },
}

_WIDE: dict[str, Change] = {
    "everything": _grant("*", "*"),
    "every action of a service": _grant("rds:*", _DATABASE),
    "every action in other letters": _grant("RDS:**", _DATABASE),
    "every action, spelt as everything after a colon": _grant(["rds:DescribeDBInstances", "*:*"], _DATABASE),
    "all but some actions": extend(_POLICY, {"Effect": "Allow", "NotAction": "iam:*", "Resource": _DATABASE}),
    "all but some resources": extend(_POLICY, {"Effect": "Allow", "Action": "rds:Start*", "NotResource": _DATABASE}),
    "no resource": extend(_POLICY, {"Effect": "Allow", "Action": "rds:StartDBInstance"}),
    "no effect": extend(_POLICY, {"Action": "rds:StartDBInstance", "Resource": "*"}),
    "any resource": _grant("secretsmanager:GetSecretValue", "*"),
    "any resource under a condition": _grant("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ecs"}}),
    "any resource by its parts": _grant("iam:PassRole", "arn:aws:iam::*:role/x"),
    "any service by its parts": _grant("iam:PassRole", f"arn:aws:*:us-east-1:{ACCOUNT}:role/x"),
    "every bucket": _grant("s3:GetObject", "arn:aws:s3:::*"),
    "every resource of the account": _grant("rds:StartDBInstance", f"arn:aws:rds:us-east-1:{ACCOUNT}:*"),
    "another account's": _grant("s3:PutObject", f"arn:aws:s3-outposts:us-east-1:{OTHER_ACCOUNT}:bucket/x"),
    "every secret": _grant("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:*"),
    "every role": _grant("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
    **{
        f"every key under {condition}": _grant("kms:Decrypt", _KEYS, condition)
        for condition in (
            {"StringLike": {"kms:ViaService": "*"}},
            {"StringLike": {"kms:ViaService": ["s3.*", "**"]}},
            {"StringEquals": {"kms:ViaService": []}},
            {"StringEqualsIfExists": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
            {"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
            {"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/x"}},
            {"Bool": {"aws:SecureTransport": "true"}},
        )
    },
    **{f"document {value!r}": edit(_POLICY, policy=value) for value in _NO_DOCUMENTS},
}

REJECTED: dict[str, Case] = {
    **{f"trusts {what}": Case(change, at(_TRUSTED, _ROLE)) for what, change in _OPEN.items()},
    **{f"allows {what}": Case(change, at(_NAMED, _POLICY)) for what, change in _WIDE.items()},
    "a policy of its own that allows everything": Case(
        chain(
            add(
                "aws:iam/policy:Policy",
                "own",
                {"policy": document(_EVERYTHING)},
            ),
            provide("own"),
        ),
        at(_NAMED, "own"),
    ),
    **{
        f"has {arn!r}": Case(edit(_ATTACHMENT, policyArn=arn), at(_KNOWN, _ATTACHMENT))
        for arn in (
            f"{_MANAGED}/AdministratorAccess",
            f"{_MANAGED}/service-role/AmazonEC2RoleforSSM",
            f"arn:aws:iam::{ACCOUNT}:policy/by-hand",
            UNKNOWN,
            None,
        )
    },
    "has what is made from something else": Case(point(_ATTACHMENT, "policyArn", _ROLE), at(_KNOWN, _ATTACHMENT)),
    **{
        f"{name} of {role!r}": Case(edit(name, **{key: role}), at(_OF_STACK, name))
        for name, key in _TAKE_ROLES.items()
        for role in ("admin", UNKNOWN, None)
    },
    **{
        f"AWS's own role for {service!r}": Case(
            chain(add(_LINKED, "linked", {"awsServiceName": service}), provide("linked")),
            at("service-linked-roles-needed", "linked"),
        )
        for service in ("ecs.amazonaws.com", "", UNKNOWN)
    },
    **{
        f"{key} {value!r}": Case(edit(_ROLE, **{key: value}), at(_SEPARATE, _ROLE))
        for key, value in (
            (
                "inlinePolicies",
                [{"name": "x", "policy": document(_EVERYTHING)}],
            ),
            ("inlinePolicies", UNKNOWN),
            ("managedPolicyArns", [f"{_MANAGED}/AdministratorAccess"]),
            ("managedPolicyArns", UNKNOWN),
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
