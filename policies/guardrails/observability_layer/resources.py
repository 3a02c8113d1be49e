"""What guardrails of observability have in common: types, and whom a bucket lets write."""

from fnmatch import fnmatchcase

from guardrails.grants import allowed_in
from guardrails.graph import Graph, Node
from guardrails.reading import as_texts
from guardrails.security_layer.buckets import buckets_of, companions
from guardrails.security_layer.resource_policies import BUCKET_POLICY

STACK = "pulumi:pulumi:Stack"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "aws:sns/topic:Topic"
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")
TWO_YEARS = 731
"""Days: the first period that CloudWatch Logs accepts beyond 730."""


def not_writable(writer: Node, graph: Graph, service: str) -> list[str]:
    """Return why an AWS service can't deliver what a resource sends to its ``s3BucketName``."""
    buckets = buckets_of(writer, "s3BucketName")
    if len(buckets) != 1:
        return ["s3BucketName refers to no bucket of this stack"]
    [bucket] = buckets
    policies = companions(bucket, graph, BUCKET_POLICY)
    allowed = [
        action
        for policy in policies
        for statement in policy.properties.statements("policy")
        if service in _services(allowed_in(statement, "Principal"))
        for action in as_texts(statement.get("Action", []))
    ]
    wanted = ("s3:GetBucketAcl", "s3:PutObject")
    if missing := [action for action in wanted if not any(fnmatchcase(action, pattern) for pattern in allowed)]:
        return [f"the policy of {bucket.name} does not allow {' and '.join(missing)} to {service}"]
    if not any(policy in writer.depends_on for policy in policies):
        return [f"it does not depend on the policy of {bucket.name}, without which AWS refuses it"]
    return []


def _services(principal: object) -> list[str]:
    return as_texts(principal.get("Service", [])) if isinstance(principal, dict) else []
