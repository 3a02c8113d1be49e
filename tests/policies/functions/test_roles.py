from typing import Any

from tests.policies.breaking import Case, Change, at, cases, chain, edit, point
from tests.policies.compute_cluster.stack import independent
from tests.policies.functions.stack import ARN, FUNCTION, OTHER_FUNCTION, OTHER_ROLE, POLICY, recorded, violations
from tests.policies.security_layer.judged import extend
from tests.support.editing import UNKNOWN

_OWN, _WAIT, _ATTACHED = "functions-have-own-roles", "functions-wait-for-permissions", "functions-attached-by-lambda"
_ATTACH = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]
_BY_CODE = {"ArnEquals": {"lambda:SourceFunctionArn": ARN}}


def _attach(denied: Any = _ATTACH, condition: Any = _BY_CODE, resource: str = "*") -> Change:
    return extend(
        POLICY,
        {"Effect": "Allow", "Action": _ATTACH, "Resource": "*"},
        {"Effect": "Deny", "Action": denied, "Resource": resource, "Condition": condition},
    )


ACCEPTED: dict[str, Change] = {
    "attached by Lambda alone": _attach(),
    "more denied than allowed": _attach([*_ATTACH, "ec2:DescribeSubnets"]),
}

REJECTED: dict[str, Case] = {
    **{
        f"role {value!r}": Case(edit(FUNCTION, role=value), at(_OWN, FUNCTION))
        for value in (None, "arn:aws:iam::444455556666:role/x", UNKNOWN)
    },
    "role of another function": Case(
        chain(point(FUNCTION, "role", OTHER_ROLE), independent(FUNCTION)),
        at(_OWN, FUNCTION, OTHER_FUNCTION) | at(_WAIT, FUNCTION),
    ),
    "made before its policy": Case(independent(FUNCTION, POLICY), at(_WAIT, FUNCTION)),
    "its code may attach": Case(
        extend(POLICY, {"Effect": "Allow", "Action": _ATTACH, "Resource": "*"}), at(_ATTACHED, FUNCTION)
    ),
    "one of two denied": Case(_attach(_ATTACH[:1]), at(_ATTACHED, FUNCTION)),
    "denied to another function": Case(
        _attach(condition={"ArnEquals": {"lambda:SourceFunctionArn": f"{ARN}-2"}}), at(_ATTACHED, FUNCTION)
    ),
    "denied to any but it": Case(
        _attach(condition={"ArnNotEquals": {"lambda:SourceFunctionArn": ARN}}), at(_ATTACHED, FUNCTION)
    ),
    "denied on one alone": Case(
        _attach(resource="arn:aws:ec2:us-east-1:444455556666:subnet/1"), at(_ATTACHED, FUNCTION)
    ),
    "denied under two conditions": Case(
        _attach(condition={**_BY_CODE, "StringEquals": {"aws:PrincipalTag/x": "y"}}), at(_ATTACHED, FUNCTION)
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
