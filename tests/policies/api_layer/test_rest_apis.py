import json
from typing import Any

from tests.policies.api_layer.rest_stack import API, broken_document, document, written
from tests.policies.api_layer.stack import violations
from tests.policies.breaking import Case, Change, add, at, cases, edit
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import inputs_of
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_DOCUMENT, _SCOPED, _REFUSALS = "apis-by-document", "apis-scoped", "api-refusals-tell-nothing"
_ARN = "arn:aws:execute-api:us-east-1:444455556666:*/live"
_STATEMENTS: list[dict[str, Any]] = json.loads(inputs_of(recorded("prod"), API)["policy"])["Statement"]
_ALLOWS, _DENIES = _STATEMENTS
_RESPONSES = "x-amazon-apigateway-gateway-responses"
_OF_BODY = (
    _DOCUMENT,
    _REFUSALS,
    "api-authorizers-strict",
    "api-bodies-modelled",
    "api-integrations-in-time",
    "api-integrations-keep-paths",
    "api-integrations-over-tls",
    "api-integrations-proven",
    "api-internal-callers-told",
    "api-internal-methods-signed",
    "api-methods-authorized",
    "api-requests-validated",
)
_UNREADABLE = {(guardrail, API) for guardrail in _OF_BODY} | at("api-stages-have-origin-token", "api-rest-stage")


