"""Who calls functions: AWS services on behalf of this account, by an alias, and nobody from the internet."""

from collections.abc import Iterable

from guardrails.functions.resources import ALIAS, EVENT_SOURCE, FUNCTION, PERMISSION, URL, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties

_INVOKE = "lambda:InvokeFunction"
_WIDENS = ("functionUrlAuthType", "invokedViaFunctionUrl", "principalOrgId", "eventSourceToken")
_CALLS: dict[str, str] = {EVENT_SOURCE: "functionName", PERMISSION: "function"}


def _narrow(permission: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    properties = permission.properties
    if (action := properties.text("action")) != _INVOKE:
        yield f"action is {action or 'not given'}, not {_INVOKE}"
    principal = properties.text("principal") or ""
    if "*" in principal or not principal.endswith(".amazonaws.com"):
        yield f"principal is {principal or 'not given'}, no AWS service"
    if widened := [key for key in _WIDENS if properties.given(key)]:
        yield f"{', '.join(widened)} given, by which others get in"
    if not _on_behalf(permission):
        yield f"{principal} calls it on behalf of any account: sourceAccount and sourceArn name none of this"


def _on_behalf(permission: Node) -> bool:
    properties, accounts = permission.properties, own_accounts(permission)
    if properties.text("sourceAccount") in accounts or permission.refers("sourceArn"):
        return True
    parts = (properties.text("sourceArn") or "").split(":", 5)
    return len(parts) == 6 and parts[4] in accounts and not any(sign in part for part in parts[:4] for sign in "*?")


def _by_alias(caller: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    key = _CALLS[caller.type]
    named = caller.refers(key, ALIAS) or (caller.refers(key, FUNCTION) and caller.refers("qualifier", ALIAS))
    if named and functions_of(caller, key):
        return
    yield f"{key} refers to no alias of a function of this stack, so that it gets what is not published"


def _published(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not function.properties.flag("publish"):
        yield "publish is not true, so that it has no versions"
    aliases = function.referrers("functionName", ALIAS)
    if not aliases:
        yield "it has no alias of this stack"
    for alias in aliases:
        if alias.refers("functionVersion", FUNCTION) != [function]:
            yield f"functionVersion of {alias.name} refers to no version of it"
        if alias.properties.given("routingConfig"):
            yield f"routingConfig of {alias.name} sends a part of all calls to another version"


def _without_url(_type: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield "it lets the internet call a function past the web ACL"


CALLER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="function-permissions-narrow",
        title="Functions are called by AWS services on behalf of this account",
        clauses=("async-lambda-sqs-processors", "enc-kms"),
        severity="critical",
        types=frozenset({PERMISSION}),
        check=_narrow,
        controls=("Lambda.1", "CKV_AWS_301", "CKV_AWS_364", "awslambda_function_not_publicly_accessible"),
        remediation="Name one service as principal, and the own account as sourceAccount or in sourceArn.",
    ),
    StackGuardrail(
        id="functions-called-by-alias",
        title="Event sources and services call functions by an alias",
        clauses=("async-lambda-provisioned", "dr-iac-git"),
        severity="high",
        types=frozenset(_CALLS),
        check=_by_alias,
        remediation="Pass the ARN of the function's alias, or its name with the alias as qualifier.",
    ),
    StackGuardrail(
        id="functions-published",
        title="Each function has versions, and an alias that leads to the newest",
        clauses=("async-lambda-provisioned", "dr-iac-git"),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_published,
        remediation="Set publish to true, and declare an aws.lambda_.Alias with the function's name and version.",
    ),
    ResourceGuardrail(
        id="functions-without-urls",
        title="No function has a URL",
        clauses=("api-waf", "async-lambda-sqs-processors"),
        severity="critical",
        types=frozenset({URL}),
        check=_without_url,
        controls=("CKV_AWS_258", "awslambda_function_url_public"),
        remediation="Let the REST API call it, or a queue.",
    ),
)
