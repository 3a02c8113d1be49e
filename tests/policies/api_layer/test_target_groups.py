import pytest

from tests.policies.api_layer.stack import BLUE, GREEN, OTHER_BLUE, OTHER_RULE, OTHER_SERVICE, RULE, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, refer
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_ONE_SERVICE = "target-groups-of-one-service"
_BOTH = at(_ONE_SERVICE, BLUE, GREEN)
_IN_VPC = at("target-groups-in-vpc", BLUE)
_DRAIN, _STICKY = "targets-drained", "stickiness-30-minutes"
_CHECK, _TIME, _AROUND = "targets-health-checked", "targets-checked-every-30-seconds", "unhealthy-targets-routed-around"
_SERVICES = tuple(f"compute-{name}-service" for name in ("ai", "api-gateway", "auth", "content", "payment", "training"))

ACCEPTED: dict[str, Change] = {
    "health check with its defaults": edit(BLUE, healthCheck={"protocol": "HTTPS"}),
    **{
        f"{path} {value!r}": nested(BLUE, path, value)
        for path, value in (
            ("healthCheck.enabled", None),
            ("healthCheck.interval", None),
            ("healthCheck.timeout", 2),
            ("healthCheck.timeout", 29),
            ("healthCheck.timeout", None),
            ("healthCheck.healthyThreshold", 3),
            ("healthCheck.unhealthyThreshold", 2),
            ("healthCheck.unhealthyThreshold", None),
            ("healthCheck.matcher", None),
            ("healthCheck.matcher", "200,204"),
            ("healthCheck.path", "/"),
            ("deregistrationDelay", 30),
            ("deregistrationDelay", 120),
            ("loadBalancingCrossZoneEnabled", "true"),
            ("stickiness.enabled", True),
            ("stickiness.enabled", None),
            ("stickiness.cookieDuration", 60),
            ("stickiness.type", "app_cookie"),
        )
    },
    "zones by default": edit(BLUE, loadBalancingCrossZoneEnabled=None),
    "never sticky": edit(BLUE, stickiness=None),
}

REJECTED: dict[str, Case] = {
    **broken("targets-over-https", BLUE, "protocol", None, "HTTP", "TCP", UNKNOWN, "https"),
    **broken("targets-over-https", BLUE, "healthCheck.protocol", None, "HTTP", UNKNOWN),
    **broken("target-groups-of-addresses", BLUE, "targetType", None, "instance", "lambda", "alb", UNKNOWN),
    **broken("target-groups-in-vpc", BLUE, "vpcId", None, "vpc-1", UNKNOWN),
    "VPC of another stack": Case(chain(other_stack, point(BLUE, "vpcId", ELSEWHERE)), _IN_VPC),
    # health
    "no health check": Case(edit(BLUE, healthCheck=None), at("targets-over-https", BLUE)),
    "unknown health check": Case(
        edit(BLUE, healthCheck=UNKNOWN),
        {(guardrail, BLUE) for guardrail in ("targets-over-https", _CHECK, _TIME, _AROUND)},
    ),
    **broken(_CHECK, BLUE, "healthCheck.enabled", False, UNKNOWN),
    **broken(_CHECK, BLUE, "healthCheck.path", "healthz", UNKNOWN, 1),
    **broken(_CHECK, BLUE, "healthCheck.matcher", "200-499", "200-299", "404", "200,404", "2", UNKNOWN, 200),
    **broken(_TIME, BLUE, "healthCheck.interval", 5, 29, 31, 300, UNKNOWN, "30"),
    **broken(_TIME, BLUE, "healthCheck.timeout", 0, 1, 30, 60, UNKNOWN),
    **broken(_AROUND, BLUE, "healthCheck.healthyThreshold", 0, 1, 4, 10, UNKNOWN),
    **broken(_AROUND, BLUE, "healthCheck.unhealthyThreshold", 0, 1, 4, UNKNOWN),
    **broken(_AROUND, BLUE, "loadBalancingCrossZoneEnabled", "false", UNKNOWN),
    **broken(_DRAIN, BLUE, "deregistrationDelay", None, 0, 29, 121, 300, UNKNOWN, "60"),
    # stickiness
    **{
        f"stickiness {value!r}": Case(edit(BLUE, stickiness=value), at(_STICKY, BLUE))
        for value in (
            {"enabled": True, "type": "app_cookie", "cookieName": "id", "cookieDuration": 1800},
            {"enabled": True, "type": "lb_cookie"},
            {"enabled": True, "type": "lb_cookie", "cookieDuration": 86_400},
            {"type": "lb_cookie", "cookieDuration": 60},
            {"enabled": True, "cookieDuration": 1800},
            {"enabled": UNKNOWN, "type": "lb_cookie", "cookieDuration": 1800},
            UNKNOWN,
        )
    },
    # whose it is
    "no rule leads to it": Case(drop(RULE), _BOTH),
    "no service registers with it": Case(drop("compute-auth-service"), _BOTH),
    "one more that nobody uses": Case(copy(BLUE, "more"), at(_ONE_SERVICE, "more")),
    "shared by two services": Case(
        refer(OTHER_SERVICE, "loadBalancers", OTHER_RULE, OTHER_BLUE, BLUE),
        at(_ONE_SERVICE, BLUE, "api-route-ai-green") | at("rules-lead-to-one-service", RULE),
    ),
    **{
        f"registered by {type_}": Case(add(type_, "more", {}), at("targets-registered-by-services", "more"))
        for type_ in (
            "aws:lb/targetGroupAttachment:TargetGroupAttachment",
            "aws:alb/targetGroupAttachment:TargetGroupAttachment",
            "aws:elb/attachment:Attachment",
            "aws:autoscaling/attachment:Attachment",
        )
    },
}


@pytest.mark.parametrize(("required", "count"), [(True, 12), (False, 0)])
def test_services_are_an_option(required: bool, count: int) -> None:
    found = violations(drop(*_SERVICES)(recorded("prod")), {_ONE_SERVICE: {"requireService": required}})
    assert {guardrail for guardrail, _ in found} == ({_ONE_SERVICE} if required else set())
    assert len(found) == count


def test_services_never_share_a_group() -> None:
    change = refer(OTHER_SERVICE, "loadBalancers", OTHER_RULE, OTHER_BLUE, "api-route-ai-green", BLUE)
    found = violations(change(recorded("prod")), {_ONE_SERVICE: {"requireService": False}})
    assert found == at(_ONE_SERVICE, BLUE) | at("rules-lead-to-one-service", RULE)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
