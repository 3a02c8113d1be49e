"""Clause api-request-validation, and who may call which method: what the document says of each operation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guardrails.api_layer.rest_documents import PUBLIC, REST_API, Operation, document_of, entries, operations
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import own_accounts
from guardrails.reading import Properties

_FUNCTION = "aws:lambda/function:Function"
_ALIAS = "aws:lambda/alias:Alias"
_PERMISSION = "aws:lambda/permission:Permission"
_VALIDATORS, _VALIDATOR = "x-amazon-apigateway-request-validators", "x-amazon-apigateway-request-validator"
_AUTH_TYPE, _AUTHORIZER = "x-amazon-apigateway-authtype", "x-amazon-apigateway-authorizer"
_OVERRIDES = "x-amazon-apigateway-auth"
_CHANGE = ("any", "patch", "post", "put")
_LONGEST_TTL = 300
_URI = re.compile(
    r"arn:aws:apigateway:(?P<region>[a-z0-9-]+):lambda:path/2015-03-31/functions/"
    r"arn:aws:lambda:(?P=region):(?P<account>[0-9]{12}):function:(?P<name>[A-Za-z0-9_-]+):(?P<alias>[A-Za-z_-][A-Za-z0-9_-]*)"
    r"/invocations"
)
_BEARER = re.compile(r"\^Bearer .+\$")
_PARTS = {"type", "authorizerUri", "authorizerResultTtlInSeconds", "identityValidationExpression"}


def _schemes(properties: Properties) -> dict[str, Mapping[str, Any]]:
    return dict(entries(document_of(properties), "components", "securitySchemes"))


def _scheme_of(operation: Operation, schemes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the only scheme that an operation demands; API Gateway reads it at the operation alone."""
    security = operation.says.get("security")
    if _OVERRIDES in operation.says or not isinstance(security, list) or len(security) != 1:
        return None
    names: Any = security[0]
    return schemes.get(next(iter(names))) if isinstance(names, dict) and len(names) == 1 else None


