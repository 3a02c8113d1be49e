"""Log groups, errors, masks and traces."""

import json
from typing import Any

import pytest

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.observability_layer.stack import STACK, violations
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_LOG, _ERRORS = "compute-auth-task-log", "observability-logs-auth-errors"
_FILTER, _MAY_CALL = "observability-logs-auth-errors-filter", "observability-logs-auth-may-call"
_MASK, _ERRORS_MASK = "observability-logs-auth-mask", "observability-logs-auth-errors-mask"
_RULE, _FAULTS, _SLOW = (f"observability-traces-{part}" for part in ("sampling", "faults", "slow"))

_ROUTED, _OF_STACK = "errors-routed", "log-subscriptions-of-stack"
_MASKED, _COVERS = "service-logs-masked", "masks-cover-persons"
_SAMPLED, _SHARE, _WATCHED = "traces-sampled", "trace-sampling-bounded", "trace-groups-watched"
_PATTERN = '{ ($.level = "ERROR") || ($.level = "CRITICAL") || ($.level = "FATAL") }'


def _policy(*statements: dict[str, Any]) -> Change:
    return edit(_MASK, policyDocument=json.dumps({"Version": "2021-06-01", "Statement": list(statements)}))


def _statement(operation: str, *names: str) -> dict[str, Any]:
    inner = {"MaskConfig": {}} if operation == "Deidentify" else {"FindingsDestination": {}}
    arns = [f"arn:aws:dataprotection::aws:data-identifier/{name}" for name in names]
    return {"Sid": operation, "DataIdentifier": arns, "Operation": {operation: inner}}


_THREE = ("Address", "CreditCardNumber", "EmailAddress")

ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "levels in another order": edit(
        _FILTER, filterPattern='{($.level="FATAL")||($.level="ERROR")||($.level="CRITICAL")}'
    ),
    "errors for longer": edit(_ERRORS, retentionInDays=365),
    "only what must be masked": _policy(_statement("Audit", *_THREE), _statement("Deidentify", *_THREE)),
    "one in ten": edit(_RULE, fixedRate=0.1),
    "another rule for a path": add(
        "aws:xray/samplingRule:SamplingRule", "more", {"fixedRate": 0.01, "reservoirSize": 0, "urlPath": "/x"}
    ),
    "log of a search domain": add(_GROUP, "more", {"name": "/aws/opensearch/x/index", "retentionInDays": 90}),
}

