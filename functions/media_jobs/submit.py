"""The submitter: an upload in, a job out. What fails is told again by Lambda, and a job is made once all the same."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from .config import Config
from .job import job
from .uploads import UnusableError, master_of, records_of

config = Config.of(os.environ)
logger = Logger()
tracer = Tracer()
metrics = Metrics()

client = boto3.client(
    "mediaconvert",
    config=ClientConfig(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}),
)


class NotSubmittedError(Exception):
    """Some uploads have no job yet."""


@metrics.log_metrics(capture_cold_start_metric=True)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context
def handle(event: Any, context: LambdaContext) -> dict[str, int]:
    """Submit a job for each upload of an event.

    :raises NotSubmittedError: where some have none, so that all are told again; those that have one keep it.
    """
    submitted = failed = 0
    for record in records_of(event):
        try:
            master = master_of(record, config)
        except UnusableError as error:
            logger.warning("Upload refused", extra={"reason": str(error)})
            _count("UploadsRefused")
            continue
        try:
            answer: Any = client.create_job(**job(master, config))
        except (BotoCoreError, ClientError) as error:
            logger.warning("Job not submitted", extra={"token": master.token, "reason": _reason(error)})
            _count("JobsNotSubmitted")
            failed += 1
            continue
        logger.info("Job submitted", extra={"token": master.token, "job": answer["Job"]["Id"]})
        submitted += 1
    _count("JobsSubmitted", submitted)
    if failed:
        raise NotSubmittedError(f"{failed} of {failed + submitted}")
    return {"submitted": submitted}


def _reason(error: Exception) -> str:
    """Return what kind of error it is: its text may have the name of a file in it."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def _count(name: str, value: int = 1) -> None:
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
