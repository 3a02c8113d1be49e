"""Clause api-rest-or-http: what every REST API is like, and that nothing of it stands outside its document."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from guardrails.api_layer.rest_documents import REST_API, SIGNED_PREFIX, document_of, entries
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import MalformedError, Properties, as_texts
from guardrails.security_layer.resource_policies import ELEMENTS, conditions_of

_KEYS = {
    "components",
    "info",
    "openapi",
    "paths",
    "tags",
    "x-amazon-apigateway-gateway-responses",
    "x-amazon-apigateway-request-validator",
    "x-amazon-apigateway-request-validators",
}
_FURTHER = ("parameters", "binaryMediaTypes")
_REFUSALS = ("DEFAULT_4XX", "DEFAULT_5XX")
_ALLOWED_CONTEXT = "$context.requestId"
_INVOKE = "execute-api:Invoke"
_RESOURCE = re.compile(
    r"arn:aws:execute-api:[a-z0-9-]+:(?P<account>[0-9]{12}):[^/?]+/(?P<stage>[^/*?]+)/(?P<method>[A-Z]+|\*)(?P<path>/.+)"
)
_OUTSIDE = re.compile(r"/(api|auth)/.*")

SEPARATE = frozenset(
    {
        f"aws:apigateway/{name[0].lower()}{name[1:]}:{name}"
        for name in (
            "Authorizer",
            "Integration",
            "IntegrationResponse",
            "Method",
            "MethodResponse",
            "Model",
            "RequestValidator",
            "Resource",
            "Response",
            "RestApiPolicy",
            "RestApiPut",
        )
    }
)
"""Parts of a REST API that its document has."""
_NO_IDENTITY = frozenset(
    {
        "aws:apigateway/apiKey:ApiKey",
        "aws:apigateway/usagePlan:UsagePlan",
        "aws:apigateway/usagePlanKey:UsagePlanKey",
    }
)
_OTHER_KINDS = frozenset(
    {
        "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation",
        "aws:apigateway/vpcLink:VpcLink",
        *(
            f"aws:apigatewayv2/{name[0].lower()}{name[1:]}:{name}"
            for name in (
                "Api",
                "Authorizer",
                "Deployment",
                "DomainName",
                "Integration",
                "IntegrationResponse",
                "Model",
                "Route",
                "RouteResponse",
                "RoutingRule",
                "Stage",
                "VpcLink",
            )
        ),
    }
)


def _by_document(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    document = document_of(properties)
    if not str(document.get("openapi")).startswith("3.0."):
        yield f"its document is of OpenAPI {document.get('openapi')}, not 3.0"
    if strange := sorted(document.keys() - _KEYS):
        yield f"its document has {', '.join(strange)}, which change the API behind its properties"
    if not entries(document, "paths"):
        yield "its document has no paths"
    if (mode := properties.text("putRestApiMode")) not in ("overwrite", None):
        yield f"putRestApiMode is {mode}, so that what was there before stays"
    if (source := properties.text("apiKeySource")) not in ("HEADER", None):
        yield f"apiKeySource is {source}, so that an authorizer tells who somebody is by a key"
    if given := [key for key in _FURTHER if properties.given(key)]:
        yield f"{', '.join(given)} given, by which the document means something else"


def regional(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    """Yield how the endpoint of an API or of a domain is not in the stack's region alone."""
    types = [kind for block in properties.blocks("endpointConfiguration") for kind in _types(block)]
    if types != ["REGIONAL"]:
        yield f"its endpoint is {', '.join(types) or 'not given'}, not REGIONAL alone"


def _types(block: Properties) -> list[str]:
    """Return the types of an endpoint; the SDK takes one, older ones a list."""
    try:
        single = block.text("types")
    except MalformedError:
        return block.texts("types")
    return [single] if single else []


