import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.queue_processor.processor import Processor, processing

_UNPROCESSABLE = 422


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processor]:
    with processing(monkeypatch) as found:
        yield found


def _refuse(marked: str) -> int:
    return _UNPROCESSABLE if "refuse" in marked else 200


def test_a_batch_of_ten_with_two_bad_ones_gives_back_exactly_those(processor: Processor) -> None:
    processor.service.answer = _refuse
    bodies = [json.dumps({"n": number}) for number in range(8)]
    processor.send(*bodies[:4], "no JSON", *bodies[4:], '{"refuse": true}')
    records = processor.receive()
    assert len(records) == 10
    bad = [record["messageId"] for record in records if record["body"] in ("no JSON", '{"refuse": true}')]
    assert processor.handle(records) == bad
    assert sorted(processor.service.bodies) == sorted([*bodies, '{"refuse": true}'])


def test_requests_are_signed_for_the_api_and_say_which_message_it_is(processor: Processor) -> None:
    processor.send("{}")
    [record] = processor.receive()
    assert processor.handle([record]) == []
    [headers] = processor.service.headers
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=")
    assert "/us-east-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "token-of-the-role"
    assert headers["Idempotency-Key"] == record["messageId"]
    assert headers["Content-Type"] == "application/json"
    assert processor.service.paths == ["/internal/payment/payment-webhooks"]


def test_a_message_that_comes_twice_is_handled_once(processor: Processor) -> None:
    processor.send('{"paid": 1}')
    records = processor.receive()
    assert processor.handle(records) == []
    assert processor.handle(records) == []
    assert len(processor.service.bodies) == 1


def test_what_a_producer_sends_twice_under_one_key_is_handled_once(processor: Processor) -> None:
    processor.send('{"paid": 1}', '{"paid": 1}', key="evt_1")
    assert processor.handle(processor.receive()) == []
    assert len(processor.service.bodies) == 1
    assert processor.service.headers[0]["Idempotency-Key"] == "evt_1"


def test_what_failed_is_not_remembered_as_handled(processor: Processor) -> None:
    processor.service.answer = lambda _: 503
    processor.send("{}")
    records = processor.receive()
    assert processor.handle(records) == [records[0]["messageId"]]
    processor.service.answer = lambda _: 200
    assert processor.handle(records) == []
    assert len(processor.service.bodies) == 2


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429, 500, 502, 503, 504, 302])
def test_what_may_pass_is_shown_again_later(processor: Processor, status: int) -> None:
    processor.service.answer = lambda _: status
    processor.send("{}")
    assert processor.work() == ["{}"]
    assert processor.receive() == [], "it is hidden for a while"
    assert processor.count(processor.queue_url) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422])
def test_poison_hurries_to_the_dead_letters(processor: Processor, status: int) -> None:
    processor.service.answer = lambda _: status
    processor.send("{}")
    for _ in range(5):
        assert processor.work() == ["{}"]
    assert processor.work() == []
    assert (processor.count(processor.queue_url), processor.count(processor.letters_url)) == (0, 1)


def test_a_slow_service_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with processing(monkeypatch, REQUEST_SECONDS="0.2") as processor:
        processor.service.answer = processor.service.hang
        processor.send('{"n": 1}', '{"n": 2}')
        assert sorted(processor.work()) == ['{"n": 1}', '{"n": 2}']
        assert processor.count(processor.queue_url) == 2


def test_a_dead_service_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with processing(monkeypatch, TARGET_URL="http://127.0.0.1:9/internal/x") as processor:
        processor.send('{"n": 1}', '{"n": 2}')
        assert sorted(processor.work()) == ['{"n": 1}', '{"n": 2}']
        assert processor.count(processor.queue_url) == 2


def test_a_table_that_is_gone_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with processing(monkeypatch, IDEMPOTENCY_TABLE="gone") as processor:
        processor.send("{}")
        assert processor.work() == ["{}"]
        assert processor.service.bodies == []


def test_what_there_is_no_time_for_is_not_begun(processor: Processor) -> None:
    processor.send('{"n": 1}', '{"n": 2}')
    records = processor.receive()
    assert processor.handle(records, seconds=3) == [record["messageId"] for record in records]
    assert processor.service.bodies == []


def test_what_follows_a_failure_waits_where_order_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    with processing(monkeypatch, fifo=True) as processor:
        processor.service.answer = lambda body: 503 if "2" in body else 200
        processor.send('{"n": 1}', '{"n": 2}', '{"n": 3}')
        records = processor.receive()
        assert processor.handle(records) == [record["messageId"] for record in records[1:]]
        assert processor.service.bodies == ['{"n": 1}', '{"n": 2}']


def test_logs_have_no_personal_data(processor: Processor, capsys: pytest.CaptureFixture[str]) -> None:
    processor.service.answer = lambda _: 400
    processor.send('{"email": "ann@example.com", "card": "4111 1111 1111 1111"}')
    processor.work()
    processor.module.logger.info("Sent to ann@example.com", extra={"phone": "+49 170 1234567", "user": {"name": "Ann"}})
    written = capsys.readouterr()
    for personal in ("ann@example.com", "4111", "1234567"):
        assert personal not in written.out + written.err


def test_metrics_count_what_became_of_messages(processor: Processor, capsys: pytest.CaptureFixture[str]) -> None:
    processor.service.answer = _refuse
    processor.send("{}", '{"refuse": 1}')
    processor.work()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    counted = {name: value for line in lines for name, value in line.items() if name.startswith("Messages")}
    assert counted == {"MessagesHandled": [1.0], "MessagesRefused": [1.0]}


def test_a_missing_variable_fails_before_a_message_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="could not convert"), processing(monkeypatch, REQUEST_SECONDS=""):
        pass


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
_RECORDS = st.fixed_dictionaries(
    {"body": st.text() | _JSON.map(json.dumps) | st.just("[" * 5000)},
    optional={
        "messageAttributes": st.dictionaries(
            st.just("IdempotencyKey"), _JSON | st.fixed_dictionaries({"stringValue": _JSON})
        ),
        "attributes": st.fixed_dictionaries({"ApproximateReceiveCount": st.integers(1, 2000).map(str)}),
        "receiptHandle": st.text(max_size=20),
    },
)


def _is_object(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_RECORDS, min_size=1, max_size=10))
def test_no_payload_breaks_a_batch(processor: Processor, records: list[dict[str, object]]) -> None:
    named = [{**record, "messageId": f"m-{index}"} for index, record in enumerate(records)]
    failed = processor.handle(named)
    assert set(failed) <= {record["messageId"] for record in named}
    for record in named:
        if not _is_object(str(record["body"])):
            assert record["messageId"] in failed
