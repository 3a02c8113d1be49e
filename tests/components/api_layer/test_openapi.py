"""The document of the API: what anybody reads of it, and what API Gateway makes of it."""

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from components.api_layer.openapi import document

_ORIGIN = "origin.fit.example"
_AUTHORIZER = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:x/invocations"
_INTEGRATION = "x-amazon-apigateway-integration"
_PUBLIC = {
    ("get", "/api/health"),
    ("get", "/api/public/{proxy+}"),
    ("head", "/api/public/{proxy+}"),
    ("post", "/api/auth/login"),
    ("post", "/api/auth/signup"),
    ("post", "/api/auth/token"),
    ("get", "/auth/.well-known/jwks.json"),
}


def _document() -> dict[str, Any]:
    text = document(title="api", origin_name=_ORIGIN, authorizer_uri=_AUTHORIZER, timeout_ms=29_000)
    found: dict[str, Any] = json.loads(text)
    return found


def _operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {(method, path): says for path, methods in _document()["paths"].items() for method, says in methods.items()}


def test_it_is_openapi() -> None:
    """API Gateway writes a rest of a path as ``{proxy+}``, which OpenAPI doesn't know."""
    found = _document()
    found["paths"] = {path.replace("+}", "}"): methods for path, methods in found["paths"].items()}
    validate(found)


def test_it_says_the_same_in_the_same_words() -> None:
    assert _document() == _document()
    names = [says["operationId"] for says in _operations().values()]
    assert len(names) == len(set(names))


def test_all_but_public_methods_demand_a_token_or_a_signature() -> None:
    for (method, path), says in _operations().items():
        expected: list[dict[str, list[str]]] = [{"token": []}]
        if (method, path) in _PUBLIC:
            expected = []
        elif path.startswith("/internal/"):
            expected = [{"signature": []}]
        assert says["security"] == expected, (method, path)
    assert set(_operations()) >= _PUBLIC


def test_tokens_are_looked_at_by_the_function() -> None:
    assert _document()["components"]["securitySchemes"] == {
        "token": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": _AUTHORIZER,
                "authorizerResultTtlInSeconds": 300,
                "identityValidationExpression": r"^Bearer [A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$",
            },
        },
        "signature": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        },
    }


def test_everything_is_validated() -> None:
    found = _document()
    assert found["x-amazon-apigateway-request-validator"] == "whole"
    assert found["x-amazon-apigateway-request-validators"] == {
        "whole": {"validateRequestBody": True, "validateRequestParameters": True}
    }
    for (method, path), says in _operations().items():
        assert ("requestBody" in says) == (method in ("patch", "post", "put")), (method, path)


def test_models_ask_for_types_alone() -> None:
    """What a value must look like, API Gateway would log with the value: a password that is too short, an address."""
    for schema in _document()["components"]["schemas"].values():
        assert set(schema) <= {"type", "required", "properties"}
        assert all(set(part) == {"type"} for part in schema.get("properties", {}).values())


@pytest.mark.parametrize(
    ("method", "path", "caller", "placeholders"),
    [
        ("post", "/api/auth/login", "'none'", []),
        ("get", "/api/{proxy+}", "'none'", ["proxy"]),
        ("put", "/internal/{service}/{proxy+}", "context.identity.userArn", ["service", "proxy"]),
    ],
)
def test_requests_go_to_the_load_balancer_by_their_path(
    method: str, path: str, caller: str, placeholders: list[str]
) -> None:
    says = _operations()[method, path]
    assert says[_INTEGRATION] == {
        "type": "http_proxy",
        "httpMethod": method.upper(),
        "connectionType": "INTERNET",
        "uri": f"https://{_ORIGIN}{path.replace('+}', '}')}",
        "timeoutInMillis": 29_000,
        "passthroughBehavior": "when_no_match",
        "requestParameters": {
            "integration.request.header.X-Origin-Verify": "stageVariables.originToken",
            "integration.request.header.X-Internal-Caller": caller,
            **{f"integration.request.path.{name}": f"method.request.path.{name}" for name in placeholders},
        },
    }
    assert [(one["name"], one["in"], one["required"]) for one in says["parameters"]] == [
        (name, "path", True) for name in placeholders
    ]


def test_refusals_have_a_number_and_nothing_else() -> None:
    found = _document()["x-amazon-apigateway-gateway-responses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= set(found)
    for kind, response in found.items():
        answer = json.loads(response["responseTemplates"]["application/json"])
        assert set(answer) == {"message", "request"}, kind
        assert answer["request"] == "$context.requestId"
        assert response["responseParameters"]["gatewayresponse.header.Cache-Control"] == "'no-store'"
    assert {kind: response["statusCode"] for kind, response in found.items() if response["statusCode"] == 401} == {
        "ACCESS_DENIED": 401,
        "UNAUTHORIZED": 401,
    }
