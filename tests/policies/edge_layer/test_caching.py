import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, edit
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import inputs_of, refer
from tests.policies.edge_layer.stack import APP, ASSETS, MANIFESTS, PAGES, PUBLIC, VIDEO, recorded, violations
from tests.support.editing import UNKNOWN

_HAS, _KEPT, _PASSED = "behaviours-have-cache-policies", "authorised-answers-not-kept", "requests-passed-on"
_LEADS, _API, _KEYS = "behaviours-lead-to-origins", "site-has-api", "cache-keys-anonymous"
_TIMES, _FIT = "cache-times", "cache-times-fit"
_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_BEHAVIOURS = inputs_of(recorded("prod"), APP)["orderedCacheBehaviors"]
_API_AT = next(place for place, one in enumerate(_BEHAVIOURS) if one["pathPattern"] == "/api/*")
_PUBLIC_AT = next(place for place, one in enumerate(_BEHAVIOURS) if one["pathPattern"] == "/api/public/*")
_OF_API, _OF_PUBLIC = f"orderedCacheBehaviors.{_API_AT}", f"orderedCacheBehaviors.{_PUBLIC_AT}"
_KEY = "parametersInCacheKeyAndForwardedToOrigin"


def _whitelist(*names: str) -> dict[str, object]:
    return {"headerBehavior": "whitelist", "headers": {"items": list(names)}}


ACCEPTED: dict[str, Change] = {
    "pages not kept at all": edit(PAGES, defaultTtl=0, maxTtl=0),
    "language in the key": nested(PUBLIC, f"{_KEY}.headersConfig", _whitelist("Accept-Language")),
    "nothing forwarded, spelt out": nested(APP, "defaultCacheBehavior.forwardedValues", {}),
    "public answers not kept": chain(
        nested(APP, f"{_OF_PUBLIC}.cachePolicyId", _DISABLED),
        nested(APP, f"{_OF_PUBLIC}.originRequestPolicyId", "b689b0a8-53d0-40ab-baf2-68738e2966ac"),
    ),
    "more methods asked": nested(APP, "defaultCacheBehavior.allowedMethods", ["GET", "HEAD", "OPTIONS"]),
}

