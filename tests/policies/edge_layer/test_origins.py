from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import refer
from tests.policies.edge_layer.stack import (
    ACCESS,
    APP,
    CERTIFICATE,
    FILES,
    KEY,
    KEYS,
    ROUTER,
    VIDEO,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_PRIVATE, _SIGNED, _WEBSITES = "bucket-origins-private", "origin-access-signed", "buckets-without-websites"
_ENCRYPTED, _VERIFIED, _OWN_NAME = (
    "service-origins-encrypted",
    "service-origins-verified",
    "service-origins-by-own-name",
)
_VIDEOS, _GROUPS, _KEYS = "videos-for-signed-links", "key-groups-of-stack", "public-keys-given"
_NAMED, _WATCHED = at("origins-named", APP), at("entry-point-watched", APP)
_CUSTOM = "origins.2.customOriginConfig"
_OUTSIDE = "services.elsewhere.example"
_KEY = "aws:cloudfront/publicKey:PublicKey"

ACCEPTED: dict[str, Change] = {
    "header in other letters": nested(APP, "origins.2.customHeaders.0.name", "x-origin-verify"),
    "header whose value is known": nested(APP, "origins.2.customHeaders.0.value", "only in an update"),
    "further header": nested(
        APP,
        "origins.2.customHeaders",
        [{"name": "X-Origin-Verify", "value": UNKNOWN}, {"name": "X-Region", "value": "us-east-1"}],
    ),
    "two keys": chain(
        add(_KEY, "second", {"encodedKey": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"}),
        edit(KEYS, items=[UNKNOWN, UNKNOWN]),
        refer(KEYS, "items", KEY, "second"),
    ),
    "packaging origin outside": nested(VIDEO, "origins.1.domainName", _OUTSIDE),
    "no identity, spelt out": nested(APP, "origins.0.s3OriginConfig", {"originAccessIdentity": ""}),
}

_ELSEWHERE_READ = at(_PRIVATE, APP) | at("buckets-read-as-origins", "edge-files-policy")
REJECTED: dict[str, Case] = {
    # buckets
    **broken(_PRIVATE, APP, "origins.0.originAccessControlId", None, "", "E327GJI25M56DG"),
    "read by an access control of nobody": Case(refer(APP, "origins"), at(_PRIVATE, APP)),
    "read by another resource": Case(refer(APP, "origins", ROUTER), at(_PRIVATE, APP)),
    **broken(
        _PRIVATE, APP, "origins.2.s3OriginConfig", {"originAccessIdentity": "origin-access-identity/cloudfront/E1"}
    ),
    **broken(
        _PRIVATE, APP, "origins.0.s3OriginConfig", {"originAccessIdentity": "origin-access-identity/cloudfront/E1"}
    ),
    **{
        f"pages from {name}": Case(nested(APP, "origins.0.domainName", name), _ELSEWHERE_READ)
        for name in ("gone.s3.us-east-1.amazonaws.com", "gone.s3-website-us-east-1.amazonaws.com")
    },
    "read like a website": Case(
        nested(
            APP,
            "origins.0.customOriginConfig",
            {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]},
        ),
        at(_PRIVATE, APP),
    ),
    "bucket of another name": Case(edit(FILES, bucket="other"), _ELSEWHERE_READ),
    **broken(_SIGNED, ACCESS, "signingBehavior", None, "never", "no-override", UNKNOWN),
    **broken(_SIGNED, ACCESS, "signingProtocol", None, "sigv4a", UNKNOWN),
    **broken(_SIGNED, ACCESS, "originAccessControlOriginType", None, "lambda", "mediastore", UNKNOWN),
    "website": Case(
        add("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "website", {"bucket": UNKNOWN}),
        at(_WEBSITES, "website"),
    ),
    "identity": Case(
        add("aws:cloudfront/originAccessIdentity:OriginAccessIdentity", "identity", {}), at(_WEBSITES, "identity")
    ),
    # services
    **broken(_ENCRYPTED, APP, f"{_CUSTOM}.originProtocolPolicy", None, "http-only", "match-viewer", UNKNOWN),
    **broken(_ENCRYPTED, APP, f"{_CUSTOM}.originSslProtocols", None, [], ["TLSv1.1", "TLSv1.2"], ["SSLv3"], UNKNOWN),
    **broken(
        _VERIFIED,
        APP,
        "origins.2.customHeaders",
        None,
        [],
        [{"name": "X-Other", "value": UNKNOWN}],
        [{"name": "X-Origin-Verify", "value": ""}],
        [{"name": "X-Origin-Verify"}],
        UNKNOWN,
    ),
    **broken(_VERIFIED, APP, "origins.2.customHeaders.0.name", UNKNOWN),
    **broken(
        _OWN_NAME,
        APP,
        "origins.2.domainName",
        "public-1.us-east-1.elb.amazonaws.com",
        "d1.cloudfront.net",
        "abc.lambda-url.us-east-1.on.aws",
    ),
    "API by the name that AWS gave it": Case(
        nested(APP, "origins.1.domainName", "a1.execute-api.us-east-1.amazonaws.com"), at(_OWN_NAME, APP) | _WATCHED
    ),
    "service outside": Case(nested(APP, "origins.2.domainName", _OUTSIDE), _NAMED),
    "packaging origin without a record": Case(
        nested(VIDEO, "origins.1.domainName", "packaging.prod.fitness.example"), at("origins-named", VIDEO)
    ),
    "origin without a record": Case(nested(APP, "origins.2.domainName", "gone.prod.fitness.example"), _NAMED),
    # videos
    **broken(_VIDEOS, VIDEO, "orderedCacheBehaviors.0.trustedKeyGroups", None, [], ["of-another-stack"]),
    **broken(_VIDEOS, VIDEO, "orderedCacheBehaviors.0.trustedSigners", ["self"], UNKNOWN),
    "videos for everybody": Case(
        nested(VIDEO, "defaultCacheBehavior.trustedKeyGroups", None), at(_VIDEOS, VIDEO) | at("cache-times-fit", VIDEO)
    ),
    "keys of nobody": Case(
        refer(VIDEO, "defaultCacheBehavior", "edge-cache-segments", "edge-headers-video"), at(_VIDEOS, VIDEO)
    ),
    "no manifests of DASH": Case(chain(nested(VIDEO, "orderedCacheBehaviors.1", None)), at(_VIDEOS, VIDEO)),
    **broken(_GROUPS, KEYS, "items", None, [], ["K2JCJMDEHXQW5F"], [UNKNOWN], UNKNOWN),
    "key of nobody": Case(point(KEYS, "items", CERTIFICATE), at(_GROUPS, KEYS)),
    "key beside that of the stack": Case(
        chain(edit(KEYS, items=[UNKNOWN, "K2JCJMDEHXQW5F"]), refer(KEYS, "items", KEY)), at(_GROUPS, KEYS)
    ),
    "no key": Case(drop(KEY), at(_GROUPS, KEYS)),
    **broken(_KEYS, KEY, "encodedKey", None, "-----BEGIN PRIVATE KEY-----", UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