def _own_domain(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("disableExecuteApiEndpoint"):
        yield "disableExecuteApiEndpoint is not true, so that it has a name of AWS beside its own"


def _scoped(api: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(api)
    statements = api.properties.statements("policy")
    for statement in statements:
        for problem in _wide(statement, accounts):
            yield f"statement {statement.get('Sid', '')!r} of its policy {problem}"
    if not any(_keeps_others_out(statement, accounts) for statement in statements):
        yield f"no statement of its policy denies {SIGNED_PREFIX} to other accounts"


def _wide(statement: dict[str, Any], accounts: set[str]) -> Iterator[str]:
    if statement.get("Effect") == "Deny":
        return
    if strange := sorted(statement.keys() - ELEMENTS):
        yield f"uses {', '.join(strange)}, so that it allows more than it names"
    if as_texts(statement.get("Action", "*")) != [_INVOKE]:
        yield f"allows more than {_INVOKE}"
    for resource in as_texts(statement.get("Resource", "*")):
        found = _RESOURCE.fullmatch(resource)
        if found is None or found["account"] not in accounts or not _OUTSIDE.fullmatch(found["path"]):
            yield f"allows it on {resource}, which is more than what tokens are for or what is public"


def _keeps_others_out(statement: dict[str, Any], accounts: set[str]) -> bool:
    """Return whether a statement denies all internal paths to whoever is not of the accounts."""
    resources = [_RESOURCE.fullmatch(resource) for resource in as_texts(statement.get("Resource", ""))]
    conditions = list(conditions_of(statement))
    return (
        statement.get("Effect") == "Deny"
        and not statement.keys() - ELEMENTS
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and as_texts(statement.get("Action", "")) in ([_INVOKE], ["execute-api:*"], ["*"])
        and any(found and found["method"] == "*" and found["path"] == f"{SIGNED_PREFIX}*" for found in resources)
        and len(conditions) == 1
        and conditions[0][:2] == ("StringNotEquals", "aws:principalaccount")
        and set(conditions[0][2]) <= accounts
    )


def _telling(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    responses = dict(entries(document_of(properties), "x-amazon-apigateway-gateway-responses"))
    if missing := [kind for kind in _REFUSALS if kind not in responses]:
        yield f"AWS words {', '.join(missing)}, and tells what is behind"
    for kind, response in responses.items():
        texts = [*_texts(response.get("responseTemplates")), *_texts(response.get("responseParameters"))]
        if not _texts(response.get("responseTemplates")):
            yield f"{kind} has no template, so that AWS words it"
        if any(
            "$" in text.replace(_ALLOWED_CONTEXT, "") or "context." in text.replace(_ALLOWED_CONTEXT, "")
            for text in texts
        ):
            yield f"{kind} tells more of a request than its id"


def _texts(found: Any) -> list[str]:
    return [str(text) for text in found.values()] if isinstance(found, dict) else []


def _apart(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"a {type_.rpartition(':')[2]} stands beside the document of its API, where nobody looks at it"


def _as_identity(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"a {type_.rpartition(':')[2]} takes what many share for who somebody is"


def _other_kind(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"{type_} is of an API without web ACL and validation, or leads past the load balancer's name"


REST_API_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="apis-by-document",
        title="REST APIs are what their OpenAPI document says, which is known and whole",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=_by_document,
        remediation="Leave the document to components/api_layer/openapi.py.",
    ),
    ResourceGuardrail(
        id="apis-regional",
        title="REST APIs are regional",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=regional,
        remediation="Set endpointConfiguration.types to REGIONAL.",
    ),
    ResourceGuardrail(
        id="apis-by-own-domain",
        title="REST APIs are reached by their own domain alone",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=_own_domain,
        remediation="Set disableExecuteApiEndpoint to true.",
    ),
    StackGuardrail(
        id="apis-scoped",
        title="Policies of REST APIs let everybody in to what is public or takes tokens, and this account to the rest",
        clauses=("api-rest-or-http",),
        severity="critical",
        types=frozenset({REST_API}),
        check=_scoped,
        controls=("apigateway_restapi_public",),
        remediation="Allow paths below /api and /auth, and deny /internal to other accounts.",
    ),
    ResourceGuardrail(
        id="api-refusals-tell-nothing",
        title="What an API answers itself tells nothing of what is behind it",
        clauses=("api-rest-or-http", "audit-pii-redaction"),
        severity="medium",
        types=frozenset({REST_API}),
        check=_telling,
        remediation="Word the gateway responses, with $context.requestId and no other variable.",
    ),
    ResourceGuardrail(
        id="api-parts-in-document",
        title="No part of a REST API stands outside its document",
        clauses=("api-rest-or-http", "api-request-validation"),
        severity="critical",
        types=SEPARATE,
        check=_apart,
        remediation="Say it in openapi.json, or in components/api_layer/openapi.py.",
    ),
    ResourceGuardrail(
        id="api-keys-absent",
        title="Nobody is known by an API key",
        clauses=("api-rest-or-http",),
        severity="high",
        types=_NO_IDENTITY,
        check=_as_identity,
        remediation="Let callers bring a token; the gateway service counts the requests of each user.",
    ),
    ResourceGuardrail(
        id="http-apis-absent",
        title="There are no HTTP or WebSocket APIs, and no links into the VPC",
        clauses=("api-rest-or-http", "api-waf"),
        severity="high",
        types=_OTHER_KINDS,
        check=_other_kind,
        remediation="Add paths to the REST API; websockets go to the load balancer.",
    ),
)
