import json
from typing import Any

from tests.policies.async_layer.stack import (
    AGE,
    DEPTH,
    LETTERS,
    OTHER_LETTERS,
    OTHER_QUEUE,
    QUEUE,
    arn,
    recorded,
    violations,
)
from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.security_layer.judged import refer
from tests.support.editing import UNKNOWN

_HAVE, _OWN, _INSIDE, _WATCHED = (
    "queues-have-dead-letters",
    "dead-letters-of-own-queue",
    "redrive-inside-queues",
    "queues-watched",
)
_LETTERS_ARN, _QUEUE_ARN = arn("email-dead-letters"), arn("email")


def _redrive(target: Any = _LETTERS_ARN, count: Any = 5, to: str = LETTERS) -> Change:
    policy = {"deadLetterTargetArn": target, "maxReceiveCount": count}
    return refer(QUEUE, "redrivePolicy", json.dumps({key: value for key, value in policy.items() if value}), to)


def _takes(permission: str | None, *sources: str, queue: str = LETTERS) -> Change:
    policy = {"redrivePermission": permission, "sourceQueueArns": list(sources) or None}
    return edit(queue, redriveAllowPolicy=json.dumps({key: value for key, value in policy.items() if value}))


_ALONE = at(_OWN, LETTERS) | at(_HAVE, LETTERS)
"""What is said of a queue of dead letters that nobody uses any more."""

ACCEPTED: dict[str, Change] = {
    **{f"given up after {count!r}": _redrive(count=count) for count in (3, 10, "5")},
    "sources in another order": _takes("byQueue", _QUEUE_ARN),
    "told of a few dead letters late": edit(AGE, threshold=86_400),
}

REJECTED: dict[str, Case] = {
    **{
        f"no redrive policy {value!r}": Case(edit(QUEUE, redrivePolicy=value), at(_HAVE, QUEUE) | _ALONE)
        for value in (None, "{}")
    },
    "dead letters gone": Case(drop(LETTERS), at(_HAVE, QUEUE)),
    "unreadable": Case(refer(QUEUE, "redrivePolicy", "redrive", LETTERS), at(_HAVE, QUEUE)),
    "a list": Case(refer(QUEUE, "redrivePolicy", "[]", LETTERS), at(_HAVE, QUEUE)),
    "unknown": Case(point(QUEUE, "redrivePolicy", LETTERS), at(_HAVE, QUEUE)),
    "to a name alone": Case(
        edit(QUEUE, redrivePolicy=json.dumps({"deadLetterTargetArn": _LETTERS_ARN, "maxReceiveCount": 5})),
        at(_HAVE, QUEUE) | _ALONE,
    ),
    "to another name than it refers to": Case(_redrive(arn("elsewhere")), at(_HAVE, QUEUE)),
    "to no queue": Case(_redrive(None), at(_HAVE, QUEUE)),
    "to itself": Case(
        _redrive(_QUEUE_ARN, to=QUEUE), at(_HAVE, QUEUE) | at(_OWN, QUEUE) | _ALONE | at(_WATCHED, QUEUE)
    ),
    "to a queue that is worked on": Case(
        _redrive(arn("health-metrics"), to=OTHER_QUEUE),
        at(_HAVE, QUEUE) | at(_OWN, OTHER_QUEUE) | _ALONE | at(_WATCHED, OTHER_QUEUE),
    ),
    "to the dead letters of another": Case(
        _redrive(arn("health-metrics-dead-letters"), to=OTHER_LETTERS), at(_OWN, OTHER_LETTERS) | _ALONE
    ),
    **{
        f"given up after {count!r}": Case(_redrive(count=count), at(_HAVE, QUEUE))
        for count in (None, 1, 2, 11, 1000, "11", "often", True, 5.5)
    },
    **{
        f"takes from {permission} {sources}": Case(_takes(permission, *sources), at(_OWN, LETTERS))
        for permission, sources in (
            (None, ()),
            ("allowAll", ()),
            ("denyAll", ()),
            ("byQueue", ()),
            ("byQueue", (arn("health-metrics"),)),
            ("byQueue", (_QUEUE_ARN, arn("health-metrics"))),
            ("byQueue", (_QUEUE_ARN.replace("444455556666", "999988887777"),)),
        )
    },
    "takes from whoever": Case(edit(LETTERS, redriveAllowPolicy=None), at(_OWN, LETTERS)),
    "unknown who": Case(point(LETTERS, "redriveAllowPolicy", QUEUE), at(_OWN, LETTERS)),
    **{
        f"a queue of work takes from {permission}": Case(_takes(permission, queue=QUEUE), at(_OWN, QUEUE))
        for permission in ("allowAll", "byQueue")
    },
    **{
        f"separate {name}": Case(
            add(f"aws:sqs/{name}:{name[0].upper()}{name[1:]}", "more", {"queueUrl": UNKNOWN}, queueUrl=[QUEUE]),
            at(_INSIDE, "more"),
        )
        for name in ("redrivePolicy", "redriveAllowPolicy")
    },
    "nobody told of dead letters": Case(drop(DEPTH), at(_WATCHED, LETTERS)),
    "nobody told of old messages": Case(drop(AGE), at(_WATCHED, QUEUE)),
    "alarm of another queue": Case(
        refer(DEPTH, "dimensions", {"QueueName": "x"}, OTHER_LETTERS), at(_WATCHED, LETTERS)
    ),
    "alarm on what is worked on": Case(refer(DEPTH, "dimensions", {"QueueName": "x"}, QUEUE), at(_WATCHED, LETTERS)),
    **{
        f"{name} {key} {value!r}": Case(edit(name, **{key: value}), at(_WATCHED, queue))
        for name, queue, high in ((DEPTH, LETTERS, 1), (AGE, QUEUE, 86_401))
        for key, values in {
            "namespace": (None, "AWS/Lambda", UNKNOWN),
            "metricName": (None, "NumberOfMessagesSent", UNKNOWN),
            "dimensions": (None, {"QueueName": "x"}, UNKNOWN),
            "statistic": (None, "Minimum", UNKNOWN),
            "comparisonOperator": (None, "LessThanThreshold", "GreaterThanOrEqualToThreshold", UNKNOWN),
            "threshold": (None, high, -1, UNKNOWN),
        }.items()
        for value in values
    },
    "a queue of nobody": Case(
        add(
            "aws:sqs/queue:Queue",
            "more",
            {
                "name": "fitness-platform-prod-more",
                "messageRetentionSeconds": 1_209_600,
                "visibilityTimeoutSeconds": 300,
                "kmsMasterKeyId": UNKNOWN,
                "redriveAllowPolicy": '{"redrivePermission": "denyAll"}',
            },
            kmsMasterKeyId=["security-queues-key"],
        ),
        at(_HAVE, "more"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_what_functions_failed_at_may_be_kept_in_a_queue_without_sources() -> None:
    change = chain(
        edit(QUEUE, redrivePolicy=None),
        drop("async-email-source"),
        point("async-email-processor-function", "deadLetterConfig", LETTERS),
    )
    found = violations(chain(change, _takes("denyAll"))(recorded("prod")))
    assert not found & at(_HAVE, LETTERS)
    assert not found & at(_OWN, LETTERS)
