import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from botocore.credentials import Credentials

from components.naming import Naming
from components.search_layer.contents import as_text, contents
from components.search_layer.settings import SearchSettings
from search_bootstrap import handler
from search_bootstrap.domain import DomainError, SearchDomain
from search_bootstrap.objects import Wanted, applied, contains
from tests.functions.local_server import Request, serving
from tests.functions.search_bootstrap.double import Double

_NAMING = Naming("prod", "444455556666", "us-east-1")
_EVENT: dict[str, Any] = json.loads(as_text(contents(SearchSettings(), _NAMING)))
_LABELS = [f"{item['kind']} {item['name']}" for item in _EVENT["wanted"]]
_NO_RETRIES = urllib3.Retry(total=0, redirect=False)


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Double, list[Request]]]:
    kept = Double()
    with serving(kept) as (url, asked):
        monkeypatch.setattr(handler, "_url", lambda: url)
        monkeypatch.setattr(handler, "_owner", lambda: Credentials("owner", "secret", "token"))
        monkeypatch.setenv("OWNER_ROLE_ARN", "arn:aws:iam::444455556666:role/owner")
        yield kept, asked


def _domain(url: str) -> SearchDomain:
    return SearchDomain(url, "us-east-1", Credentials("owner", "secret", "token"), _NO_RETRIES)


def test_an_empty_domain_gets_everything(double: tuple[Double, list[Request]]) -> None:
    kept, _ = double
    done = handler.handle(_EVENT, None)
    assert done["created"] + done["updated"] == _LABELS[1:] + _LABELS[:1]
    assert done["updated"] == ["audit_config config"]  # which every domain has, turned off
    shards = kept.kept["/_component_template/shards"]["template"]["settings"]["index"]
    assert (shards["number_of_shards"], shards["number_of_replicas"]) == ("5", "1")
    assert kept.kept["/_plugins/_security/api/audit"]["enabled"] is True


def test_a_second_call_changes_nothing(double: tuple[Double, list[Request]]) -> None:
    _, asked = double
    handler.handle(_EVENT, None)
    asked.clear()
    assert handler.handle(_EVENT, None) == {"created": [], "updated": [], "unchanged": _LABELS}
    assert {request.method for request in asked} == {"GET"}


@pytest.mark.parametrize("label", _LABELS)
def test_what_was_changed_by_hand_is_put_right_and_nothing_else(
    double: tuple[Double, list[Request]], label: str
) -> None:
    kept, _ = double
    handler.handle(_EVENT, None)
    before = json.dumps(kept.kept, sort_keys=True)
    [path] = [path for path in kept.kept if _is_at(label, path)]
    kept.kept[path] = _blank(path)
    done = handler.handle(_EVENT, None)
    assert done["updated"] == [label]
    assert done["created"] == []
    assert json.dumps(kept.kept, sort_keys=True) == before


def _is_at(label: str, path: str) -> bool:
    kind, name = label.split(" ", 1)
    folder = {
        "audit_config": "/_plugins/_security/api/audit",
        "role": f"/_plugins/_security/api/roles/{name}",
        "role_mapping": f"/_plugins/_security/api/rolesmapping/{name}",
        "component_template": f"/_component_template/{name}",
        "index_template": f"/_index_template/{name}",
        "lifecycle": f"/_plugins/_ism/policies/{name}",
        "saved_object": f"/_dashboards/api/saved_objects/{name}",
    }[kind]
    return path == folder


def _blank(path: str) -> dict[str, Any]:
    return {"policy": {"states": []}} if "_ism" in path else {}


def test_requests_are_signed_as_the_owner(double: tuple[Double, list[Request]]) -> None:
    _, asked = double
    handler.handle(_EVENT, None)
    for request in asked:
        assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=owner/")
        assert "/us-east-1/es/aws4_request" in request.headers["authorization"]
        assert request.headers["x-amz-security-token"] == "token"


def test_saved_objects_are_kept_as_text(double: tuple[Double, list[Request]]) -> None:
    kept, _ = double
    handler.handle(_EVENT, None)
    board = kept.kept["/_dashboards/api/saved_objects/dashboard/content-search"]
    assert len(json.loads(board["attributes"]["panelsJSON"])) == len(board["references"]) == 4
    assert json.loads(board["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["filter"] == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: (500, {}),
        lambda _: (401, {}),
        lambda _: (200, b"<html>"),
        lambda _: (200, {"unexpected": 1}),
        lambda _: (200, []),
        lambda request: (404, {}) if request.method == "GET" else (400, {"error": "no"}),
        lambda request: (404, {}) if request.method == "GET" else (200, {"error": "no"}),
        lambda request: (404, {}) if request.method == "GET" else (200, []),
        lambda request: (404, {}) if request.method == "GET" else (200, {"acknowledged": False}),
        lambda request: (404, {}) if request.method == "GET" else (301, {}),
    ],
)
def test_answers_that_are_none_end_the_update(answer: Any) -> None:
    with serving(answer) as (url, _), pytest.raises(DomainError):
        applied(Wanted("index_template", "events", {"index_patterns": ["events-*"]}), _domain(url))


def test_a_domain_that_nobody_answers_for() -> None:
    with pytest.raises(DomainError):
        applied(Wanted("role", "services", {}), _domain("http://127.0.0.1:9"))


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"kind": "index", "name": "a", "body": {}},
        {"kind": "role", "name": "", "body": {}},
        {"kind": "role", "name": "a", "body": []},
        {"kind": "role", "body": {}},
    ],
)
def test_what_nobody_could_want(item: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not something to want"):
        Wanted.read(item)


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": None}, False),
        ({"a": {"b": [1, {"c": 2, "d": 3}]}}, {"a": {"b": [1, {"c": 2}]}}, True),
        ([1, 2], [1], False),
        ([2, 1], [1, 2], False),
        ("5", 5, False),
        (None, {}, False),
    ],
)
def test_contains(found: Any, wanted: Any, expected: bool) -> None:
    assert contains(found, wanted) is expected
