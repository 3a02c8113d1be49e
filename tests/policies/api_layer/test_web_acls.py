from collections.abc import Mapping
from typing import Any

import pytest

from tests.policies.api_layer.rest_stack import STAGE
from tests.policies.api_layer.stack import ACL, ACL_LOG, ALB, ASSOCIATION, CERTIFICATE, LOGGING, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, inputs_of
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_RULES: list[dict[str, Any]] = inputs_of(recorded("prod"), ACL)["rules"]
_COMMON = next(index for index, rule in enumerate(_RULES) if rule["name"] == "AWSManagedRulesCommonRuleSet")
_GROUP = f"rules.{_COMMON}.statement.managedRuleGroupStatement"
_HAS, _STOPS, _MEASURED, _LOGGED = (
    "web-acls-have-managed-rules",
    "web-acls-stop-what-they-match",
    "web-acls-measured",
    "web-acls-logged",
)
_HAS_ACL, _ACL_LOGGED = at("load-balancers-have-web-acls", ALB), at(_LOGGED, ACL)
_BLOCKED = "web-acl-logs-have-what-was-blocked"
_METRICS = {"cloudwatchMetricsEnabled": True, "sampledRequestsEnabled": True, "metricName": "m"}
_RATE = {"rateBasedStatement": {"limit": 1000}}
_KEPT = {"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": "BLOCK"}}]}
_COUNTED = [{"actionCondition": {"action": "BLOCK"}}, {"actionCondition": {"action": "COUNT"}}]


def _override(action: Mapping[str, object]) -> Change:
    return nested(ACL, f"{_GROUP}.ruleActionOverrides", [{"name": "SizeRestrictions_BODY", "actionToUse": action}])


def _further(**rule: object) -> Change:
    return edit(ACL, rules=[*_RULES, {"name": "more", "priority": 9, "visibilityConfig": _METRICS, **rule}])


def _filtering(default: object, *filters: object) -> Change:
    return edit(LOGGING, loggingFilter={"defaultBehavior": default, "filters": list(filters)})


ACCEPTED: dict[str, Change] = {
    "further rule that blocks": _further(action={"block": {}}, statement=_RATE),
    "further rule that counts": _further(action={"count": {}}, statement=_RATE),
    "rule that is stopped in another way": _override({"captcha": {}}),
    "more groups": _further(
        overrideAction={"none": {}},
        statement={"managedRuleGroupStatement": {"name": "AWSManagedRulesLinuxRuleSet", "vendorName": "AWS"}},
    ),
    "everything logged": edit(LOGGING, loggingFilter=None),
    "everything kept": _filtering("KEEP", {**_KEPT, "conditions": _COUNTED}),
    "only what was blocked": _filtering("DROP", {**_KEPT, "requirement": "MEETS_ALL"}),
    "more redacted": edit(
        LOGGING,
        redactedFields=[
            {"singleHeader": {"name": name}} for name in ("X-Origin-Verify", "Authorization", "cookie", "x-api-key")
        ]
        + [{"queryString": {}}],
    ),
}

