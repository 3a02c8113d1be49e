"""Clauses edge-tls-termination and edge-200-edge-locations: what every distribution is like."""

from collections.abc import Iterable

from guardrails.api_layer.resources import WEB_ACL
from guardrails.edge_layer.resources import DISTRIBUTION, EDGE_REGION, behaviours, given_region, title
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_ENCRYPTED = ("redirect-to-https", "https-only")
_MODERN = ("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")
_HTTP = ("http2", "http2and3", "http3")
_CLOUDFRONT = "aws:cloudfront/"
_OTHERS = frozenset(
    _CLOUDFRONT + type_
    for type_ in (
        "connectionFunction:ConnectionFunction",
        "connectionGroup:ConnectionGroup",
        "continuousDeploymentPolicy:ContinuousDeploymentPolicy",
        "distributionTenant:DistributionTenant",
        "multitenantDistribution:MultitenantDistribution",
        "realtimeLogConfig:RealtimeLogConfig",
        "vpcOrigin:VpcOrigin",
    )
)
"""Ways in, and ways around, that the decision knows nothing of."""


def _https(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for behaviour in behaviours(distribution):
        if (found := behaviour.text("viewerProtocolPolicy")) not in _ENCRYPTED:
            yield f"viewerProtocolPolicy of {title(behaviour)} is {found or 'not given'}, not {' or '.join(_ENCRYPTED)}"


def _modern_tls(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    certificate = "viewerCertificate"
    if properties.flag(f"{certificate}.cloudfrontDefaultCertificate"):
        yield "cloudfrontDefaultCertificate is true, which goes with TLS 1.0"
    if properties.given(f"{certificate}.iamCertificateId"):
        yield "iamCertificateId is given, a certificate that nobody renews"
    if (oldest := properties.text(f"{certificate}.minimumProtocolVersion")) not in _MODERN:
        yield f"minimumProtocolVersion is {oldest or 'not given'}, not {', '.join(_MODERN)}"
    if (method := properties.text(f"{certificate}.sslSupportMethod")) != "sni-only":
        yield f"sslSupportMethod is {method or 'not given'}, not sni-only"


def _everywhere(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    wanted = relaxations.text("priceClass")
    found = properties.text("priceClass") or "PriceClass_All"
    if wanted not in ("any", found):
        yield f"priceClass is {found}, not {wanted}"


def _has_acl(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    acls = distribution.refers("webAclId", WEB_ACL)
    if len(acls) != 1 or not distribution.properties.given("webAclId"):
        yield "webAclId refers to no web ACL of this stack, so that requests pass unseen"
    for acl in acls:
        if (scope := acl.properties.text("scope")) != "CLOUDFRONT":
            yield f"the scope of {acl.name} is {scope or 'not given'}, not CLOUDFRONT"
        if (region := given_region(acl)) != EDGE_REGION:
            yield f"{acl.name} is in {region}, not in {EDGE_REGION}"


def _reachable(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("enabled"):
        yield "enabled is not true"
    if not properties.flag("isIpv6Enabled"):
        yield "isIpv6Enabled is not true, so that its AAAA records lead nowhere"
    if (version := properties.text("httpVersion") or "http2") not in _HTTP:
        yield f"httpVersion is {version}, older than HTTP/2"


def _one_of_its_kind(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if type_ in _OTHERS:
        yield f"it is a {type_.rpartition(':')[2]}, which serves people past what guardrails know"
        return
    if properties.given("continuousDeploymentPolicyId") or properties.flag("staging"):
        yield "it takes part in a continuous deployment, so that some people are served by another distribution"


def _root(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text("defaultRootObject") is None:
        yield "defaultRootObject is not given, so that its root asks the bucket for a list"


def _errors(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for answer in properties.blocks("customErrorResponses"):
        code = answer.number("errorCode") or 0
        if (shown := answer.number("responseCode") or code) != code:
            yield f"an error {code:g} of any origin is shown as {shown:g}, those of the API among them"


DISTRIBUTION_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="distributions-over-https",
        title="Viewers speak HTTPS with distributions, or are sent there",
        clauses=("edge-tls-termination", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_https,
        controls=("CloudFront.3", "CKV_AWS_34", "AwsSolutions-CFR4", "cloudfront_distributions_https_enabled"),
        remediation="Set viewerProtocolPolicy to redirect-to-https or https-only in every behaviour.",
    ),
    ResourceGuardrail(
        id="distributions-modern-tls",
        title="Distributions speak TLS 1.2 or newer, by SNI, with a certificate of their own",
        clauses=("edge-tls-termination", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_modern_tls,
        controls=(
            "CloudFront.7",
            "CloudFront.8",
            "CKV_AWS_174",
            "CKV2_AWS_42",
            "cloudfront_distributions_custom_ssl_certificate",
            "cloudfront_distributions_https_sni_enabled",
        ),
        remediation="Leave edge.tlsPolicy out, and pass the layer's certificate with sni-only.",
    ),
    ResourceGuardrail(
        id="distributions-everywhere",
        title="Distributions are at every location that CloudFront has",
        clauses=("edge-200-edge-locations",),
        severity="low",
        types=frozenset({DISTRIBUTION}),
        check=_everywhere,
        options={
            "priceClass": Option(
                {"type": "string", "enum": ["PriceClass_All", "any"]},
                "PriceClass_All",
                "Price class that distributions must have.",
            )
        },
        remediation="Leave edge.priceClass out.",
    ),
    StackGuardrail(
        id="distributions-have-web-acls",
        title="A distribution has a web ACL of the stack, in us-east-1",
        clauses=("api-waf",),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_has_acl,
        controls=(
            "CloudFront.6",
            "CKV_AWS_68",
            "CKV2_AWS_47",
            "AwsSolutions-CFR2",
            "cloudfront_distributions_using_waf",
        ),
        remediation="Pass the ARN of the layer's web ACL as webAclId.",
    ),
    ResourceGuardrail(
        id="distributions-reachable",
        title="Distributions are switched on, over IPv6 too, and speak HTTP/2 or newer",
        clauses=("edge-flow-cloudfront-route53-alb",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_reachable,
        remediation="Set enabled and isIpv6Enabled to true, and httpVersion to http2and3.",
    ),
    ResourceGuardrail(
        id="distributions-of-one-kind",
        title="People are served by plain distributions, each of them the whole of its names",
        clauses=("edge-flow-cloudfront-route53-alb", "api-waf"),
        severity="high",
        types=frozenset({DISTRIBUTION}) | _OTHERS,
        check=_one_of_its_kind,
        remediation="Declare an aws.cloudfront.Distribution without staging and continuousDeploymentPolicyId.",
    ),
    ResourceGuardrail(
        id="distributions-have-root-object",
        title="The root of a distribution is a page and no list",
        clauses=("edge-s3-origin-static",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_root,
        controls=("CloudFront.1", "CKV_AWS_305", "cloudfront_distributions_default_root_object"),
        remediation="Set defaultRootObject to index.html.",
    ),
    ResourceGuardrail(
        id="distributions-show-errors",
        title="No error of an origin is shown as anything else",
        clauses=("edge-cdn-static-and-api",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_errors,
        remediation="Leave customErrorResponses out: the function of the default behaviour leads to pages.",
    ),
)
