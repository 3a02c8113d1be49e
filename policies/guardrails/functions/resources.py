"""What the guardrails of functions have in common: types, and how others refer to a function."""

from guardrails.graph import Node

FUNCTION = "aws:lambda/function:Function"
ALIAS = "aws:lambda/alias:Alias"
PERMISSION = "aws:lambda/permission:Permission"
URL = "aws:lambda/functionUrl:FunctionUrl"
EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping"
WARM = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
QUEUE = "aws:sqs/queue:Queue"
ROLE = "aws:iam/role:Role"
STACK = "pulumi:pulumi:Stack"


def functions_of(node: Node, key: str) -> list[Node]:
    """Return the functions that a property leads to, through their aliases."""
    found: list[Node] = []
    for target in node.refers(key, FUNCTION, ALIAS):
        found += [target] if target.type == FUNCTION else target.refers("functionName", FUNCTION)
    return list(dict.fromkeys(found))


def callers_of(function: Node, key: str, type_: str) -> list[Node]:
    """Return the resources of a type that name a function by a property, or one of its aliases."""
    found = function.referrers(key, type_)
    for alias in function.referrers("functionName", ALIAS):
        found += alias.referrers(key, type_)
    return list(dict.fromkeys(found))
