"""Dashboards: every event into the search domain, where it is counted and shown."""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

import boto3
import urllib3
from aws_lambda_powertools import Logger
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError

from .records import PoisonError, StreamRecord, answer, records_of

logger = Logger()
_RETRIES = urllib3.Retry(total=3, backoff_factor=1, allowed_methods=None, status_forcelist=(429, 502, 503, 504))
_POOL = urllib3.PoolManager(
    timeout=urllib3.Timeout(connect=2, read=20), retries=_RETRIES.new(raise_on_status=False, redirect=False)
)


def handle(batch: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Index a batch at once. What fails is told; the rest may come again, and takes its own place."""
    failed: list[StreamRecord] = []
    documents: list[tuple[StreamRecord, dict[str, Any]]] = []
    for record in records_of(batch):
        try:
            documents.append((record, {**record.event(), "@timestamp": record.arrived.isoformat()}))
        except PoisonError as error:
            logger.warning("event is poison", extra={"record": record.id, "error": str(error)})
            failed.append(record)
    if documents:
        failed += _indexed(documents)
    return answer(failed)


def _indexed(documents: Sequence[tuple[StreamRecord, dict[str, Any]]]) -> list[StreamRecord]:
    """Index documents, and return the records of those that were not."""
    records = [record for record, _ in documents]
    try:
        items = _bulk(b"".join(_lines(record, document) for record, document in documents))
    except (urllib3.exceptions.HTTPError, BotoCoreError, ClientError, UnexpectedError) as error:
        logger.warning("batch not indexed", extra={"error": f"{type(error).__name__}: {error}"})
        return records
    if len(items) != len(records):
        logger.warning("batch not answered for", extra={"asked": len(records), "answered": len(items)})
        return records
    failed = [record for record, item in zip(records, items, strict=True) if not _is_done(item)]
    if failed:
        logger.warning("events not indexed", extra={"count": len(failed)})
    return failed


def _lines(record: StreamRecord, document: Mapping[str, Any]) -> bytes:
    """Return the two lines of an event: a place that depends on nothing but the record, and what is put there."""
    place = {"index": {"_index": f"events-{record.arrived:%Y.%m.%d}", "_id": record.id}}
    return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in (place, document)).encode()


class UnexpectedError(Exception):
    """The domain answered with something else than what it does when all is well."""


def _bulk(body: bytes) -> list[dict[str, Any]]:
    headers = {"Content-Type": "application/x-ndjson"}
    url = f"{_url()}/_bulk"
    request = AWSRequest("POST", url, headers=headers, data=body)
    credentials = boto3.Session().get_credentials().get_frozen_credentials()
    SigV4Auth(credentials, "es", os.environ["AWS_REGION"]).add_auth(request)
    response = _POOL.request("POST", url, headers=dict(request.headers.items()), body=body)
    if response.status != HTTPStatus.OK:
        raise UnexpectedError(f"status {response.status}")
    try:
        items = response.json()["items"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnexpectedError("no items") from error
    if not isinstance(items, list):
        raise UnexpectedError("no list of items")
    return items


def _is_done(item: Any) -> bool:
    status = item.get("index", {}).get("status") if isinstance(item, dict) else None
    return isinstance(status, int) and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


@cache
def _url() -> str:
    """Return where the domain is, which a parameter tells since nobody knows it beforehand."""
    parameters = boto3.client("ssm", region_name=os.environ["AWS_REGION"])
    found = parameters.get_parameter(Name=os.environ["SEARCH_URL_PARAMETER"], WithDecryption=True)
    return found["Parameter"]["Value"]
