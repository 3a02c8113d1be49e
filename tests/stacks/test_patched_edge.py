"""The edge broken as a pull request might break it."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each, urn

_EDGE = "fitness-platform:edge:EdgeLayer"
_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_APP_FILE, _VIDEO_FILE = "components/edge_layer/app.py", "components/edge_layer/video.py"
_LAYER_FILE, _SHARED_FILE = "components/edge_layer/layer.py", "components/edge_layer/shared.py"
_CACHES = f"{_EDGE}$fitness-platform:edge:CachePolicies$aws:cloudfront/cachePolicy:CachePolicy"


def _of_app(*guardrails: str) -> set[tuple[str, str]]:
    chain = f"{_EDGE}$fitness-platform:edge:AppDistribution${_DISTRIBUTION}"
    return {(guardrail, urn(chain, "edge-app-distribution")) for guardrail in guardrails}


def _of_video(*guardrails: str) -> set[tuple[str, str]]:
    chain = f"{_EDGE}$fitness-platform:edge:VideoDistribution${_DISTRIBUTION}"
    return {(guardrail, urn(chain, "edge-video-distribution")) for guardrail in guardrails}


def _of_both(*guardrails: str) -> set[tuple[str, str]]:
    return _of_app(*guardrails) | _of_video(*guardrails)


def _of_acl(*guardrails: str) -> set[tuple[str, str]]:
    chain = f"{_EDGE}$fitness-platform:edge:WebAcl$aws:wafv2/webAcl:WebAcl"
    return {(guardrail, urn(chain, "edge-web-acl-rules")) for guardrail in guardrails}


PATCHES = {
    "web ACL taken off": Patch(
        _APP_FILE, "            web_acl_id=shared.web_acl_arn,\n", "", _of_app("distributions-have-web-acls")
    ),
    "rates only counted": Patch(
        "components/edge_layer/web_acl.py",
        'if mode == "block"',
        'if mode == "blocked"',
        _of_acl("addresses-limited", "users-limited"),
    ),
    "rules of AWS only counted": Patch(
        "components/web_acl.py",
        "override_action=aws.wafv2.WebAclRuleOverrideActionArgs(none=aws.wafv2.WebAclRuleOverrideActionNoneArgs())",
        "override_action=aws.wafv2.WebAclRuleOverrideActionArgs(count=aws.wafv2.WebAclRuleOverrideActionCountArgs())",
        _of_acl("web-acls-stop-what-they-match")
        | each(
            "web-acls-stop-what-they-match",
            "fitness-platform:api:ApiLayer$fitness-platform:api:WebAcl$aws:wafv2/webAcl:WebAcl",
            "api-web-acl-rules",
        ),
    ),
    "plain HTTP from viewers": Patch(
        _APP_FILE,
        'viewer_protocol_policy="https-only"',
        'viewer_protocol_policy="allow-all"',
        _of_app("distributions-over-https"),
    ),
    "TLS 1.0": Patch(
        _SHARED_FILE,
        "minimum_protocol_version=self.settings.tls_policy",
        'minimum_protocol_version="TLSv1"',
        _of_both("distributions-modern-tls"),
    ),
    "authorised answers kept": Patch(
        _APP_FILE,
        "cache_policy_id=CACHING_DISABLED",
        'cache_policy_id=shared.cache_ids["public-api"]',
        _of_app("authorised-answers-not-kept"),
    ),
    "answers kept by who is asking": Patch(
        "components/edge_layer/caching.py",
        'header_behavior="none"',
        'header_behavior="whitelist", headers={"items": ["Authorization"]}',
        each(
            "cache-keys-anonymous",
            _CACHES,
            *(f"edge-cache-{kind}" for kind in ("assets", "images", "manifests", "pages", "public-api", "segments")),
        ),
    ),
    "Host passed on": Patch(
        "components/edge_layer/caching.py",
        "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        "216adef6-5c7f-47e4-b989-5492eafa07d3",
        _of_app("requests-passed-on"),
    ),
    "bucket read by everybody": Patch(
        "components/edge_layer/origins.py",
        'signing_behavior="always"',
        'signing_behavior="never"',
        each(
            "origin-access-signed",
            f"{_EDGE}$fitness-platform:edge:AppDistribution$aws:cloudfront/originAccessControl:OriginAccessControl",
            "edge-app-access",
        )
        | each(
            "origin-access-signed",
            f"{_EDGE}$fitness-platform:edge:VideoDistribution$aws:cloudfront/originAccessControl:OriginAccessControl",
            "edge-video-access",
        ),
    ),
    "plain HTTP to services": Patch(
        "components/edge_layer/origins.py",
        'origin_protocol_policy="https-only"',
        'origin_protocol_policy="match-viewer"',
        _of_both("service-origins-encrypted"),
    ),
    "no secret header": Patch(
        "components/edge_layer/origins.py",
        "aws.cloudfront.DistributionOriginCustomHeaderArgs(name=ORIGIN_HEADER, value=token)",
        "",
        _of_both("service-origins-verified"),
    ),
    "videos for everybody": Patch(
        _VIDEO_FILE,
        'cache_policy_id=shared.cache_ids["manifests"],\n'
        '                    response_headers_policy_id=shared.header_ids["video"],\n'
        "                    trusted_key_groups=[signers.id],",
        'cache_policy_id=shared.cache_ids["manifests"],\n'
        '                    response_headers_policy_id=shared.header_ids["video"],',
        _of_video("videos-for-signed-links"),
    ),
    "errors of the API shown as pages": Patch(
        _APP_FILE,
        '            default_root_object="index.html",\n',
        '            default_root_object="index.html",\n'
        "            custom_error_responses=[aws.cloudfront.DistributionCustomErrorResponseArgs(\n"
        '                error_code=403, response_code=200, response_page_path="/index.html")],\n',
        _of_app("distributions-show-errors"),
    ),
    "Shield subscription sneaked in": Patch(
        _LAYER_FILE,
        'if settings.shield_advanced != "off":',
        'if settings.shield_advanced == "off":',
        {
            violation
            for guardrail in ("nothing-bought", "shield-advanced-chosen")
            for violation in each(
                guardrail,
                f"{_EDGE}$fitness-platform:edge:ShieldAdvanced$aws:shield/subscription:Subscription",
                "edge-shield-subscription",
            )
        }
        | each(
            "shield-advanced-chosen",
            f"{_EDGE}$fitness-platform:edge:ShieldAdvanced$aws:shield/protection:Protection",
            *(f"edge-shield-{name}" for name in ("app", "load-balancer", "video", "zone")),
        ),
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patch_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
