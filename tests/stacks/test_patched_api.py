"""The REST API broken as a pull request might break it."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each, urn

_API = "fitness-platform:api:ApiLayer"
_REST, _DOMAIN = f"{_API}$fitness-platform:api:RestApi", f"{_API}$fitness-platform:api:RestDomain"
_REST_FILE, _DOCUMENT_FILE = "components/api_layer/rest_api.py", "components/api_layer/openapi.py"


def _of_api(guardrail: str) -> set[tuple[str, str]]:
    return each(guardrail, f"{_REST}$aws:apigateway/restApi:RestApi", "api-rest-definition")


def _of_stage(guardrail: str) -> set[tuple[str, str]]:
    return each(guardrail, f"{_REST}$aws:apigateway/stage:Stage", "api-rest-stage")


def _of_limits(guardrail: str) -> set[tuple[str, str]]:
    return each(guardrail, f"{_REST}$aws:apigateway/methodSettings:MethodSettings", "api-rest-limits")


PATCHES = {
    "bodies logged": Patch(
        _REST_FILE, "data_trace_enabled=False", "data_trace_enabled=True", _of_limits("api-bodies-not-logged")
    ),
    "callers logged": Patch(
        "components/api_layer/access_log.py",
        '"status": "status",',
        '"status": "status", "ip": "identity.sourceIp",',
        _of_stage("api-access-logs-impersonal"),
    ),
    "validator removed": Patch(
        _DOCUMENT_FILE,
        '        "x-amazon-apigateway-request-validator": _VALIDATOR,\n',
        "",
        _of_api("api-requests-validated"),
    ),
    "authorizer removed": Patch(
        _DOCUMENT_FILE, '"security": everybody,', '"security": [],', _of_api("api-methods-authorized")
    ),
    "internal calls unsigned": Patch(
        _DOCUMENT_FILE,
        '"x-amazon-apigateway-authtype": "awsSigv4"',
        '"x-amazon-apigateway-authtype": "custom"',
        _of_api("api-internal-methods-signed") | _of_api("api-authorizers-strict"),
    ),
    "throttle off": Patch(
        _REST_FILE,
        "                throttling_rate_limit=settings.throttle_rate,\n",
        "",
        _of_limits("api-methods-throttled"),
    ),
    "WAF association removed": Patch(
        _REST_FILE,
        "aws.wafv2.WebAclAssociation(",
        "(lambda *_, **__: None)(",
        _of_stage("api-stages-have-web-acls"),
    ),
    "token in the document": Patch(
        _DOCUMENT_FILE,
        'f"stageVariables.{ORIGIN_TOKEN_VARIABLE}"',
        "\"'a-token-in-plain-text-0123456789ab'\"",
        _of_api("api-integrations-proven"),
    ),
    "plain HTTP to the load balancer": Patch(
        _DOCUMENT_FILE, 'f"https://{origin_name}', 'f"http://{origin_name}', _of_api("api-integrations-over-tls")
    ),
    "name of AWS beside its own": Patch(
        _REST_FILE,
        "disable_execute_api_endpoint=True",
        "disable_execute_api_endpoint=False",
        _of_api("apis-by-own-domain"),
    ),
    "internal paths open to everybody": Patch(
        _REST_FILE,
        'f"{stage}/GET/auth/*"]',
        'f"{stage}/GET/auth/*", internal]',
        _of_api("apis-scoped"),
    ),
    "TLS 1.0 accepted": Patch(
        "components/api_layer/rest_domain.py",
        "security_policy=settings.rest_tls_policy",
        'security_policy="TLS_1_0"',
        each("apis-modern-tls", f"{_DOMAIN}$aws:apigateway/domainName:DomainName", "api-domain-name"),
    ),
    "method beside the document": Patch(
        _REST_FILE,
        "        deployment = aws.apigateway.Deployment(",
        '        aws.apigateway.Method(f"{name}-open", rest_api=api.id, resource_id=api.root_resource_id,\n'
        '                              http_method="GET", authorization="NONE", opts=child)\n'
        "        deployment = aws.apigateway.Deployment(",
        {("api-parts-in-document", urn(f"{_REST}$aws:apigateway/method:Method", "api-rest-open"))},
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patch_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
