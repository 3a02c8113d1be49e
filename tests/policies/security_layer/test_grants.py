"""What no role may do, and who takes none on."""

from typing import Any

from guardrails.security_layer.grants import GRANT_GUARDRAILS
from guardrails.security_layer.role_users import ROLE_USER_GUARDRAILS
from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.security_layer.judged import ACCOUNT, document, extend
from tests.support.judging import violations
from tests.support.recording import recorded

_GROWING, _BUCKETS, _SERVICES = "permissions-not-growing", "permissions-on-own-buckets", "roles-for-services-only"
_USERS = "roles-for-their-users-only"
_JUDGED = [*GRANT_GUARDRAILS, *(rail for rail in ROLE_USER_GUARDRAILS if rail.id == _USERS)]
_ROLE, _POLICY = "database-proxy-role", "database-proxy-reads-secret"
_DOCUMENTS = f"arn:aws:s3:::fitness-platform-documents-prod-{ACCOUNT}-us-east-1"
_ROLES = f"arn:aws:iam::{ACCOUNT}:role"
_OWN = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def _grant(action: Any, resource: Any) -> Change:
    return extend(_POLICY, {"Effect": "Allow", "Action": action, "Resource": resource})


def _trust(principal: Any) -> Change:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": _OWN}
    return edit(_ROLE, assumeRolePolicy=document(statement))


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "what is read, by its kind": _grant(["s3:Get*", "logs:Describe*", "kms:GenerateDataKey*"], f"{_DOCUMENTS}/*"),
    "one role passed on": _grant("iam:PassRole", f"{_ROLES}/fitness-platform-prod-media"),
    "one role taken on": _grant("sts:AssumeRole", f"{_ROLES}/fitness-platform-prod-search"),
    "denial of what nobody may": extend(_POLICY, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}),
    "layers of images": _grant("s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"),
    "one role by a condition": edit(
        _ROLE,
        assumeRolePolicy=document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"ArnEquals": {"aws:PrincipalArn": f"{_ROLES}/fitness-platform-prod-bootstrap"}},
            }
        ),
    ),
    "its service, listed": _trust({"Service": ["rds.amazonaws.com"]}),
}

REJECTED: dict[str, Case] = {
    **{
        f"allows {action}": Case(_grant(action, f"{_ROLES}/fitness-platform-prod-x"), at(_GROWING, _POLICY))
        for action in (
            "iam:PutRolePolicy",
            "IAM:AttachRolePolicy",
            "i?m:CreateUser",
            "iam:Create*",
            "cloudtrail:StopLogging",
            "logs:DeleteLogGroup",
            "kms:ScheduleKeyDeletion",
            "lambda:UpdateFunctionCode",
            "dynamodb:*Item",
            "dynamodb:Put*",
        )
    },
    "passes on roles by how they begin": Case(
        _grant("iam:PassRole", f"{_ROLES}/fitness-platform-*"), at(_GROWING, _POLICY)
    ),
    "passes on any role in other letters": Case(_grant("IAM:passrole", "*"), at(_GROWING, _POLICY)),
    "takes on any role": Case(_grant("sts:AssumeRole", f"{_ROLES}/*-search"), at(_GROWING, _POLICY)),
    "reads a bucket of somebody else": Case(
        _grant("s3:GetObject", "arn:aws:s3:::somebody-elses-bucket/*"), at(_BUCKETS, _POLICY)
    ),
    "reads buckets by how they begin": Case(_grant("s3:GetObject", "arn:aws:s3:::fitness-*/*"), at(_BUCKETS, _POLICY)),
    **{
        f"is for {kind} {name}": Case(_trust({"Service": "rds.amazonaws.com", kind: name}), at(_SERVICES, _ROLE))
        for kind, name in (
            ("AWS", f"arn:aws:iam::{ACCOUNT}:root"),
            ("AWS", f"arn:aws:iam::{ACCOUNT}:user/somebody"),
            ("AWS", "*"),
            ("Federated", "accounts.google.com"),
        )
    },
    "is for another service too": Case(
        _trust({"Service": ["rds.amazonaws.com", "ec2.amazonaws.com"]}), at(_USERS, _ROLE)
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod")), of=_JUDGED) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod")), of=_JUDGED) == case.violations
