"""The notifier: the end of a job in, a message to the topic out.

EventBridge can't use an encrypted topic's key under the conditions that its policy demands; a role can.
"""

import json
import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config as ClientConfig

_ENDS = ("COMPLETE", "ERROR")

topic_arn = os.environ["TOPIC_ARN"]
logger = Logger()
tracer = Tracer()
metrics = Metrics()

client = boto3.client(
    "sns",
    config=ClientConfig(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}),
)


@metrics.log_metrics(capture_cold_start_metric=True)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context
def handle(event: Any, context: LambdaContext) -> dict[str, bool]:
    """Tell the topic how a job ended. What the topic doesn't take, Lambda tries again and then keeps."""
    told = message_of(event)
    metrics.add_metric(name="JobEventsRefused", unit=MetricUnit.Count, value=int(told is None))
    if told is None:
        logger.warning("Event refused")
        return {"told": False}
    client.publish(
        TopicArn=topic_arn,
        Message=json.dumps(told, sort_keys=True),
        MessageAttributes={"status": {"DataType": "String", "StringValue": told["status"]}},
    )
    logger.info("End of job told", extra={"job": told["job"], "status": told["status"]})
    metrics.add_metric(name=f"Jobs{told['status'].title()}", unit=MetricUnit.Count, value=1)
    return {"told": True}


def message_of(event: Any) -> dict[str, Any] | None:
    """Return what is told of an event of MediaConvert, ``None`` where it tells of no end of a job.

    https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html
    """
    detail = event.get("detail") if isinstance(event, dict) else None
    if not isinstance(detail, dict) or detail.get("status") not in _ENDS or not isinstance(detail.get("jobId"), str):
        return None
    metadata = detail.get("userMetadata")
    about = metadata if isinstance(metadata, dict) else {}
    return {
        "job": detail["jobId"],
        "status": detail["status"],
        "master": {key: str(about.get(key, "")) for key in ("bucket", "key", "version")},
        "manifests": sorted(_manifests(detail.get("outputGroupDetails"))),
        "errorCode": detail.get("errorCode"),
    }


def _manifests(groups: Any) -> set[str]:
    found: set[str] = set()
    for group in groups if isinstance(groups, list) else ():
        paths = group.get("playlistFilePaths") if isinstance(group, dict) else None
        found |= {path for path in paths if isinstance(path, str)} if isinstance(paths, list) else set()
    return found
