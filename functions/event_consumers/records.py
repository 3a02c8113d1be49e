"""Records of the stream, and the answer that tells Lambda where to go on.

Lambda hands over a batch of one shard in order. It tries everything again from the record that the answer names, halves
a batch that fails at its first record, and in the end sets a record aside that fails alone.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


class PoisonError(Exception):
    """The record will never be handled, however often it is tried."""


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One event as the stream holds it."""

    shard: str
    sequence: str
    """Place in its shard, also what the answer names it by."""
    partition_key: str
    arrived: datetime
    data: bytes

    @property
    def id(self) -> str:
        """What it is known by wherever it goes, however often it is delivered."""
        return f"{self.shard}-{self.sequence}"

    def event(self) -> dict[str, Any]:
        """Return what happened.

        :raises PoisonError: where it is no JSON object.
        """
        try:
            found = json.loads(self.data)
        except ValueError as error:
            raise PoisonError(f"{self.id} is no JSON") from error
        if not isinstance(found, dict):
            raise PoisonError(f"{self.id} is no JSON object")
        return found


def records_of(batch: Mapping[str, Any]) -> list[StreamRecord]:
    """Return the records of a batch, in order."""
    return [
        StreamRecord(
            shard=record["eventID"].partition(":")[0],
            sequence=record["kinesis"]["sequenceNumber"],
            partition_key=record["kinesis"]["partitionKey"],
            arrived=datetime.fromtimestamp(record["kinesis"]["approximateArrivalTimestamp"], UTC),
            data=base64.b64decode(record["kinesis"]["data"]),
        )
        for record in batch["Records"]
    ]


def answer(failed: Iterable[StreamRecord] = ()) -> dict[str, Any]:
    """Return what tells Lambda to go on from the first of ``failed``, or that all is done."""
    first = min(failed, key=lambda record: int(record.sequence), default=None)
    return {"batchItemFailures": [{"itemIdentifier": first.sequence}] if first else []}
