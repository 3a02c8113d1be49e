"""Queues: encrypted, over TLS, for this account alone, and keeping messages for as long as AWS keeps any."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.naming import Naming
from components.policy_documents import Statement, deny, deny_plain_http, document

RETENTION_SECONDS = 14 * 86_400
"""The longest that SQS keeps a message."""
_KEY_REUSE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Redrive:
    """Where messages go that were received too often."""

    dead_letters: "PrivateQueue"
    max_receive_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSpec:
    """What one queue is for."""

    name: str
    """Physical name, up to 80 characters; that of a FIFO queue ends with ``.fifo``."""
    visibility_seconds: int = 300
    """Seconds that a message is hidden while somebody works on it."""
    redrive: Redrive | None = None
    """What its messages do in the end; queues of dead letters have none."""
    takes_from: Sequence[str] | None = None
    """ARNs of the queues whose dead letters it takes; ``None`` for those that take from none."""
    senders: Sequence[Statement] = ()
    """Statements that let AWS services send to it; roles of this account have theirs."""

    @property
    def fifo(self) -> bool:
        """Whether it keeps messages in order."""
        return self.name.endswith(".fifo")


class PrivateQueue(pulumi.ComponentResource):
    """A queue and its policy."""

    queue_name: str
    """Its physical name."""
    queue_arn: str
    """Its ARN, built from its name."""
    url: str
    """Its URL, built from its name."""
    name: pulumi.Output[str]
    """The name, once the queue exists."""
    arn: pulumi.Output[str]
    """The ARN, once the queue exists."""

    def __init__(
        self,
        name: str,
        spec: QueueSpec,
        *,
        naming: Naming,
        key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:queues:PrivateQueue", name, None, opts)
        self.queue_name = spec.name
        self.queue_arn = naming.arn("sqs", spec.name)
        self.url = f"https://sqs.{naming.region}.amazonaws.com/{naming.account_id}/{spec.name}"
        queue = aws.sqs.Queue(
            f"{name}-queue",
            name=spec.name,
            message_retention_seconds=RETENTION_SECONDS,
            visibility_timeout_seconds=spec.visibility_seconds,
            receive_wait_time_seconds=20,
            kms_master_key_id=key_arn,
            kms_data_key_reuse_period_seconds=_KEY_REUSE_SECONDS,
            redrive_policy=_redrive_policy(spec.redrive),
            redrive_allow_policy=json.dumps(_takes_from(spec.takes_from)),
            tags={"Name": spec.name},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
            **_in_order(spec.fifo),
        )
        aws.sqs.QueuePolicy(
            f"{name}-policy",
            queue_url=queue.id,
            policy=_policy(naming.account_id, self.queue_arn, spec.senders),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = queue.name
        self.arn = queue.arn
        self.register_outputs(
            {
                "queue_name": self.queue_name,
                "queue_arn": self.queue_arn,
                "url": self.url,
                "name": self.name,
                "arn": self.arn,
            }
        )


def dead_letter_alarm(of: str, queue: PrivateQueue) -> ThresholdAlarm:
    """Return the alarm that a queue of dead letters holds any. Somebody has to look, but nothing is lost."""
    return ThresholdAlarm(
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        period=60,
        periods=1,
        comparison="GreaterThanThreshold",
        threshold=0,
        severity="critical",
        missing="notBreaching",  # SQS stops counting an empty queue
        meaning=f"{of}: messages were given up and wait among the dead letters",
    )


def _redrive_policy(redrive: Redrive | None) -> pulumi.Output[str] | None:
    if redrive is None:
        return None
    queue, count = redrive.dead_letters, redrive.max_receive_count
    # The text is built from names, so that it is known; the name's output makes it wait for the queue.
    return queue.name.apply(
        lambda _: json.dumps({"deadLetterTargetArn": queue.queue_arn, "maxReceiveCount": count}, sort_keys=True)
    )


def _takes_from(sources: Sequence[str] | None) -> Mapping[str, Any]:
    if sources is None:
        return {"redrivePermission": "denyAll"}
    return {"redrivePermission": "byQueue", "sourceQueueArns": list(sources)}


def _in_order(fifo: bool) -> dict[str, Any]:
    if not fifo:
        return {}
    return {"fifo_queue": True, "deduplication_scope": "messageGroup", "fifo_throughput_limit": "perMessageGroupId"}


def _policy(account_id: str, arn: str, senders: Sequence[Statement]) -> str:
    return document(
        *senders,
        deny_plain_http("sqs:*", arn),
        deny(
            "sqs:*",
            arn,
            sid="OwnAccountOnly",
            principal="*",
            condition={
                "StringNotEquals": {"aws:PrincipalAccount": account_id},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
    )
