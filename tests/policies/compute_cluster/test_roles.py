from typing import Any

import pytest

from guardrails.reading import as_texts
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import (
    ACCOUNT,
    EXECUTION_ROLE,
    REGION,
    TASK,
    TASK_ROLE,
    broken,
    recorded,
    violations,
)
from tests.policies.security_layer.judged import OTHER_ACCOUNT, document, extend, statements_of
from tests.support.editing import UNKNOWN

_APART, _TRUSTED, _LEAST = (
    "task-roles-apart",
    "task-roles-for-ecs-only",
    "task-roles-least-privilege",
)
_OBSERVED, _STARTS = "task-roles-observed", "execution-roles-start-tasks"
_STARTING = "compute-auth-task-roles-starts-tasks"
_POLICY, _TRAFFIC = "compute-auth-task-roles-is-observed", "compute-traffic-role"
_QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
_MINE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def _allow(actions: Any = "sqs:SendMessage", resources: Any = _QUEUE, **more: Any) -> Change:
    return extend(_POLICY, {"Effect": "Allow", "Action": actions, "Resource": resources, **more})


def _trust(principal: Any, condition: Any = _MINE, role: str = TASK_ROLE) -> Change:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
    return edit(role, assumeRolePolicy=document({key: value for key, value in statement.items() if value}))


def _without(action: str) -> Change:
    """Take an action out of what starts tasks."""
    kept = [
        {**statement, "Action": [one for one in as_texts(statement["Action"]) if one != action]}
        for statement in statements_of(_STARTING)
    ]
    return edit(_STARTING, policy=document(*(statement for statement in kept if statement["Action"])))


_TASKS = {"Service": "ecs-tasks.amazonaws.com"}
_ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/x"}}
_KEYS = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"

