"""AI: every event to the service that learns from it, through the internal way in."""

import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import boto3
import urllib3
from aws_lambda_powertools import Logger
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from .records import PoisonError, StreamRecord, answer, records_of

logger = Logger()
_RETRIES = urllib3.Retry(
    total=2,
    backoff_factor=0.5,
    allowed_methods=None,
    redirect=False,
    status_forcelist=(429, 502, 503, 504),
    raise_on_status=False,
)
_POOL = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=8), retries=_RETRIES)


class NotTakenError(Exception):
    """The service did not take the event."""


def handle(batch: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Hand over a batch, event by event, up to the first that fails: those after it come again with it."""
    credentials = boto3.Session().get_credentials()
    for record in records_of(batch):
        try:
            _hand_over(record, credentials)
        except (PoisonError, NotTakenError) as error:
            logger.warning("event not handed over", extra={"record": record.id, "error": str(error)})
            return answer([record])
    return answer()


def _hand_over(record: StreamRecord, credentials: Any) -> None:
    """Post one event. The service knows it by its id, so that it may come twice."""
    body = json.dumps({"id": record.id, "arrived": record.arrived.isoformat(), "event": record.event()}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": record.id}
    url = f"{os.environ['AI_URL']}/events"
    request = AWSRequest("POST", url, headers=headers, data=body)
    SigV4Auth(credentials.get_frozen_credentials(), "execute-api", os.environ["AWS_REGION"]).add_auth(request)
    try:
        response = _POOL.request("POST", url, headers=dict(request.headers.items()), body=body)
    except urllib3.exceptions.HTTPError as error:
        raise NotTakenError(type(error).__name__) from error
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise NotTakenError(f"status {response.status}")
