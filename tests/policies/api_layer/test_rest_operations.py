from typing import Any

from tests.policies.api_layer.rest_stack import (
    API,
    INTEGRATION,
    INTERNAL,
    LOGIN,
    OWN,
    PERMISSION,
    broken_document,
    document,
    rewritten,
    written,
)
from tests.policies.api_layer.stack import CERTIFICATE, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_AUTHORIZED, _SIGNED, _STRICT = "api-methods-authorized", "api-internal-methods-signed", "api-authorizers-strict"
_ADMITTED, _VALIDATED, _MODELLED = at("api-authorizers-admitted", API), "api-requests-validated", "api-bodies-modelled"
_SCHEME = ("components", "securitySchemes", "token")
_AUTHORIZER = (*_SCHEME, "x-amazon-apigateway-authorizer")
_URI: str = document()["components"]["securitySchemes"]["token"]["x-amazon-apigateway-authorizer"]["authorizerUri"]
_VALIDATOR = "x-amazon-apigateway-request-validator"
_FUNCTION, _RESERVED = "api-authorizer-function", "api-authorizers-have-executions"
_ANY = "x-amazon-apigateway-any-method"


def _further(path: str, method: str, **says: Any) -> Change:
    """Add a method that differs from the one that reads, in what it ``says``."""

    def change(found: dict[str, Any]) -> None:
        like = found["paths"][OWN]["get"]
        integration = {
            **like[INTEGRATION],
            "httpMethod": "any" if method == _ANY else method.upper(),
            "uri": f"https://origin.prod.fitness.example{path.replace('+}', '}')}",
        }
        found["paths"].setdefault(path, {})[method] = {**like, INTEGRATION: integration, **says}

    return rewritten(change)


ACCEPTED: dict[str, Change] = {
    "further method with a token": _further("/api/more/{proxy+}", "get"),
    "public method with a token": written("paths", LOGIN, "post", "security", value=[{"token": []}]),
    "believed for a minute": written(*_AUTHORIZER, "authorizerResultTtlInSeconds", value=60),
    "never believed": written(*_AUTHORIZER, "authorizerResultTtlInSeconds", value=0),
    "believed as long as by default": written(*_AUTHORIZER, "authorizerResultTtlInSeconds", value=None),
    "validator of an operation": written("paths", OWN, "get", _VALIDATOR, value="whole"),
    "order of the document": rewritten(
        lambda found: found.update({key: found.pop(key) for key in sorted(found, reverse=True)})
    ),
}

