"""What CloudWatch Logs hands over, and how much of it the API takes at once."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
_MOST_EVENTS = 10_000
_MOST_BYTES = 1_048_576
_BYTES_OF_EACH = 26
_LONGEST = 24 * 3_600_000  # milliseconds between the first and the last


@dataclass(frozen=True, slots=True)
class Delivery:
    """Lines of one log stream."""

    group: str
    stream: str
    events: tuple[dict[str, Any], ...]
    """Each with ``timestamp`` in milliseconds and ``message``, in order of time."""


def unpacked(event: dict[str, Any]) -> Delivery | None:
    """Return what a subscription handed over; nothing where it only asks whether somebody listens."""
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    if data["messageType"] != "DATA_MESSAGE":
        return None
    events = sorted(
        ({"timestamp": one["timestamp"], "message": one["message"]} for one in data["logEvents"]),
        key=lambda one: one["timestamp"],
    )
    return Delivery(data["logGroup"], data["logStream"], tuple(events))


def batches(events: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield lines in order, as many at once as CloudWatch Logs takes."""
    batch: list[dict[str, Any]] = []
    size = 0
    for event in events:
        more = len(event["message"].encode()) + _BYTES_OF_EACH
        full = len(batch) == _MOST_EVENTS or size + more > _MOST_BYTES
        if batch and (full or event["timestamp"] - batch[0]["timestamp"] > _LONGEST):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += more
    if batch:
        yield batch
