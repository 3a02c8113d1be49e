"""Analytics: every event as it came, in compressed lines of JSON."""

import base64
import gzip
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .records import PoisonError, StreamRecord, answer, records_of

logger = Logger()
_CLIENT = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})


def handle(batch: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Write a batch as one object. Nothing is poison here: what is no JSON is kept as it is."""
    records = records_of(batch)
    if not records:
        return answer()
    key = object_key(records)
    try:
        _bucket().put_object(
            Bucket=os.environ["ANALYTICS_BUCKET"],
            Key=key,
            Body=packed(records),
            ContentType="application/x-ndjson",
            ContentEncoding="gzip",
        )
    except (BotoCoreError, ClientError) as error:
        logger.warning("batch not written", extra={"key": key, "error": type(error).__name__})
        return answer(records)
    return answer()


def object_key(records: Sequence[StreamRecord]) -> str:
    """Name the object of a batch: the same batch again has the same name, so that it takes its own place."""
    first, last = records[0], records[-1]
    return f"events/{first.arrived:%Y/%m/%d/%H}/{first.shard}/{first.sequence}-{last.sequence}.jsonl.gz"


def packed(records: Sequence[StreamRecord]) -> bytes:
    """Return the lines of a batch, the same bytes each time."""
    lines = [json.dumps(_line(record), separators=(",", ":"), sort_keys=True) for record in records]
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def _line(record: StreamRecord) -> dict[str, Any]:
    """Return an event with its id, by which readers tell those that a split batch brought twice."""
    line: dict[str, Any] = {"id": record.id, "key": record.partition_key, "arrived": record.arrived.isoformat()}
    try:
        return {**line, "event": record.event()}
    except PoisonError:
        return {**line, "raw": base64.b64encode(record.data).decode()}


def _bucket() -> Any:
    return boto3.client("s3", region_name=os.environ["AWS_REGION"], config=_CLIENT)
