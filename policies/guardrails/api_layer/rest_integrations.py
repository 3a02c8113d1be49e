"""Clause api-rest-or-http: requests go on to the load balancer over TLS, by the path they came, and prove it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from guardrails.api_layer.rest_documents import REST_API, Operation, operations
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import LOAD_BALANCER, known_text
from guardrails.reading import Properties

RECORD = "aws:route53/record:Record"
_ORIGIN = "integration.request.header.x-origin-verify"
_CALLER = "integration.request.header.x-internal-caller"
_VARIABLE = re.compile(r"stageVariables\.(?P<name>[A-Za-z0-9_]+)")
_LONGEST_MS = 29_000
_PARTS = {
    "connectionType",
    "httpMethod",
    "passthroughBehavior",
    "requestParameters",
    "timeoutInMillis",
    "type",
    "uri",
}


def _parameters(operation: Operation) -> dict[str, Any]:
    """Return what is put into the request of an integration, by its place in lower case."""
    found = operation.integration.get("requestParameters")
    given: Mapping[str, Any] = found if isinstance(found, dict) else {}
    lower = {name.lower(): value for name, value in given.items()}
    return lower if len(lower) == len(given) else {}


def origin_variables(properties: Properties) -> set[str]:
    """Return the stage variables that hold what the load balancer asks for."""
    found = (_VARIABLE.fullmatch(str(_parameters(operation).get(_ORIGIN))) for operation in operations(properties))
    return {match["name"] for match in found if match}


def _over_tls(api: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    balancers = {
        (known_text(record, "name") or "").lower().rstrip(".")
        for record in graph.of_type(RECORD)
        if record.refers("aliases", LOAD_BALANCER)
    }
    for operation in operations(api.properties):
        integration = operation.integration
        uri = urlsplit(str(integration.get("uri")))
        if integration.get("type") != "http_proxy" or integration.get("connectionType", "INTERNET") != "INTERNET":
            yield f"{operation} is not passed on as it is, over the internet"
        if uri.scheme != "https" or uri.netloc.lower() not in balancers:
            yield f"{operation} goes to {uri.scheme}://{uri.netloc}, no HTTPS name of a load balancer of this stack"
        if strange := sorted(integration.keys() - _PARTS):
            yield f"{operation} is passed on with {', '.join(strange)}"


def _proven(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for operation in operations(properties):
        value = _parameters(operation).get(_ORIGIN)
        if value is None:
            yield f"{operation} is passed on without the header X-Origin-Verify, so that the load balancer refuses it"
        elif not _VARIABLE.fullmatch(str(value)):
            yield f"X-Origin-Verify of {operation} is not from a stage variable, so that the document shows it"


def _keeps_path(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for operation in operations(properties):
        integration = operation.integration
        uri = urlsplit(str(integration.get("uri")))
        if uri.path != operation.path.replace("+}", "}") or uri.query or uri.fragment:
            yield f"{operation} is passed on to {uri.path}, another path"
        if str(integration.get("httpMethod")).lower() != operation.method:
            yield f"{operation} is passed on as {integration.get('httpMethod')}"
        for name in re.findall(r"\{([^}+]+)\+?\}", operation.path):
            if _parameters(operation).get(f"integration.request.path.{name}") != f"method.request.path.{name}":
                yield f"{operation} is passed on with something else for {name}"


def _in_time(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for operation in operations(properties):
        time = operation.integration.get("timeoutInMillis", _LONGEST_MS)
        if isinstance(time, bool) or not isinstance(time, int) or not 0 < time <= _LONGEST_MS:
            yield f"{operation} is waited for {time} ms, not {_LONGEST_MS} at most"


def _caller_told(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for operation in operations(properties):
        expected = "context.identity.userArn" if operation.internal else "'none'"
        if _parameters(operation).get(_CALLER) != expected:
            yield f"X-Internal-Caller of {operation} is not {expected}, so that callers may say who they are themselves"


INTEGRATION_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="api-integrations-over-tls",
        title="Requests are passed on to the load balancer of the stack, over TLS that is checked",
        clauses=("api-rest-or-http", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({REST_API}),
        check=_over_tls,
        remediation="Leave integrations to components/api_layer/openapi.py.",
    ),
    ResourceGuardrail(
        id="api-integrations-proven",
        title="Requests are passed on with the header that the load balancer asks for, out of a stage variable",
        clauses=("api-rest-or-http",),
        severity="critical",
        types=frozenset({REST_API}),
        check=_proven,
        remediation="Map integration.request.header.X-Origin-Verify to stageVariables.originToken.",
    ),
    ResourceGuardrail(
        id="api-integrations-keep-paths",
        title="Requests are passed on by the method and the path that they were authorized for",
        clauses=("api-rest-or-http",),
        severity="critical",
        types=frozenset({REST_API}),
        check=_keeps_path,
        remediation="Leave integrations to components/api_layer/openapi.py.",
    ),
    ResourceGuardrail(
        id="api-integrations-in-time",
        title="Services are waited for as long as AWS allows without asking, and no longer",
        clauses=("api-rest-or-http",),
        severity="low",
        types=frozenset({REST_API}),
        check=_in_time,
        remediation="Leave api.integrationTimeoutMs out, or set it to 29000 or less.",
    ),
    ResourceGuardrail(
        id="api-internal-callers-told",
        title="Services are told who makes an internal call, and nobody else can tell them",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=_caller_told,
        remediation="Map X-Internal-Caller to context.identity.userArn on internal paths, and to 'none' on others.",
    ),
)
