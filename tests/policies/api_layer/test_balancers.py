import pytest

from tests.policies.api_layer.stack import ALB, CERTIFICATE, violations
from tests.policies.breaking import (
    ELSEWHERE,
    PRIVATE,
    PUBLIC,
    Case,
    Change,
    add,
    at,
    cases,
    chain,
    drop,
    edit,
    ids,
    other_stack,
    point,
)
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, refer
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_CLASSIC = "aws:elb/loadBalancer:LoadBalancer"
_IN_ZONES = at("load-balancers-span-zones", ALB)
_IN_GROUP = at("load-balancers-in-own-group", ALB)
_LOGGED = at("load-balancers-logged", ALB)
_APPLICATION = "load-balancers-application"

ACCEPTED: dict[str, Change] = {
    "address added by default": edit(ALB, xffHeaderProcessingMode=None),
    "application by default": edit(ALB, loadBalancerType=None),
    "desync by default": edit(ALB, desyncMitigationMode=None),
    "strictest": edit(ALB, desyncMitigationMode="strictest"),
    "logged to the bucket itself": refer(ALB, "accessLogs", "security-access-logs-bucket"),
}

REJECTED: dict[str, Case] = {
    **broken("load-balancers-tell-who-asks", ALB, "xffHeaderProcessingMode", "remove", "preserve", UNKNOWN, 7),
    **{
        f"{kind}, {type_}": Case(add(type_, "more", inputs), at(_APPLICATION, "more") | expected)
        for kind, type_, inputs, expected in (
            ("classic", _CLASSIC, {}, set()),
            ("classic", "aws:elasticloadbalancing/loadBalancer:LoadBalancer", {"listeners": []}, set()),
            (
                "network",
                "aws:alb/loadBalancer:LoadBalancer",
                {"loadBalancerType": "network", "enableDeletionProtection": True, "dropInvalidHeaderFields": True},
                at("load-balancers-logged", "more"),
            ),
            (
                "gateway",
                "aws:lb/loadBalancer:LoadBalancer",
                {"loadBalancerType": "gateway", "enableDeletionProtection": True, "dropInvalidHeaderFields": True},
                at("load-balancers-logged", "more"),
            ),
        )
    },
    "two zones": Case(point(ALB, "subnets", *PUBLIC[:2]), _IN_ZONES),
    "private subnets": Case(point(ALB, "subnets", *PRIVATE), _IN_ZONES),
    "one private subnet": Case(point(ALB, "subnets", *PUBLIC[:2], PRIVATE[2]), _IN_ZONES),
    **{f"subnets {value!r}": Case(edit(ALB, subnets=value), _IN_ZONES) for value in (None, ["subnet-1"], UNKNOWN)},
    # its security group
    **{f"groups {value!r}": Case(edit(ALB, securityGroups=value), _IN_GROUP) for value in (None, ["sg-1"], UNKNOWN)},
    "group of services": Case(point(ALB, "securityGroups", "groups-ecs"), _IN_GROUP),
    "two groups": Case(point(ALB, "securityGroups", "groups-alb", "groups-ecs"), _IN_GROUP),
    "one more, of elsewhere": Case(nested(ALB, "securityGroups", [*ids("ab")]), _IN_GROUP),
    "group that a service is in too": Case(
        point("compute-auth-service", "networkConfiguration", "groups-alb"), _IN_GROUP
    ),
    "group of another stack": Case(chain(other_stack, point(ALB, "securityGroups", ELSEWHERE)), _IN_GROUP),
    # its settings
    **broken("load-balancers-drop-invalid-headers", ALB, "dropInvalidHeaderFields", None, False, UNKNOWN, "true"),
    **broken("load-balancers-stop-desync", ALB, "desyncMitigationMode", "monitor", UNKNOWN, 1),
    **broken("load-balancers-deletion-protected", ALB, "enableDeletionProtection", None, False, UNKNOWN),
    **broken("load-balancers-fail-closed", ALB, "enableWafFailOpen", True, UNKNOWN, "false"),
    **broken("load-balancers-logged", ALB, "accessLogs.enabled", None, False, UNKNOWN),
    **broken("load-balancers-logged", ALB, "accessLogs", None, UNKNOWN, {"enabled": True, "bucket": "elsewhere"}),
    "logged to no bucket": Case(point(ALB, "accessLogs", CERTIFICATE), _LOGGED),
    "bucket that is gone": Case(drop("security-access-logs-policy", "security-access-logs-bucket"), _LOGGED),
}


@pytest.mark.parametrize("type_", ["network", "gateway"])
def test_other_kinds_are_an_option(type_: str) -> None:
    topology = edit(ALB, loadBalancerType=type_)(recorded("prod"))
    found = {guardrail for guardrail, _ in violations(topology, {_APPLICATION: {"alsoAllowed": [type_]}})}
    assert _APPLICATION not in found
    assert found <= {guardrail for guardrail, _ in violations(topology)} - {_APPLICATION}


def test_classic_load_balancers_are_an_option() -> None:
    topology = add(_CLASSIC, "more", {})(recorded("prod"))
    assert violations(topology, {_APPLICATION: {"alsoAllowed": ["network"]}}) == at(_APPLICATION, "more")
    assert violations(topology, {_APPLICATION: {"alsoAllowed": ["classic"]}}) == set()


@pytest.mark.parametrize(("minimum", "expected"), [(3, _IN_ZONES), (2, set())])
def test_zones_are_an_option(minimum: int, expected: set[tuple[str, str]]) -> None:
    topology = point(ALB, "subnets", *PUBLIC[:2])(recorded("prod"))
    assert violations(topology, {"load-balancers-span-zones": {"minimumZones": minimum}}) == expected


@pytest.mark.parametrize(
    ("required", "expected"), [(True, at("load-balancers-deletion-protected", ALB)), (False, set())]
)
def test_deletion_protection_is_an_option(required: bool, expected: set[tuple[str, str]]) -> None:
    topology = edit(ALB, enableDeletionProtection=False)(recorded("prod"))
    assert violations(topology, {"load-balancers-deletion-protected": {"requireProtection": required}}) == expected


def test_a_second_load_balancer_is_judged_like_the_first() -> None:
    found = violations(copy(ALB, "more")(recorded("prod")))
    assert found == at("load-balancers-listen-on-80-and-443", "more") | at("load-balancers-have-web-acls", "more")


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
