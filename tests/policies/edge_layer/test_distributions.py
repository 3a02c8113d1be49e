from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.edge_layer.stack import ACL, APP, CERTIFICATE, REGIONAL_ACL, VIDEO, recorded, violations
from tests.support.editing import UNKNOWN

_HTTPS, _TLS, _EVERYWHERE = "distributions-over-https", "distributions-modern-tls", "distributions-everywhere"
_HAS_ACL, _REACHABLE, _KIND = (
    at("distributions-have-web-acls", APP),
    "distributions-reachable",
    "distributions-of-one-kind",
)
_ROOT, _ERRORS = "distributions-have-root-object", "distributions-show-errors"
_TENANTS = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"

ACCEPTED: dict[str, Change] = {
    "HTTPS only": nested(APP, "defaultCacheBehavior.viewerProtocolPolicy", "https-only"),
    "newer TLS": nested(APP, "viewerCertificate.minimumProtocolVersion", "TLSv1.3_2025"),
    "everywhere by default": edit(APP, priceClass=None),
    "HTTP/2": edit(APP, httpVersion="http2"),
    "HTTP/2 by default": edit(APP, httpVersion=None),
    "error that stays one": edit(APP, customErrorResponses=[{"errorCode": 404, "errorCachingMinTtl": 10}]),
    "error with a page": edit(
        APP, customErrorResponses=[{"errorCode": 404, "responseCode": 404, "responsePagePath": "/404.html"}]
    ),
    "not staging, spelt out": edit(APP, staging=False),
    "region of the web ACL by the provider": edit(ACL, region=None),
}

REJECTED: dict[str, Case] = {
    **broken(_HTTPS, APP, "defaultCacheBehavior.viewerProtocolPolicy", None, "allow-all", UNKNOWN, 1),
    **broken(_HTTPS, APP, "orderedCacheBehaviors.1.viewerProtocolPolicy", None, "allow-all", UNKNOWN),
    **broken(_HTTPS, VIDEO, "orderedCacheBehaviors.0.viewerProtocolPolicy", "allow-all"),
    **broken(
        _TLS, APP, "viewerCertificate.minimumProtocolVersion", None, "TLSv1", "TLSv1.2_2019", "SSLv3", UNKNOWN, 1.2
    ),
    **broken(_TLS, APP, "viewerCertificate.sslSupportMethod", None, "vip", UNKNOWN),
    **broken(_TLS, APP, "viewerCertificate.cloudfrontDefaultCertificate", True, UNKNOWN),
    **broken(_TLS, APP, "viewerCertificate.iamCertificateId", "ASCA", UNKNOWN),
    **broken(_EVERYWHERE, APP, "priceClass", "PriceClass_100", "PriceClass_200", UNKNOWN),
    **{
        f"web ACL {value!r}": Case(edit(APP, webAclId=value), _HAS_ACL)
        for value in (None, "", "arn:aws:wafv2:us-east-1:1:global/webacl/other/1", UNKNOWN)
    },
    "web ACL of another stack": Case(chain(other_stack, point(APP, "webAclId", ELSEWHERE)), _HAS_ACL),
    "not a web ACL": Case(point(APP, "webAclId", CERTIFICATE), _HAS_ACL),
    "web ACL of the load balancer": Case(point(APP, "webAclId", REGIONAL_ACL), _HAS_ACL),
    "web ACL elsewhere": Case(edit(ACL, region="eu-west-1"), _HAS_ACL | at("distributions-have-web-acls", VIDEO)),
    "web ACL wherever": Case(edit(ACL, region=UNKNOWN), _HAS_ACL | at("distributions-have-web-acls", VIDEO)),
    **broken(_REACHABLE, APP, "enabled", None, False, UNKNOWN),
    **broken(_REACHABLE, APP, "isIpv6Enabled", None, False, UNKNOWN),
    **broken(_REACHABLE, APP, "httpVersion", "http1.1", UNKNOWN),
    **broken(_KIND, APP, "continuousDeploymentPolicyId", "1234", UNKNOWN),
    **broken(_KIND, APP, "staging", True),
    "distribution of many tenants": Case(add(_TENANTS, "tenants", {"enabled": True}), at(_KIND, "tenants")),
    "way into the VPC": Case(add("aws:cloudfront/vpcOrigin:VpcOrigin", "into-vpc", {}), at(_KIND, "into-vpc")),
    **broken(_ROOT, APP, "defaultRootObject", None, "", UNKNOWN),
    **broken(
        _ERRORS,
        APP,
        "customErrorResponses",
        [{"errorCode": 403, "responseCode": 200, "responsePagePath": "/"}],
        UNKNOWN,
    ),
}


def test_price_class_is_an_option() -> None:
    topology = edit(APP, priceClass="PriceClass_100")(recorded("prod"))
    assert violations(topology, {_EVERYWHERE: {"priceClass": "any"}}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
