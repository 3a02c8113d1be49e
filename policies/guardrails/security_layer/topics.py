"""Clause enc-rest-others, its topics: messages are encrypted while they wait."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import TOPIC


def _encrypted(topic: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not topic.refers("kmsMasterKeyId", KEY, REPLICA_KEY):
        yield "kmsMasterKeyId refers to no key of this stack"


def _to_own_account(subscription: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if subscription.refers("endpoint"):
        return
    endpoint = subscription.properties.text("endpoint") or ""
    if endpoint.startswith("arn:") and endpoint.split(":")[4:5] not in [[own] for own in own_accounts(subscription)]:
        yield f"endpoint is {endpoint}, of another account"


TOPIC_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="topics-encrypted",
        title="Every topic is encrypted with a key of the stack",
        clauses=("enc-rest-others", "enc-kms"),
        severity="high",
        types=frozenset({TOPIC}),
        check=_encrypted,
        controls=("SNS.1", "CKV_AWS_26", "sns_topics_kms_encryption_at_rest_enabled"),
        remediation="Pass the ARN of the SecurityLayer's alerts key as kmsMasterKeyId.",
    ),
    StackGuardrail(
        id="subscriptions-of-own-account",
        title="Topics deliver to queues and functions of this account only",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset({"aws:sns/topicSubscription:TopicSubscription"}),
        check=_to_own_account,
        remediation="Pass the ARN of a queue, stream or function of the own account as endpoint.",
    ),
)
