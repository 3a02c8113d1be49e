import gzip
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from event_consumers.analytics import handle
from tests.functions.event_consumers.batches import SHARD, batch, failing, record

_BUCKET = "events-bucket"
_KEY = f"events/2023/11/14/22/{SHARD}/1-2.jsonl.gz"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("ANALYTICS_BUCKET", _BUCKET)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=_BUCKET)
        yield client


def _lines(s3: Any, key: str) -> list[dict[str, Any]]:
    found = s3.get_object(Bucket=_BUCKET, Key=key)["Body"].read()
    return [json.loads(line) for line in gzip.decompress(found).splitlines()]


def test_a_batch_is_an_object_of_lines(s3: Any) -> None:
    assert handle(batch(record(1, {"type": "search"}), record(2, b"no JSON")), None) == failing(None)
    assert _lines(s3, _KEY) == [
        {
            "id": f"{SHARD}-1",
            "key": "user-1",
            "arrived": "2023-11-14T22:13:20.500000+00:00",
            "event": {"type": "search"},
        },
        {"id": f"{SHARD}-2", "key": "user-1", "arrived": "2023-11-14T22:13:20.500000+00:00", "raw": "bm8gSlNPTg=="},
    ]
    head = s3.head_object(Bucket=_BUCKET, Key=_KEY)
    assert (head["ContentType"], head["ContentEncoding"]) == ("application/x-ndjson", "gzip")


def test_the_same_batch_again_changes_nothing(s3: Any) -> None:
    again = batch(record(1, {"a": 1}), record(2, {"b": 2}))
    tags = set[str]()
    for _ in range(2):
        handle(again, None)
        [found] = s3.list_objects_v2(Bucket=_BUCKET)["Contents"]
        tags.add(found["ETag"])
    assert len(tags) == 1


def test_a_batch_that_is_not_written_comes_again_as_it_is(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_BUCKET", "no-such-bucket")
    assert handle(batch(record(1, {}), record(2, {})), None) == failing(1)


def test_an_empty_batch_is_no_object(s3: Any) -> None:
    assert handle(batch(), None) == failing(None)
    assert "Contents" not in s3.list_objects_v2(Bucket=_BUCKET)
