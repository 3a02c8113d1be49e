"""Roles: who may take one on, and that none may do more than it names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, as_texts
from guardrails.security_layer.resource_policies import conditions_of, is_every, loose

_ROLE = "aws:iam/role:Role"
_POLICY = "aws:iam/policy:Policy"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

_TAKES_ROLE: Mapping[str, str] = {
    _ROLE_POLICY: "role",
    _ATTACHMENT: "role",
    "aws:backup/selection:Selection": "iamRoleArn",
    "aws:rds/proxy:Proxy": "roleArn",
}

_ELEMENTS = {"Sid", "Effect", "Action", "Resource", "Condition"}
_ALL_OF_A_TYPE = re.compile(r"[\w-]+[:/][*?]+(?:[:/][*?]+)*")
_LISTS = re.compile(r"[a-z0-9-]+:(?:Describe|List)[A-Za-z*]*")
_NARROWS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_OF_NO_RESOURCE = frozenset(
    {
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:GetAuthorizationToken",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "lambda:ListEventSourceMappings",
        "xray:GetSamplingRules",
        "xray:GetSamplingStatisticSummaries",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
"""Actions that IAM can't bound to a resource, and that read lists, write traces or attach functions at most."""
_SHIFTS_TRAFFIC = "ecs.amazonaws.com"
"""ECS takes on the role for its load balancers without saying for whom. It gets none that it isn't passed."""
_LINKED = frozenset({"config.amazonaws.com", "opensearchservice.amazonaws.com"})
"""Services that have a role in the account before anything of theirs can be made. AWS says what it may do."""
_MANAGED = frozenset(
    {
        "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    }
)
"""Policies of AWS that somebody has read: each grants what one service needs, and AWS tells no other way."""


def _trusted(role: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(role)
    statements = role.properties.statements("assumeRolePolicy")
    if not statements:
        yield "assumeRolePolicy has no statements"
    for statement in statements:
        if statement.get("Effect") != "Deny":
            if statement.get("Principal") == {"Service": _SHIFTS_TRAFFIC}:
                continue
            for problem in loose(statement, accounts):
                yield f"statement {statement.get('Sid', '')!r} of assumeRolePolicy {problem}"


def _narrow(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(policy)
    statements = policy.properties.statements("policy")
    if not statements:
        yield "its policy has no statements"
    for statement in statements:
        if statement.get("Effect") != "Deny":
            for problem in _wide(statement, accounts):
                yield f"statement {statement.get('Sid', '')!r} of its policy {problem}"


def _wide(statement: dict[str, Any], accounts: set[str]) -> Iterator[str]:
    if strange := sorted(statement.keys() - _ELEMENTS):
        yield f"uses {', '.join(strange)}, so that it allows more than it names"
    actions = as_texts(statement.get("Action", "*"))
    if every := [action for action in actions if is_every(action)]:
        yield f"allows {', '.join(every)}, every action there is"
    for resource in as_texts(statement.get("Resource", "*")):
        if resource == "*" and _OF_NO_RESOURCE.issuperset(actions):
            continue
        parts = resource.split(":", 5)
        if len(parts) < 6 or any(sign in part for part in (*parts[:3], parts[4]) for sign in "*?"):
            yield f"allows them on {resource}, which names no service or no account"
        elif parts[4] and parts[4] not in accounts:
            yield f"allows them on {resource}, of another account"
        elif not parts[5].strip("*?"):
            yield f"allows them on {resource}, all that there is of a service"
        elif parts[4] and _ALL_OF_A_TYPE.fullmatch(parts[5]) and not _bounded(statement, actions):
            yield f"allows them on {resource}, all that there is of a kind, without a condition"


def _bounded(statement: dict[str, Any], actions: list[str]) -> bool:
    """Return whether a condition narrows a statement, or all that it allows is to list things."""
    return all(_LISTS.fullmatch(action) for action in actions) or any(
        operator.removeprefix("ForAnyValue:") in _NARROWS and values and all(value.strip("*?") for value in values)
        for operator, _, values in conditions_of(statement)
    )


def _attached(attachment: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if attachment.refers("policyArn"):
        if not attachment.refers("policyArn", _POLICY):
            yield "policyArn is made from something else than a policy of this stack"
    elif (arn := attachment.properties.text("policyArn")) not in _MANAGED:
        yield f"policyArn is {arn}, a policy that is not of this stack"


def _linked(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (service := properties.text("awsServiceName")) not in _LINKED:
        yield f"awsServiceName is {service or 'not given'}, for which nothing of the stack needs a role"


def _of_stack(part: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    key = _TAKES_ROLE[part.type]
    if not part.refers(key, _ROLE):
        yield f"{key} refers to no role of this stack"


def _separate(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("inlinePolicies", "managedPolicyArns"):
        if properties.given(key):
            yield f"{key} are given inline, where they fight with policies of their own"


ROLE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="roles-trusted-narrowly",
        title="Roles are taken on by this account, and by AWS services on its behalf",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="critical",
        types=frozenset({_ROLE}),
        check=_trusted,
        controls=("CKV_AWS_60",),
        remediation="Name principals of the own account, and give services a condition on aws:SourceAccount.",
    ),
    StackGuardrail(
        id="permissions-named",
        title="Policies of roles name the actions and the resources that they allow",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="high",
        types=frozenset({_POLICY, _ROLE_POLICY}),
        check=_narrow,
        controls=(
            "IAM.1",
            "IAM.21",
            "KMS.1",
            "CIS 1.15",
            "CKV_AWS_62",
            "CKV_AWS_63",
            "CKV_AWS_286",
            "CKV_AWS_289",
            "CKV_AWS_290",
            "iam_customer_attached_policy_no_administrative_privileges",
        ),
        remediation="List the actions, and name resources by ARN; bound what ends at random by a condition.",
    ),
    StackGuardrail(
        id="managed-policies-known",
        title="Roles have policies of the stack, and of AWS those that somebody has read",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="critical",
        types=frozenset({_ATTACHMENT}),
        check=_attached,
        remediation="Declare an aws.iam.RolePolicy with what the role needs.",
    ),
    ResourceGuardrail(
        id="service-linked-roles-needed",
        title="Roles that AWS writes are for services which the stack uses",
        clauses=("dr-config-secrets-manager", "dr-iac-git"),
        severity="medium",
        types=frozenset({"aws:iam/serviceLinkedRole:ServiceLinkedRole"}),
        check=_linked,
        remediation="Take it out, or list the service in policies/guardrails/security_layer/roles.py.",
    ),
    StackGuardrail(
        id="roles-of-stack",
        title="Policies are given to roles that the stack declares, and services take on no other",
        clauses=("dr-config-secrets-manager", "dr-iac-git"),
        severity="high",
        types=frozenset(_TAKES_ROLE),
        check=_of_stack,
        remediation="Pass the name or the ARN of a role of the stack.",
    ),
    ResourceGuardrail(
        id="role-policies-separate",
        title="Policies of roles are resources of their own",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="high",
        types=frozenset({_ROLE}),
        check=_separate,
        remediation="Declare an aws.iam.RolePolicy for each.",
    ),
)