ACCEPTED: dict[str, Change] = {
    "trust by account": _trust(_TASKS),
    "trust by ARN": _trust(_TASKS, {"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"}}),
    "trust in a list": _trust({"Service": ["ecs-tasks.amazonaws.com"]}),
    "trust of what shifts traffic": _trust({"Service": "ecs.amazonaws.com"}, None, _TRAFFIC),
    "one queue": _allow(),
    "several": _allow(["sqs:SendMessage", "sqs:GetQueueUrl"], [_QUEUE, f"{_QUEUE}-2"]),
    "queues of one prefix": _allow(resources=f"{_QUEUE}-*"),
    "objects of a bucket": _allow("s3:GetObject", "arn:aws:s3:::fitness-platform-images/*"),
    "a bucket": _allow("s3:ListBucket", "arn:aws:s3:::fitness-platform-images"),
    "a table and its indices": _allow("dynamodb:Query", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/users/index/*"),
    "a secret by its name": _allow(
        "secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:payment-??????"
    ),
    "keys by their alias": _allow("kms:Decrypt", _KEYS, Condition=_ALIAS),
    "metrics of one namespace": _allow(
        "cloudwatch:PutMetricData", "*", Condition={"StringEquals": {"cloudwatch:namespace": "fitness"}}
    ),
    "sampling rules": _allow(["xray:GetSamplingRules", "xray:GetSamplingTargets"], "*"),
    "token of the registry": _allow("ecr:GetAuthorizationToken", "*"),
    "everything denied": extend(_POLICY, {"Effect": "Deny", "Action": "*", "Resource": "*"}),
    "role of another kind, as wide as it likes": chain(
        add("aws:iam/role:Role", "other", {"assumeRolePolicy": document()}),
        add(
            "aws:iam/rolePolicy:RolePolicy",
            "other-policy",
            {"role": UNKNOWN, "policy": document({"Effect": "Allow", "Action": "*", "Resource": "*"})},
            role=["other"],
        ),
    ),
}

_WIDE: dict[str, Change] = {
    "everything": _allow("*", "*"),
    "every action on one": _allow("*"),
    "every action of a service": _allow("sqs:*"),
    "some actions by wildcard": _allow("sqs:Send*"),
    "one letter open": _allow("sqs:SendMessag?"),
    "one on everything": _allow(resources="*"),
    "one of two on everything": _allow(["xray:PutTraceSegments", "sqs:SendMessage"], "*"),
    "no resource said": extend(_POLICY, {"Effect": "Allow", "Action": "sqs:SendMessage"}),
    "no action said": extend(_POLICY, {"Effect": "Allow", "Resource": _QUEUE}),
    "everything but": extend(_POLICY, {"Effect": "Allow", "NotAction": "iam:*", "Resource": _QUEUE}),
    "everywhere but": extend(_POLICY, {"Effect": "Allow", "Action": "sqs:SendMessage", "NotResource": _QUEUE}),
    "any account": _allow(resources=f"arn:aws:sqs:{REGION}:*:jobs"),
    "any region": _allow(resources=f"arn:aws:sqs:*:{ACCOUNT}:jobs"),
    "another account": _allow(resources=_QUEUE.replace(ACCOUNT, OTHER_ACCOUNT)),
    "no account": _allow(resources=f"arn:aws:sqs:{REGION}::jobs"),
    "no ARN": _allow(resources="jobs"),
    "every queue": _allow(resources=f"arn:aws:sqs:{REGION}:{ACCOUNT}:*"),
    "every secret": _allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:*"),
    "every parameter": _allow("ssm:GetParameters", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/*"),
    "every log group": _allow("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/*"),
    "every bucket": _allow("s3:GetObject", "arn:aws:s3:::*"),
    "every bucket of a prefix": _allow("s3:GetObject", "arn:aws:s3:::fitness-*"),
    "every key": _allow("kms:Decrypt", _KEYS),
    "every key by a service": _allow("kms:Decrypt", _KEYS, Condition={"StringEquals": {"kms:ViaService": "ssm"}}),
    "every key but": _allow(
        "kms:Decrypt", _KEYS, Condition={"ForAllValues:StringNotEquals": {"kms:ResourceAliases": "alias/x"}}
    ),
    "metrics of any namespace": _allow("cloudwatch:PutMetricData", "*"),
    "metrics of all but a namespace": _allow(
        "cloudwatch:PutMetricData", "*", Condition={"StringNotEquals": {"cloudwatch:namespace": "x"}}
    ),
    "roles": _allow("iam:PassRole", "*"),
}


def _attached(type_: str, key: str, value: Any) -> Change:
    return add(
        type_, "attached", {key: value, "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, **{key: [TASK_ROLE]}
    )


REJECTED: dict[str, Case] = {
    "nothing to be observed by": Case(drop(_POLICY), at(_OBSERVED, TASK_ROLE)),
    "observed by another role": Case(point(_POLICY, "role", _TRAFFIC), at(_OBSERVED, TASK_ROLE)),
    "policy that denies it": Case(
        edit(_POLICY, policy=document({"Effect": "Deny", "Action": ["logs:PutLogEvents"], "Resource": "*"})),
        at(_OBSERVED, TASK_ROLE),
    ),
    "nothing that starts tasks": Case(drop(_STARTING), at(_STARTS, EXECUTION_ROLE)),
    **{
        f"starting without {action}": Case(_without(action), at(_STARTS, EXECUTION_ROLE))
        for action in ("ecr:BatchGetImage", "ecr:GetAuthorizationToken", "logs:CreateLogStream", "logs:PutLogEvents")
    },
    **{
        f"{key} {value!r}": Case(edit(TASK, **{key: value}), at(_APART, TASK))
        for key in ("executionRoleArn", "taskRoleArn")
        for value in (None, "", f"arn:aws:iam::{ACCOUNT}:role/x", UNKNOWN)
    },
    "role of another stack": Case(chain(other_stack, point(TASK, "taskRoleArn", ELSEWHERE)), at(_APART, TASK)),
    "one role for both": Case(point(TASK, "taskRoleArn", EXECUTION_ROLE), at(_APART, TASK)),
    **{
        f"{role} trusts {name}": Case(_trust(principal, role=role), at(_TRUSTED, role))
        for role in (TASK_ROLE, EXECUTION_ROLE)
        for name, principal in (
            ("everybody", "*"),
            ("everybody of AWS", {"AWS": "*"}),
            ("the account", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
            ("EC2", {"Service": "ec2.amazonaws.com"}),
            ("EC2 too", {"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]}),
            ("the account too", _TASKS | {"AWS": ACCOUNT}),
        )
    },
    **{
        f"trust under {condition!r}": Case(_trust(_TASKS, condition), at(_TRUSTED, TASK_ROLE))
        for condition in (
            None,
            {"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}},
            {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}},
            {"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{OTHER_ACCOUNT}:*"}},
            {"ArnLike": {"aws:SourceArn": "*"}},
        )
    },
    **broken(_TRUSTED, TASK_ROLE, "assumeRolePolicy", UNKNOWN, "{", 7),
    "traffic shifted by EC2": Case(_trust({"Service": "ec2.amazonaws.com"}, None, _TRAFFIC), at(_TRUSTED, _TRAFFIC)),
    **{name: Case(change, at(_LEAST, TASK_ROLE)) for name, change in _WIDE.items()},
    **{
        f"policy {value!r}": Case(edit(_POLICY, policy=value), at(_LEAST, TASK_ROLE))
        for value in (UNKNOWN, "{", "[]", 7)
    },
    "wide policy by name": Case(
        add(
            "aws:iam/rolePolicy:RolePolicy",
            "more",
            {
                "role": f"fitness-platform-prod-{REGION}-auth-task",
                "policy": document({"Effect": "Allow", "Action": "*", "Resource": "*"}),
            },
        ),
        at(_LEAST, TASK_ROLE),
    ),
    "wide policy of what shifts traffic": Case(
        extend(
            "compute-traffic-shifts-traffic", {"Effect": "Allow", "Action": "elasticloadbalancing:*", "Resource": "*"}
        ),
        at(_LEAST, _TRAFFIC),
    ),
    **{
        type_: Case(_attached(type_, key, value), at(_LEAST, TASK_ROLE))
        for type_, key, value in (
            ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", UNKNOWN),
            ("aws:iam/policyAttachment:PolicyAttachment", "roles", [UNKNOWN]),
            ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "roleName", UNKNOWN),
        )
    },
    "attached by name": Case(
        add(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "attached",
            {
                "role": f"fitness-platform-prod-{REGION}-auth-task",
                "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
            },
        ),
        at(_LEAST, TASK_ROLE),
    ),
    "attached by one of many names": Case(
        add(
            "aws:iam/policyAttachment:PolicyAttachment",
            "attached",
            {"roles": ["x", f"fitness-platform-prod-{REGION}-auth-task"], "policyArn": "x"},
        ),
        at(_LEAST, TASK_ROLE),
    ),
}


@pytest.mark.parametrize("account", [None, "[]", "x", UNKNOWN])
def test_without_an_account_nobody_is_trusted(account: str | None) -> None:
    found = violations(edit("aws", allowedAccountIds=account)(recorded("prod")))
    assert {(_TRUSTED, TASK_ROLE), (_LEAST, TASK_ROLE), ("container-images-pinned", TASK)} <= found


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