def _authorized(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    schemes = _schemes(properties)
    for operation in operations(properties):
        if operation.internal:
            continue
        scheme = _scheme_of(operation, schemes)
        if scheme is None or scheme.get(_AUTH_TYPE) != "custom":
            open_ = operation.says.get("security") == [] and _OVERRIDES not in operation.says
            if not (open_ and (operation.method, operation.path) in PUBLIC):
                yield f"{operation} demands no token, and is none of the public methods"


def _signed(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    schemes = _schemes(properties)
    for operation in operations(properties):
        scheme = _scheme_of(operation, schemes)
        if operation.internal and (scheme is None or scheme.get(_AUTH_TYPE) != "awsSigv4"):
            yield f"{operation} demands no signature of IAM"


def _strict(api: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(api)
    functions = {known_text(function, "name") for function in graph.of_type(_FUNCTION)}
    for name, scheme in _schemes(api.properties).items():
        if (scheme.get("type"), scheme.get("name"), scheme.get("in")) != ("apiKey", "Authorization", "header"):
            yield f"scheme {name} doesn't take the header Authorization"
        if scheme.get(_AUTH_TYPE) != "custom":
            if scheme.get(_AUTH_TYPE) != "awsSigv4" or _AUTHORIZER in scheme:
                yield f"scheme {name} is neither a function's nor IAM's"
            continue
        authorizer = scheme.get(_AUTHORIZER)
        parts: Mapping[str, Any] = authorizer if isinstance(authorizer, dict) else {}
        for problem in _loose(parts, accounts, functions):
            yield f"the authorizer of {name} {problem}"


def _loose(parts: Mapping[str, Any], accounts: set[str], functions: set[str | None]) -> Iterator[str]:
    if strange := sorted(parts.keys() - _PARTS):
        yield f"has {', '.join(strange)}, by which it sees something else than the token"
    if parts.get("type") != "token":
        yield f"is of type {parts.get('type')}, not token"
    found = _URI.fullmatch(str(parts.get("authorizerUri")))
    if found is None or found["account"] not in accounts or found["name"] not in functions:
        yield "calls no alias of a function of this stack"
    seconds = parts.get("authorizerResultTtlInSeconds", _LONGEST_TTL)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= _LONGEST_TTL:
        yield f"is believed for {seconds} seconds, not {_LONGEST_TTL} at most"
    if not _BEARER.fullmatch(str(parts.get("identityValidationExpression"))):
        yield "is asked about what can't be a token: identityValidationExpression doesn't begin with ^Bearer"


def _admitted(api: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    permissions = api.referrers("sourceArn", _PERMISSION)
    if not permissions:
        yield "no permission of this stack lets it ask its authorizer, so that it lets nobody in"
    for permission in permissions:
        if (principal := permission.properties.text("principal")) != "apigateway.amazonaws.com":
            yield f"principal of {permission.name} is {principal}, not apigateway.amazonaws.com"
    for permission in graph.of_type(_PERMISSION):
        others = permission.refers("sourceArn", REST_API)
        if known_text(permission, "principal") == "apigateway.amazonaws.com" and not others:
            yield f"{permission.name} lets any API call a function: sourceArn refers to no API of this stack"


def _reserved(api: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not relaxations.flag("requireReserved"):
        return
    for permission in api.referrers("sourceArn", _PERMISSION):
        aliases = permission.refers("function", _ALIAS)
        named = [function for alias in aliases for function in alias.refers("functionName", _FUNCTION)]
        for function in (*named, *permission.refers("function", _FUNCTION)):
            if (function.properties.number("reservedConcurrentExecutions") or 0) < 1:
                yield f"{function.name} has no executions of its own, so that other functions may lock everybody out"


def _validated(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    document = document_of(properties)
    whole = {
        name
        for name, validator in entries(document, _VALIDATORS)
        if validator.get("validateRequestBody") is True and validator.get("validateRequestParameters") is True
    }
    for operation in operations(properties):
        name = operation.says.get(_VALIDATOR, document.get(_VALIDATOR))
        if name not in whole:
            yield f"no validator looks at both body and parameters of {operation}"


def _modelled(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    models = {f"#/components/schemas/{name}" for name, _ in entries(document_of(properties), "components", "schemas")}
    for operation in operations(properties):
        if operation.method in _CHANGE and not _has_model(operation.says.get("requestBody"), models):
            yield f"{operation} takes any body: it demands none of a model of the document"


def _has_model(body: Any, models: set[str]) -> bool:
    try:
        reference = body["content"]["application/json"]["schema"]["$ref"]
    except (KeyError, TypeError):
        return False
    return body.get("required") is True and reference in models


OPERATION_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="api-methods-authorized",
        title="Methods demand a token, other than those that are public",
        clauses=("api-rest-or-http",),
        severity="critical",
        types=frozenset({REST_API}),
        check=_authorized,
        controls=(
            "APIGateway.8",
            "CKV_AWS_59",
            "CKV_AWS_309",
            "CKV2_AWS_70",
            "APIG4",
            "apigateway_restapi_authorizers_enabled",
            "apigateway_restapi_public_with_authorizer",
        ),
        remediation="Leave security out in openapi.json, or add the method to the public ones of both halves.",
    ),
    ResourceGuardrail(
        id="api-internal-methods-signed",
        title="Internal methods demand a signature of IAM",
        clauses=("api-rest-or-http",),
        severity="critical",
        types=frozenset({REST_API}),
        check=_signed,
        remediation="Set security to [{signature: []}] in openapi.json.",
    ),
    StackGuardrail(
        id="api-authorizers-strict",
        title="Authorizers are functions of the stack that see one token, and are believed for five minutes at most",
        clauses=("api-rest-or-http",),
        severity="critical",
        types=frozenset({REST_API}),
        check=_strict,
        remediation="Name the alias of the stack's authorizer, as a token authorizer with an expression and no more.",
    ),
    StackGuardrail(
        id="api-authorizers-admitted",
        title="An API may ask its authorizer, and no other API may",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=_admitted,
        remediation="Declare an aws.lambda_.Permission whose sourceArn is made from executionArn of the API.",
    ),
    StackGuardrail(
        id="api-authorizers-have-executions",
        title="Authorizers have executions of their own",
        clauses=("async-lambda-concurrency-1000",),
        severity="medium",
        types=frozenset({REST_API}),
        check=_reserved,
        options={
            "requireReserved": Option({"type": "boolean"}, True, "Whether executions must be reserved for authorizers.")
        },
        remediation="Leave api.authorizerConcurrency out, or set it to a number.",
    ),
    ResourceGuardrail(
        id="api-requests-validated",
        title="Bodies and parameters of all methods are validated",
        clauses=("api-request-validation",),
        severity="high",
        types=frozenset({REST_API}),
        check=_validated,
        controls=("CKV2_AWS_53", "APIG2"),
        remediation="Name a validator with validateRequestBody and validateRequestParameters for the whole document.",
    ),
    ResourceGuardrail(
        id="api-bodies-modelled",
        title="Methods that change something demand a body of a model",
        clauses=("api-request-validation",),
        severity="medium",
        types=frozenset({REST_API}),
        check=_modelled,
        remediation="Give the operation a required requestBody with a schema of components.",
    ),
)
