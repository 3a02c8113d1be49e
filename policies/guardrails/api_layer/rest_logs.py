"""Clauses audit-pii-redaction and obs-retention-api-access: what API Gateway logs, and what it never does."""

import json
import re
from collections.abc import Iterable
from typing import Any

from guardrails.api_layer.rest_stages import METHOD_SETTINGS, STAGE, apis_of
from guardrails.compute_cluster.resources import LOG_GROUP, ROLE
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import MalformedError, Properties

_ACCOUNT = "aws:apigateway/account:Account"
_LOG_GROUP_NAME = "/aws/apigateway/"
_FORMAT = "accessLogSettings.format"
_FIELD = re.compile(
    r"\$context\.(?:requestId|extendedRequestId|xrayTraceId|requestTime|requestTimeEpoch|stage|apiId|domainName"
    r"|httpMethod|resourcePath|protocol|tlsVersion|cipherSuite|status|responseLength|responseLatency|error\.responseType"
    r"|(?:authenticate|authorize|authorizer|customDomain|integration|waf)\.(?:status|latency|error|integrationStatus"
    r"|basePathMatched)|integrationLatency|integrationStatus)"
)
"""Variables that say how a request went: none says who made it, what was in it, or which values its path had."""
_NEEDED = ("$context.requestId", "$context.httpMethod", "$context.resourcePath", "$context.status")


def _logged(stage: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    groups = stage.refers("accessLogSettings", LOG_GROUP)
    if len(groups) != 1:
        yield "accessLogSettings refer to no log group of this stack"
    for group in groups:
        if not (name := group.properties.text("name") or "").startswith(_LOG_GROUP_NAME):
            yield f"{group.name} is called {name or 'nothing'}, so that it is the log of something else"
    apis = apis_of(stage)
    if not any(group for group in _execution_logs(apis) if group in stage.depends_on):
        yield "it doesn't wait for a log group of its API, so that API Gateway makes one that is kept for ever"


def _execution_logs(apis: list[Node]) -> list[Node]:
    return [group for api in apis for group in api.referrers("name", LOG_GROUP)]


def _impersonal(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    text = properties.text(_FORMAT) or ""
    try:
        found: Any = json.loads(text)
    except ValueError:
        raise MalformedError(_FORMAT, text[:40], "an object of JSON") from None
    if not isinstance(found, dict):
        raise MalformedError(_FORMAT, text[:40], "an object of JSON")
    if strange := sorted(str(value) for value in found.values() if not _FIELD.fullmatch(str(value))):
        yield f"{_FORMAT} has {', '.join(strange)}, which may tell who asks or what for"
    if missing := [value for value in _NEEDED if value not in found.values()]:
        yield f"{_FORMAT} lacks {', '.join(missing)}"


def _kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    stages = group.referrers("accessLogSettings", STAGE)
    if stages or any(True for _ in group.refers("name", "aws:apigateway/restApi:RestApi")):
        days = group.properties.number("retentionInDays")
        if days and days < minimum:  # log-groups-expire speaks of none
            yield f"it keeps the log of an API for {days:g} days, not {minimum:g} or more"


def _no_bodies(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("settings.dataTraceEnabled"):
        yield "settings.dataTraceEnabled is true, so that bodies and headers of all requests are logged"


def _errors(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (level := properties.text("settings.loggingLevel")) != "ERROR":
        yield f"settings.loggingLevel is {level or 'not given'}, not ERROR: INFO logs what is in a request"


def _measured(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("settings.metricsEnabled"):
        yield "settings.metricsEnabled is not true"


def _by_role(node: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if node.type == STAGE:
        if relaxations.flag("requireAccount") and not any(found.type == _ACCOUNT for found in node.depends_on):
            yield "it doesn't wait for the role that API Gateway writes logs by, without which it is refused"
    elif len(node.refers("cloudwatchRoleArn", ROLE)) != 1:
        yield "cloudwatchRoleArn refers to no role of this stack, so that nothing is logged, or by somebody's right"


LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="api-stages-logged",
        title="Stages log access and errors to log groups of the stack",
        clauses=("obs-retention-api-access",),
        severity="high",
        types=frozenset({STAGE}),
        check=_logged,
        controls=(
            "APIGateway.1",
            "APIGateway.9",
            "CKV_AWS_76",
            "APIG1",
            "apigateway_restapi_logging_enabled",
        ),
        remediation="Set accessLogSettings, and let the stage wait for API-Gateway-Execution-Logs_<id>/<stage>.",
    ),
    ResourceGuardrail(
        id="api-access-logs-impersonal",
        title="Access logs are JSON that says how requests went, and nothing of who made them",
        clauses=("audit-pii-redaction", "obs-retention-api-access"),
        severity="high",
        types=frozenset({STAGE}),
        check=_impersonal,
        remediation="Leave the format to components/api_layer/access_log.py.",
    ),
    StackGuardrail(
        id="api-logs-kept-30-days",
        title="Logs of REST APIs are kept for 30 days or more",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, 30, "Days that logs of REST APIs are kept at least."
            )
        },
        remediation="Leave api.restLogDays out, or set it to 30 or more.",
    ),
    ResourceGuardrail(
        id="api-bodies-not-logged",
        title="API Gateway never logs bodies",
        clauses=("audit-pii-redaction",),
        severity="critical",
        types=frozenset({METHOD_SETTINGS}),
        check=_no_bodies,
        controls=("CKV_AWS_276",),
        remediation="Leave settings.dataTraceEnabled out.",
    ),
    ResourceGuardrail(
        id="api-errors-logged",
        title="API Gateway logs its errors, and no more than those",
        clauses=("obs-retention-api-access", "audit-pii-redaction"),
        severity="medium",
        types=frozenset({METHOD_SETTINGS}),
        check=_errors,
        controls=("APIGateway.1", "CKV2_AWS_4", "APIG6"),
        remediation="Set settings.loggingLevel to ERROR.",
    ),
    ResourceGuardrail(
        id="api-methods-measured",
        title="API Gateway measures each method",
        clauses=("obs-retention-api-access",),
        severity="low",
        types=frozenset({METHOD_SETTINGS}),
        check=_measured,
        remediation="Set settings.metricsEnabled to true.",
    ),
    StackGuardrail(
        id="api-logs-by-role-of-stack",
        title="API Gateway writes logs by a role of the stack",
        clauses=("obs-retention-api-access",),
        severity="high",
        types=frozenset({_ACCOUNT, STAGE}),
        check=_by_role,
        options={
            "requireAccount": Option(
                {"type": "boolean"}, True, "Whether the stack declares the role that its account has for all APIs."
            )
        },
        remediation="Leave platform.accountSettings out, or set it to true, and pass the ARN of the stack's role.",
    ),
)
