"""Clause enc-transit-tls12, its buckets, topics and queues: requests without TLS are refused, and none are made."""

from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts, region_of
from guardrails.reading import Properties, UnreadableError, as_texts
from guardrails.security_layer.buckets import companions
from guardrails.security_layer.resource_policies import (
    BUCKET,
    BUCKET_POLICY,
    ELEMENTS,
    QUEUE,
    QUEUE_POLICY,
    TOPIC,
    TOPIC_POLICY,
    conditions_of,
)


def _tls_only(node: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    policies = _policies(node, graph)
    if len(policies) != 1:
        yield f"{len(policies) or 'no'} policies of this stack refer to it, not 1"
    for policy in policies:
        try:
            statements = policy.properties.statements("policy")
        except UnreadableError:
            statements = []  # resource-policies-scoped says so
        if not any(_refuses_plain_http(statement, node) for statement in statements):
            yield f"{policy.name} has no statement that denies everybody every request to all of it without TLS"


def _policies(node: Node, graph: Graph) -> list[Node]:
    if node.type == BUCKET:
        return companions(node, graph, BUCKET_POLICY)
    return node.referrers("queueUrl", QUEUE_POLICY) if node.type == QUEUE else node.referrers("arn", TOPIC_POLICY)


def _refuses_plain_http(statement: dict[str, Any], node: Node) -> bool:
    actions, parts = _WHOLE[node.type](node)
    resources = set(as_texts(statement.get("Resource", [])))
    conditions = [
        (operator, key, [value.lower() for value in values]) for operator, key, values in conditions_of(statement)
    ]
    return (
        statement.keys() <= ELEMENTS
        and statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not actions.isdisjoint(action.lower() for action in as_texts(statement.get("Action", [])))
        and not any(resources.isdisjoint(patterns) for patterns in parts)
        and conditions == [("Bool", "aws:securetransport", ["false"])]
    )


def _whole_bucket(bucket: Node) -> tuple[set[str], list[set[str]]]:
    """Return actions of which one is every action, and for each part of a bucket the patterns that cover it."""
    arn = f"arn:aws:s3:::{bucket.properties.text('bucket')}"
    return {"s3:*", "*"}, [{arn, f"{arn}*"}, {f"{arn}/*", f"{arn}*"}]


def _whole_topic(topic: Node) -> tuple[set[str], list[set[str]]]:
    """Return the same of a topic, of which publishing is the one action that carries data."""
    place, name = f"arn:aws:sns:{region_of(topic)}", topic.properties.text("name")
    return {"sns:publish", "sns:*", "*"}, [{"*", *(f"{place}:{account}:{name}" for account in own_accounts(topic))}]


def _whole_queue(queue: Node) -> tuple[set[str], list[set[str]]]:
    """Return the same of a queue."""
    place, name = f"arn:aws:sqs:{region_of(queue)}", queue.properties.text("name")
    return {"sqs:*", "*"}, [{"*", *(f"{place}:{account}:{name}" for account in own_accounts(queue))}]


_WHOLE = {BUCKET: _whole_bucket, TOPIC: _whole_topic, QUEUE: _whole_queue}


def _delivered_over_tls(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (properties.text("protocol") or "http").lower() == "http":
        yield "protocol is http, so that messages leave in plain text"


TRANSPORT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="tls-only",
        title="Buckets, topics and queues refuse requests without TLS",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset(_WHOLE),
        check=_tls_only,
        controls=(
            "S3.5",
            "CIS 2.1.1",
            "CKV_AWS_379",
            "AwsSolutions-S10",
            "s3_bucket_secure_transport_policy",
            "AwsSolutions-SNS3",
            "AwsSolutions-SQS4",
        ),
        remediation="Give it one policy, which denies everybody everything where aws:SecureTransport is false.",
    ),
    ResourceGuardrail(
        id="subscriptions-over-tls",
        title="Topics deliver to no plain HTTP endpoint",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({"aws:sns/topicSubscription:TopicSubscription"}),
        check=_delivered_over_tls,
        remediation="Subscribe by https, or by another protocol.",
    ),
)
