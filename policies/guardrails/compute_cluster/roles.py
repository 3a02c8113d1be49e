"""Roles of tasks and functions: for ECS or Lambda alone, and each with no more than it needs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guardrails.compute_cluster.resources import ROLE, SERVICE, TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import own_accounts
from guardrails.reading import MalformedError, UndecidedError, UnreadableError, as_texts
from guardrails.security_layer.resource_policies import conditions_of, is_on_behalf

_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENTS: Mapping[str, str] = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
    "aws:iam/policyAttachment:PolicyAttachment": "roles",
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": "roleName",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "roleName",
}
_TASKS, _ECS, _LAMBDA = "ecs-tasks.amazonaws.com", "ecs.amazonaws.com", "lambda.amazonaws.com"
_FUNCTION = "aws:lambda/function:Function"
_STATEMENT = {"Sid", "Effect", "Action", "Resource", "Condition"}
_OF_NO_RESOURCE = re.compile(
    r"""
    ecr:getauthorizationtoken
    | xray:(puttracesegments|puttelemetryrecords|getsampling(rules|targets|statisticsummaries))
    | ssmmessages:(create|open)(control|data)channel
    | elasticloadbalancing:describe(listeners|rules|targetgroups|targethealth)
    """,
    re.VERBOSE,
)
# Lambda asks for these on everything; functions-attached-by-lambda keeps them from what runs in a function.
_ATTACHES = re.compile(
    r"ec2:((un)?assignprivateipaddresses|(create|delete)networkinterface|describe(networkinterfaces|subnets))"
)
_INTERNAL_CALL = re.compile(r"\*/live/[A-Z]+/internal/[a-z0-9-]+/\*")
"""A call of one service through the REST API, whose id is AWS's to give."""
_PUT_METRICS = "cloudwatch:putmetricdata"
_OBSERVED = {"logs:PutLogEvents", "xray:PutTraceSegments"}
_STARTED = {
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
}
"""What ECS does before the first container of a task runs.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""
_WILDCARDS = re.compile(r"[*?]")
_KIND_ALONE = re.compile(r"([a-z-]+[:/]/?)?")


def _apart(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    execution, own = (task.refers(key, ROLE) for key in ("executionRoleArn", "taskRoleArn"))
    for key, roles in (("executionRoleArn", execution), ("taskRoleArn", own)):
        if len(roles) != 1:
            yield f"{key} refers to {len(roles)} roles of this stack, not 1"
    if shared := [role.name for role in execution if role in own]:
        yield f"{shared[0]} is both its execution role and its task role"
    for key, roles in (("executionRoleArn", execution), ("taskRoleArn", own)):
        for role in roles:
            if others := sorted(other.name for other in role.referrers(key, TASK_DEFINITION) if other is not task):
                yield f"{role.name}, its {key}, is that of {', '.join(others)} too"


def _assumed_by(role: Node) -> set[str]:
    """Return the services of AWS that must assume a role, by who refers to it; none where no task or function does."""
    tasks = any(role.referrers(key, TASK_DEFINITION) for key in ("executionRoleArn", "taskRoleArn"))
    return (
        ({_TASKS} if tasks else set())
        | ({_ECS} if role.referrers("loadBalancers", SERVICE) else set())
        | ({_LAMBDA} if role.referrers("role", _FUNCTION) else set())
    )


def _trusted(role: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    wanted = _assumed_by(role)
    if not wanted:
        return
    accounts = own_accounts(role)
    for statement in role.properties.statements("assumeRolePolicy"):
        if statement.get("Effect") == "Deny":
            continue
        principal: Any = statement.get("Principal")
        services = (
            set(as_texts(principal["Service"])) if isinstance(principal, dict) and [*principal] == ["Service"] else None
        )
        if services is None or not services <= wanted:
            yield f"{principal!r} may assume it, not only {' and '.join(sorted(wanted))}"
        elif services & {_TASKS, _LAMBDA} and not is_on_behalf(statement, accounts):
            yield "its trust has no condition on aws:SourceAccount or aws:SourceArn of this account"


def _least(role: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not (users := _assumed_by(role)):
        return
    for type_, key in _ATTACHMENTS.items():
        for attachment in _given_to(role, key, graph.of_type(type_)):
            yield f"{attachment.name} attaches what can't be judged; declare a RolePolicy"
    accounts = own_accounts(role)
    for policy in _given_to(role, "role", graph.of_type(_ROLE_POLICY)):
        for statement in policy.properties.statements("policy"):
            if statement.get("Effect") != "Deny":
                for problem in _wide(statement, accounts, attaches=users == {_LAMBDA}):
                    yield f"statement {statement.get('Sid', '')!r} of {policy.name} {problem}"


def _starts(role: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not role.referrers("executionRoleArn", TASK_DEFINITION):
        return
    try:
        allowed = _actions_allowed(role, graph)
    except UnreadableError:
        return  # task-roles-least-privilege says so
    if missing := sorted(_STARTED - allowed):
        yield f"no policy of it allows {', '.join(missing)}, so that no task starts"


def _actions_allowed(role: Node, graph: Graph) -> set[str]:
    return {
        action
        for policy in _given_to(role, "role", graph.of_type(_ROLE_POLICY))
        for statement in policy.properties.statements("policy")
        if statement.get("Effect") == "Allow"
        for action in as_texts(statement.get("Action", []))
    }


def _observed(role: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not role.referrers("taskRoleArn", TASK_DEFINITION) or role.referrers("executionRoleArn", TASK_DEFINITION):
        return  # task-roles-apart speaks of what is both
    try:
        allowed = _actions_allowed(role, graph)
    except UnreadableError:
        return  # task-roles-least-privilege says so
    if missing := sorted(_OBSERVED - allowed):
        yield f"no policy of it allows {', '.join(missing)}, so that the collector sends nothing"


def _given_to(role: Node, key: str, policies: Iterable[Node]) -> Iterator[Node]:
    """Yield what gives a role policies, whether it refers to the role or has its name."""
    name = known_text(role, "name")
    for policy in policies:
        if role in policy.refers(key, ROLE) or name in _texts(policy, key):
            yield policy


def _texts(policy: Node, key: str) -> list[str]:
    try:
        return policy.properties.texts(key)
    except UndecidedError:
        return []
    except MalformedError:
        return [policy.properties.text(key) or ""]


def _wide(statement: dict[str, Any], accounts: set[str], *, attaches: bool) -> Iterator[str]:
    if strange := sorted(statement.keys() - _STATEMENT):
        yield f"uses {', '.join(strange)}, so that it allows more than it names"
        return
    actions = as_texts(statement.get("Action", "*"))
    if wild := [action for action in actions if _WILDCARDS.search(action) or ":" not in action]:
        yield f"allows {', '.join(wild)}, not actions by name"
    for resource in as_texts(statement.get("Resource", "*")):
        if resource == "*":
            scoped = [action for action in actions if not _is_of_no_resource(action.lower(), statement)]
            if scoped := [action for action in scoped if not (attaches and _ATTACHES.fullmatch(action.lower()))]:
                yield f"allows {', '.join(scoped)} on every resource"
        elif problem := _unbounded(resource, accounts, statement):
            yield f"allows {', '.join(actions)} on {resource}, {problem}"


def _is_of_no_resource(action: str, statement: dict[str, Any]) -> bool:
    if action == _PUT_METRICS:
        return any(
            key == "cloudwatch:namespace" and operator == "StringEquals"
            for operator, key, _ in conditions_of(statement)
        )
    return _OF_NO_RESOURCE.fullmatch(action) is not None


def _unbounded(resource: str, accounts: set[str], statement: dict[str, Any]) -> str | None:
    """Return why an ARN is no resource of this account that has a name."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return "which is no ARN"
    if any(_WILDCARDS.search(part) for part in parts[:5]):
        return "in any region or account"
    service, account, name = parts[2], parts[4], parts[5]
    if account not in accounts and not (service == "s3" and not account):
        return "outside this account"
    literal = _WILDCARDS.split(name)[0]
    if service == "s3":
        return None if "/" in literal or literal == name else "which is more than a bucket"
    if (service == "kms" and _names_keys(statement)) or (service == "execute-api" and _INTERNAL_CALL.fullmatch(name)):
        return None  # ids of keys and APIs are AWS's to give
    return "which is every one of its kind" if literal != name and _KIND_ALONE.fullmatch(literal) else None


