from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, point, provide
from tests.policies.security_layer.judged import ACCOUNT, OTHER_ACCOUNT, broken, recorded
from tests.support.editing import UNKNOWN

_TOPIC, _ENCRYPTED = "security-alerts-critical", "topics-encrypted"

_SUBSCRIBED = "subscriptions-of-own-account"


def _subscribe(protocol: str, endpoint: object) -> Change:
    given = {"topic": UNKNOWN, "protocol": protocol, "endpoint": endpoint}
    subscription = add("aws:sns/topicSubscription:TopicSubscription", "subscription", given, topic=[_TOPIC])
    return chain(subscription, provide("subscription"))


ACCEPTED: dict[str, Change] = {
    "another key of the stack": point(_TOPIC, "kmsMasterKeyId", "security-data-key"),
    "mail": _subscribe("email", "on-call@example.com"),
    "a queue of the account": _subscribe("sqs", f"arn:aws:sqs:us-east-1:{ACCOUNT}:alerts"),
    "what the stack makes": chain(
        add("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "queue", {}),
        _subscribe("sqs", UNKNOWN),
        point("subscription", "endpoint", "queue"),
    ),
}

REJECTED: dict[str, Case] = {
    **{
        f"key {value!r}": Case(edit(_TOPIC, kmsMasterKeyId=value), at(_ENCRYPTED, _TOPIC))
        for value in (None, "", "alias/aws/sns", "arn:aws:kms:us-east-1:444455556666:key/1", UNKNOWN, 7)
    },
    "key of another stack": Case(
        chain(other_stack, point(_TOPIC, "kmsMasterKeyId", ELSEWHERE)), at(_ENCRYPTED, _TOPIC)
    ),
    "what is no key": Case(point(_TOPIC, "kmsMasterKeyId", "security-alerts-warning"), at(_ENCRYPTED, _TOPIC)),
    **{
        f"subscription of {endpoint!r}": Case(_subscribe("sqs", endpoint), at(_SUBSCRIBED, "subscription"))
        for endpoint in (f"arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:alerts", "arn:aws:sqs", UNKNOWN, 7)
    },
    "events to another account": Case(
        chain(
            add(
                "aws:cloudwatch/eventTarget:EventTarget", "more", {"arn": f"arn:aws:events:us-east-1:{OTHER_ACCOUNT}:x"}
            ),
            provide("more"),
        ),
        at(_SUBSCRIBED, "more"),
    ),
    "another topic": Case(
        add("aws:sns/topic:Topic", "more", {"name": "more"}), at(_ENCRYPTED, "more") | at("tls-only", "more")
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