def _policy(*statements: dict[str, Any]) -> Change:
    return edit(API, policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def _denying(**changes: Any) -> Change:
    return _policy(_ALLOWS, {**_DENIES, **changes})


def _forbidden(guardrail: str, *types: str) -> dict[str, Case]:
    return {type_: Case(add(type_, "more", {"region": "us-east-1"}), at(guardrail, "more")) for type_ in types}


ACCEPTED: dict[str, Change] = {
    "endpoints as a list": nested(API, "endpointConfiguration.types", ["REGIONAL"]),
    "API keys from a header, spelt out": edit(API, apiKeySource="HEADER"),
    "overwritten, spelt out": edit(API, putRestApiMode="overwrite"),
    "fewer paths open": _policy({**_ALLOWS, "Resource": f"{_ARN}/GET/api/public/*"}, _DENIES),
    "AWS as everybody": _denying(Principal={"AWS": "*"}),
    "every action denied": _denying(Action="execute-api:*"),
    "further denial": _policy(_ALLOWS, _DENIES, {**_DENIES, "Resource": f"{_ARN}/*/api/admin/*"}),
    "further answer without variables": written(
        _RESPONSES, "QUOTA_EXCEEDED", value={"responseTemplates": {"application/json": "{}"}}
    ),
    "tags": written("tags", value=[{"name": "more"}]),
}

REJECTED: dict[str, Case] = {
    # its document
    **{
        f"body {value!r}": Case(edit(API, body=value), _UNREADABLE) for value in (None, UNKNOWN, "openapi: 3.0.3", "[]")
    },
    "body that says things twice": Case(edit(API, body=json.dumps(document())[:-1] + ', "paths": {}}'), _UNREADABLE),
    **broken_document(_DOCUMENT, "openapi", values=(None, "2.0", "3.1.0")),
    **{
        f"document with {key}": Case(written(key, value=value), at(_DOCUMENT, API))
        for key, value in {
            "security": [{"token": []}],
            "servers": [{"url": "https://other.example/{basePath}"}],
            "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": []},
            "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False},
            "x-amazon-apigateway-api-key-source": "HEADER",
            "x-amazon-apigateway-binary-media-types": ["*/*"],
        }.items()
    },
    "no paths": Case(written("paths", value={}), at(_DOCUMENT, API)),
    **broken(_DOCUMENT, API, "putRestApiMode", "merge", UNKNOWN),
    **broken(_DOCUMENT, API, "parameters", {"basepath": "prepend"}, UNKNOWN),
    **broken(_DOCUMENT, API, "apiKeySource", "AUTHORIZER", UNKNOWN),
    **broken(_DOCUMENT, API, "binaryMediaTypes", ["*/*"]),
    # what it is
    **broken(
        "apis-regional", API, "endpointConfiguration.types", None, "EDGE", "PRIVATE", ["REGIONAL", "EDGE"], 7, UNKNOWN
    ),
    **broken("apis-regional", API, "endpointConfiguration", None, UNKNOWN),
    **broken("apis-by-own-domain", API, "disableExecuteApiEndpoint", None, False, UNKNOWN, "true"),
    # who may call it
    **broken(_SCOPED, API, "policy", None, "{}", "not JSON", UNKNOWN),
    **{
        f"policy that allows {resource}": Case(_policy({**_ALLOWS, "Resource": resource}, _DENIES), at(_SCOPED, API))
        for resource in (
            "*",
            "execute-api:/*",
            f"{_ARN}/*",
            f"{_ARN}/*/*",
            f"{_ARN}/*/internal/*",
            f"{_ARN}/POST/i*",
            "arn:aws:execute-api:us-east-1:444455556666:*/*/*/api/*",
            "arn:aws:execute-api:us-east-1:111122223333:*/live/*/api/*",
        )
    },
    **{
        f"policy that allows by {key}": Case(
            _policy({**{k: v for k, v in _ALLOWS.items() if f"Not{k}" != key}, key: value}, _DENIES), at(_SCOPED, API)
        )
        for key, value in {"NotAction": "execute-api:X", "NotResource": f"{_ARN}/*/x", "NotPrincipal": "*"}.items()
    },
    **{
        f"policy that allows {action}": Case(_policy({**_ALLOWS, "Action": action}, _DENIES), at(_SCOPED, API))
        for action in ("*", "execute-api:*", ["execute-api:Invoke", "execute-api:InvalidateCache"])
    },
    "policy that denies nothing": Case(_policy(_ALLOWS), at(_SCOPED, API)),
    **{
        f"policy that denies by {change}": Case(_denying(**change), at(_SCOPED, API))
        for change in (
            {"Effect": "Allow", "Resource": f"{_ARN}/*/api/*"},
            {"Principal": {"AWS": "111122223333"}},
            {"Action": "execute-api:ManageConnections"},
            {"Resource": f"{_ARN}/GET/internal/*"},
            {"Resource": f"{_ARN}/*/internal/payment/*"},
            {"Condition": {}},
            {"Condition": {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}},
            {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": ["444455556666", "111122223333"]}}},
            {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "444455556666", "aws:SourceIp": "1.2.3.4"}}},
        )
    },
    # what it says itself
    **broken_document(_REFUSALS, _RESPONSES, values=(None, {})),
    **broken_document(_REFUSALS, _RESPONSES, "DEFAULT_4XX", values=(None, {"statusCode": 400})),
    **broken_document(_REFUSALS, _RESPONSES, "DEFAULT_5XX", values=(None,)),
    **broken_document(
        _REFUSALS,
        _RESPONSES,
        "BAD_REQUEST_BODY",
        "responseTemplates",
        values=(
            None,
            {"application/json": '{"message": "$context.error.validationErrorString"}'},
            {"application/json": '{"message": $context.error.messageString}'},
            {"application/json": '{"host": "$stageVariables.originToken"}'},
        ),
    ),
    **broken_document(
        _REFUSALS,
        _RESPONSES,
        "DEFAULT_4XX",
        "responseParameters",
        values=({"gatewayresponse.header.X-Caller": "context.identity.sourceIp"},),
    ),
    # what stands beside it
    **_forbidden(
        "api-parts-in-document",
        "aws:apigateway/authorizer:Authorizer",
        "aws:apigateway/integration:Integration",
        "aws:apigateway/integrationResponse:IntegrationResponse",
        "aws:apigateway/method:Method",
        "aws:apigateway/methodResponse:MethodResponse",
        "aws:apigateway/model:Model",
        "aws:apigateway/requestValidator:RequestValidator",
        "aws:apigateway/resource:Resource",
        "aws:apigateway/response:Response",
        "aws:apigateway/restApiPolicy:RestApiPolicy",
        "aws:apigateway/restApiPut:RestApiPut",
    ),
    **_forbidden(
        "api-keys-absent",
        "aws:apigateway/apiKey:ApiKey",
        "aws:apigateway/usagePlan:UsagePlan",
        "aws:apigateway/usagePlanKey:UsagePlanKey",
    ),
    **_forbidden(
        "http-apis-absent",
        "aws:apigateway/vpcLink:VpcLink",
        "aws:apigatewayv2/api:Api",
        "aws:apigatewayv2/domainName:DomainName",
        "aws:apigatewayv2/integration:Integration",
        "aws:apigatewayv2/route:Route",
        "aws:apigatewayv2/stage:Stage",
        "aws:apigatewayv2/vpcLink:VpcLink",
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
