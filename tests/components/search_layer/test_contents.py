from typing import Any

import pytest

from components.naming import Naming
from components.search_layer.contents import as_text, contents, digest
from components.search_layer.settings import SearchSettings

_NAMING = Naming("prod", "444455556666", "us-east-1")
_WANTED = contents(SearchSettings(), _NAMING)


def _body(kind: str, name: str, wanted: list[dict[str, Any]] = _WANTED) -> Any:
    [found] = [item["body"] for item in wanted if (item["kind"], item["name"]) == (kind, name)]
    return found


def test_indexes_have_five_shards_and_one_replica() -> None:
    index = _body("component_template", "shards")["template"]["settings"]["index"]
    assert (index["number_of_shards"], index["number_of_replicas"]) == ("5", "1")
    for name in ("content", "events"):
        assert _body("index_template", name)["composed_of"] == ["shards"]


def test_settings_are_put_in_their_places() -> None:
    wanted = contents(SearchSettings.model_validate({"indexShards": 3, "indexReplicas": 0, "eventDays": 7}), _NAMING)
    index = _body("component_template", "shards", wanted)["template"]["settings"]["index"]
    assert (index["number_of_shards"], index["number_of_replicas"]) == ("3", "0")
    [shown, gone] = _body("lifecycle", "events", wanted)["policy"]["states"]
    assert shown["transitions"] == [{"state_name": "gone", "conditions": {"min_index_age": "7d"}}]
    assert gone["actions"] == [{"delete": {}}]


def test_roles_are_mapped_to_roles_of_this_stack() -> None:
    role = "arn:aws:iam::444455556666:role/fitness-platform-prod-us-east-1"
    assert _body("role_mapping", "services") == {"backend_roles": [f"{role}-*-task"]}
    assert _body("role_mapping", "event_writers") == {"backend_roles": [f"{role}-events-dashboards"]}


@pytest.mark.parametrize("name", ["content-search", "user-behaviour", "system-performance"])
def test_dashboards_show_what_is_there(name: str) -> None:
    there = {item["name"] for item in _WANTED if item["kind"] == "saved_object"}
    board = _body("saved_object", f"dashboard/{name}")
    shown = {f"{one['type']}/{one['id']}" for one in board["references"]}
    assert len(shown) == len(board["attributes"]["panelsJSON"]) == 4
    assert shown <= there


def test_what_is_referred_to_comes_first() -> None:
    seen = set[str]()
    for item in _WANTED:
        if item["kind"] == "saved_object":
            assert {f"{one['type']}/{one['id']}" for one in item["body"]["references"]} <= seen
            seen.add(item["name"])


def test_dashboards_ask_for_fields_that_events_have() -> None:
    fields = set(_body("index_template", "events")["template"]["mappings"]["properties"])
    for item in _WANTED:
        for one in item["body"].get("attributes", {}).get("visState", {}).get("aggs", []):
            assert {one["params"]["field"]} <= fields if "field" in one["params"] else one["type"] == "count"


def test_the_same_contents_are_the_same_text() -> None:
    again = contents(SearchSettings(), _NAMING)
    assert as_text(again) == as_text(_WANTED)
    assert digest(as_text(again)) != digest(as_text(again[1:]))
