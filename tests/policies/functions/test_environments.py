from typing import Any

from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, edit, other_stack, point
from tests.policies.functions.stack import FUNCTION, LETTERS, recorded, violations
from tests.support.editing import UNKNOWN

_ENCRYPTED, _PLAIN = "functions-environment-encrypted", "functions-environment-without-secrets"
_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x"


def _variables(value: Any) -> Change:
    return edit(FUNCTION, environment={"variables": value})


ACCEPTED: dict[str, Change] = {
    "no variables and no key": edit(FUNCTION, environment=None, kmsKeyArn=None),
    "empty variables and no key": chain(_variables({}), edit(FUNCTION, kmsKeyArn=None)),
    "where a secret is": _variables({"DATABASE_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:444455556666:secret:x"}),
    "empty one": _variables({"PASSWORD": ""}),
}

REJECTED: dict[str, Case] = {
    **{
        f"key {value!r}": Case(edit(FUNCTION, kmsKeyArn=value), at(_ENCRYPTED, FUNCTION))
        for value in (None, "", "arn:aws:kms:us-east-1:444455556666:key/1", UNKNOWN)
    },
    "key of another stack": Case(chain(other_stack, point(FUNCTION, "kmsKeyArn", ELSEWHERE)), at(_ENCRYPTED, FUNCTION)),
    "not a key": Case(point(FUNCTION, "kmsKeyArn", LETTERS), at(_ENCRYPTED, FUNCTION)),
    **{
        f"variable {name}": Case(_variables({name: value}), at(_PLAIN, FUNCTION))
        for name, value in (
            ("DATABASE_PASSWORD", "hunter2"),
            ("API_KEY", "x"),
            ("X", "AKIAIOSFODNN7EXAMPLE"),
            ("URL", "postgres://fitness:hunter2@host/db"),
            ("X", _JWT),
            ("X", UNKNOWN),
            ("X", 7),
        )
    },
    "unknown variables": Case(_variables(UNKNOWN), at(_PLAIN, FUNCTION)),
    "variables as a list": Case(_variables(["X=1"]), at(_PLAIN, FUNCTION)),
    "a secret in the description": Case(edit(FUNCTION, description=f"token {_JWT}"), at(_PLAIN, FUNCTION)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
