"""What the guardrails of search and events have in common: types, and what leads to what."""

from guardrails.graph import Node
from guardrails.provider import own_accounts

DOMAIN = "aws:opensearch/domain:Domain"
STREAM = "aws:kinesis/stream:Stream"
CONSUMER = "aws:kinesis/streamConsumer:StreamConsumer"
FUNCTION = "aws:lambda/function:Function"
ALIAS = "aws:lambda/alias:Alias"
QUEUE = "aws:sqs/queue:Queue"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ROLE = "aws:iam/role:Role"
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")

GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
LESS = ("LessThanThreshold", "LessThanOrEqualToThreshold")


def arns(node: Node, service: str, resource: str) -> set[str]:
    """Return the ARNs that a resource has in the accounts of its provider, which are one where all is well."""
    place = f"arn:aws:{service}:{node.provider.text('region')}"
    return {f"{place}:{account}:{resource}" for account in own_accounts(node)}
