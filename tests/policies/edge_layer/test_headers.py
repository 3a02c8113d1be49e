from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import refer
from tests.policies.edge_layer.stack import APP, PAGE_HEADERS, ROUTER, VIDEO_HEADERS, recorded, violations
from tests.support.editing import UNKNOWN

_HAS, _SECURE, _RESTRICTS, _SHARES = (
    "behaviours-have-headers",
    "headers-secure",
    "headers-restrict-pages",
    "headers-share-with-own-pages",
)
_KNOWN, _CURRENT = "edge-functions-known", "edge-functions-current"
_S = "securityHeadersConfig"
_POLICY = f"{_S}.contentSecurityPolicy.contentSecurityPolicy"
_STRICT = "default-src 'none'; frame-ancestors 'none'"
_ORIGINS = "corsConfig.accessControlAllowOrigins.items"

ACCEPTED: dict[str, Change] = {
    "framed by itself": nested(PAGE_HEADERS, f"{_S}.frameOptions.frameOption", "SAMEORIGIN"),
    "for a year": nested(PAGE_HEADERS, f"{_S}.strictTransportSecurity.accessControlMaxAgeSec", 31_536_000),
    "further place": nested(PAGE_HEADERS, _POLICY, f"{_STRICT}; script-src 'self' https://js.stripe.com;"),
    "no function": nested(APP, "defaultCacheBehavior.functionAssociations", None),
    "published by default": edit(ROUTER, publish=None),
}

REJECTED: dict[str, Case] = {
    **broken(_HAS, APP, "defaultCacheBehavior.responseHeadersPolicyId", None, "67f7725c-6f97-4210-82d7-5512b31e9d03"),
    "headers of nobody": Case(refer(APP, "defaultCacheBehavior", "edge-cache-pages", "edge-app-router"), at(_HAS, APP)),
    **broken(
        _SECURE, PAGE_HEADERS, f"{_S}.strictTransportSecurity.accessControlMaxAgeSec", None, 0, 31_535_999, UNKNOWN
    ),
    **broken(_SECURE, PAGE_HEADERS, f"{_S}.strictTransportSecurity.includeSubdomains", None, False, UNKNOWN),
    **broken(_SECURE, PAGE_HEADERS, f"{_S}.strictTransportSecurity", None),
    **broken(_SECURE, PAGE_HEADERS, f"{_S}.frameOptions.frameOption", None, "ALLOW", UNKNOWN),
    **broken(_SECURE, PAGE_HEADERS, f"{_S}.referrerPolicy.referrerPolicy", None, "unsafe-url", UNKNOWN),
    **{
        f"{header} as the origin says": Case(
            nested(PAGE_HEADERS, f"{_S}.{header}.override", False), at(_SECURE, PAGE_HEADERS)
        )
        for header in ("contentTypeOptions", "frameOptions", "referrerPolicy", "strictTransportSecurity")
    },
    **broken(_SECURE, PAGE_HEADERS, f"{_S}.contentTypeOptions", None),
    **broken(
        _RESTRICTS,
        PAGE_HEADERS,
        _POLICY,
        None,
        "",
        "default-src 'none'",
        "frame-ancestors 'none'",
        f"{_STRICT}; script-src *",
        f"{_STRICT}; script-src 'self' 'unsafe-eval'",
        f"{_STRICT}; script-src 'unsafe-inline'",
        f"{_STRICT}; img-src http://images.example",
        f"{_STRICT}; img-src https:",
        UNKNOWN,
    ),
    **broken(_RESTRICTS, PAGE_HEADERS, f"{_S}.contentSecurityPolicy.override", None, False),
    **broken(
        _SHARES, VIDEO_HEADERS, _ORIGINS, ["*"], ["http://app.prod.fitness.example"], ["https://*.example"], UNKNOWN
    ),
    **broken(
        _KNOWN,
        APP,
        "defaultCacheBehavior.lambdaFunctionAssociations",
        [{"eventType": "viewer-request", "lambdaArn": "arn:aws:lambda:us-east-1:1:function:f:1"}],
        UNKNOWN,
    ),
    "function of elsewhere": Case(
        nested(
            APP,
            "orderedCacheBehaviors.1.functionAssociations",
            [{"eventType": "viewer-request", "functionArn": "arn:aws:cloudfront::1:function/f"}],
        ),
        at(_KNOWN, APP),
    ),
    **broken(_CURRENT, ROUTER, "runtime", None, "cloudfront-js-1.0", UNKNOWN),
    **broken(_CURRENT, ROUTER, "publish", False, UNKNOWN),
    **broken(_CURRENT, ROUTER, "code", None, UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
