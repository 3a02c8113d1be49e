import pytest

from tests.policies.api_layer.rest_stack import API, DEPLOYMENT, LIMITS, STAGE, STAGE_ACL
from tests.policies.api_layer.stack import ACL, ALB, CERTIFICATE, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, refer
from tests.support.editing import UNKNOWN
from tests.support.judging import dev_config
from tests.support.recording import recorded

_ONE, _OF, _FOLLOWS = at("apis-have-one-stage", API), "api-stages-of-deployment", "api-deployments-follow"
_TOKEN, _ACL, _LIMITS = "api-stages-have-origin-token", "api-stages-have-web-acls", "api-limits-for-all-methods"
_THROTTLED, _UNCACHED = "api-methods-throttled", "api-answers-not-cached"
_RATE, _BURST = "settings.throttlingRateLimit", "settings.throttlingBurstLimit"


def _method(**settings: object) -> Change:
    """Give one method limits of its own, beside those of all."""
    return chain(
        copy(LIMITS, "more"),
        edit(
            "more",
            methodPath="~1api~1auth~1login/POST",
            settings={"metricsEnabled": True, "loggingLevel": "ERROR", **settings},
        ),
        refer("more", "restApi", API),
        refer("more", "stageName", STAGE),
    )


ACCEPTED: dict[str, Change] = {
    "lower limits for one method": _method(throttlingRateLimit=100, throttlingBurstLimit=50),
    "nothing cached, by default": chain(
        edit(STAGE, cacheClusterEnabled=None), nested(LIMITS, "settings.cachingEnabled", None)
    ),
}

REJECTED: dict[str, Case] = {
    "no stage": Case(
        drop(STAGE),
        _ONE | at(_THROTTLED, LIMITS) | at("api-mappings-to-stage", "api-domain-mapping"),
    ),
    "two stages": Case(copy(STAGE, "more"), _ONE | at(_ACL, "more") | at(_LIMITS, "more")),
    "no deployment": Case(drop(DEPLOYMENT), _ONE | at(_OF, STAGE)),
    "two deployments": Case(copy(DEPLOYMENT, "more"), _ONE),
    **{
        f"stage of {value!r}": Case(
            edit(STAGE, restApi=value),
            _ONE
            | at(_OF, STAGE)
            | at("api-stages-logged", STAGE)
            | at(_LIMITS, STAGE)
            | at("api-mappings-to-stage", "api-domain-mapping"),
        )
        for value in (None, "abcdef1234", UNKNOWN)
    },
    **broken(_OF, STAGE, "deployment", None, "abc123", UNKNOWN),
    "deployment of another stack": Case(chain(other_stack, point(STAGE, "deployment", ELSEWHERE)), at(_OF, STAGE)),
    **broken(_OF, STAGE, "stageName", None, "dev", UNKNOWN),
    **broken(_OF, STAGE, "canarySettings", {"percentTraffic": 10}, UNKNOWN),
    **broken(_FOLLOWS, DEPLOYMENT, "triggers", None, {}, {"other": "1"}, UNKNOWN),
    **broken(_FOLLOWS, DEPLOYMENT, "variables", {"originToken": "x"}),
    **{
        f"deployment of {value!r}": Case(
            edit(DEPLOYMENT, restApi=value), _ONE | at(_OF, STAGE) | at(_FOLLOWS, DEPLOYMENT)
        )
        for value in (None, "abcdef1234", UNKNOWN)
    },
    **broken(_TOKEN, STAGE, "variables", None, {}, {"other": "x"}, {"originToken": ""}),
    # its web ACL
    "no association": Case(drop(STAGE_ACL), at(_ACL, STAGE)),
    "two associations": Case(copy(STAGE_ACL, "more"), at(_ACL, STAGE)),
    **{
        f"association of {value!r}": Case(edit(STAGE_ACL, resourceArn=value), at(_ACL, STAGE))
        for value in (None, "arn:aws:apigateway:us-east-1::/restapis/x/stages/live", UNKNOWN)
    },
    **{
        f"association with {value!r}": Case(edit(STAGE_ACL, webAclArn=value), at(_ACL, STAGE))
        for value in (None, "arn:aws:wafv2:x", UNKNOWN)
    },
    "not a web ACL": Case(point(STAGE_ACL, "webAclArn", CERTIFICATE), at(_ACL, STAGE)),
    "web ACL of another scope": Case(
        edit(ACL, scope="CLOUDFRONT"), at(_ACL, STAGE) | at("load-balancers-have-web-acls", ALB)
    ),
    # its limits
    "no limits": Case(drop(LIMITS), at(_LIMITS, STAGE)),
    "limits twice": Case(copy(LIMITS, "more"), at(_LIMITS, STAGE)),
    "limits of one method": Case(edit(LIMITS, methodPath="~1api/GET"), at(_LIMITS, STAGE)),
    **{
        f"{key} {value}": Case(nested(LIMITS, key, value), at(_LIMITS, STAGE))
        for key, value in {_RATE: 9999, _BURST: 4999}.items()
    },
    **{
        f"{key} {value!r}": Case(nested(LIMITS, key, value), at(_THROTTLED, LIMITS))
        for key in (_RATE, _BURST)
        for value in (None, -1, 10_001)
    },
    **{
        f"{key} {value!r}": Case(nested(LIMITS, key, value), at(_THROTTLED, LIMITS) | at(_LIMITS, STAGE))
        for key in (_RATE, _BURST)
        for value in (0, UNKNOWN, "10000")
    },
    "no limits of one method": Case(_method(), at(_THROTTLED, "more")),
    **{
        f"limits of {value!r}": Case(edit(LIMITS, restApi=value), at(_THROTTLED, LIMITS) | at(_LIMITS, STAGE))
        for value in (None, "abcdef1234", UNKNOWN)
    },
    **{
        f"limits of stage {value!r}": Case(edit(LIMITS, stageName=value), at(_THROTTLED, LIMITS) | at(_LIMITS, STAGE))
        for value in (None, "live", UNKNOWN)
    },
    # what else it does
    **broken("api-stages-traced", STAGE, "xrayTracingEnabled", None, False, UNKNOWN),
    **broken(_UNCACHED, STAGE, "cacheClusterEnabled", True, UNKNOWN),
    **broken(_UNCACHED, LIMITS, "settings.cachingEnabled", True, UNKNOWN),
}


@pytest.mark.parametrize(
    ("rate", "burst", "expected"), [(100, 200, set()), (99, 200, at(_LIMITS, STAGE)), (100, 199, at(_LIMITS, STAGE))]
)
def test_limits_are_an_option(rate: int, burst: int, expected: set[tuple[str, str]]) -> None:
    smaller = chain(nested(LIMITS, _RATE, rate), nested(LIMITS, _BURST, burst))
    assert violations(smaller(recorded("prod")), {_LIMITS: dev_config()[_LIMITS]}) == expected


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