REJECTED: dict[str, Case] = {
    # who may call
    **broken_document(
        _AUTHORIZED,
        "paths",
        OWN,
        "get",
        "security",
        values=(
            None,
            [],
            [{}],
            [{"signature": []}],
            [{"token": []}, {}],
            [{"token": [], "signature": []}],
            [{"other": []}],
            "token",
        ),
    ),
    **broken_document(_AUTHORIZED, "paths", OWN, "get", "x-amazon-apigateway-auth", values=({"type": "NONE"},)),
    "public by another method": Case(_further("/api/health", "delete", security=[]), at(_AUTHORIZED, API)),
    "public by another path": Case(_further("/api/public", "get", security=[]), at(_AUTHORIZED, API)),
    "public by all methods": Case(
        _further("/api/public/{proxy+}", _ANY, security=[]), at(_AUTHORIZED, API) | at(_MODELLED, API)
    ),
    "token demanded of the whole document": Case(
        chain(written("security", value=[{"token": []}]), written("paths", OWN, "get", "security", value=None)),
        at(_AUTHORIZED, API) | at("apis-by-document", API),
    ),
    "scheme of an API key": Case(
        written(*_SCHEME, "x-amazon-apigateway-authtype", value=None), at(_AUTHORIZED, API) | at(_STRICT, API)
    ),
    **broken_document(
        _SIGNED,
        "paths",
        INTERNAL,
        "post",
        "security",
        values=(None, [], [{"token": []}], [{"signature": []}, {"token": []}]),
    ),
    # its authorizer
    **broken_document(_STRICT, *_SCHEME, "name", values=("X-Token", None)),
    **broken_document(_STRICT, *_SCHEME, "in", values=("query",)),
    **broken_document(_STRICT, *_AUTHORIZER, "type", values=("request", None)),
    **broken_document(_STRICT, *_AUTHORIZER, "identitySource", values=("method.request.header.X",)),
    **broken_document(_STRICT, *_AUTHORIZER, "authorizerCredentials", values=("arn:aws:iam::1:role/x",)),
    **broken_document(_STRICT, *_AUTHORIZER, "authorizerResultTtlInSeconds", values=(301, 3600, -1, "300", True)),
    **broken_document(_STRICT, *_AUTHORIZER, "identityValidationExpression", values=(None, ".*", "^Bearer")),
    **broken_document(
        _STRICT,
        *_AUTHORIZER,
        "authorizerUri",
        values=(
            None,
            _URI.replace(":live", ""),
            _URI.replace(":live", ":$LATEST"),
            _URI.replace("444455556666", "111122223333"),
            _URI.replace("jwt-authorizer", "other"),
            _URI.replace("arn:aws:lambda:us-east-1", "arn:aws:lambda:us-west-2"),
        ),
    ),
    **broken_document(
        _STRICT,
        "components",
        "securitySchemes",
        "signature",
        "x-amazon-apigateway-authorizer",
        values=({"type": "token"},),
    ),
    "no permission": Case(drop(PERMISSION), _ADMITTED),
    **{
        f"permission for {value!r}": Case(edit(PERMISSION, sourceArn=value), _ADMITTED)
        for value in (None, "arn:aws:execute-api:us-east-1:444455556666:*", UNKNOWN)
    },
    "permission for another stack": Case(chain(other_stack, point(PERMISSION, "sourceArn", ELSEWHERE)), _ADMITTED),
    "permission for something else": Case(point(PERMISSION, "sourceArn", CERTIFICATE), _ADMITTED),
    "further permission for any API": Case(
        chain(copy(PERMISSION, "more"), edit("more", sourceArn="arn:aws:execute-api:us-east-1:444455556666:*")),
        _ADMITTED,
    ),
    "permission for another service": Case(edit(PERMISSION, principal="events.amazonaws.com"), _ADMITTED),
    **{
        f"executions {value!r}": Case(edit(_FUNCTION, reservedConcurrentExecutions=value), at(_RESERVED, API))
        for value in (None, -1, UNKNOWN)
    },
    # what is validated
    **broken_document(_VALIDATED, _VALIDATOR, values=(None, "other")),
    **broken_document(_VALIDATED, "x-amazon-apigateway-request-validators", values=(None, {})),
    **broken_document(
        _VALIDATED,
        "x-amazon-apigateway-request-validators",
        "whole",
        "validateRequestBody",
        values=(None, False, "true"),
    ),
    **broken_document(
        _VALIDATED, "x-amazon-apigateway-request-validators", "whole", "validateRequestParameters", values=(None, False)
    ),
    **broken_document(_VALIDATED, "paths", OWN, "get", _VALIDATOR, values=("none", "")),
    **broken_document(_MODELLED, "paths", LOGIN, "post", "requestBody", values=(None, {})),
    **broken_document(_MODELLED, "paths", LOGIN, "post", "requestBody", "required", values=(None, False)),
    **broken_document(
        _MODELLED,
        "paths",
        LOGIN,
        "post",
        "requestBody",
        "content",
        values=(
            None,
            {"text/plain": {"schema": {"$ref": "#/components/schemas/Credentials"}}},
            {"application/json": {"schema": {"type": "object"}}},
            {"application/json": {"schema": {"$ref": "#/components/schemas/Other"}}},
        ),
    ),
}


def test_executions_are_an_option() -> None:
    topology = edit(_FUNCTION, reservedConcurrentExecutions=None)(recorded("prod"))
    assert violations(topology, {_RESERVED: {"requireReserved": False}}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
