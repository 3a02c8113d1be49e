"""Clause enc-rest-others, its topics: messages are encrypted while they wait."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import TOPIC

_DELIVERS_TO: Mapping[str, str] = {
    "aws:cloudwatch/eventTarget:EventTarget": "arn",
    "aws:sns/topicSubscription:TopicSubscription": "endpoint",
}


def _encrypted(topic: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not topic.refers("kmsMasterKeyId", KEY, REPLICA_KEY):
        yield "kmsMasterKeyId refers to no key of this stack"


def _to_own_account(sender: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    key = _DELIVERS_TO[sender.type]
    if sender.refers(key):
        return
    arn = sender.properties.text(key) or ""
    if arn.startswith("arn:") and arn.split(":")[4:5] not in [[own] for own in own_accounts(sender)]:
        yield f"{key} is {arn}, of another account"


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
        title="Topics and events are delivered inside this account only",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset(_DELIVERS_TO),
        check=_to_own_account,
        remediation="Pass the ARN of a queue, stream, function or log group of the own account.",
    ),
)
