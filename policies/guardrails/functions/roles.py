"""Roles of functions: each has one of its own, and what attaches it to the VPC is out of its code's reach."""

from collections.abc import Iterable
from typing import Any

from guardrails.functions.resources import FUNCTION, ROLE
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import as_texts
from guardrails.security_layer.resource_policies import conditions_of

_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHES = "ec2:createnetworkinterface"
_PASSED = ("role", "executionRoleArn", "taskRoleArn", "roleArn", "iamRoleArn", "serviceRoleArn")
_USERS = (
    FUNCTION,
    "aws:apigateway/authorizer:Authorizer",
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:scheduler/schedule:Schedule",
    "aws:sfn/stateMachine:StateMachine",
)


def _own_role(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    roles = function.refers("role", ROLE)
    if len(roles) != 1:
        yield f"role refers to {len(roles)} roles of this stack, not 1"
    for role in roles:
        users = [user.name for key in _PASSED for user in role.referrers(key, *_USERS) if user is not function]
        if users:
            yield f"{role.name} is also the role of {', '.join(sorted(users))}"


def _policies_first(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for role in function.refers("role", ROLE):
        for policy in role.referrers("role", _ROLE_POLICY):
            if policy not in function.depends_on:
                yield f"it doesn't wait for {policy.name}, so that its first calls may be refused"


def _attached_by_lambda(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    name = function.properties.text("name")
    own = {f"arn:aws:lambda:{function.provider.text('region')}:{id_}:function:{name}" for id_ in own_accounts(function)}
    for role in function.refers("role", ROLE):
        statements = [
            statement
            for policy in role.referrers("role", _ROLE_POLICY)
            for statement in policy.properties.statements("policy")
        ]
        allowed = {action for statement in statements for action in _attaching(statement, "Allow")}
        denied = {
            action
            for statement in statements
            if list(conditions_of(statement)) == [("ArnEquals", "lambda:sourcefunctionarn", sorted(own))]
            and as_texts(statement.get("Resource")) == ["*"]
            for action in _attaching(statement, "Deny")
        }
        if allowed - denied:
            yield f"its code may {', '.join(sorted(allowed - denied))}, which only Lambda needs"


def _attaching(statement: dict[str, Any], effect: str) -> list[str]:
    """Return the actions on networks of a statement with an effect."""
    actions = [action.lower() for action in as_texts(statement.get("Action", []))]
    return [action for action in actions if action.startswith("ec2:")] if statement.get("Effect") == effect else []


ROLE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="functions-have-own-roles",
        title="Each function has a role of its own",
        clauses=("async-lambda-sqs-processors", "dr-config-secrets-manager"),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_own_role,
        remediation="Declare a role for each function, as components/python_function.py does.",
    ),
    StackGuardrail(
        id="functions-wait-for-permissions",
        title="Functions are made after the policies of their roles",
        clauses=("async-lambda-sqs-processors", "dr-iac-git"),
        severity="low",
        types=frozenset({FUNCTION}),
        check=_policies_first,
        remediation="Let the function depend on the RolePolicy.",
    ),
    StackGuardrail(
        id="functions-attached-by-lambda",
        title="What attaches functions to the VPC is denied to their code",
        clauses=("net-private-subnets", "dr-config-secrets-manager"),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_attached_by_lambda,
        remediation="Deny the actions of ec2 on everything where lambda:SourceFunctionArn is the function's.",
    ),
)
