"""The processor as Lambda runs it, between queues and a table of an emulated AWS and a service on this machine."""

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.functions.service import Service, running

_REGION = "us-east-1"
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "token-of-the-role",
    "AWS_REGION": _REGION,
    "AWS_DEFAULT_REGION": _REGION,
    "AWS_LAMBDA_FUNCTION_NAME": "payment-webhooks-processor",
    "POWERTOOLS_SERVICE_NAME": "payment-webhooks-processor",
    "POWERTOOLS_METRICS_NAMESPACE": "FitnessPlatform",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "IDEMPOTENCY_TABLE": "handled-messages",
    "REQUEST_SECONDS": "2",
    "VISIBILITY_SECONDS": "300",
    "REMEMBER_SECONDS": "1296000",
}


class Context:
    """What Lambda tells a function of its invocation."""

    function_name = "payment-webhooks-processor"
    function_version = "1"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:payment-webhooks-processor:live"
    aws_request_id = "request-1"

    def __init__(self, seconds: float = 50) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of the timeout."""
        return int(self._seconds * 1000)


@dataclass
class Processor:
    """The function, its queue and its service."""

    module: Any
    sqs: Any
    queue_url: str
    letters_url: str
    service: Service

    def send(self, *bodies: str, key: str | None = None) -> None:
        """Send messages to the queue."""
        fifo = {"MessageGroupId": "one"} if self.queue_url.endswith(".fifo") else {}
        attributes = {"IdempotencyKey": {"DataType": "String", "StringValue": key}} if key else {}
        for index, body in enumerate(bodies):
            more = {**fifo, "MessageDeduplicationId": str(index)} if fifo else {}
            self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body, MessageAttributes=attributes, **more)

    def receive(self) -> list[dict[str, Any]]:
        """Take up to ten messages from the queue, as Lambda hands them over."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
        )
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {
                    name: {"stringValue": attribute["StringValue"], "dataType": "String"}
                    for name, attribute in message.get("MessageAttributes", {}).items()
                },
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:payment-webhooks",
                "awsRegion": _REGION,
            }
            for message in answer.get("Messages", [])
        ]

    def handle(self, records: Sequence[dict[str, Any]], seconds: float = 50) -> list[str]:
        """Let the function handle a batch; return the ids of what has to come again."""
        answer = self.module.handle({"Records": list(records)}, Context(seconds))
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def work(self) -> list[str]:
        """Do once what Lambda does: take a batch, have it handled, delete what succeeded; return bodies that failed."""
        records = self.receive()
        failed = set(self.handle(records)) if records else set[str]()
        for record in records:
            if record["messageId"] not in failed:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=record["receiptHandle"])
        return [record["body"] for record in records if record["messageId"] in failed]

    def count(self, url: str) -> int:
        """Return how many messages a queue has, hidden ones among them."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)


@contextmanager
def processing(patch: pytest.MonkeyPatch, *, fifo: bool = False, **environment: str) -> Generator[Processor]:
    """Run the processor, with some variables changed."""
    end = ".fifo" if fifo else ""
    kind = {"FifoQueue": "true"} if fifo else {}
    for name, value in _ENVIRONMENT.items():
        patch.setenv(name, value)
    with running() as service, mock_aws():
        sqs = boto3.client("sqs")
        letters = sqs.create_queue(QueueName=f"letters{end}", Attributes=kind)["QueueUrl"]
        redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{_REGION}:123456789012:letters{end}", "maxReceiveCount": "5"}
        url = sqs.create_queue(
            QueueName=f"payment-webhooks{end}", Attributes={**kind, "RedrivePolicy": json.dumps(redrive)}
        )
        boto3.client("dynamodb").create_table(
            TableName="handled-messages",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        given = {"QUEUE_URL": url["QueueUrl"], "TARGET_URL": service.url, "FIFO": str(fifo).lower(), **environment}
        for name, value in given.items():
            patch.setenv(name, value)
        yield Processor(_module(patch), sqs, url["QueueUrl"], letters, service)


def _module(patch: pytest.MonkeyPatch) -> Any:
    """Return the function's module, read anew: it reads its environment once, as it starts."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "queue_processor"]:
        patch.delitem(sys.modules, name)
    return import_module("queue_processor.handler")