REJECTED: dict[str, Case] = {
    **{
        f"group called {name!r}": Case(
            edit("cache-slow-log", name=name), at("log-groups-have-purpose", "cache-slow-log")
        )
        for name in ("mine", "/aws/other/x", None, UNKNOWN)
    },
    **{
        f"{name} kept for {days} days": Case(edit(name, retentionInDays=days), at("other-logs-kept-90-days", name))
        for name in (
            "compute-insights-log",
            "compute-metrics-log",
            "compute-spot-log",
            "database-proxy-log",
        )
        for days in (60, UNKNOWN)
    },
    "errors kept for 150 days": Case(edit(_ERRORS, retentionInDays=150), at("error-logs-kept-180-days", _ERRORS)),
    "insights without a group": Case(drop("compute-insights-log"), at("cluster-logs-declared", "compute-cluster")),
    "metrics without a group": Case(
        drop("compute-metrics-log"),
        at(
            "cluster-logs-declared",
            *(
                f"compute-{task}-task-definition"
                for task in ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
            ),
        ),
    ),
    "no filter": Case(drop(_FILTER), at(_ROUTED, _LOG)),
    **{
        f"filter of {pattern!r}": Case(edit(_FILTER, filterPattern=pattern), at(_ROUTED, _LOG))
        for pattern in (
            None,
            "",
            UNKNOWN,
            "ERROR",
            '{ $.level = "ERROR" }',
            '{ ($.level = "ERROR") || ($.level = "CRITICAL") || ($.level = "FATAL" && $.x = 1) }',
            _PATTERN.replace("||", "&&"),
        )
    },
    "no group of errors": Case(drop(_ERRORS), at(_ROUTED, _LOG) | at(_COVERS, _ERRORS_MASK)),
    "group of errors by another name": Case(edit(_ERRORS, name="/aws/ecs/elsewhere/errors"), at(_ROUTED, _LOG)),
    "filter of another group": Case(
        point(_FILTER, "logGroup", "compute-ai-task-log"),
        at(_ROUTED, _LOG) | at(_ROUTED, "compute-ai-task-log") | at(_OF_STACK, _FILTER),
    ),
    "filter of no group": Case(edit(_FILTER, logGroup="x"), at(_ROUTED, _LOG) | at(_OF_STACK, _FILTER)),
    **{
        f"handed to {arn!r}": Case(edit(_FILTER, destinationArn=arn), at(_OF_STACK, _FILTER))
        for arn in (None, UNKNOWN, "arn:aws:logs:us-east-1:999988887777:destination:theirs")
    },
    "handed to a function that may not be called": Case(
        point(_FILTER, "destinationArn", "api-authorizer-alias"), at(_OF_STACK, _FILTER)
    ),
    "no permission": Case(drop(_MAY_CALL), at(_OF_STACK, _FILTER)),
    **{
        f"permission with {key} {value!r}": Case(edit(_MAY_CALL, **{key: value}), at(_OF_STACK, _FILTER))
        for key, value in (
            ("principal", "s3.amazonaws.com"),
            ("sourceArn", "arn:aws:logs:us-east-1:444455556666:log-group:x:*"),
            ("sourceArn", None),
            ("sourceAccount", None),
            ("sourceAccount", "999988887777"),
            ("function", "another"),
        )
    },
    "no mask": Case(drop(_MASK), at(_MASKED, _LOG)),
    "no mask of errors": Case(drop(_ERRORS_MASK), at(_MASKED, _ERRORS)),
    "mask of another group": Case(point(_MASK, "logGroupName", "cache-slow-log"), at(_MASKED, _LOG)),
    "two masks": Case(point(_ERRORS_MASK, "logGroupName", _LOG), at(_MASKED, _LOG) | at(_MASKED, _ERRORS)),
    "mask of no group": Case(edit(_MASK, logGroupName="x"), at(_MASKED, _LOG) | at(_COVERS, _MASK)),
    **{
        f"mask of {what}": Case(change, at(_COVERS, _MASK))
        for what, change in {
            "nothing": edit(_MASK, policyDocument=None),
            "what nobody knows": edit(_MASK, policyDocument=UNKNOWN),
            "what is no policy": edit(_MASK, policyDocument="[]"),
            "what is no list": edit(_MASK, policyDocument='{"Statement": {}}'),
            "less": _policy(_statement("Audit", *_THREE[1:]), _statement("Deidentify", *_THREE[1:])),
            "what is only counted": _policy(_statement("Audit", *_THREE)),
            "what is not counted": _policy(_statement("Deidentify", *_THREE)),
        }.items()
    },
    "no rule": Case(drop(_RULE), at(_SAMPLED, STACK)),
    **{
        f"rule of {key} x": Case(edit(_RULE, **{key: "x"}), at(_SAMPLED, STACK))
        for key in ("host", "httpMethod", "resourceArn", "serviceName", "serviceType", "urlPath")
    },
    "rule of an attribute": Case(edit(_RULE, attributes={"a": "b"}), at(_SAMPLED, STACK)),
    "no group of faults": Case(drop(_FAULTS), at(_SAMPLED, STACK)),
    "no group of slow requests": Case(drop(_SLOW), at(_SAMPLED, STACK)),
    **{
        f"{key} {value!r}": Case(edit(_RULE, **{key: value}), at(_SHARE, _RULE))
        for key, values in (
            ("fixedRate", (0.11, 1, 0, None, UNKNOWN, "0.05")),
            ("reservoirSize", (11, -1, None, UNKNOWN)),
        )
        for value in values
    },
    "group of all traces": Case(edit(_FAULTS, filterExpression=None), at(_WATCHED, _FAULTS) | at(_SAMPLED, STACK)),
    **{
        f"group without insights: {value!r}": Case(edit(_FAULTS, insightsConfiguration=value), at(_WATCHED, _FAULTS))
        for value in (None, {"insightsEnabled": False}, {"insightsEnabled": UNKNOWN}, UNKNOWN)
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("guardrail", ["error-logs-kept-180-days", "other-logs-kept-90-days"])
def test_a_config_may_ask_for_less(guardrail: str) -> None:
    topology = chain(edit(_ERRORS, retentionInDays=30), edit("database-proxy-log", retentionInDays=30))(
        recorded("prod")
    )
    both = violations(topology)
    assert violations(topology, {guardrail: {"minimumDays": 30}}) == {one for one in both if one[0] != guardrail}
    assert len(both) == 2
