import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point, provide
from tests.policies.database_layer.stack import copy, inputs_of, refer
from tests.policies.search_layer.stack import DOMAIN, TOPIC, recorded, violations
from tests.support.editing import UNKNOWN

_CALL, _URL = "search-bootstrap-call", "search-location-url"
_FUNCTION, _ALIAS = "search-bootstrap-function", "search-bootstrap-alias"
_FILLED, _SHARDS, _REPLICAS = "search-filled", "search-five-shards", "search-one-replica"
_BOARDS, _AUDITED = "search-dashboards-there", "search-audited"
_INPUT: dict[str, Any] = json.loads(inputs_of(recorded("prod"), _CALL)["input"])
_OF_CALL = (_SHARDS, _REPLICAS, _BOARDS, _AUDITED)


def _item(kind: str, name: str, change: Callable[[dict[str, Any]], None]) -> Change:
    """Change what the domain is filled with."""
    changed = deepcopy(_INPUT)
    [body] = [item["body"] for item in changed["wanted"] if (item["kind"], item["name"]) == (kind, name)]
    change(body)
    return edit(_CALL, input=json.dumps(changed))


def _without(kind: str, name: str) -> Change:
    kept = [item for item in _INPUT["wanted"] if (item["kind"], item["name"]) != (kind, name)]
    return edit(_CALL, input=json.dumps({"wanted": kept}))


def _setting(setting: str, value: Any) -> Change:
    return _item(
        "component_template", "shards", lambda body: body["template"]["settings"]["index"].update({setting: value})
    )


def _own(setting: str, value: Any) -> Change:
    settings = {"settings": {"index": {setting: value}}}
    return _item("index_template", "content", lambda body: body["template"].update(settings))


def _audit(**changes: Any) -> Change:
    return _item("audit_config", "config", lambda body: body.update(changes))


ACCEPTED: dict[str, Change] = {
    "numbers": _setting("number_of_shards", 5),
    "five of its own": _own("number_of_shards", "5"),
    "call of something else": chain(
        add("aws:lambda/invocation:Invocation", "more", {"functionName": "other", "input": "{}"}), provide("more")
    ),
}

REJECTED: dict[str, Case] = {
    "no call": Case(drop(_CALL), at(_FILLED, DOMAIN)),
    "two calls": Case(copy(_CALL, "more"), at(_FILLED, DOMAIN)),
    **{
        f"call of {value!r}": Case(edit(_CALL, functionName=value), at(_FILLED, DOMAIN))
        for value in (None, "other", UNKNOWN)
    },
    "call of another function": Case(point(_CALL, "functionName", "search-ai-reader-alias"), at(_FILLED, DOMAIN)),
    "function that is told nothing": Case(refer(_FUNCTION, "environment"), at(_FILLED, DOMAIN)),
    "told where something else is": Case(refer(_URL, "value", TOPIC), at(_FILLED, DOMAIN)),
    **{
        f"qualifier {value!r}": Case(edit(_CALL, qualifier=value), at(_FILLED, DOMAIN))
        for value in (None, "1", UNKNOWN)
    },
    **{f"triggers {value!r}": Case(edit(_CALL, triggers=value), at(_FILLED, DOMAIN)) for value in (None, {})},
    # how many shards
    **{
        f"{setting} {value!r}": Case(_setting(setting, value), at(guardrail, _CALL))
        for guardrail, setting, values in (
            (_SHARDS, "number_of_shards", ("4", "6", 1, "", None, "five")),
            (_REPLICAS, "number_of_replicas", ("0", "2", 0, None)),
        )
        for value in values
    },
    "one shard of its own": Case(_own("number_of_shards", "1"), at(_SHARDS, _CALL)),
    "no replica of its own": Case(_own("number_of_replicas", "0"), at(_REPLICAS, _CALL)),
    "template that is not made from it": Case(
        _item("index_template", "events", lambda body: body.update(composed_of=[])),
        at(_SHARDS, _CALL) | at(_REPLICAS, _CALL),
    ),
    "no component": Case(_without("component_template", "shards"), at(_SHARDS, _CALL) | at(_REPLICAS, _CALL)),
    "nothing": Case(edit(_CALL, input=json.dumps({"wanted": []})), {(one, _CALL) for one in _OF_CALL}),
    **{
        f"input {value!r}": Case(edit(_CALL, input=value), {(one, _CALL) for one in _OF_CALL})
        for value in (None, "", "{", "[]", '{"wanted": {}}', '{"wanted": [1]}', UNKNOWN, 7)
    },
    **{
        f"no dashboard {name}": Case(_without("saved_object", f"dashboard/{name}"), at(_BOARDS, _CALL))
        for name in ("content-search", "user-behaviour", "system-performance")
    },
    "no audit": Case(_without("audit_config", "config"), at(_AUDITED, _CALL)),
    **{f"audit {value!r}": Case(_audit(enabled=value), at(_AUDITED, _CALL)) for value in (False, None, "true")},
    **{
        f"bodies {value!r}": Case(_audit(audit={"log_request_body": value}), at(_AUDITED, _CALL))
        for value in (True, None)
    },
}


@pytest.mark.parametrize(
    ("guardrail", "option", "setting", "value"),
    [(_SHARDS, {"shards": 6}, "indexShards", 6), (_REPLICAS, {"replicas": 0}, "indexReplicas", 0)],
)
def test_counts_are_options(guardrail: str, option: dict[str, int], setting: str, value: int) -> None:
    topology = recorded("prod", search={setting: value})
    assert violations(topology) == at(guardrail, _CALL)
    assert violations(topology, {guardrail: option}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
