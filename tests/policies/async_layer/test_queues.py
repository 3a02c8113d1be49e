from tests.policies.async_layer.stack import (
    FUNCTION,
    LETTERS,
    LONG_QUEUE,
    PAYMENT_QUEUE,
    QUEUE,
    SOURCE,
    STACK,
    recorded,
    violations,
)
from tests.policies.breaking import Case, Change, at, cases, drop, edit, point
from tests.policies.compute_cluster.stack import broken
from tests.policies.security_layer.judged import give, statements_of
from tests.support.editing import UNKNOWN

_ENCRYPTED, _KEPT, _HIDDEN = "queues-encrypted", "queues-keep-14-days", "queues-hide-5-minutes"
_AT_ONCE, _IN_ORDER = "queues-deliver-at-once", "queues-named-by-order"
_FIVE, _WARM = "queues-of-the-decision", "payment-webhooks-warm"
_PAYMENT_WARM = "async-payment-webhooks-processor-warm"
_POLICY, _OF_OWN = "async-email-policy", "queues-of-own-account"
_TLS, _OWN = statements_of(_POLICY)

ACCEPTED: dict[str, Change] = {
    "work of 15 minutes": edit(LONG_QUEUE, visibilityTimeoutSeconds=5400),
    "no delay, spelt out": edit(QUEUE, delaySeconds=0),
    "standard, spelt out": edit(QUEUE, fifoQueue=False),
    "more warm": edit(_PAYMENT_WARM, provisionedConcurrentExecutions=50),
}

REJECTED: dict[str, Case] = {
    **broken(_ENCRYPTED, QUEUE, "kmsMasterKeyId", None, "alias/aws/sqs", UNKNOWN),
    "encrypted by SQS": Case(edit(QUEUE, kmsMasterKeyId=None, sqsManagedSseEnabled=True), at(_ENCRYPTED, QUEUE)),
    "not a key": Case(point(LETTERS, "kmsMasterKeyId", FUNCTION), at(_ENCRYPTED, LETTERS)),
    **{
        f"own account: {name}": Case(give(f"{_POLICY}", _TLS, {**_OWN, **changes}), at(_OF_OWN, QUEUE))
        for name, changes in {
            "allowed": {"Effect": "Allow"},
            "denied to some": {"Principal": {"AWS": "arn:aws:iam::999988887777:root"}},
            "one action": {"Action": "sqs:SendMessage"},
            "another queue": {"Resource": "arn:aws:sqs:us-east-1:444455556666:other"},
            "its own account": {"Condition": {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}},
            "no condition on services": {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}},
        }.items()
    },
    "others not kept out": Case(give(_POLICY, _TLS), at(_OF_OWN, QUEUE)),
    **broken(_KEPT, QUEUE, "messageRetentionSeconds", None, 60, 345_600, 1_209_599, UNKNOWN),
    **broken(_KEPT, LETTERS, "messageRetentionSeconds", None, 60),
    **broken(_HIDDEN, LETTERS, "visibilityTimeoutSeconds", None, 30, 299, 301, 5400, UNKNOWN),
    **broken(_HIDDEN, QUEUE, "visibilityTimeoutSeconds", 301, 5400),
    **broken(_HIDDEN, LONG_QUEUE, "visibilityTimeoutSeconds", 301, 5399, 43_200),
    **broken(_AT_ONCE, QUEUE, "delaySeconds", 1, 900, UNKNOWN),
    "order unknown": Case(
        edit(LETTERS, fifoQueue=UNKNOWN), at(_IN_ORDER, LETTERS) | at("queues-have-dead-letters", QUEUE)
    ),
    "no longer there": Case(drop(SOURCE), at(_FIVE, STACK)),
    "for something else": Case(
        edit(PAYMENT_QUEUE, name="fitness-platform-prod-payments"),
        at(_FIVE, STACK)
        | at(_OF_OWN, PAYMENT_QUEUE)
        | at("dead-letters-of-own-queue", "async-payment-webhooks-dead-letters-queue"),
    ),
    "nothing warm": Case(drop(_PAYMENT_WARM), at(_WARM, PAYMENT_QUEUE)),
    "warm for nobody": Case(edit(_PAYMENT_WARM, qualifier="live"), at(_WARM, PAYMENT_QUEUE)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_a_queue_that_keeps_order_is_whole_or_refused() -> None:
    settings = {"queues": {"email": {"fifo": True}}}
    assert violations(recorded("prod", **{"async": settings})) == set()
    for change in (edit(QUEUE, fifoQueue=None), edit(QUEUE, fifoQueue=False), edit(LETTERS, fifoQueue=None)):
        changed = change(recorded("prod", **{"async": settings}))
        assert {guardrail for guardrail, _ in violations(changed)} >= {_IN_ORDER}


def test_which_queues_there_must_be_can_be_relaxed() -> None:
    assert violations(drop(SOURCE)(recorded("prod")), {_FIVE: {"required": ["payment-webhooks"]}}) == set()
