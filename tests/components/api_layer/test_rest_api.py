"""The REST API as the stacks declare it."""

import hashlib
import json
from typing import Any

import pytest

from preview.topology import Topology, plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded

_API, _STAGE, _LIMITS = "api-rest-definition", "api-rest-stage", "api-rest-limits"


def _raw(topology: Topology, name: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(topology.resources[urn_of(topology, name)].inputs)
    return found


def test_it_is_regional_and_has_one_name() -> None:
    found = inputs(recorded("prod"), _API)
    assert {key: found[key] for key in found if key not in ("body", "policy")} == {
        "name": "fitness-platform-prod-api",
        "description": "What the API of fitness-platform-prod takes before a service sees it",
        "endpointConfiguration": {"types": "REGIONAL"},
        "disableExecuteApiEndpoint": True,
        "securityPolicy": "TLS_1_2",
        "failOnWarnings": True,
    }


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_its_document_is_known_and_has_no_secret(stack: str) -> None:
    body = json.loads(_raw(recorded(stack), _API)["body"])
    assert body["info"]["title"] == f"fitness-platform-{stack}-api"
    assert UNKNOWN not in json.dumps(body)
    headers = {
        says["x-amazon-apigateway-integration"]["requestParameters"]["integration.request.header.X-Origin-Verify"]
        for methods in body["paths"].values()
        for says in methods.values()
    }
    assert headers == {"stageVariables.originToken"}


def test_it_lets_everybody_call_what_is_public_and_the_account_the_rest() -> None:
    stage = "arn:aws:execute-api:us-east-1:444455556666:*/live"
    assert inputs(recorded("prod"), _API)["policy"]["Statement"] == [
        {
            "Sid": "TokensOrPublic",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": [f"{stage}/*/api/*", f"{stage}/GET/auth/*"],
        },
        {
            "Sid": "InternalFromThisAccount",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": f"{stage}/*/internal/*",
            "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}},
        },
    ]


def test_a_deployment_follows_its_document_and_its_policy() -> None:
    topology = recorded("prod")
    api = _raw(topology, _API)
    expected = hashlib.sha256(f"{api['body']}{api['policy']}".encode()).hexdigest()
    assert inputs(topology, "api-rest-deployment")["triggers"] == {"document": expected}
    assert references(topology, "api-rest-deployment") == {"restApi": [_API]}


def test_its_stage_holds_the_token_and_logs_without_what_is_personal() -> None:
    topology = recorded("prod")
    found = _raw(topology, _STAGE)
    assert (found["stageName"], found["xrayTracingEnabled"], found["cacheClusterEnabled"]) == ("live", True, False)
    assert set(found["variables"]) == {"originToken"}
    fields = json.loads(found["accessLogSettings"]["format"])
    assert {"$context.requestId", "$context.resourcePath", "$context.status"} <= set(fields.values())
    assert not [
        field for field in fields.values() if "identity" in field or "Override" in field or field.endswith("path")
    ]
    assert references(topology, _STAGE) | {"variables": []} == {
        "restApi": [_API],
        "deployment": ["api-rest-deployment"],
        "accessLogSettings": ["api-rest-access-log"],
        "variables": [],
    }
    assert {"api-rest-execution-log", "api-log-writer-account"} <= waits_for(topology, _STAGE)


@pytest.mark.parametrize(("stack", "rate", "burst"), [("prod", 10_000, 5000), ("dev", 100, 200)])
def test_its_limits(stack: str, rate: int, burst: int) -> None:
    topology = recorded(stack)
    assert inputs(topology, _LIMITS) == {
        "methodPath": "*/*",
        "stageName": "live",
        "settings": {
            "throttlingRateLimit": rate,
            "throttlingBurstLimit": burst,
            "metricsEnabled": True,
            "loggingLevel": "ERROR",
            "dataTraceEnabled": False,
            "cachingEnabled": False,
            "cacheDataEncrypted": True,
        },
    }
    assert references(topology, _LIMITS) == {"restApi": [_API], "stageName": [_STAGE]}


def test_its_logs_are_declared_and_kept_for_thirty_days() -> None:
    topology = recorded("prod")
    assert inputs(topology, "api-rest-access-log") == {
        "name": "/aws/apigateway/fitness-platform-prod-api/access",
        "retentionInDays": 30,
    }
    assert inputs(topology, "api-rest-execution-log") == {"retentionInDays": 30}
    assert references(topology, "api-rest-execution-log") == {"name": [_API], "kmsKeyId": ["security-logs-key"]}


def test_the_web_acl_stands_before_it() -> None:
    assert references(recorded("prod"), "api-rest-stage-web-acl") == {
        "resourceArn": [_STAGE],
        "webAclArn": ["api-web-acl-rules"],
    }


def test_only_it_may_ask_its_authorizer() -> None:
    topology = recorded("prod")
    assert inputs(topology, "api-rest-may-ask") == {
        "statementId": "ApiMayAsk",
        "action": "lambda:InvokeFunction",
        "function": "fitness-platform-prod-jwt-authorizer",
        "qualifier": "live",
        "principal": "apigateway.amazonaws.com",
        "sourceAccount": "444455556666",
    }
    assert references(topology, "api-rest-may-ask") == {
        "function": ["api-authorizer-alias"],
        "qualifier": ["api-authorizer-alias"],
        "sourceArn": [_API],
    }


def test_its_authorizer_knows_where_keys_are() -> None:
    variables = _raw(recorded("prod"), "api-authorizer-function")["environment"]["variables"]
    assert {key: value for key, value in variables.items() if not key.startswith("POWERTOOLS")} == {
        "KEYS_URL": "https://api-origin.prod.fitness.example/auth/.well-known/jwks.json",
        "TOKEN_AUDIENCE": "fitness-platform",
        "TOKEN_ISSUER": "https://auth.prod.fitness.example",
    }


def test_issuer_and_audience_are_settings() -> None:
    topology = recorded("prod", api={"tokenIssuer": "https://login.example/", "tokenAudience": "https://api.example"})
    variables = _raw(topology, "api-authorizer-function")["environment"]["variables"]
    assert (variables["TOKEN_ISSUER"], variables["TOKEN_AUDIENCE"]) == ("https://login.example/", "https://api.example")


def test_its_name_has_a_certificate_and_leads_to_its_stage() -> None:
    topology = recorded("prod")
    name = "api-origin.prod.fitness.example"
    assert inputs(topology, "api-domain-certificate-request")["domainName"] == name
    assert inputs(topology, "api-domain-name") == {
        "domainName": name,
        "endpointConfiguration": {"types": "REGIONAL"},
        "securityPolicy": "TLS_1_2",
    }
    assert references(topology, "api-domain-name") == {"regionalCertificateArn": ["api-domain-certificate-issued"]}
    assert references(topology, "api-domain-mapping") == {
        "domainName": ["api-domain-name"],
        "apiId": [_API],
        "stage": [_STAGE],
    }


def test_newer_tls_policies_say_how_names_are_compared() -> None:
    topology = recorded("prod", api={"restTlsPolicy": "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"})
    for name in (_API, "api-domain-name"):
        assert inputs(topology, name)["endpointAccessMode"] == "STRICT"


def test_one_stack_of_an_account_declares_its_role_for_logs() -> None:
    topology = recorded("prod")
    assert references(topology, "api-log-writer-account") == {"cloudwatchRoleArn": ["api-log-writer-role"]}
    assert "api-log-writer-may-write" in waits_for(topology, "api-log-writer-account")
    [statement] = inputs(topology, "api-log-writer-role")["assumeRolePolicy"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "444455556666"}}


def test_another_stack_of_the_account_does_not() -> None:
    topology = recorded("prod", platform={"environment": "prod", "accountId": "444455556666", "accountSettings": False})
    assert names(topology, "Account") == set()
    assert "api-log-writer-account" not in waits_for(topology, _STAGE)


@pytest.mark.parametrize(
    ("metric", "threshold"), [("5XXError", 0.01), ("4XXError", 0.25), ("Latency", 3000), ("Count", 480_000)]
)
def test_it_is_watched(metric: str, threshold: float) -> None:
    found = inputs(recorded("prod"), f"api-rest-alarms-{metric}")
    assert found["dimensions"] == {"ApiName": "fitness-platform-prod-api", "Stage": "live"}
    assert found["threshold"] == threshold
