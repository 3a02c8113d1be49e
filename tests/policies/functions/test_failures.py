from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point, provide
from tests.policies.functions.stack import (
    ACCOUNT,
    ALIAS,
    ERRORS,
    FUNCTION,
    LETTERS,
    LOG,
    OTHER_FUNCTION,
    THROTTLES,
    recorded,
    violations,
)
from tests.policies.security_layer.judged import refer
from tests.support.editing import UNKNOWN

_KEPT, _WATCHED = "functions-keep-failed-events", "functions-watched"


def _called_by(service: str) -> Change:
    inputs = {
        "action": "lambda:InvokeFunction",
        "principal": f"{service}.amazonaws.com",
        "function": UNKNOWN,
        "sourceAccount": ACCOUNT,
    }
    return chain(add("aws:lambda/permission:Permission", "permit", inputs, function=[ALIAS]), provide("permit"))


def _alarm(name: str, **changes: Any) -> Change:
    return edit(name, **changes)


ACCEPTED: dict[str, Change] = {
    "called by who waits": _called_by("apigateway"),
    "kept in a queue": chain(_called_by("events"), point(FUNCTION, "deadLetterConfig", LETTERS)),
    "kept though nobody calls": point(FUNCTION, "deadLetterConfig", LETTERS),
    "some errors unnoticed": _alarm(ERRORS, threshold=10),
    "at or above": _alarm(THROTTLES, comparisonOperator="GreaterThanOrEqualToThreshold", threshold=1),
}

REJECTED: dict[str, Case] = {
    **{f"called by {service}": Case(_called_by(service), at(_KEPT, FUNCTION)) for service in ("events", "s3", "sns")},
    **{
        f"dead letters to {value!r}": Case(
            chain(_called_by("events"), edit(FUNCTION, deadLetterConfig=value)), at(_KEPT, FUNCTION)
        )
        for value in ({"targetArn": "arn:aws:sqs:us-east-1:444455556666:x"}, UNKNOWN)
    },
    "dead letters to no queue": Case(
        chain(_called_by("events"), point(FUNCTION, "deadLetterConfig", LOG)), at(_KEPT, FUNCTION)
    ),
    **{f"no alarm {name.rpartition('-')[2]}": Case(drop(name), at(_WATCHED, FUNCTION)) for name in (ERRORS, THROTTLES)},
    "alarm of another function": Case(
        refer(ERRORS, "dimensions", {"FunctionName": "x"}, OTHER_FUNCTION), at(_WATCHED, FUNCTION)
    ),
    **{
        f"alarm {key} {value!r}": Case(_alarm(ERRORS, **{key: value}), at(_WATCHED, FUNCTION))
        for key, values in {
            "namespace": (None, "AWS/SQS", UNKNOWN),
            "metricName": (None, "Invocations", UNKNOWN),
            "dimensions": (None, {"FunctionName": "x"}, UNKNOWN),
            "statistic": (None, "Average", UNKNOWN),
            "comparisonOperator": (None, "LessThanThreshold", UNKNOWN),
            "threshold": (None, 11, UNKNOWN),
        }.items()
        for value in values
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
