"""The function itself: a batch of messages in, those that have to come again out."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    SqsFifoPartialProcessor,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from .config import Config
from .delivery import Delivery, RefusedError, UnavailableError
from .messages import MalformedError, checked_body, key_of
from .redaction import RedactingFormatter

_MARGIN_SECONDS = 2  # to report what failed
_LONGEST_PAUSE = 3600  # seconds

config = Config.of(os.environ)
logger = Logger(logger_formatter=RedactingFormatter())
tracer = Tracer()
metrics = Metrics()

_client = ClientConfig(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
_session = boto3.Session()
_queue = _session.client("sqs", region_name=config.region, config=_client)
_delivery = Delivery(config.target_url, config.region, config.request_seconds, _session.get_credentials)
_processor = SqsFifoPartialProcessor() if config.fifo else BatchProcessor(EventType.SQS)
_idempotency = IdempotencyConfig(
    event_key_jmespath="key", expires_after_seconds=config.remember_seconds, hash_function="sha256"
)
_memory = DynamoDBPersistenceLayer(
    table_name=config.table,
    boto3_client=_session.client("dynamodb", region_name=config.region, config=_client),
)


@metrics.log_metrics(capture_cold_start_metric=True)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a batch. What it returns the queue shows again, and hands to dead letters in the end."""
    _idempotency.register_lambda_context(context)
    _processor.raise_on_entire_batch_failure = False
    response = process_partial_response(event, _handle_one, _processor, context)
    return dict(response)


def _handle_one(record: SQSRecord, lambda_context: LambdaContext) -> None:
    raw: dict[str, Any] = record.raw_event
    attempt = int((raw.get("attributes") or {}).get("ApproximateReceiveCount", 1))
    about = {"message_id": record.message_id, "attempt": attempt}
    try:
        if lambda_context.get_remaining_time_in_millis() < (config.request_seconds + _MARGIN_SECONDS) * 1000:
            raise UnavailableError("no time left")
        body, key = checked_body(raw), key_of(raw)
        _hand_over(message={"key": key, "body": body})
    except (MalformedError, RefusedError) as error:
        # The queue itself moves it to dead letters, from where it can be sent back: here it only hurries.
        logger.warning("Message refused", extra={**about, "reason": str(error)})
        _count("MessagesRefused")
        _show_again(raw, 0)
        raise
    except Exception as error:
        logger.warning("Message comes again", extra={**about, "reason": f"{type(error).__name__}: {error}"})
        _count("MessagesRetried")
        _show_again(raw, min(config.visibility_seconds * 2 ** min(attempt - 1, 10), _LONGEST_PAUSE))
        raise
    _count("MessagesHandled")


@idempotent_function(data_keyword_argument="message", config=_idempotency, persistence_store=_memory)
def _hand_over(message: dict[str, str]) -> dict[str, bool]:
    with tracer.provider.in_subsegment("## deliver"):
        _delivery.post(message["body"], message["key"])
    return {"delivered": True}


def _show_again(raw: dict[str, Any], seconds: int) -> None:
    """Ask the queue to show a message again after ``seconds``; if it doesn't hear, it does so when it would."""
    if config.fifo and seconds:
        return  # what is behind it waits for it
    try:
        _queue.change_message_visibility(
            QueueUrl=config.queue_url, ReceiptHandle=raw.get("receiptHandle", ""), VisibilityTimeout=seconds
        )
    except (BotoCoreError, ClientError) as error:
        logger.info("Visibility unchanged", extra={"reason": type(error).__name__})


def _count(name: str) -> None:
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
