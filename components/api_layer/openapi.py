"""The document that API Gateway builds the REST API from: ``openapi.json``, and what only API Gateway understands.

Pure: all of it is known at the first preview, so that guardrails can read it. The token that the load balancer asks
for is not in it, only the name of the stage variable that has it.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.routes import INTERNAL_CALLER_HEADER, ORIGIN_HEADER

ORIGIN_TOKEN_VARIABLE = "originToken"  # noqa: S105 names a variable
"""Stage variable that holds the token which the load balancer asks for."""
TOKEN_SECONDS = 300
"""Seconds that API Gateway believes a token which the authorizer has seen."""

_SHAPE = Path(__file__).with_name("openapi.json")
_METHODS = frozenset({"delete", "get", "head", "patch", "post", "put"})
_VALIDATOR = "whole"
_TOKEN, _SIGNATURE = "token", "signature"
_BEARER = r"^Bearer [A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"
# What clients are told where no service answers: a number to ask after, and nothing of what is behind.
_REFUSALS: Mapping[str, tuple[int, str]] = {
    "ACCESS_DENIED": (401, "Token refused"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "Internal error"),
    "AUTHORIZER_FAILURE": (500, "Internal error"),
    "BAD_REQUEST_BODY": (400, "Malformed body"),
    "BAD_REQUEST_PARAMETERS": (400, "Malformed parameters"),
    "DEFAULT_4XX": (400, "Refused"),
    "DEFAULT_5XX": (500, "Internal error"),
    "EXPIRED_TOKEN": (403, "Forbidden"),
    "INTEGRATION_FAILURE": (502, "Unavailable"),
    "INTEGRATION_TIMEOUT": (504, "Too slow"),
    "INVALID_SIGNATURE": (403, "Forbidden"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "Not found"),
    "RESOURCE_NOT_FOUND": (404, "Not found"),
    "THROTTLED": (429, "Too many requests"),
    "UNAUTHORIZED": (401, "Token missing"),
    "WAF_FILTERED": (403, "Forbidden"),
}
_FURTHER_HEADERS: Mapping[str, Mapping[str, str]] = {
    "ACCESS_DENIED": {"WWW-Authenticate": "Bearer"},
    "THROTTLED": {"Retry-After": "1"},
    "UNAUTHORIZED": {"WWW-Authenticate": "Bearer"},
}
_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


def document(*, title: str, origin_name: str, authorizer_uri: str, timeout_ms: int) -> str:
    """Return the document, as JSON in one order.

    ``origin_name`` is what the load balancer is called, ``authorizer_uri`` leads to the function that knows tokens.
    """
    shape: dict[str, Any] = json.loads(_SHAPE.read_text(encoding="utf-8"))
    everybody: list[dict[str, list[str]]] = shape.pop("security")  # API Gateway reads it at operations alone
    paths = {
        path: {
            method: {
                "security": everybody,
                **operation,
                "parameters": [_parameter(placeholder) for placeholder in _placeholders(path)],
                "x-amazon-apigateway-integration": {
                    **_integration(path, method, operation.get("security")),
                    "uri": f"https://{origin_name}{path.replace('+}', '}')}",
                    "timeoutInMillis": timeout_ms,
                },
            }
            for method, operation in operations.items()
        }
        for path, operations in shape["paths"].items()
    }
    whole = {
        **shape,
        "info": {**shape["info"], "title": title},
        "paths": paths,
        "components": {**shape["components"], "securitySchemes": _schemes(authorizer_uri)},
        "x-amazon-apigateway-request-validators": {
            _VALIDATOR: {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-request-validator": _VALIDATOR,
        "x-amazon-apigateway-gateway-responses": {kind: _refusal(kind) for kind in _REFUSALS},
    }
    return json.dumps(whole, sort_keys=True)


def _parameter(placeholder: str) -> dict[str, Any]:
    return {"name": placeholder, "in": "path", "required": True, "schema": {"type": "string"}}


def _integration(path: str, method: str, security: Any) -> dict[str, Any]:
    """Return how a request is passed on, less where to."""
    if method not in _METHODS:
        raise ValueError(f"{method} of {path} is none of {', '.join(sorted(_METHODS))}")
    internal = security == [{_SIGNATURE: []}]
    return {
        "type": "http_proxy",
        "httpMethod": method.upper(),
        "connectionType": "INTERNET",
        "passthroughBehavior": "when_no_match",
        "requestParameters": {
            f"integration.request.header.{ORIGIN_HEADER}": f"stageVariables.{ORIGIN_TOKEN_VARIABLE}",
            # Always, so that nobody outside can say that he is somebody inside.
            f"integration.request.header.{INTERNAL_CALLER_HEADER}": (
                "context.identity.userArn" if internal else "'none'"
            ),
            **{f"integration.request.path.{name}": f"method.request.path.{name}" for name in _placeholders(path)},
        },
    }


def _placeholders(path: str) -> list[str]:
    return re.findall(r"\{([a-z]+)\+?\}", path)


def _schemes(authorizer_uri: str) -> dict[str, Any]:
    header = {"type": "apiKey", "name": "Authorization", "in": "header"}
    return {
        _TOKEN: {
            **header,
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": authorizer_uri,
                "authorizerResultTtlInSeconds": TOKEN_SECONDS,
                "identityValidationExpression": _BEARER,
            },
        },
        _SIGNATURE: {**header, "x-amazon-apigateway-authtype": "awsSigv4"},
    }


def _refusal(kind: str) -> dict[str, Any]:
    status, message = _REFUSALS[kind]
    headers = {**_HEADERS, **_FURTHER_HEADERS.get(kind, {})}
    return {
        "statusCode": status,
        "responseParameters": {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()},
        "responseTemplates": {"application/json": f'{{"message": "{message}", "request": "$context.requestId"}}'},
    }
