from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.functions.stack import FUNCTION, LETTERS, LOG, OTHER_LOG, recorded, violations
from tests.support.editing import UNKNOWN

_TO_STACK, _READABLY, _KEPT = "functions-log-to-stack", "functions-log-readably", "function-logs-kept-90-days"
_GROUP = "/aws/lambda/fitness-platform-prod-email-processor"

ACCEPTED: dict[str, Change] = {
    "errors alone": nested(FUNCTION, "loggingConfig.applicationLogLevel", "ERROR"),
    "level left out": nested(FUNCTION, "loggingConfig.applicationLogLevel", None),
    "kept for longer": edit(LOG, retentionInDays=365),
    "kept for ever, which others refuse": edit(LOG, retentionInDays=0),
}

REJECTED: dict[str, Case] = {
    "no log group": Case(drop(LOG), at(_TO_STACK, FUNCTION)),
    "log group by name alone": Case(
        edit(FUNCTION, loggingConfig={"logGroup": _GROUP, "logFormat": "JSON"}), at(_TO_STACK, FUNCTION)
    ),
    "nothing said": Case(edit(FUNCTION, loggingConfig=None), at(_TO_STACK, FUNCTION) | at(_READABLY, FUNCTION)),
    "unknown": Case(edit(FUNCTION, loggingConfig=UNKNOWN), at(_TO_STACK, FUNCTION) | at(_READABLY, FUNCTION)),
    "log of another function": Case(
        chain(point(FUNCTION, "loggingConfig", OTHER_LOG), nested(FUNCTION, "loggingConfig", {"logFormat": "JSON"})),
        at(_TO_STACK, FUNCTION),
    ),
    "no log group at all": Case(
        chain(
            other_stack,
            point(FUNCTION, "loggingConfig", LETTERS),
            nested(FUNCTION, "loggingConfig", {"logFormat": "JSON"}),
        ),
        at(_TO_STACK, FUNCTION),
    ),
    **{
        f"log group named {name!r}": Case(edit(LOG, name=name), at(_TO_STACK, FUNCTION))
        for name in (None, "email", f"{_GROUP}-2", UNKNOWN)
    },
    **broken(_READABLY, FUNCTION, "loggingConfig.logFormat", None, "Text", UNKNOWN),
    **broken(_READABLY, FUNCTION, "loggingConfig.applicationLogLevel", "DEBUG", "TRACE", UNKNOWN),
    **broken(_KEPT, LOG, "retentionInDays", 1, 60, UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_days_can_be_relaxed() -> None:
    relaxed = edit(LOG, retentionInDays=30)(recorded("prod"))
    assert violations(relaxed, {_KEPT: {"minimumDays": 30}}) == set()
    assert violations(relaxed, {_KEPT: {"minimumDays": 31}}) == at(_KEPT, LOG)
