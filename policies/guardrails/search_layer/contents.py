"""Clauses search-shards-5, search-replicas-1 and search-dash-*: what a search domain is filled with.

None of it is a resource of AWS. A function applies it, and what it applies is the input of its call, read here.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from guardrails.functions.resources import ALIAS, FUNCTION, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.reading import MalformedError
from guardrails.search_layer.resources import DOMAIN

_CALL = "aws:lambda/invocation:Invocation"
_PARAMETER = "aws:ssm/parameter:Parameter"
_SHARDS, _REPLICAS = "number_of_shards", "number_of_replicas"
_DASHBOARDS = ("content-search", "user-behaviour", "system-performance")


def _told(domain: Node) -> list[Node]:
    """Return the functions that are told where a domain is."""
    return [
        function
        for parameter in domain.referrers("value", _PARAMETER)
        for function in parameter.referrers("environment", FUNCTION)
    ]


def _fills(call: Node, graph: Graph) -> bool:
    functions = functions_of(call, "functionName")
    return any(function in _told(domain) for domain in graph.of_type(DOMAIN) for function in functions)


def _filled(domain: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    calls = [
        call
        for call in graph.of_type(_CALL)
        if any(function in _told(domain) for function in functions_of(call, "functionName"))
    ]
    if len(calls) != 1:
        yield f"{len(calls) or 'no'} calls of this stack fill it, not 1"
    for call in calls:
        if not call.refers("qualifier", ALIAS):
            yield f"qualifier of {call.name} refers to no alias, so that it calls what is not published"
        if not call.properties.given("triggers"):
            yield f"triggers of {call.name} are not given, so that it isn't filled anew when the function changes"


def _wanted(call: Node) -> list[dict[str, Any]]:
    """Return what a call fills a domain with."""
    text = call.properties.text("input")
    try:
        found: Any = json.loads(text or "{}")
        wanted = found["wanted"]
    except (ValueError, TypeError, KeyError):
        raise MalformedError("input", (text or "")[:40], "what a domain must hold") from None
    if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
        raise MalformedError("input", (text or "")[:40], "what a domain must hold")
    return wanted


def _of_indexes(call: Node, setting: str) -> Iterator[tuple[str, Any]]:
    """Yield each index template and what it says of a setting, itself or by the first part that does."""
    wanted = _wanted(call)
    parts = {item["name"]: _setting(item, setting) for item in wanted if item.get("kind") == "component_template"}
    for item in wanted:
        if item.get("kind") == "index_template":
            said = [parts.get(name) for name in item.get("body", {}).get("composed_of", [])]
            # The template itself comes last, and so has the last word.
            yield str(item.get("name")), next((one for one in (_setting(item, setting), *said[::-1]) if one), None)


def _setting(item: dict[str, Any], setting: str) -> Any:
    return item.get("body", {}).get("template", {}).get("settings", {}).get("index", {}).get(setting)


def _each(call: Node, setting: str, count: int) -> Iterator[str]:
    found = list(_of_indexes(call, setting))
    if not found:
        yield "its input has no index template"
    for name, value in found:
        if str(value) != str(count):
            yield f"{setting} of the indexes of {name} is {'not given' if value is None else value}, not {count}"


def _shards(call: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if _fills(call, graph):
        yield from _each(call, _SHARDS, int(relaxations.number("shards")))


def _replicas(call: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if _fills(call, graph):
        yield from _each(call, _REPLICAS, int(relaxations.number("replicas")))


def _dashboards(call: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if _fills(call, graph):
        names = {str(item.get("name")) for item in _wanted(call) if item.get("kind") == "saved_object"}
        if missing := [name for name in _DASHBOARDS if f"dashboard/{name}" not in names]:
            yield f"its input has no dashboard {', '.join(missing)}"


def _audited(call: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if _fills(call, graph):
        configs = [item.get("body", {}) for item in _wanted(call) if item.get("kind") == "audit_config"]
        if not any(body.get("enabled") is True for body in configs):
            yield "its input doesn't turn the audit log on, which stays empty without"
        if any(body.get("audit", {}).get("log_request_body") is not False for body in configs):
            yield "its input lets the audit log have the bodies of requests, which are what people look for"


CONTENT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="search-filled",
        title="One call of a function fills each search domain, whenever what it fills it with changes",
        clauses=("search-shards-5", "search-replicas-1", "search-dash-content", "search-dash-behavior"),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_filled,
        remediation="Declare an aws.lambda_.Invocation of the alias of the bootstrap function, with triggers.",
    ),
    StackGuardrail(
        id="search-five-shards",
        title="Indexes have five shards",
        clauses=("search-shards-5",),
        severity="medium",
        types=frozenset({_CALL}),
        check=_shards,
        options={"shards": Option({"type": "integer", "minimum": 1}, 5, "Primary shards of each index.")},
        remediation="Leave search.indexShards out.",
    ),
    StackGuardrail(
        id="search-one-replica",
        title="Each shard has one replica",
        clauses=("search-replicas-1",),
        severity="medium",
        types=frozenset({_CALL}),
        check=_replicas,
        options={"replicas": Option({"type": "integer", "minimum": 0}, 1, "Replicas of each shard.")},
        remediation="Leave search.indexReplicas out.",
    ),
    StackGuardrail(
        id="search-dashboards-there",
        title="Dashboards show what people search for, what they do, and how services answer",
        clauses=("search-dash-content", "search-dash-behavior", "search-dash-performance"),
        severity="low",
        types=frozenset({_CALL}),
        check=_dashboards,
        remediation="Leave the files of components/search_layer/objects/dashboards as they are.",
    ),
    StackGuardrail(
        id="search-audited",
        title="Search domains write down who did what, and not what was looked for",
        clauses=("obs-retention-audit", "audit-pii-redaction"),
        severity="high",
        types=frozenset({_CALL}),
        check=_audited,
        remediation="Leave the audit_config of components/search_layer/objects/access.json as it is.",
    ),
)