def _names_keys(statement: dict[str, Any]) -> bool:
    return any(
        (operator, key) == ("ForAnyValue:StringEquals", "kms:resourcealiases") and values
        for operator, key, values in conditions_of(statement)
    )


ROLE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="task-roles-apart",
        title="What starts a task and what runs in it have roles of their own",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_apart,
        controls=("CKV_AWS_249",),
        remediation="Pass two roles of the stack as executionRoleArn and taskRoleArn.",
    ),
    StackGuardrail(
        id="task-roles-for-ecs-only",
        title="Only ECS and Lambda assume the roles of services and functions, on behalf of this account",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({ROLE}),
        check=_trusted,
        controls=("CKV_AWS_60",),
        remediation="Trust ecs-tasks or lambda alone, with a condition on aws:SourceAccount or aws:SourceArn.",
    ),
    StackGuardrail(
        id="task-roles-least-privilege",
        title="Roles of services and functions allow actions by name on resources by name",
        clauses=("compute-fargate-only", "dr-config-secrets-manager"),
        severity="high",
        types=frozenset({ROLE}),
        check=_least,
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
            "CKV_AWS_355",
            "AwsSolutions-IAM4",
            "AwsSolutions-IAM5",
            "iam_customer_attached_policy_no_administrative_privileges",
        ),
        remediation=(
            "Declare RolePolicies that name actions without wildcards and ARNs of this account; only what AWS knows "
            "for no resource may be allowed on all."
        ),
    ),
    StackGuardrail(
        id="execution-roles-start-tasks",
        title="The role that starts a task may pull its images and write its logs",
        clauses=("compute-fargate-only",),
        severity="medium",
        types=frozenset({ROLE}),
        check=_starts,
        remediation="Leave the policy starts-tasks of components/compute_cluster/roles.py as it is.",
    ),
    StackGuardrail(
        id="task-roles-observed",
        title="The collector beside a service may send traces and metrics",
        clauses=("obs-central-logging",),
        severity="medium",
        types=frozenset({ROLE}),
        check=_observed,
        remediation="Allow xray:PutTraceSegments, and logs:PutLogEvents on the log group of metrics.",
    ),
)
