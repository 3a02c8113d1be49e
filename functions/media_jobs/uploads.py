"""Uploads as S3 tells of them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from .config import Config

_SUFFIX = ".mp4"
_SAFE = re.compile(r"[A-Za-z0-9!_.'()/ -]{1,512}")  # what a URL of S3 takes as it is


@dataclass(frozen=True, slots=True)
class Master:
    """One version of one uploaded video."""

    bucket: str
    key: str
    version: str
    """Version of the object, empty where S3 tells none."""

    @property
    def token(self) -> str:
        """What is the same each time that S3 tells of this upload, and of no other."""
        return hashlib.sha256("\0".join((self.bucket, self.key, self.version)).encode()).hexdigest()

    def stem(self, config: Config) -> str:
        """Return the name less its prefix and ending."""
        return self.key.removeprefix(config.masters)[: -len(_SUFFIX)]


class UnusableError(Exception):
    """S3 tells of something that is no video to encode."""


def records_of(event: Any) -> Iterator[Any]:
    """Yield the records of an event, none where it has none, as S3's own test."""
    records = event.get("Records") if isinstance(event, dict) else None
    yield from records if isinstance(records, list) else ()


def master_of(record: Any, config: Config) -> Master:
    """Read one record.

    :raises UnusableError: where it tells of nothing that is to be encoded.
    """
    try:
        name, about = record["eventName"], record["s3"]
        bucket, stored = about["bucket"]["name"], about["object"]
        key, version = unquote_plus(stored["key"], errors="strict"), stored.get("versionId") or ""
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnusableError(type(error).__name__) from None
    if not (isinstance(name, str) and isinstance(version, str)) or not name.startswith("ObjectCreated:"):
        raise UnusableError("not an upload")
    if bucket != config.bucket:
        raise UnusableError("another bucket")
    if not key.startswith(config.masters) or not key.lower().endswith(_SUFFIX):
        raise UnusableError("not a master")
    if not _SAFE.fullmatch(key) or ".." in key or len(key) <= len(config.masters) + len(_SUFFIX):
        raise UnusableError("a name that no URL takes")
    return Master(bucket, key, version)
