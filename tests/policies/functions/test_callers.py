from collections.abc import Mapping
from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point, provide
from tests.policies.functions.stack import (
    ACCOUNT,
    ALIAS,
    FUNCTION,
    LETTERS,
    OTHER_ACCOUNT,
    OTHER_FUNCTION,
    SOURCE,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_NARROW, _BY_ALIAS, _PUBLISHED = "function-permissions-narrow", "functions-called-by-alias", "functions-published"
_PERMISSION, _URL = "aws:lambda/permission:Permission", "aws:lambda/functionUrl:FunctionUrl"
_RULE = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:*/authorizers/*"
_CALLED: dict[str, Any] = {
    "action": "lambda:InvokeFunction",
    "principal": "apigateway.amazonaws.com",
    "function": UNKNOWN,
    "sourceArn": _RULE,
}


def _permit(**changes: Any) -> Change:
    return _permit_for(ALIAS, **changes)


def _permit_for(*callees: str, refers: Mapping[str, list[str]] = {}, **changes: Any) -> Change:
    inputs = {key: value for key, value in {**_CALLED, **changes}.items() if value is not None}
    return chain(add(_PERMISSION, "permit", inputs, function=callees, **refers), provide("permit"))


ACCEPTED: dict[str, Change] = {
    "by ARN": _permit(),
    "by account": _permit(sourceArn=None, sourceAccount=ACCOUNT),
    "for a bucket of the account": _permit(sourceArn="arn:aws:s3:::videos", sourceAccount=ACCOUNT),
    "from a resource of the stack": _permit_for(ALIAS, refers={"sourceArn": [LETTERS]}, sourceArn=UNKNOWN),
    "by name and alias": _permit_for(FUNCTION, refers={"qualifier": [ALIAS]}, qualifier="live"),
}

REJECTED: dict[str, Case] = {
    **{
        f"{key} {value!r}": Case(_permit(**{key: value}), at(_NARROW, "permit"))
        for key, values in {
            "action": (None, "lambda:*", "lambda:InvokeFunctionUrl", "lambda:GetFunction", UNKNOWN),
            "functionUrlAuthType": ("NONE", "AWS_IAM", UNKNOWN),
            "principalOrgId": ("o-1234567890", UNKNOWN),
            "eventSourceToken": ("alexa",),
            "sourceArn": (
                None,
                "arn:aws:s3:::videos",
                f"arn:aws:execute-api:us-east-1:{OTHER_ACCOUNT}:*/authorizers/*",
                "arn:aws:execute-api:us-east-1:*:*/authorizers/*",
                f"arn:aws:*:us-east-1:{ACCOUNT}:*",
                UNKNOWN,
            ),
        }.items()
        for value in values
    },
    **{
        f"principal {value!r}": Case(
            _permit(principal=value), at(_NARROW, "permit") | at("functions-keep-failed-events", FUNCTION)
        )
        for value in (
            None,
            "*",
            "*.amazonaws.com",
            UNKNOWN,
            OTHER_ACCOUNT,
            ACCOUNT,
            f"arn:aws:iam::{OTHER_ACCOUNT}:root",
        )
    },
    "on behalf of another account": Case(_permit(sourceArn=None, sourceAccount=OTHER_ACCOUNT), at(_NARROW, "permit")),
    "permission for what is not published": Case(_permit_for(FUNCTION), at(_BY_ALIAS, "permit")),
    "permission for a function by its name": Case(_permit_for(function="email"), at(_BY_ALIAS, "permit")),
    "source calls what is not published": Case(point(SOURCE, "functionName", FUNCTION), at(_BY_ALIAS, SOURCE)),
    **{
        f"source calls {value!r}": Case(edit(SOURCE, functionName=value), at(_BY_ALIAS, SOURCE))
        for value in (None, "arn:aws:lambda:us-east-1:444455556666:function:x:live", UNKNOWN)
    },
    "alias of no function": Case(edit(ALIAS, functionName="email"), at(_BY_ALIAS, SOURCE) | at(_PUBLISHED, FUNCTION)),
    "no alias": Case(drop(ALIAS), at(_PUBLISHED, FUNCTION) | at(_BY_ALIAS, SOURCE)),
    **{
        f"publish {value!r}": Case(edit(FUNCTION, publish=value), at(_PUBLISHED, FUNCTION))
        for value in (None, False, UNKNOWN)
    },
    **{
        f"alias to version {value!r}": Case(edit(ALIAS, functionVersion=value), at(_PUBLISHED, FUNCTION))
        for value in (None, "$LATEST", "1", UNKNOWN)
    },
    "alias to a version of another function": Case(
        point(ALIAS, "functionVersion", OTHER_FUNCTION), at(_PUBLISHED, FUNCTION)
    ),
    "alias of two versions": Case(
        edit(ALIAS, routingConfig={"additionalVersionWeights": {"1": 0.5}}), at(_PUBLISHED, FUNCTION)
    ),
    "URL with IAM": Case(
        add(_URL, "url", {"functionName": UNKNOWN, "authorizationType": "AWS_IAM"}, functionName=[FUNCTION]),
        at("functions-without-urls", "url"),
    ),
    "URL for all": Case(
        chain(add(_URL, "url", {"functionName": "email", "authorizationType": "NONE"})),
        at("functions-without-urls", "url"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
