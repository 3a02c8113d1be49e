"""The whole function: events of API Gateway in, policies out."""

import importlib
import io
import json
import time
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from jwt_authorizer.answers import UnknownMethodError
from jwt_authorizer.keys import KeysUnavailableError
from tests.functions.jwt_authorizer.signing import EXPECTED, entry, private_key, token

_STAGE = "arn:aws:execute-api:us-east-1:444455556666:abcdef1234/live"
_METHOD = f"{_STAGE}/GET/api/plans/7"
_CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(
        function_name="jwt-authorizer",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:us-east-1:444455556666:function:jwt-authorizer",
        aws_request_id="00000000-0000-0000-0000-000000000000",
    ),
)


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    variables = {
        "KEYS_URL": "https://api-origin.fit.example/auth/.well-known/jwks.json",
        "TOKEN_ISSUER": EXPECTED.issuer,
        "TOKEN_AUDIENCE": EXPECTED.audience,
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
        "POWERTOOLS_SERVICE_NAME": "jwt-authorizer",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    module = importlib.reload(importlib.import_module("jwt_authorizer.handler"))
    monkeypatch.setattr(module._keys, "fetching", lambda _: json.dumps({"keys": [entry(private_key())]}).encode())
    return module


def _fresh(**claims: Any) -> str:
    return token(claims={"iat": time.time() - 1, "exp": time.time() + 600, **claims})


def _ask(handler: ModuleType, **changes: Any) -> dict[str, Any]:
    event = {"type": "TOKEN", "methodArn": _METHOD, "authorizationToken": _fresh(), **changes}
    found: dict[str, Any] = handler.handle(event, _CONTEXT)
    return found


def test_a_bearer_is_let_in_to_every_method_that_takes_tokens(handler: ModuleType) -> None:
    expires = int(time.time()) + 600
    answer = _ask(handler, authorizationToken=_fresh(scope="read", exp=expires))
    assert answer == {
        "principalId": "user-1",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": f"{_STAGE}/*/api/*"}],
        },
        "context": {"subject": "user-1", "scope": "read", "expires": str(expires)},
    }


@pytest.mark.parametrize("header", [None, "Bearer a.b.c", "", token(key=private_key(number=1))])
def test_everybody_else_is_refused_everywhere(handler: ModuleType, header: object) -> None:
    assert _ask(handler, authorizationToken=header) == {
        "principalId": "nobody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": f"{_STAGE}/*"}],
        },
    }


@pytest.mark.parametrize(
    "method_arn",
    [None, "", "*", "arn:aws:execute-api:us-east-1:444455556666:*/live/GET/x", f"{_STAGE}", f"{_STAGE}*/GET/x"],
)
def test_what_is_no_method_lets_nobody_in(handler: ModuleType, method_arn: object) -> None:
    with pytest.raises(UnknownMethodError):
        _ask(handler, methodArn=method_arn)


def test_without_keys_nobody_is_let_in(handler: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(_url: str) -> bytes:
        raise KeysUnavailableError("no answer")

    monkeypatch.setattr(handler._keys, "fetching", unavailable)
    with pytest.raises(KeysUnavailableError):
        _ask(handler)


def test_tokens_and_bearers_stand_in_no_log(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(handler, "logger", Logger(service="what-is-logged", stream=written))
    right, wrong = _fresh(), token(key=private_key(number=1))
    _ask(handler, authorizationToken=right)
    _ask(handler, authorizationToken=wrong)
    assert "wrong signature" in written.getvalue()
    logged = written.getvalue() + capsys.readouterr().out
    for secret in (right, wrong, right[7:40], "user-1"):
        assert secret not in logged
