"""The function itself: lines of a service in, the same lines in its log group of errors."""

from contextlib import suppress
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from .batches import batches, unpacked

logger = Logger()
tracer = Tracer()
metrics = Metrics()

_logs: Any = boto3.client("logs")


@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@logger.inject_lambda_context
def handle(event: dict[str, Any], _context: LambdaContext) -> None:
    """Copy what was handed over. What fails is tried again by AWS, and kept among the dead letters in the end."""
    delivery = unpacked(event)
    metrics.add_metric(name="ErrorsRouted", unit=MetricUnit.Count, value=len(delivery.events) if delivery else 0)
    if delivery is None:
        return
    group = f"{delivery.group}/errors"
    for batch in batches(delivery.events):
        _put(group, delivery.stream, batch)


def _put(group: str, stream: str, batch: list[dict[str, Any]]) -> None:
    """Write lines to a stream that may not be there yet. The group is declared, and never made here."""
    try:
        answer = _logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=batch)
    except _logs.exceptions.ResourceNotFoundException:
        # another delivery of the same stream may come first
        with suppress(_logs.exceptions.ResourceAlreadyExistsException):
            _logs.create_log_stream(logGroupName=group, logStreamName=stream)
        answer = _logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=batch)
    if rejected := answer.get("rejectedLogEventsInfo"):
        logger.warning("lines too old or too new were not kept", rejected=rejected, group=group)