REJECTED: dict[str, Case] = {
    "no cache policy": Case(nested(APP, "defaultCacheBehavior.cachePolicyId", None), at(_HAS, APP)),
    **broken(_HAS, APP, "defaultCacheBehavior.forwardedValues", {"queryString": True}, UNKNOWN),
    # what is authorised
    "authorised answers kept": Case(nested(APP, f"{_OF_API}.cachePolicyId", _OPTIMIZED), at(_KEPT, APP)),
    "policy of elsewhere beside those of the stack": Case(
        nested(APP, f"{_OF_PUBLIC}.cachePolicyId", _OPTIMIZED), at(_KEPT, APP)
    ),
    "authorised answers kept by a policy of the stack": Case(
        nested(APP, f"{_OF_API}.cachePolicyId", UNKNOWN), at(_KEPT, APP)
    ),
    "public answers to who is known": Case(
        nested(APP, f"{_OF_PUBLIC}.originRequestPolicyId", _ALL_VIEWER), at(_KEPT, APP)
    ),
    "pages to who is known": Case(nested(APP, "defaultCacheBehavior.originRequestPolicyId", UNKNOWN), at(_KEPT, APP)),
    **broken(_KEPT, APP, f"{_OF_PUBLIC}.allowedMethods", ["GET", "HEAD", "POST"], UNKNOWN),
    **broken(_KEPT, APP, f"{_OF_PUBLIC}.pathPattern", "/api/users/*", "*"),
    "policy that nobody knows": Case(
        chain(
            nested(VIDEO, "defaultCacheBehavior.cachePolicyId", _OPTIMIZED),
            refer(VIDEO, "defaultCacheBehavior", "edge-headers-video", "edge-video-keys"),
        ),
        at(_KEPT, VIDEO) | at(_FIT, VIDEO),
    ),
    # what is passed on
    **broken(_PASSED, APP, f"{_OF_API}.originRequestPolicyId", None, _ALL_VIEWER, UNKNOWN),
    "files not kept": Case(nested(APP, "defaultCacheBehavior.cachePolicyId", _DISABLED), at(_PASSED, APP)),
    **broken(_LEADS, VIDEO, "defaultCacheBehavior.targetOriginId", "gone"),
    "no default behaviour": Case(edit(APP, defaultCacheBehavior=None), at(_API, APP)),
    "no behaviour for the API": Case(nested(APP, _OF_API, None), at(_API, APP)),
    "API in the bucket": Case(
        nested(APP, f"{_OF_API}.targetOriginId", "files"),
        at(_API, APP) | at(_PASSED, APP) | at("entry-point-watched", APP),
    ),
    "public answers never reached": Case(
        edit(APP, orderedCacheBehaviors=sorted(_BEHAVIOURS, key=lambda one: one["pathPattern"] != "/api/*")),
        at(_API, APP) | at(_FIT, APP) | at(_KEPT, APP) | at("behaviours-have-headers", APP),
    ),
    "services by default": Case(
        nested(APP, "defaultCacheBehavior.targetOriginId", "services"), at(_API, APP) | at(_KEPT, APP) | at(_FIT, APP)
    ),
    # keys
    **broken(_KEYS, PAGES, f"{_KEY}.cookiesConfig.cookieBehavior", None, "all", "whitelist", UNKNOWN),
    **broken(_KEYS, PAGES, f"{_KEY}.headersConfig.headerBehavior", None, "allViewer", UNKNOWN),
    **broken(_KEYS, PAGES, f"{_KEY}.headersConfig", _whitelist("Authorization"), _whitelist("Accept", "COOKIE")),
    # times
    **broken(_TIMES, ASSETS, "defaultTtl", None, 0, 31_535_999, 31_536_001, UNKNOWN),
    **broken(_TIMES, ASSETS, "maxTtl", 31_535_999),
    **broken(_TIMES, "edge-cache-images", "defaultTtl", 2_591_999, 31_536_000),
    **broken(_TIMES, "edge-cache-segments", "defaultTtl", 60),
    **broken(_TIMES, MANIFESTS, "defaultTtl", None, 61),
    **broken(_TIMES, MANIFESTS, "minTtl", 61),
    **{
        f"{name}: maxTtl {value!r}": Case(edit(name, maxTtl=value), at(_TIMES, name) | at(_FIT, distribution))
        for name, distribution, values in (
            (PAGES, APP, (None, 301, UNKNOWN)),
            (MANIFESTS, VIDEO, (None, 61, UNKNOWN)),
            (PUBLIC, APP, (None, 61)),
        )
        for value in values
    },
    "policy of a kind that nobody knows": Case(edit(ASSETS, name="fitness-platform-prod-other"), at(_TIMES, ASSETS)),
    "kinds of content that share a policy": Case(
        refer(APP, "orderedCacheBehaviors", "edge-cache-public-api", "edge-cache-images", "edge-headers-api"),
        at(_FIT, APP),
    ),
    "pages kept like files": Case(
        refer(APP, "defaultCacheBehavior", "edge-cache-assets", "edge-headers-pages", "edge-app-router"), at(_FIT, APP)
    ),
    "manifests kept like segments": Case(
        refer(VIDEO, "orderedCacheBehaviors", "edge-cache-segments", "edge-headers-video", "edge-video-keys"),
        at(_FIT, VIDEO),
    ),
}


@pytest.mark.parametrize(("seconds", "expected"), [(120, set()), (60, at(_TIMES, PUBLIC))])
def test_seconds_of_answers_are_an_option(seconds: int, expected: set[tuple[str, str]]) -> None:
    topology = edit(PUBLIC, maxTtl=61)(recorded("prod"))
    assert violations(topology, {_TIMES: {"answerSeconds": seconds}}) - at(_FIT, APP) == expected


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
