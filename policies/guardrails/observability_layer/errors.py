"""Clause obs-retention-error: errors of each service and worker reach a log group of their own."""

import re
from collections.abc import Iterable

from guardrails.compute_cluster.containers import containers_in
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.functions.resources import PERMISSION, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import LOG_GROUP
from guardrails.placement import known_text
from guardrails.provider import own_accounts

_FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
_LOGS = "logs.amazonaws.com"
_ONLY = re.compile(r"\(?\$\.level=\"(ERROR|CRITICAL|FATAL)\"\)?")


def task_log_groups(graph: Graph) -> list[Node]:
    """Return the log groups of the stack that containers of services and workers write to."""
    names = {
        container.properties.text("logConfiguration.options.awslogs-group")
        for task in graph.of_type(TASK_DEFINITION)
        for container in containers_in(task)
    }
    return [group for group in graph.of_type(LOG_GROUP) if known_text(group, "name") in names - {None}]


def _routed(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if group not in task_log_groups(graph):
        return
    name = group.properties.text("name") or ""
    errors = [other for other in graph.of_type(LOG_GROUP) if known_text(other, "name") == f"{name}/errors"]
    if not errors:
        yield f"no log group of this stack is named {name}/errors"
    filters = group.referrers("logGroup", _FILTER)
    if not any(_takes_errors(found.properties.text("filterPattern")) for found in filters):
        yield "no subscription filter hands on what is logged at level ERROR or above"
    for found in filters:
        if any(other not in found.depends_on for other in errors):
            yield f"{found.name} does not depend on it, so that errors may come before there is a place for them"


def _takes_errors(pattern: str | None) -> bool:
    """Return whether a pattern takes each line at level ERROR or above, and no condition narrows it."""
    text = re.sub(r"\s", "", pattern or "").strip("{}")
    parts = text.split("||")
    return all(_ONLY.fullmatch(part) for part in parts) and {"ERROR", "CRITICAL", "FATAL"} <= {
        part.split('"')[1] for part in parts
    }


def _delivered(found: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    functions = functions_of(found, "destinationArn")
    if not functions:
        yield "destinationArn refers to no function of this stack, so that logs leave it"
        return
    groups = found.refers("logGroup", LOG_GROUP)
    if not groups:
        yield "logGroup refers to no log group of this stack"
    for group in groups:
        wanted = f":log-group:{group.properties.text('name')}:*"
        permissions = [
            permission
            for permission in found.depends_on
            if permission.type == PERMISSION
            and permission.properties.text("principal") == _LOGS
            and (permission.properties.text("sourceArn") or "").endswith(wanted)
            and permission.properties.text("sourceAccount") in own_accounts(permission)
            and functions_of(permission, "function") == functions
        ]
        if not permissions:
            yield f"no permission that lets CloudWatch Logs call for {group.name} is made before it"


ERROR_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="errors-routed",
        title="Errors of each service and worker are handed on to a log group of their own",
        clauses=("obs-retention-error",),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_routed,
        remediation="Declare the log group, its /errors and a filter as service_logs.py has them.",
    ),
    StackGuardrail(
        id="log-subscriptions-of-stack",
        title="Lines of logs are handed to functions of the stack only, which CloudWatch Logs may call",
        clauses=("obs-retention-error", "audit-pii-redaction"),
        severity="high",
        types=frozenset({_FILTER}),
        check=_delivered,
        remediation="Pass the ARN of a function's alias, and depend on a permission for this log group.",
    ),
)
