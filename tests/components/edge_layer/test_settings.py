from typing import Any

import pytest

from tests.components.reading import EDGE, VIDEO_KEY, load, mistakes, stack_of

_SECTION = "fitness-platform:edge"
_CDN = {"provider": "bunny", "hostname": "fit.b-cdn.net", "originHostname": "vod.fit.example"}


def _edge(**changes: Any) -> dict[str, Any]:
    return stack_of(edge={**EDGE, **changes})


def test_defaults_are_the_decision() -> None:
    edge = load(stack_of()).edge
    assert edge is not None
    assert (edge.price_class, edge.tls_policy, edge.rate_mode, edge.shield_advanced, edge.video_cdn) == (
        "PriceClass_All",
        "TLSv1.2_2021",
        "block",
        "off",
        None,
    )
    assert (edge.page_seconds, edge.manifest_seconds, edge.public_api_seconds) == (300, 60, 60)
    assert edge.bypass_paths == ("/ws/*", "/ai/stream/*")


def test_all_values() -> None:
    values = {
        "priceClass": "PriceClass_200",
        "tlsPolicy": "TLSv1.3_2025",
        "pageSeconds": 0,
        "manifestSeconds": 2,
        "publicApiSeconds": 5,
        "bypassPaths": ["/live/v2/*"],
        "cspSources": {"script-src": ["https://js.stripe.com"]},
        "rateMode": "count",
        "healthCheckSeconds": 10,
        "videoCdn": _CDN,
        "shieldAdvanced": "oneYearFor36000Usd",
        "managedRuleGroups": ["AWSManagedRulesCommonRuleSet"],
        "webAclLogDays": 30,
    }
    edge = load(_edge(**values)).edge
    assert edge is not None
    assert edge.video_cdn is not None
    assert (edge.video_cdn.hostname, edge.video_cdn.probe_path) == ("fit.b-cdn.net", "/healthz")
    assert (edge.health_check_seconds, edge.bypass_paths) == (10, ("/live/v2/*",))


_WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "price class": ({"priceClass": "all"}, "priceClass: found \"all\"; allowed: 'PriceClass_All'"),
    "TLS": ({"tlsPolicy": "TLSv1"}, "tlsPolicy: found \"TLSv1\"; allowed: 'TLSv1.2_2021'"),
    "interval": ({"healthCheckSeconds": 20}, "healthCheckSeconds: found 20; allowed: 10 or 30"),
    "path": ({"bypassPaths": ["ws"]}, 'bypassPaths.0: found "ws"; allowed: a path that begins with a slash'),
    "path twice": (
        {"bypassPaths": ["/ws/*", "/ws/*"]},
        'bypassPaths.1: found "/ws/*"; allowed: each of bypassPaths once',
    ),
    "path of the API": (
        {"bypassPaths": ["/api/x/*"]},
        'bypassPaths.0: found "/api/x/*"; allowed: paths that are not the API\'s or those of files',
    ),
    "many paths": ({"bypassPaths": [f"/{n}/*" for n in range(11)]}, "bypassPaths: found "),
    "source": (
        {"cspSources": {"script-src": ["*"]}},
        'cspSources.script-src.0: found "*"; allowed: https:// or wss://',
    ),
    "directive": ({"cspSources": {"default-src": []}}, "cspSources.default-src: found "),
    "too many sources": (
        {"cspSources": {"img-src": [f"https://{n:04}.{'a' * 50}.example" for n in range(16)]}},
        "cspSources: found ",
    ),
    "no keys": ({"videoKeys": {}}, 'videoKeys: found "0 keys"; allowed: 1 to 5 keys'),
    "many keys": ({"videoKeys": {str(n): VIDEO_KEY for n in range(6)}}, 'videoKeys: found "6 keys"; allowed: 1 to 5'),
    "key": ({"videoKeys": {"a": "MIIB"}}, 'videoKeys.a: found "MIIB"; allowed: an RSA public key of 2048 bits'),
    "private key": ({"videoKeys": {"a": "-----BEGIN PRIVATE KEY-----"}}, "videoKeys.a: found "),
    "key twice": ({"videoKeys": {"a": VIDEO_KEY, "b": VIDEO_KEY}}, "videoKeys.b: found "),
    "name of a key": ({"videoKeys": {"A b": VIDEO_KEY}}, 'videoKeys.A b: found "A b"; allowed: up to 32 lower-case'),
    "provider": ({"videoCdn": {**_CDN, "provider": "akamai"}}, "videoCdn.provider: found \"akamai\"; allowed: 'bunny'"),
    "unknown key of the CDN": (
        {"videoCdn": {**_CDN, "hostnme": "x"}},
        "videoCdn.hostnme: unknown setting; did you mean hostname?",
    ),
    "host": (
        {"videoCdn": {**_CDN, "hostname": "https://x"}},
        'videoCdn.hostname: found "https://x"; allowed: a host name',
    ),
    "CDN without an origin": (
        {"videoCdn": {"provider": "bunny", "hostname": "fit.b-cdn.net"}},
        "videoCdn.originHostname: missing; allowed: a host name in lower case",
    ),
    "cheap Shield": ({"shieldAdvanced": True}, "shieldAdvanced: found true; allowed: 'off' or 'oneYearFor36000Usd'"),
    "rule groups": ({"managedRuleGroups": ["AWSManagedRulesCommonRuleSet"] * 2}, "managedRuleGroups.1: found "),
}


@pytest.mark.parametrize(("values", "message"), _WRONG.values(), ids=_WRONG.keys())
def test_mistakes(values: dict[str, Any], message: str) -> None:
    found = mistakes(_edge(**values))
    assert found[0].startswith(f"{_SECTION}.{message}")


def test_keys_must_be_given() -> None:
    assert mistakes(stack_of(edge={})) == [f"{_SECTION}.videoKeys: missing; allowed: an object"]
