"""Clauses api-rest-or-http and enc-transit-tls12: the name of a REST API, its certificate, its record, and its TLS."""

from collections.abc import Iterable, Mapping

from guardrails.api_layer.certificates import certificates_of, names_of, normal, waits_until_issued
from guardrails.api_layer.rest_apis import regional
from guardrails.api_layer.rest_documents import REST_API
from guardrails.api_layer.rest_integrations import RECORD
from guardrails.api_layer.rest_stages import STAGE, apis_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import region_of
from guardrails.reading import Properties

_DOMAIN = "aws:apigateway/domainName:DomainName"
_MAPPINGS: Mapping[str, tuple[str, str, str]] = {
    "aws:apigateway/basePathMapping:BasePathMapping": ("restApi", "stageName", "basePath"),
    "aws:apigatewayv2/apiMapping:ApiMapping": ("apiId", "stage", "apiMappingKey"),
}
"""What leads from a domain to a stage, each with the properties that name the API, the stage and a first path."""
_ARN = "regionalCertificateArn"
_FURTHER = (
    "certificateArn",
    "certificateBody",
    "certificateChain",
    "certificateName",
    "certificatePrivateKey",
    "policy",
    "regionalCertificateName",
)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
_MODERN = (
    "TLS_1_2",
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09",
)


def _modern(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (policy := properties.text("securityPolicy")) not in _MODERN:
        yield f"securityPolicy is {policy or 'not given'}, none of those that refuse TLS before 1.2"


def _certified(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if given := [key for key in _FURTHER if domain.properties.given(key)]:
        yield f"{', '.join(given)} given, which a regional domain with a certificate of ACM does without"
    certificates = certificates_of(domain, _ARN)
    if len(certificates) != 1:
        yield f"{_ARN} refers to no certificate of this stack"
    name = normal(domain.properties.text("domainName") or "")
    for certificate in certificates:
        if not waits_until_issued(domain, certificate):
            yield f"it doesn't wait until {certificate.name} is issued"
        if (region := region_of(certificate)) != (own := region_of(domain)):
            yield f"{certificate.name} is in {region}, not in {own}"
        if not {name, f"*.{name.partition('.')[2]}"} & set(names_of(certificate)):
            yield f"{certificate.name} is not for {name or 'no name'}"


def _leads(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    mappings = domain.referrers("domainName", *_MAPPINGS)
    if len(mappings) != 1:
        yield f"{len(mappings) or 'no'} mappings of this stack are its, not 1"
    name = normal(domain.properties.text("domainName") or "")
    records = domain.referrers("aliases", RECORD)
    if not any(normal(known_text(record, "name") or "") == name for record in records):
        yield f"no record of this stack leads to it by the name {name}"
    if (mode := domain.properties.text("routingMode")) not in ("BASE_PATH_MAPPING_ONLY", None):
        yield f"routingMode is {mode}, by which rules lead elsewhere"


def _to_stage(mapping: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if len(mapping.refers("domainName", _DOMAIN)) != 1:
        yield "domainName refers to no domain of this stack"
    api, stage, first = _MAPPINGS[mapping.type]
    apis, stages = mapping.refers(api, REST_API), mapping.refers(stage, STAGE)
    if len(apis) != 1:
        yield f"{api} refers to no REST API of this stack"
    if len(stages) != 1 or apis_of(stages[0]) != apis:
        yield f"{stage} refers to no stage of its API"
    if mapping.properties.given(first):
        yield f"{first} is given, so that paths begin with what no service knows"


def _has_domain(api: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    mappings = [mapping for type_, (key, *_) in _MAPPINGS.items() for mapping in api.referrers(key, type_)]
    if len(mappings) != 1:
        yield f"{len(mappings) or 'no'} domains of this stack lead to it, not 1"


DOMAIN_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="apis-modern-tls",
        title="REST APIs and their domains speak TLS 1.2 and newer",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({REST_API, _DOMAIN}),
        check=_modern,
        controls=("APIGateway.11", "CKV_AWS_206", "apigateway_domain_name_use_latest_tls"),
        remediation="Leave api.restTlsPolicy out, or set it to another of its values.",
    ),
    ResourceGuardrail(
        id="api-domains-regional",
        title="Domains of REST APIs are regional",
        clauses=("api-rest-or-http",),
        severity="medium",
        types=frozenset({_DOMAIN}),
        check=regional,
        remediation="Set endpointConfiguration.types to REGIONAL.",
    ),
    StackGuardrail(
        id="api-domains-certified",
        title="Domains of REST APIs have certificates of the stack for their names",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({_DOMAIN}),
        check=_certified,
        remediation="Pass certificateArn of an aws.acm.CertificateValidation of the stack, for the same name.",
    ),
    StackGuardrail(
        id="api-domains-lead-to-apis",
        title="A domain of a REST API has a record, and leads to one stage",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({_DOMAIN}),
        check=_leads,
        remediation="Declare a record of the domain's name and a mapping.",
    ),
    StackGuardrail(
        id="api-mappings-to-stage",
        title="Mappings of domains lead to the stage of an API of this stack, with all of its paths",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset(_MAPPINGS),
        check=_to_stage,
        remediation="Pass the domain, the API and its stage, and leave the first path out.",
    ),
    StackGuardrail(
        id="apis-have-domains",
        title="A REST API has one domain",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=_has_domain,
        remediation="Declare one mapping for it.",
    ),
)
