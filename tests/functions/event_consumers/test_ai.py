import json
from typing import Any

import pytest
import urllib3

from event_consumers import ai
from tests.functions.event_consumers.batches import SHARD, batch, failing, record
from tests.functions.local_server import Request, serving


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    retries = urllib3.Retry(total=1, backoff_factor=0, allowed_methods=None, status_forcelist=(503,))
    monkeypatch.setattr(ai, "_POOL", urllib3.PoolManager(retries=retries.new(raise_on_status=False)))


def _handled(monkeypatch: pytest.MonkeyPatch, answer: Any, *records: Any) -> tuple[dict[str, Any], list[Request]]:
    with serving(answer) as (url, asked):
        monkeypatch.setenv("AI_URL", f"{url}/internal/ai")
        return ai.handle(batch(*records), None), asked


def test_events_are_posted_one_by_one_and_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = _handled(monkeypatch, lambda _: (202, {}), record(1, {"type": "play"}), record(2, {"type": "stop"}))
    assert found == failing(None)
    assert [(one.method, one.path) for one in asked] == [("POST", "/internal/ai/events")] * 2
    assert [one.headers["idempotency-key"] for one in asked] == [f"{SHARD}-1", f"{SHARD}-2"]
    assert json.loads(asked[0].body) == {
        "id": f"{SHARD}-1",
        "arrived": "2023-11-14T22:13:20.500000+00:00",
        "event": {"type": "play"},
    }
    signed = asked[0].headers["authorization"]
    assert signed.startswith("AWS4-HMAC-SHA256 Credential=testing/")
    assert "/us-east-1/execute-api/aws4_request" in signed


@pytest.mark.parametrize("status", [301, 400, 403, 404, 422, 500, 503])
def test_an_event_that_is_not_taken_is_named_and_ends_the_batch(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    def answer(request: Request) -> tuple[int, Any]:
        return (status if json.loads(request.body)["event"] == {"n": 2} else 200), {}

    found, asked = _handled(monkeypatch, answer, *(record(n, {"n": n}) for n in (1, 2, 3)))
    assert found == failing(2)
    assert json.loads(asked[-1].body)["event"] == {"n": 2}


def test_what_passes_by_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = iter([503, 200])
    found, asked = _handled(monkeypatch, lambda _: (next(statuses), {}), record(1, {}))
    assert (found, len(asked)) == (failing(None), 2)


def test_poison_never_reaches_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = _handled(monkeypatch, lambda _: (200, {}), record(1, b"{"), record(2, {}))
    assert (found, asked) == (failing(1), [])


def test_a_service_that_nobody_answers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_URL", "http://127.0.0.1:9")
    assert ai.handle(batch(record(5, {})), None) == failing(5)