REJECTED: dict[str, Case] = {
    **{
        f"default {value!r}": Case(edit(ACL, defaultAction=value), at("web-acls-let-others-through", ACL))
        for value in (None, {}, {"block": {}}, {"allow": {}, "block": {}}, UNKNOWN, "allow")
    },
    **{
        f"ruleJson {value!r}": Case(edit(ACL, ruleJson=value), at("web-acls-have-managed-rules", ACL))
        for value in ("[]", UNKNOWN)
    },
    # who has one
    "no association": Case(drop(ASSOCIATION), _HAS_ACL),
    "two associations": Case(copy(ASSOCIATION, "more"), _HAS_ACL),
    **{
        f"association of {value!r}": Case(edit(ASSOCIATION, resourceArn=value), _HAS_ACL)
        for value in (None, "arn:aws:elasticloadbalancing:x", UNKNOWN)
    },
    **{
        f"association with {value!r}": Case(edit(ASSOCIATION, webAclArn=value), _HAS_ACL)
        for value in (None, "arn:aws:wafv2:x", UNKNOWN)
    },
    "web ACL of another stack": Case(chain(other_stack, point(ASSOCIATION, "webAclArn", ELSEWHERE)), _HAS_ACL),
    "not a web ACL": Case(point(ASSOCIATION, "webAclArn", CERTIFICATE), _HAS_ACL),
    **{
        f"scope {value!r}": Case(edit(ACL, scope=value), _HAS_ACL | at("api-stages-have-web-acls", STAGE))
        for value in (None, "CLOUDFRONT", UNKNOWN)
    },
    # its rules
    "no rules": Case(edit(ACL, rules=None), at(_HAS, ACL)),
    "rules as JSON": Case(edit(ACL, rules=None, ruleJson="[]"), at(_HAS, ACL)),
    "unknown rules": Case(edit(ACL, rules=UNKNOWN), at(_HAS, ACL) | at(_STOPS, ACL) | at(_MEASURED, ACL)),
    **{
        f"without {rule['name']}": Case(
            edit(ACL, rules=[other for other in _RULES if other is not rule]), at(_HAS, ACL)
        )
        for rule in _RULES
    },
    **broken(_HAS, ACL, f"{_GROUP}.vendorName", None, "Elsewhere", UNKNOWN),
    **broken(_HAS, ACL, f"{_GROUP}.name", "AWSManagedRulesLinuxRuleSet"),
    **broken(_HAS, ACL, f"{_GROUP}.scopeDownStatement", {"byteMatchStatement": {}}, UNKNOWN),
    **broken(_STOPS, ACL, f"rules.{_COMMON}.overrideAction", None, {}, {"count": {}}, UNKNOWN),
    **broken(_STOPS, ACL, f"rules.{_COMMON}.overrideAction.count", {}, UNKNOWN),
    "group of one's own that counts": Case(
        _further(overrideAction={"count": {}}, statement={"ruleGroupReferenceStatement": {"arn": UNKNOWN}}),
        at(_STOPS, ACL),
    ),
    "rule that lets pass": Case(_further(action={"allow": {}}, statement=_RATE), at(_STOPS, ACL)),
    **broken(_STOPS, ACL, f"{_GROUP}.excludedRules", [{"name": "SizeRestrictions_BODY"}]),
    **{
        f"overridden by {action!r}": Case(_override(action), at(_STOPS, ACL))
        for action in ({"count": {}}, {"allow": {}}, {})
    },
    **broken(_MEASURED, ACL, "visibilityConfig.cloudwatchMetricsEnabled", None, False, UNKNOWN),
    **broken(_MEASURED, ACL, f"rules.{_COMMON}.visibilityConfig.cloudwatchMetricsEnabled", False),
    # its log
    "not logged": Case(drop(LOGGING), _ACL_LOGGED),
    "logged twice": Case(copy(LOGGING, "more"), _ACL_LOGGED),
    **{
        f"logging of {value!r}": Case(edit(LOGGING, resourceArn=value), _ACL_LOGGED)
        for value in (None, "arn:aws:wafv2:x", UNKNOWN)
    },
    **{
        f"logged to {value!r}": Case(edit(LOGGING, logDestinationConfigs=value), _ACL_LOGGED)
        for value in (None, ["arn:aws:logs:x"], UNKNOWN)
    },
    "logged to no log group": Case(point(LOGGING, "logDestinationConfigs", CERTIFICATE), _ACL_LOGGED),
    **{f"log group {value!r}": Case(edit(ACL_LOG, name=value), _ACL_LOGGED) for value in (None, "waf", UNKNOWN)},
    **broken("web-acl-logs-kept-30-days", ACL_LOG, "retentionInDays", 1, 29),
    **{
        f"filter {name}": Case(change, at(_BLOCKED, LOGGING))
        for name, change in {
            "drops everything": _filtering("DROP"),
            "drops what was blocked": _filtering("KEEP", {**_KEPT, "behavior": "DROP"}),
            "keeps what was counted": _filtering(
                "DROP", {**_KEPT, "conditions": [{"actionCondition": {"action": "COUNT"}}]}
            ),
            "keeps what is both": _filtering("DROP", {**_KEPT, "requirement": "MEETS_ALL", "conditions": _COUNTED}),
            "is unknown": edit(LOGGING, loggingFilter=UNKNOWN),
            "has no default": _filtering(None),
        }.items()
    },
    **broken(
        "web-acl-logs-redacted",
        LOGGING,
        "redactedFields",
        None,
        [],
        UNKNOWN,
        [{"singleHeader": {"name": "authorization"}}, {"singleHeader": {"name": "cookie"}}],
        [{"singleHeader": {"name": UNKNOWN}}],
    ),
}


def test_rule_groups_are_an_option() -> None:
    topology = edit(ACL, rules=[_RULES[_COMMON]])(recorded("prod"))
    assert violations(topology, {_HAS: {"required": ["AWSManagedRulesCommonRuleSet"]}}) == set()


@pytest.mark.parametrize(("counted", "expected"), [(["SizeRestrictions_BODY"], set()), (["Other"], at(_STOPS, ACL))])
def test_counted_rules_are_an_option(counted: list[str], expected: set[tuple[str, str]]) -> None:
    assert violations(_override({"count": {}})(recorded("prod")), {_STOPS: {"counted": counted}}) == expected


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
