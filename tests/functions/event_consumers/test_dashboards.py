import json
from typing import Any

import boto3
import pytest
import urllib3
from moto import mock_aws

from event_consumers import dashboards
from tests.functions.event_consumers.batches import SHARD, batch, failing, record
from tests.functions.local_server import Request, serving


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards, "_POOL", urllib3.PoolManager(retries=False))


def _handled(monkeypatch: pytest.MonkeyPatch, answer: Any, *records: Any) -> tuple[dict[str, Any], list[Request]]:
    with serving(answer) as (url, asked):
        monkeypatch.setattr(dashboards, "_url", lambda: url)
        return dashboards.handle(batch(*records), None), asked


def _items(*statuses: Any) -> Any:
    return lambda _: (200, {"errors": True, "items": [{"index": {"status": status}} for status in statuses]})


def test_a_batch_is_indexed_at_once_by_ids_of_its_records(monkeypatch: pytest.MonkeyPatch) -> None:
    found, [asked] = _handled(monkeypatch, _items(201, 200), record(1, {"type": "search"}), record(2, {"type": "x"}))
    assert found == failing(None)
    assert (asked.method, asked.path, asked.headers["content-type"]) == ("POST", "/_bulk", "application/x-ndjson")
    assert "/us-east-1/es/aws4_request" in asked.headers["authorization"]
    lines = [json.loads(line) for line in asked.body.splitlines()]
    assert lines[0] == {"index": {"_index": "events-2023.11.14", "_id": f"{SHARD}-1"}}
    assert lines[1] == {"type": "search", "@timestamp": "2023-11-14T22:13:20.500000+00:00"}
    assert lines[2]["index"]["_id"] == f"{SHARD}-2"
    assert asked.body.endswith(b"\n")


def test_the_first_that_is_not_indexed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = _handled(monkeypatch, _items(201, 429, 400), *(record(n, {}) for n in (1, 2, 3)))
    assert found == failing(2)


def test_poison_is_named_and_the_rest_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    found, [asked] = _handled(monkeypatch, _items(201, 201), record(1, {}), record(2, b"[]"), record(3, {}))
    assert found == failing(2)
    assert len(asked.body.splitlines()) == 4


def test_poison_alone_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _handled(monkeypatch, _items(), record(4, b"{")) == (failing(4), [])


@pytest.mark.parametrize(
    "answer",
    [
        (403, {}),
        (503, b"busy"),
        (200, b"no JSON"),
        (200, {}),
        (200, []),
        (200, {"items": {}}),
        (200, {"items": [{"index": {"status": 201}}]}),
        (200, {"items": ["x", {}]}),
        (200, {"items": [{"index": {}}, {"index": {"status": "201"}}]}),
    ],
    ids=str,
)
def test_an_answer_that_is_no_answer_brings_all_again(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    found, _ = _handled(monkeypatch, lambda _: answer, record(1, {}), record(2, {}))
    assert found == failing(1)


def test_a_domain_that_nobody_answers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards, "_url", lambda: "http://127.0.0.1:9")
    assert dashboards.handle(batch(record(1, {})), None) == failing(1)


def test_where_the_domain_is_stands_in_a_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCH_URL_PARAMETER", "/p/search/url")
    with mock_aws():
        client = boto3.client("ssm", region_name="us-east-1")
        client.put_parameter(Name="/p/search/url", Value="https://vpc-x", Type="SecureString")
        dashboards._url.cache_clear()  # pyright: ignore[reportPrivateUsage]
        assert dashboards._url() == "https://vpc-x"  # pyright: ignore[reportPrivateUsage]
    dashboards._url.cache_clear()  # pyright: ignore[reportPrivateUsage]
