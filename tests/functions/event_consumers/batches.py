"""Batches as Lambda hands them over."""

import base64
import json
from typing import Any

SHARD = "shardId-000000000007"


def record(number: int, data: Any, *, arrived: float = 1_700_000_000.5) -> dict[str, Any]:
    """Return a record; bytes are its data as they are, anything else is JSON."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return {
        "eventID": f"{SHARD}:{number}",
        "eventSource": "aws:kinesis",
        "eventSourceARN": "arn:aws:kinesis:us-east-1:444455556666:stream/events/consumer/x:1",
        "kinesis": {
            "sequenceNumber": str(number),
            "partitionKey": "user-1",
            "data": base64.b64encode(raw).decode(),
            "approximateArrivalTimestamp": arrived,
        },
    }


def batch(*records: dict[str, Any]) -> dict[str, Any]:
    """Return a batch of records."""
    return {"Records": list(records)}


def failing(number: int | None) -> dict[str, Any]:
    """Return the answer that names a record, or none."""
    return {"batchItemFailures": [] if number is None else [{"itemIdentifier": str(number)}]}
