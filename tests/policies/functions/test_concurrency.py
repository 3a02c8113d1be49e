from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.compute_cluster.stack import broken
from tests.policies.functions.stack import (
    FUNCTION,
    OTHER_ALIAS,
    OTHER_FUNCTION,
    SOURCE,
    STACK,
    WARM,
    WARM_FUNCTION,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_SHARE, _STOPPED, _BY_ALIAS = (
    "functions-leave-account-its-share",
    "functions-not-stopped",
    "functions-warm-by-alias",
)


def _at_most(count: object) -> Change:
    return edit(SOURCE, scalingConfig={"maximumConcurrency": count})


ACCEPTED: dict[str, Change] = {
    "all that may be taken": _at_most(500),
    "all that may be reserved": edit(FUNCTION, reservedConcurrentExecutions=500),
    "one reserved, its source notwithstanding": chain(_at_most(1000), edit(FUNCTION, reservedConcurrentExecutions=5)),
    "none reserved, spelt out": edit(FUNCTION, reservedConcurrentExecutions=-1),
    "as many warm as may run": edit(WARM, provisionedConcurrentExecutions=100),
    "none warm": drop(WARM),
}

REJECTED: dict[str, Case] = {
    "one more": Case(_at_most(501), at(_SHARE, STACK)),
    "one more reserved": Case(edit(FUNCTION, reservedConcurrentExecutions=501), at(_SHARE, STACK)),
    "all reserved": Case(edit(FUNCTION, reservedConcurrentExecutions=1000), at(_SHARE, STACK)),
    "unknown bound": Case(_at_most(UNKNOWN), at(_SHARE, STACK)),
    "unknown reservation": Case(
        edit(FUNCTION, reservedConcurrentExecutions=UNKNOWN), at(_SHARE, STACK) | at(_STOPPED, FUNCTION)
    ),
    **broken(_STOPPED, FUNCTION, "reservedConcurrentExecutions", 0),
    **broken(_BY_ALIAS, WARM, "provisionedConcurrentExecutions", 0, None, 101, UNKNOWN),
    **broken(_BY_ALIAS, WARM, "qualifier", None, "1", "live", UNKNOWN),
    **broken(_BY_ALIAS, WARM, "functionName", None, "email", UNKNOWN),
    "alias of another function": Case(point(WARM, "qualifier", OTHER_ALIAS), at(_BY_ALIAS, WARM)),
    "another function": Case(point(WARM, "functionName", OTHER_FUNCTION), at(_BY_ALIAS, WARM)),
    "a version": Case(point(WARM, "qualifier", WARM_FUNCTION), at(_BY_ALIAS, WARM)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
