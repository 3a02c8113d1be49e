import json
from typing import Any

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit
from tests.policies.compute_cluster.stack import ACCOUNT, independent, nested
from tests.policies.database_layer.stack import copy, inputs_of
from tests.policies.search_layer.stack import DOMAIN, LOG_POLICY, LOGS, recorded, violations
from tests.support.editing import UNKNOWN

_PUBLISHED, _WRITABLE, _KEPT = "search-logs-published", "search-logs-writable", "search-logs-kept"
_OPTIONS: list[dict[str, Any]] = inputs_of(recorded("prod"), DOMAIN)["logPublishingOptions"]
_POLICY: dict[str, Any] = json.loads(inputs_of(recorded("prod"), LOG_POLICY)["policyDocument"])
[_STATEMENT] = _POLICY["Statement"]
_DOMAIN_ARN = f"arn:aws:es:us-east-1:{ACCOUNT}:domain/fitness-prod-search"


def _policy(**changes: Any) -> Change:
    return edit(LOG_POLICY, policyDocument=json.dumps({**_POLICY, "Statement": [{**_STATEMENT, **changes}]}))


def _of_source(arn: str) -> dict[str, Any]:
    return {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": arn}}


ACCEPTED: dict[str, Change] = {
    "enabled by default": nested(DOMAIN, "logPublishingOptions.0.enabled", None),
    "ARN with all its streams": nested(
        DOMAIN, "logPublishingOptions.0.cloudwatchLogGroupArn", f"{_OPTIONS[0]['cloudwatchLogGroupArn']}:*"
    ),
    "all groups below a path": _policy(Resource=f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/opensearch/*"),
    "all domains of the account": _policy(Condition=_of_source(_DOMAIN_ARN.replace("fitness-prod-search", "*"))),
    "by account only": _policy(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
    "kept for longer": edit(LOGS["SEARCH_SLOW_LOGS"], retentionInDays=365),
}

REJECTED: dict[str, Case] = {
    **{
        f"without {option['logType']}": Case(
            edit(DOMAIN, logPublishingOptions=[other for other in _OPTIONS if other is not option]),
            at(_PUBLISHED, DOMAIN),
        )
        for option in _OPTIONS
    },
    **{
        f"{option['logType']} off": Case(
            nested(DOMAIN, f"logPublishingOptions.{index}.enabled", False), at(_PUBLISHED, DOMAIN)
        )
        for index, option in enumerate(_OPTIONS)
    },
    **{
        f"options {value!r}": Case(edit(DOMAIN, logPublishingOptions=value), found)
        for value, found in (
            (None, at(_PUBLISHED, DOMAIN)),
            (UNKNOWN, at(_PUBLISHED, DOMAIN) | at(_WRITABLE, DOMAIN) | at(_KEPT, DOMAIN)),
        )
    },
    **{f"{kind} without a group": Case(drop(group), at(_PUBLISHED, DOMAIN)) for kind, group in LOGS.items()},
    **{
        f"group {value!r}": Case(
            nested(DOMAIN, "logPublishingOptions.1.cloudwatchLogGroupArn", value), at(_PUBLISHED, DOMAIN) | more
        )
        for value, more in (
            (None, at(_WRITABLE, DOMAIN)),
            ("arn:aws:logs:us-east-1:999999999999:log-group:x", at(_WRITABLE, DOMAIN)),
            (UNKNOWN, at(_WRITABLE, DOMAIN) | at(_KEPT, DOMAIN)),
        )
    },
    "group of another name": Case(edit(LOGS["AUDIT_LOGS"], name="other"), at(_PUBLISHED, DOMAIN)),
    "group that comes later": Case(independent(DOMAIN, LOGS["AUDIT_LOGS"]), at(_PUBLISHED, DOMAIN)),
    "group that is a copy": Case(
        chain(copy(LOGS["AUDIT_LOGS"], "more"), drop(LOGS["AUDIT_LOGS"])), at(_PUBLISHED, DOMAIN)
    ),
    # whether it may write
    "no policy": Case(drop(LOG_POLICY), at(_WRITABLE, DOMAIN)),
    "policy that comes later": Case(independent(DOMAIN, LOG_POLICY), at(_WRITABLE, DOMAIN)),
    **{
        f"policy {value!r}": Case(edit(LOG_POLICY, policyDocument=value), at(_WRITABLE, DOMAIN))
        for value in (None, "{}", UNKNOWN)
    },
    **{
        f"policy with {changes}": Case(_policy(**changes), at(_WRITABLE, DOMAIN))
        for changes in (
            {"Effect": "Deny"},
            {"Principal": {"Service": "logs.amazonaws.com"}},
            {"Principal": "*"},
            {"Action": "logs:CreateLogStream"},
            {"Action": ["logs:PutLogEvents"]},
            {"Resource": _STATEMENT["Resource"][1:]},
            {"Resource": [resource.removesuffix(":*") for resource in _STATEMENT["Resource"]]},
            {"Condition": _of_source(_DOMAIN_ARN.replace("prod", "dev"))},
        )
    },
    # how long
    **{
        f"{group} kept for {days} days": Case(edit(group, retentionInDays=days), at(_KEPT, DOMAIN))
        for kind, group in LOGS.items()
        for days in ((1, 730) if kind == "AUDIT_LOGS" else (1, 89))
    },
    **{
        f"retention {days!r}": Case(edit(LOGS["AUDIT_LOGS"], retentionInDays=days), at(_KEPT, DOMAIN))
        for days in (UNKNOWN, "731")
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
