"""Clauses edge-s3-origin-* and edge-video-cdn-fallback: every origin is private, or knows who calls it."""

from collections.abc import Iterable

from guardrails.edge_layer.resources import (
    ACCESS_CONTROL,
    DISTRIBUTION,
    KEY_GROUP,
    MANIFESTS,
    PUBLIC_KEY,
    behaviours,
    bucket_of,
    is_bucket,
    is_given_by_aws,
    is_one_of,
    known,
    normal,
    origins,
    serves_video,
    title,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_IDENTITY = "aws:cloudfront/originAccessIdentity:OriginAccessIdentity"
_WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration"
_HEADER = "x-origin-verify"
_SIGNS = {"originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"}


def _label(origin: Properties) -> str:
    return f"origin {origin.text('originId') or 'without a name'}"


def _signed(distribution: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    controls = distribution.refers("origins", ACCESS_CONTROL)
    for origin in origins(distribution):
        if origin.text("s3OriginConfig.originAccessIdentity"):
            yield f"{_label(origin)} is read by an origin access identity, which neither knows KMS nor newer regions"
        if not is_bucket(origin):
            continue
        control = known(origin, "originAccessControlId")
        if not origin.given("originAccessControlId") or not is_one_of(control, controls):
            yield f"originAccessControlId of {_label(origin)} refers to no origin access control of this stack"
        if origin.blocks("customOriginConfig"):
            yield f"{_label(origin)} is a bucket that is read like a public website"
        if bucket_of(origin, graph) is None:
            name = origin.text("domainName") or "not given"
            yield f"{_label(origin)} is {name}, no bucket of this stack, so that others may come to own it"


def _signs(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key, wanted in _SIGNS.items():
        if (found := properties.text(key)) != wanted:
            yield f"{key} is {found or 'not given'}, not {wanted}"


def _without_websites(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    kind = "serves a bucket to everybody, over plain HTTP" if type_ == _WEBSITE else "is the older way into buckets"
    yield f"it {kind}"


def _encrypted(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for origin in origins(distribution):
        for config in origin.blocks("customOriginConfig"):
            if (found := config.text("originProtocolPolicy")) != "https-only":
                yield f"originProtocolPolicy of {_label(origin)} is {found or 'not given'}, not https-only"
            if (versions := config.texts("originSslProtocols")) != ["TLSv1.2"]:
                yield f"originSslProtocols of {_label(origin)} are {', '.join(versions) or 'not given'}, not TLSv1.2"


def _verified(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for origin in origins(distribution):
        if is_bucket(origin):
            continue
        headers = [one for one in origin.blocks("customHeaders") if (one.text("name") or "").lower() == _HEADER]
        if not any(header.given("value") for header in headers):
            yield f"{_label(origin)} gets no X-Origin-Verify, so that it can't tell CloudFront from others"


def _by_own_name(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for origin in origins(distribution):
        name = normal(origin.text("domainName") or "")
        if not is_bucket(origin) and (not name or is_given_by_aws(name)):
            yield f"{_label(origin)} is {name or 'not given'}, a name that AWS gave, which can't move to another region"


def _only_signed_links(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not serves_video(distribution):
        return
    found, keys = behaviours(distribution), ("defaultCacheBehavior", "orderedCacheBehaviors")
    groups = [group for key in keys for group in distribution.refers(key, KEY_GROUP)]
    for behaviour in found:
        if not behaviour.given("trustedKeyGroups"):
            yield f"{title(behaviour)} has no trustedKeyGroups, so that everybody gets videos"
        for id_ in behaviour.known_texts("trustedKeyGroups"):
            if not is_one_of(id_, groups):
                yield f"{title(behaviour)} trusts {id_}, no key group of this stack"
        if behaviour.given("trustedSigners"):
            yield f"{title(behaviour)} has trustedSigners, whose keys belong to the root of an account"
    for key in keys:
        if not distribution.refers(key, KEY_GROUP):
            yield f"trustedKeyGroups of {key} refer to no key group of this stack"
    if missing := [pattern for pattern in MANIFESTS if pattern not in [one.text("pathPattern") for one in found]]:
        yield f"it has no behaviour for {', '.join(missing)}"


def _checks_by(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    keys = group.refers("items", PUBLIC_KEY)
    if not keys or group.properties.length("items") != len(keys):
        yield f"items list {group.properties.length('items')} keys, of which {len(keys)} are of this stack"


def _is_key(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not (properties.text("encodedKey") or "").startswith("-----BEGIN PUBLIC KEY-----"):
        yield "encodedKey is no public key in the form of PEM"


ORIGIN_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="bucket-origins-private",
        title="Buckets behind distributions are the stack's own, and read by signed requests",
        clauses=("edge-s3-origin-static", "edge-s3-origin-video", "media-public-access-blocked"),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_signed,
        controls=(
            "CloudFront.12",
            "CloudFront.13",
            "CKV2_AWS_46",
            "AwsSolutions-CFR7",
            "cloudfront_distributions_s3_origin_access_control",
            "cloudfront_distributions_s3_origin_non_existent_bucket",
        ),
        remediation="Name a bucket of the stack, and pass the id of an aws.cloudfront.OriginAccessControl.",
    ),
    ResourceGuardrail(
        id="origin-access-signed",
        title="Origin access controls sign every request",
        clauses=("edge-s3-origin-static", "edge-s3-origin-video"),
        severity="critical",
        types=frozenset({ACCESS_CONTROL}),
        check=_signs,
        remediation="Set the origin type to s3, signingBehavior to always and signingProtocol to sigv4.",
    ),
    ResourceGuardrail(
        id="buckets-without-websites",
        title="No bucket is a website, and none is read by an origin access identity",
        clauses=("edge-s3-origin-static", "media-public-access-blocked"),
        severity="high",
        types=frozenset({_IDENTITY, _WEBSITE}),
        check=_without_websites,
        remediation="Serve the bucket by a distribution with an origin access control.",
    ),
    StackGuardrail(
        id="service-origins-encrypted",
        title="CloudFront speaks HTTPS with services, by TLS 1.2 alone",
        clauses=("edge-video-cdn-fallback", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_encrypted,
        controls=(
            "CloudFront.9",
            "CloudFront.10",
            "CKV2_AWS_54",
            "CKV2_AWS_72",
            "AwsSolutions-CFR5",
            "cloudfront_distributions_origin_traffic_encrypted",
            "cloudfront_distributions_using_deprecated_ssl_protocols",
        ),
        remediation="Set originProtocolPolicy to https-only and originSslProtocols to TLSv1.2.",
    ),
    StackGuardrail(
        id="service-origins-verified",
        title="Services behind CloudFront get a secret header by which they know it",
        clauses=("edge-cdn-static-and-api", "api-waf"),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_verified,
        remediation="Add the custom header X-Origin-Verify with the secret originVerifyToken.",
    ),
    StackGuardrail(
        id="service-origins-by-own-name",
        title="CloudFront calls services by names of the platform, which can move",
        clauses=("edge-flow-cloudfront-route53-alb",),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_by_own_name,
        remediation="Name the record of the service, never what AWS calls it.",
    ),
    StackGuardrail(
        id="videos-for-signed-links",
        title="Videos are for those with a signed link or cookie, which keys of the stack check",
        clauses=("edge-s3-origin-video",),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_only_signed_links,
        controls=("AwsSolutions-CFR7",),
        remediation="Give every behaviour the layer's key group, and have one for *.m3u8 and one for *.mpd.",
    ),
    StackGuardrail(
        id="key-groups-of-stack",
        title="Key groups hold public keys of the stack",
        clauses=("edge-s3-origin-video",),
        severity="critical",
        types=frozenset({KEY_GROUP}),
        check=_checks_by,
        remediation="Pass ids of aws.cloudfront.PublicKey resources of the stack as items.",
    ),
    ResourceGuardrail(
        id="public-keys-given",
        title="Public keys are keys",
        clauses=("edge-s3-origin-video",),
        severity="medium",
        types=frozenset({PUBLIC_KEY}),
        check=_is_key,
        remediation="Give encodedKey a public key in PEM, as edge.videoKeys has them.",
    ),
)
