import json

import pytest

from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.compute_cluster.secrets import SECRET_GUARDRAILS
from guardrails.model import ResourceGuardrail
from guardrails.reading import Properties
from tests.policies.breaking import Case, Change, at, cases
from tests.policies.compute_cluster.stack import (
    ACCOUNT,
    APP,
    REGION,
    SIDECAR,
    TASK,
    broken_containers,
    container,
    recorded,
    violations,
)

_BY_ARN, _PLAIN = "container-secrets-by-arn", "container-environment-without-secrets"
_OWN = "containers-told-of-own-stack"
_SECRETS_UNREAD = {(rule, TASK) for rule in (_BY_ARN, _OWN, "containers-without-owner-secret")}
_ENVIRONMENT_UNREAD = {
    (rule, TASK) for rule in (_PLAIN, _OWN, "container-connections-protected", "collectors-send-to-aws")
}
_SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:payment"
_OWNERS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:fitness-platform-prod-database-owner"
_PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/payment"


def _given(value: object) -> Change:
    return container(TASK, APP, "secrets", [{"name": "PAYMENT", "valueFrom": value}])


def _plain(name: str, value: object, of: str = APP) -> Change:
    return container(TASK, of, "environment", [{"name": name, "value": value}])


ACCEPTED: dict[str, Change] = {
    "secret with a suffix": _given(f"{_SECRET}-AbCdEf"),
    "field of a secret": _given(f"{_SECRET}:password::"),
    "parameter": _given(_PARAMETER),
    "no secrets": container(TASK, APP, "secrets", None),
    "queue of the stack": _plain("QUEUE", f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/fitness-platform-prod-email"),
    "address of others": _plain("PARTNER_URL", "https://api.partner.example/dev/123456789012"),
    "own environment": _plain("SEARCH", "fitness-prod-search"),
    "path that is no environment": _plain("URL", "https://api.prod.fitness.example/test"),
    "label that is no secret": container(TASK, APP, "dockerLabels", {"team": "training"}),
    "empty value": _plain("PASSWORD", ""),
    "what is no secret": _plain("SECRET_ARN", _SECRET),
}

_NO_SECRETS = (
    ("SECRET_ARN", _SECRET),
    ("TOKEN_TTL_SECONDS", "900"),
    ("PASSWORD_MIN_LENGTH", "12"),
    ("JWT_TOKEN_ISSUER", "https://auth.fitness.example"),
    ("TOKEN_URL", "https://auth.fitness.example:8443/token"),
    ("PASSENGER_APP", "auth"),
    ("COMPASS", "north"),
    ("MONKEY", "banana"),
    ("KEYBOARD", "qwerty"),
    ("CACHE_KEY_PREFIX", "auth"),
    ("COMMIT", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("IMAGE", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("REQUEST_ID", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
    ("QUEUE", f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/fitness-platform-prod-RecommendationJobs"),
    ("POOL", "us-east-1_AbCdEfGhI"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"),
    ("HELP", "Your password:"),
)
_SECRET_NAMES = (
    "PASSWORD",
    "DATABASE_PASSWORD",
    "DB_PASSWORD_1",
    "dbPassword",
    "db-password",
    "PG_PASSWORD",
    "MYSQL_PWD",
    "SMTP_PASS",
    "CLIENT_SECRET",
    "SECRETS",
    "API_TOKEN",
    "apiKey",
    "STRIPE_API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
    "JWT_SIGNING_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "GOOGLE_CREDENTIALS",
    "PASSPHRASE",
)

_SECRET_VALUES = (
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "-----BEGIN PRIVATE KEY-----",
    "postgres://app:hunter2@db.example:5432/app",
    "POSTGRES://app:hunter2@db",
    "redis://:hunter2@cache:6379",
    "host=db user=app password=hunter2",
    "Server=db;Pwd=hunter2",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "ghp_" + "a1B2c3D4e5" * 4,
    "glpat-" + "a1B2c3D4e5" * 2,
    "xoxb-1234567890-abcdef",
    "sk_live_" + "a1b2c3d4e5f6g7h8",
    "whsec_" + "a1b2c3d4e5f6g7h8",
    "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "SG.a1b2c3d4e5f6g7h8.i9j0k1l2m3n4o5p6",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ83kLsT6vEm",
    "Xq7RtP2mLk9Zw4Vb8Ny3",
    "d41d8cd98f00b204e9800998ecf8427e",
)

REJECTED: dict[str, Case] = {
    **{
        f"from {value!r}": Case(_given(value), at(_BY_ARN, TASK))
        for value in (
            None,
            "",
            "payment",
            "/payment",
            f"{_SECRET}-*",
            f"{_SECRET}-??????",
            f"arn:aws:s3:::{ACCOUNT}/payment",
        )
    },
    **{
        f"from {value}": Case(_given(value), at(_BY_ARN, TASK) | at(_OWN, TASK))
        for value in (_SECRET.replace(ACCOUNT, "999988887777"), _PARAMETER.replace(ACCOUNT, "999988887777"))
    },
    "from what is no text": Case(_given(7), _SECRETS_UNREAD),
    "secret option of a log": Case(
        container(TASK, APP, "logConfiguration.secretOptions", [{"name": "token", "valueFrom": "token"}]),
        at(_BY_ARN, TASK),
    ),
    "secrets that are no list": Case(container(TASK, APP, "secrets", "x"), _SECRETS_UNREAD),
    **{
        f"told of {value}": Case(_plain("PLACE", value), at(_OWN, TASK))
        for value in (
            f"https://sqs.{REGION}.amazonaws.com/999988887777/fitness-platform-prod-email",
            f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/fitness-platform-prod-letters",
            f"arn:aws:sns:{REGION}:999988887777:topic",
            f"999988887777.dkr.ecr.{REGION}.amazonaws.com/x",
            f"fitness-platform-documents-prod-999988887777-{REGION}",
            "fitness-platform-dev-cache",
            "https://api.staging.fitness.example/auth",
        )
    },
    "secret of another environment": Case(
        _given(_SECRET.replace("payment", "fitness-platform-dev-database-app")), at(_OWN, TASK)
    ),
    **{
        f"owner's by {value}": Case(_given(value), at("containers-without-owner-secret", TASK))
        for value in (f"{_OWNERS}:password::", f"{_OWNERS}-AbCdEf:password::", _OWNERS)
    },
    "secret by its name": Case(_plain("DATABASE_PASSWORD", "hunter2"), at(_PLAIN, TASK)),
    "secret by its value": Case(_plain("SETTING", _SECRET_VALUES[0]), at(_PLAIN, TASK)),
    "in a sidecar": Case(_plain("SETTING", _SECRET_VALUES[0], SIDECAR), at(_PLAIN, TASK)),
    "value that is no text": Case(_plain("SETTING", 7), _ENVIRONMENT_UNREAD),
    "environment that is no list": Case(container(TASK, APP, "environment", "PASSWORD=x"), _ENVIRONMENT_UNREAD),
    **broken_containers(_PLAIN, APP, "environment", {"name": "PASSWORD", "value": "x"}),
    **broken_containers(_PLAIN, APP, "environmentFiles", [{"value": "arn:aws:s3:::settings/.env", "type": "s3"}]),
    "password of a command": Case(
        container(TASK, APP, "command", ["serve", "--database", "postgres://app:hunter2@db/app"]),
        at(_PLAIN, TASK) | at("containers-as-built", TASK),
    ),
    **broken_containers(
        _PLAIN,
        APP,
        "dockerLabels",
        {"key": "AKIAIOSFODNN7EXAMPLE"},
        {"password": "hunter2"},
        {"x": "Xq7RtP2mLk9Zw4Vb8Ny3"},
        {"x": 7},
        ["x"],
    ),
    **broken_containers(_PLAIN, APP, "healthCheck.command", ["CMD-SHELL", "curl https://me:hunter2@localhost"]),
}


def _messages(name: str, value: str) -> list[str]:
    """Return what is said of one variable, asked of the guardrail itself."""
    [guardrail] = [rail for rail in SECRET_GUARDRAILS if rail.id == _PLAIN]
    assert isinstance(guardrail, ResourceGuardrail)
    definitions = json.dumps([{"name": APP, "environment": [{"name": name, "value": value}]}])
    found = guardrail.evaluate("urn", TASK_DEFINITION, Properties({"containerDefinitions": definitions}), {})
    return [violation.message for violation in found]


@pytest.mark.parametrize(("name", "value"), _NO_SECRETS)
def test_what_is_no_secret(name: str, value: str) -> None:
    assert _messages(name, value) == []


@pytest.mark.parametrize("name", _SECRET_NAMES)
def test_secrets_by_their_names(name: str) -> None:
    assert _messages(name, "hunter2") == [f"container auth: environment has {name}, which is a secret by its name"]


@pytest.mark.parametrize("value", _SECRET_VALUES)
def test_secrets_by_their_values_are_not_repeated(value: str) -> None:
    assert _messages("SETTING", value) == ["container auth: environment has SETTING, which is a secret by its value"]


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
