from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, independent
from tests.policies.database_layer.stack import refer
from tests.policies.edge_layer.stack import (
    APP,
    BOTH,
    CERTIFICATE,
    HEALTH,
    ISSUED,
    PRIMARY,
    VIDEO,
    VIDEO_HEALTH,
    VIDEO_PRIMARY,
    VIDEO_SECONDARY,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_ISSUED, _AGREE, _OWN = "distribution-certificates-of-stack", "distribution-names-agree", "videos-by-own-name"
_LEADS, _REPLACES, _FAILS = "records-lead-to-stack", "records-replace-no-others", "failover-within-a-minute"
_FALLS, _WATCHED, _ASKS = "video-falls-back", at("entry-point-watched", APP), "health-checks-ask"
_OTHER_NAME = at(_FAILS, "edge-origin-services-primary")
"""It goes by the health of the API, whose name has to move with it."""
_A, _AAAA = "edge-app-a", "edge-app-aaaa"
_RECORD = "aws:route53/record:Record"
_NAMES = ["app.prod.fitness.example", "www.prod.fitness.example"]

ACCEPTED: dict[str, Change] = {
    "names in other letters": edit(APP, aliases=[name.upper() for name in _NAMES]),
    "wildcard certificate": edit(
        CERTIFICATE, domainName="*.prod.fitness.example", subjectAlternativeNames=["*.prod.fitness.example"]
    ),
    "certificate itself, once it is issued": refer(APP, "viewerCertificate", CERTIFICATE),
    "region of the certificate by the provider": edit(CERTIFICATE, region=None),
    "asked as AWS does by default": edit(HEALTH, requestInterval=None, failureThreshold=None),
    "every 10 seconds": edit(HEALTH, requestInterval=10),
    "looks at the answer": edit(HEALTH, type="HTTPS_STR_MATCH", searchString="ok"),
    "shorter ttl": chain(edit(VIDEO_PRIMARY, ttl=30), edit(VIDEO_SECONDARY, ttl=10)),
    "not overwriting, spelt out": edit(_A, allowOverwrite=False),
    "CloudFront alone serves videos": lambda _: recorded("prod", edge={"videoCdn": None}),
}

REJECTED: dict[str, Case] = {
    # certificates
    **broken(_ISSUED, APP, "viewerCertificate.acmCertificateArn", None, ""),
    "certificate of nobody": Case(refer(APP, "viewerCertificate"), at(_ISSUED, APP)),
    "certificate of another stack": Case(
        chain(other_stack, point(APP, "viewerCertificate", ELSEWHERE)),
        at(_ISSUED, APP) | at("distributions-modern-tls", APP),
    ),
    "not waited for": Case(
        chain(refer(APP, "viewerCertificate", CERTIFICATE), independent(APP, ISSUED)), at(_ISSUED, APP)
    ),
    "certificate wherever": Case(edit(CERTIFICATE, region=UNKNOWN), at(_ISSUED, *BOTH)),
    "certificate elsewhere": Case(edit(CERTIFICATE, region="eu-west-1"), at(_ISSUED, *BOTH)),
    # names
    **broken(_AGREE, APP, "aliases", None, []),
    "names that are not known": Case(edit(APP, aliases=UNKNOWN), at(_AGREE, APP) | at(_OWN, APP)),
    "further name": Case(edit(APP, aliases=[*_NAMES, "more.prod.fitness.example"]), at(_AGREE, APP)),
    "fewer names": Case(edit(APP, aliases=_NAMES[:1]), at(_AGREE, APP)),
    "certificate for fewer names": Case(edit(CERTIFICATE, subjectAlternativeNames=[]), at(_AGREE, *BOTH)),
    "no IPv4": Case(drop(_A), at(_AGREE, APP)),
    "no IPv6": Case(drop(_AAAA), at(_AGREE, APP)),
    "IPv4 leads elsewhere": Case(point(_A, "aliases", VIDEO), at(_AGREE, APP, VIDEO)),
    "another name": Case(edit(_A, name="other.prod.fitness.example"), at(_AGREE, APP)),
    "unknown name": Case(edit(_A, name=UNKNOWN), at(_AGREE, APP)),
    "videos by the name of the application": Case(
        chain(edit(VIDEO, aliases=["films.prod.fitness.example"])),
        at(_OWN, VIDEO) | at(_AGREE, VIDEO),
    ),
    "application by the name of videos": Case(
        edit(APP, aliases=[*_NAMES, "video.prod.fitness.example"]), at(_OWN, APP) | at(_AGREE, APP)
    ),
    # records
    "record of an address": Case(
        add(_RECORD, "old", {"name": "old.prod.fitness.example", "type": "A", "ttl": 300, "records": ["198.51.100.1"]}),
        at(_LEADS, "old"),
    ),
    "name that is led elsewhere": Case(
        add(_RECORD, "old", {"name": "old.prod.fitness.example", "type": "CNAME", "records": ["gone.example.net"]}),
        at(_LEADS, "old"),
    ),
    **broken(_REPLACES, _A, "allowOverwrite", True, UNKNOWN),
    # failover
    "no health check": Case(
        edit(VIDEO_PRIMARY, healthCheckId=None), at(_FAILS, VIDEO_PRIMARY) | at(_LEADS, VIDEO_PRIMARY)
    ),
    "health check of the API missing": Case(edit(PRIMARY, healthCheckId=None), at(_FAILS, PRIMARY)),
    "not a health check": Case(point(PRIMARY, "healthCheckId", CERTIFICATE), at(_FAILS, PRIMARY)),
    **broken(_FAILS, PRIMARY, "aliases.0.evaluateTargetHealth", None, False, UNKNOWN),
    **broken(_FAILS, PRIMARY, "setIdentifier", None, UNKNOWN),
    **broken(_FAILS, VIDEO_PRIMARY, "ttl", None, 61, 300, UNKNOWN),
    **broken(_FAILS, VIDEO_SECONDARY, "ttl", 61),
    "nobody stands by": Case(drop(VIDEO_SECONDARY), at(_FAILS, VIDEO_PRIMARY) | at(_FALLS, VIDEO) | at(_AGREE, VIDEO)),
    "nobody comes first": Case(drop(VIDEO_PRIMARY), at(_FAILS, VIDEO_SECONDARY)),
    "something else stands by": Case(
        point(VIDEO_SECONDARY, "records", APP), at(_FALLS, VIDEO) | at(_AGREE, VIDEO, APP)
    ),
    "provider stands by": Case(
        chain(
            edit(VIDEO_PRIMARY, failoverRoutingPolicies=[{"type": "SECONDARY"}]),
            edit(VIDEO_SECONDARY, failoverRoutingPolicies=[{"type": "PRIMARY"}]),
        ),
        at(_FALLS, VIDEO) | at(_FAILS, VIDEO_SECONDARY),
    ),
    "provider alone, for ever": Case(
        edit(VIDEO_PRIMARY, failoverRoutingPolicies=None), at(_FALLS, VIDEO) | at(_FAILS, VIDEO_SECONDARY)
    ),
    # the entry point
    "entry point that can't move": Case(edit(PRIMARY, failoverRoutingPolicies=None), _WATCHED | _OTHER_NAME),
    "entry point without a record": Case(drop(PRIMARY), _WATCHED | _OTHER_NAME | at("origins-named", APP)),
    "health check of another host": Case(edit(HEALTH, fqdn="other.example"), at(_FAILS, PRIMARY) | _OTHER_NAME),
    "health check of the API for videos": Case(
        point(VIDEO_PRIMARY, "healthCheckId", HEALTH), at(_FAILS, VIDEO_PRIMARY)
    ),
    "provider without a name": Case(
        edit(VIDEO_PRIMARY, records=[]), at(_LEADS, VIDEO_PRIMARY) | at(_FAILS, VIDEO_PRIMARY)
    ),
    **broken(_ASKS, HEALTH, "type", None, "HTTP", "TCP", UNKNOWN),
    **broken(_ASKS, HEALTH, "requestInterval", 0, 20, 60, UNKNOWN),
    **broken(_ASKS, HEALTH, "failureThreshold", 0, 1, 10, UNKNOWN),
    **broken(_ASKS, HEALTH, "disabled", True, UNKNOWN),
    **broken(_ASKS, HEALTH, "invertHealthcheck", True, UNKNOWN),
    **broken(_ASKS, HEALTH, "enableSni", False),
    **broken(_ASKS, VIDEO_HEALTH, "fqdn", None, UNKNOWN),
    **broken(_ASKS, VIDEO_HEALTH, "resourcePath", None, "", UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
