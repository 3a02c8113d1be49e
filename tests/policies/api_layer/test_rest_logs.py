import json
from typing import Any

import pytest

from tests.policies.api_layer.rest_stack import ACCESS_LOG, EXECUTION_LOG, LIMITS, LOG_ACCOUNT, STAGE
from tests.policies.api_layer.stack import ACL_LOG, CERTIFICATE, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, independent, nested
from tests.policies.database_layer.stack import inputs_of, refer
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_LOGGED, _KEPT, _IMPERSONAL = at("api-stages-logged", STAGE), "api-logs-kept-30-days", "api-access-logs-impersonal"
_FORMAT: dict[str, Any] = json.loads(inputs_of(recorded("prod"), STAGE)["accessLogSettings"]["format"])


def _format(value: object) -> Change:
    return nested(STAGE, "accessLogSettings.format", value)


ACCEPTED: dict[str, Change] = {
    "fields in another order": _format(json.dumps(dict(reversed(_FORMAT.items())))),
    "fewer fields": _format(json.dumps({key: _FORMAT[key] for key in ("requestId", "method", "resource", "status")})),
    "bodies not logged, by default": nested(LIMITS, "settings.dataTraceEnabled", None),
    "kept for longer": edit(ACCESS_LOG, retentionInDays=365),
}

REJECTED: dict[str, Case] = {
    "no access log": Case(edit(STAGE, accessLogSettings=None), _LOGGED | at(_IMPERSONAL, STAGE)),
    "access log that is gone": Case(drop(ACCESS_LOG), _LOGGED),
    **{
        f"logged to {value!r}": Case(
            chain(edit(STAGE, accessLogSettings={"destinationArn": value, "format": json.dumps(_FORMAT)})), _LOGGED
        )
        for value in ("arn:aws:logs:us-east-1:444455556666:log-group:x", UNKNOWN)
    },
    "logged in another stack": Case(
        chain(other_stack, point(STAGE, "accessLogSettings", ELSEWHERE)), _LOGGED | at(_IMPERSONAL, STAGE)
    ),
    "execution log that is gone": Case(drop(EXECUTION_LOG), _LOGGED),
    "execution log of a known name": Case(edit(EXECUTION_LOG, name="API-Gateway-Execution-Logs_x/live"), _LOGGED),
    "execution log not waited for": Case(independent(STAGE, EXECUTION_LOG), _LOGGED),
    **broken(
        _IMPERSONAL,
        STAGE,
        "accessLogSettings.format",
        None,
        UNKNOWN,
        "$context.requestId",
        "[]",
        json.dumps({}),
        json.dumps({key: value for key, value in _FORMAT.items() if key != "status"}),
    ),
    **{
        f"access log with {field}": Case(_format(json.dumps({**_FORMAT, "more": field})), at(_IMPERSONAL, STAGE))
        for field in (
            "$context.identity.sourceIp",
            "$context.identity.userAgent",
            "$context.path",
            "$context.authorizer.principalId",
            "$context.authorizer.claims.email",
            "$context.error.validationErrorString",
            "$context.requestOverride.header.Authorization",
            "$context.status $context.identity.sourceIp",
            "$input.body",
            "$stageVariables.originToken",
        )
    },
    **broken(_KEPT, ACCESS_LOG, "retentionInDays", 1, 14, UNKNOWN),
    **broken(_KEPT, EXECUTION_LOG, "retentionInDays", 1, 14, UNKNOWN),
    **broken("api-bodies-not-logged", LIMITS, "settings.dataTraceEnabled", True, UNKNOWN),
    **broken("api-errors-logged", LIMITS, "settings.loggingLevel", None, "INFO", "OFF", UNKNOWN),
    **broken("api-methods-measured", LIMITS, "settings.metricsEnabled", None, False, UNKNOWN),
    **broken("api-logs-by-role-of-stack", LOG_ACCOUNT, "cloudwatchRoleArn", None, "arn:aws:iam::1:role/x", UNKNOWN),
    "role of the account not waited for": Case(independent(STAGE, LOG_ACCOUNT), at("api-logs-by-role-of-stack", STAGE)),
    "no role of the account": Case(drop(LOG_ACCOUNT), at("api-logs-by-role-of-stack", STAGE)),
    **{
        f"logged to {name}": Case(refer(STAGE, "accessLogSettings", name), _LOGGED) for name in (ACL_LOG, EXECUTION_LOG)
    },
    "access log of another name": Case(edit(ACCESS_LOG, name="/aws/ecs/access"), _LOGGED),
    "access log of an unknown name": Case(edit(ACCESS_LOG, name=UNKNOWN), _LOGGED),
    "logs written by no role": Case(
        point(LOG_ACCOUNT, "cloudwatchRoleArn", CERTIFICATE), at("api-logs-by-role-of-stack", LOG_ACCOUNT)
    ),
}


@pytest.mark.parametrize("log", [ACCESS_LOG, EXECUTION_LOG])
def test_days_are_an_option(log: str) -> None:
    assert violations(edit(log, retentionInDays=14)(recorded("prod")), {_KEPT: {"minimumDays": 14}}) == set()


def test_the_account_of_another_stack_is_an_option() -> None:
    topology = drop(LOG_ACCOUNT)(recorded("prod"))
    assert violations(topology, {"api-logs-by-role-of-stack": {"requireAccount": False}}) == set()


def test_other_logs_have_terms_of_their_own() -> None:
    topology = edit(ACL_LOG, retentionInDays=14)(recorded("prod"))
    assert violations(topology) == at("web-acl-logs-kept-30-days", ACL_LOG)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
