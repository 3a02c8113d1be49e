from typing import Any

from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import inputs_of
from tests.policies.edge_layer.stack import ACL, REGIONAL_ACL, recorded, violations
from tests.support.editing import UNKNOWN

_ADDRESSES, _USERS, _ELSEWHERE = "addresses-limited", "users-limited", "addresses-counted-at-the-edge"
_RULES: list[dict[str, Any]] = inputs_of(recorded("prod"), ACL)["rules"]
_BY_NAME = {rule["name"]: f"rules.{place}" for place, rule in enumerate(_RULES)}
_REGIONAL: list[dict[str, Any]] = inputs_of(recorded("prod"), REGIONAL_ACL)["rules"]
_RATE = "statement.rateBasedStatement"
_METRICS = {"cloudwatchMetricsEnabled": True, "sampledRequestsEnabled": True, "metricName": "m"}


def _of(rule: str, path: str) -> str:
    return f"{_BY_NAME[rule]}.{path}"


def _without(name: str) -> Change:
    return edit(ACL, rules=[rule for rule in _RULES if rule["name"] != name])


def _counting(**statement: object) -> Change:
    rule = {
        "name": "rate",
        "priority": 9,
        "action": {"block": {}},
        "visibilityConfig": _METRICS,
        "statement": {"rateBasedStatement": {"limit": 100, **statement}},
    }
    return edit(REGIONAL_ACL, rules=[*_REGIONAL, rule])


ACCEPTED: dict[str, Change] = {
    "addresses by default": nested(ACL, _of("address-rate", f"{_RATE}.aggregateKeyType"), None),
    "header in other letters": nested(ACL, _of("user-rate", f"{_RATE}.customKeys.0.header.name"), "Authorization"),
    "further rule": edit(
        ACL,
        rules=[
            *_RULES,
            {
                "name": "more",
                "priority": 20,
                "action": {"count": {}},
                "visibilityConfig": _METRICS,
                "statement": {"rateBasedStatement": {"limit": 50, "evaluationWindowSec": 60}},
            },
        ],
    ),
    "users counted at the load balancer too": _counting(aggregateKeyType="CUSTOM_KEYS"),
    "addresses as CloudFront tells them": _counting(aggregateKeyType="FORWARDED_IP"),
}

REJECTED: dict[str, Case] = {
    "no rate of addresses": Case(_without("address-rate"), at(_ADDRESSES, ACL)),
    "no burst of addresses": Case(_without("address-burst"), at(_ADDRESSES, ACL)),
    "no rate of users": Case(_without("user-rate"), at(_USERS, ACL)),
    "no burst of users": Case(_without("user-burst"), at(_USERS, ACL)),
    **{
        f"{rule} {action}": Case(nested(ACL, _of(rule, "action"), {action: {}}), at(guardrail, ACL))
        for rule, guardrail in (("address-rate", _ADDRESSES), ("user-burst", _USERS))
        for action in ("count", "captcha", "allow")
    },
    **broken(_ADDRESSES, ACL, _of("address-rate", f"{_RATE}.limit"), 1666, 1668, 10_000),
    **broken(_ADDRESSES, ACL, _of("address-burst", f"{_RATE}.limit"), 333, 335),
    **broken(_USERS, ACL, _of("user-rate", f"{_RATE}.limit"), 166, 168, 1000),
    **broken(_USERS, ACL, _of("user-burst", f"{_RATE}.limit"), 35),
    **broken(_ADDRESSES, ACL, _of("address-rate", f"{_RATE}.evaluationWindowSec"), None, 300),
    **broken(_ADDRESSES, ACL, _of("address-rate", f"{_RATE}.scopeDownStatement"), {"byteMatchStatement": {}}),
    "limit that is not known": Case(nested(ACL, _of("address-rate", f"{_RATE}.limit"), UNKNOWN), at(_ADDRESSES, ACL)),
    **broken(_USERS, ACL, _of("user-rate", f"{_RATE}.aggregateKeyType"), "CONSTANT"),
    **broken(_USERS, ACL, _of("user-rate", f"{_RATE}.customKeys.0.header.name"), "x-user"),
    **broken(
        _USERS,
        ACL,
        _of("user-rate", f"{_RATE}.customKeys.0.header.textTransformations"),
        [{"priority": 0, "type": "LOWERCASE"}],
    ),
    "users told apart by more": Case(
        nested(ACL, _of("user-rate", f"{_RATE}.customKeys.0.uriPath"), {"textTransformations": []}), at(_USERS, ACL)
    ),
    "addresses behind CloudFront": Case(_counting(), at(_ELSEWHERE, REGIONAL_ACL)),
    "addresses behind CloudFront, spelt out": Case(_counting(aggregateKeyType="IP"), at(_ELSEWHERE, REGIONAL_ACL)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    found = violations(case(recorded("prod")))
    assert {violation for violation in found if violation[0] != "web-acls-stop-what-they-match"} == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
