from datetime import UTC, datetime

import pytest

from event_consumers.records import PoisonError, answer, records_of
from tests.functions.event_consumers.batches import SHARD, batch, failing, record


def test_a_record_has_what_lambda_says_of_it() -> None:
    [found] = records_of(batch(record(12, {"type": "search"})))
    assert (found.shard, found.sequence, found.partition_key) == (SHARD, "12", "user-1")
    assert found.id == f"{SHARD}-12"
    assert found.arrived == datetime(2023, 11, 14, 22, 13, 20, 500_000, UTC)
    assert found.event() == {"type": "search"}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b"7", b"null"])
def test_what_is_no_object_is_poison(data: bytes) -> None:
    [found] = records_of(batch(record(1, data)))
    with pytest.raises(PoisonError):
        found.event()


def test_the_answer_names_the_first_by_number_and_not_by_text() -> None:
    found = records_of(batch(*(record(number, {}) for number in (9, 10, 100))))
    assert answer(found[::-1]) == failing(9)
    assert answer() == failing(None)
