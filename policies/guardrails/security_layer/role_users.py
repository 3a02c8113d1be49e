"""Roles and who uses them: a role that its user can't take on, or that allows nothing, fails only when it is needed."""

from collections.abc import Iterable, Iterator, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.reading import as_texts

_ROLE = "aws:iam/role:Role"
_POLICIES: Mapping[str, str] = {
    "aws:iam/rolePolicy:RolePolicy": "role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
}
_USERS: Mapping[str, Mapping[str, str]] = {
    "aws:apigateway/account:Account": {"cloudwatchRoleArn": "apigateway"},
    "aws:backup/selection:Selection": {"iamRoleArn": "backup"},
    "aws:cloudtrail/trail:Trail": {"cloudWatchLogsRoleArn": "cloudtrail"},
    "aws:ec2/flowLog:FlowLog": {"iamRoleArn": "vpc-flow-logs"},
    "aws:ecs/service:Service": {"loadBalancers": "ecs"},
    "aws:ecs/taskDefinition:TaskDefinition": {"executionRoleArn": "ecs-tasks", "taskRoleArn": "ecs-tasks"},
    "aws:lambda/function:Function": {"role": "lambda"},
    "aws:rds/instance:Instance": {"monitoringRoleArn": "monitoring.rds"},
    "aws:rds/proxy:Proxy": {"roleArn": "rds"},
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {"role": "s3"},
}
"""The AWS service that takes on the role which a property names, by type."""


def _takers(role: Node) -> Iterator[str]:
    """Yield the AWS services that a role's trust policy lets take it on."""
    for statement in role.properties.statements("assumeRolePolicy"):
        principal = statement.get("Principal")
        if statement.get("Effect") == "Allow" and isinstance(principal, dict):
            yield from (name.removesuffix(".amazonaws.com") for name in as_texts(principal.get("Service", [])))


def _taken_on(user: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key, service in _USERS[user.type].items():
        for role in user.refers(key, _ROLE):
            if service not in _takers(role):
                yield f"{key} refers to {role.name}, which {service}.amazonaws.com can't take on"


def _taken_on_by_others(role: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    users = {service for type_, keys in _USERS.items() for key, service in keys.items() if role.referrers(key, type_)}
    if users and (others := sorted(set(_takers(role)) - users)):
        yield f"{', '.join(others)} may take it on besides {' and '.join(sorted(users))}, which it is made for"


def _allowed(role: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not any(role.referrers(key, type_) for type_, key in _POLICIES.items()):
        yield "it has no policy of this stack, so that whoever takes it on may do nothing"


ROLE_USER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="roles-trust-their-users",
        title="A role can be taken on by the AWS service that it is passed to",
        clauses=("dr-config-secrets-manager", "dr-iac-git"),
        severity="medium",
        types=frozenset(_USERS),
        check=_taken_on,
        remediation="Pass the role that is made for this service, or let its trust policy name the service.",
    ),
    StackGuardrail(
        id="roles-for-their-users-only",
        title="A role that is passed to an AWS service is taken on by no other",
        clauses=("dr-config-secrets-manager", "dr-iac-git"),
        severity="high",
        types=frozenset({_ROLE}),
        check=_taken_on_by_others,
        remediation="Declare a role for each service that needs one.",
    ),
    StackGuardrail(
        id="roles-have-permissions",
        title="Every role has a policy of the stack",
        clauses=("dr-config-secrets-manager", "dr-iac-git"),
        severity="medium",
        types=frozenset({_ROLE}),
        check=_allowed,
        remediation="Declare an aws.iam.RolePolicy for the role, or take the role out.",
    ),
)
