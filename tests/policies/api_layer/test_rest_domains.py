from tests.policies.api_layer.rest_stack import (
    API,
    DOMAIN,
    DOMAIN_CERTIFICATE,
    DOMAIN_VALIDATION,
    MAPPING,
    RECORD,
    STAGE,
)
from tests.policies.api_layer.stack import ALB, CERTIFICATE, HTTPS, VALIDATION, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, independent
from tests.policies.database_layer.stack import copy, refer
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_TLS, _CERTIFIED, _LEADS = (
    "apis-modern-tls",
    at("api-domains-certified", DOMAIN),
    at("api-domains-lead-to-apis", DOMAIN),
)
_TO_STAGE, _HAS_DOMAIN = at("api-mappings-to-stage", MAPPING), at("apis-have-domains", API)
_MODERN = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
_OLDER_MAPPING = chain(
    drop(MAPPING),
    add(
        "aws:apigateway/basePathMapping:BasePathMapping",
        "older",
        {"restApi": UNKNOWN, "stageName": "live", "domainName": UNKNOWN, "region": "us-east-1"},
        restApi=[API],
        stageName=[STAGE],
        domainName=[DOMAIN],
    ),
)

ACCEPTED: dict[str, Change] = {
    "newer TLS policy of the API": edit(API, securityPolicy=_MODERN, endpointAccessMode="STRICT"),
    "newer TLS policy of the domain": edit(DOMAIN, securityPolicy=_MODERN, endpointAccessMode="STRICT"),
    "certificate itself, once it is issued": refer(DOMAIN, "regionalCertificateArn", DOMAIN_CERTIFICATE),
    "wildcard": edit(DOMAIN_CERTIFICATE, domainName="*.prod.fitness.example"),
    "name in other letters": edit(DOMAIN, domainName="Api-Origin.prod.fitness.example"),
    "mapping of base paths": _OLDER_MAPPING,
    "routed by mappings, spelt out": edit(DOMAIN, routingMode="BASE_PATH_MAPPING_ONLY"),
}

REJECTED: dict[str, Case] = {
    **broken(_TLS, API, "securityPolicy", None, "TLS_1_0", "SecurityPolicy_TLS12_2018_EDGE", UNKNOWN),
    **broken(_TLS, DOMAIN, "securityPolicy", None, "TLS_1_0", UNKNOWN),
    **broken(
        "api-domains-regional", DOMAIN, "endpointConfiguration", None, {"types": "EDGE"}, {"types": "PRIVATE"}, UNKNOWN
    ),
    # its certificate
    **broken(
        "api-domains-certified",
        DOMAIN,
        "regionalCertificateArn",
        None,
        "arn:aws:acm:us-east-1:1:certificate/1",
        UNKNOWN,
    ),
    "certificate of another stack": Case(
        chain(other_stack, point(DOMAIN, "regionalCertificateArn", ELSEWHERE)), _CERTIFIED
    ),
    "certificate of the load balancer": Case(point(DOMAIN, "regionalCertificateArn", VALIDATION), _CERTIFIED),
    "certificate not waited for": Case(
        chain(refer(DOMAIN, "regionalCertificateArn", DOMAIN_CERTIFICATE), independent(DOMAIN, DOMAIN_VALIDATION)),
        _CERTIFIED,
    ),
    "certificate in another region": Case(edit(DOMAIN_CERTIFICATE, region="eu-west-1"), _CERTIFIED),
    "certificate for another name": Case(edit(DOMAIN_CERTIFICATE, domainName="other.example"), _CERTIFIED),
    **broken("api-domains-certified", DOMAIN, "certificateArn", "arn:aws:acm:us-east-1:1:certificate/1", UNKNOWN),
    **broken("api-domains-certified", DOMAIN, "policy", "{}"),
    # where it leads
    "no mapping": Case(drop(MAPPING), _LEADS | _HAS_DOMAIN),
    "two mappings": Case(copy(MAPPING, "more"), _LEADS | _HAS_DOMAIN),
    "no record": Case(drop(RECORD), _LEADS),
    "record of another name": Case(edit(RECORD, name="other.example"), _LEADS),
    "record that leads elsewhere": Case(point(RECORD, "aliases", CERTIFICATE), _LEADS),
    "record that leads past the API": Case(
        point(RECORD, "aliases", ALB), _LEADS | at("listener-certificates-fit", HTTPS)
    ),
    "domain of another name": Case(edit(DOMAIN, domainName="other.example"), _LEADS | _CERTIFIED),
    "domain of an unknown name": Case(edit(DOMAIN, domainName=UNKNOWN), _LEADS | _CERTIFIED),
    **broken("api-domains-lead-to-apis", DOMAIN, "routingMode", "ROUTING_RULE_ONLY", UNKNOWN),
    **{
        f"mapping of {value!r}": Case(edit(MAPPING, domainName=value), _LEADS | _TO_STAGE)
        for value in (None, "api-origin.prod.fitness.example", UNKNOWN)
    },
    **{
        f"mapping to {value!r}": Case(edit(MAPPING, apiId=value), _TO_STAGE | _HAS_DOMAIN)
        for value in (None, "abcdef1234", UNKNOWN)
    },
    **broken("api-mappings-to-stage", MAPPING, "stage", None, "live", UNKNOWN),
    "mapping to something else": Case(point(MAPPING, "stage", CERTIFICATE), _TO_STAGE),
    **broken("api-mappings-to-stage", MAPPING, "apiMappingKey", "v1", UNKNOWN),
    "mapping of base paths with a first part": Case(
        chain(_OLDER_MAPPING, edit("older", basePath="v1")), at("api-mappings-to-stage", "older")
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
