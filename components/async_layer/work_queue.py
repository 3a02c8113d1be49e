"""A queue of work: the messages, what becomes of those that can't be handled, and the function that handles them."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.async_layer.memory import REMEMBER_SECONDS, remembers, table_name
from components.async_layer.settings import QueueSettings
from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key
from components.python_function import FunctionSpec, FunctionSurroundings, PythonFunction
from components.queues import PrivateQueue, QueueSpec, Redrive, dead_letter_alarm
from components.routes import internal_call_arn, internal_url

_SOURCE = "queue_processor"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSurroundings:
    """What all queues share."""

    functions: FunctionSurroundings
    queue_key_arn: pulumi.Input[str]
    """Key of messages."""
    domain: str
    """Domain below which services are called."""
    log_days: int
    memory: pulumi.Resource
    """The table of handled messages: no message is taken before it is there."""
    waits: bool
    """Whether no message is taken yet, as in a standby."""
    protect: bool


class WorkQueue(pulumi.ComponentResource):
    """One queue with its dead letters, its processor and their alarms."""

    queue: PrivateQueue
    """The queue itself."""

    def __init__(
        self,
        name: str,
        label: str,
        settings: QueueSettings,
        shared: WorkSurroundings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:async:WorkQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = shared.functions.naming
        queue_name = physical_name(naming, label, fifo=settings.fifo)
        dead_letters = PrivateQueue(
            f"{name}-dead-letters",
            QueueSpec(
                name=physical_name(naming, f"{label}-dead-letters", fifo=settings.fifo),
                takes_from=[naming.arn("sqs", queue_name)],
            ),
            naming=naming,
            key_arn=shared.queue_key_arn,
            protect=shared.protect,
            opts=child,
        )
        self.queue = PrivateQueue(
            name,
            QueueSpec(
                name=queue_name,
                visibility_seconds=settings.visibility_seconds,
                redrive=Redrive(dead_letters, settings.max_receive_count),
            ),
            naming=naming,
            key_arn=shared.queue_key_arn,
            protect=shared.protect,
            opts=child,
        )
        processor = PythonFunction(
            f"{name}-processor",
            FunctionSpec(
                function_name=processor_name(naming, label),
                source=_SOURCE,
                description=f"Hands messages of {queue_name} to the service {settings.service}",
                timeout=settings.timeout_seconds,
                memory_mib=settings.memory_mib,
                environment=_environment(label, settings, shared.domain, naming, self.queue.url),
                statements=_statements(settings, naming, self.queue.queue_arn),
                log_days=shared.log_days,
                provisioned_concurrency=settings.provisioned_concurrency,
            ),
            shared.functions,
            child,
        )
        aws.lambda_.EventSourceMapping(
            f"{name}-source",
            event_source_arn=self.queue.arn,
            function_name=processor.alias_arn,
            enabled=not shared.waits,
            batch_size=settings.batch_size,
            maximum_batching_window_in_seconds=settings.batch_window_seconds,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=aws.lambda_.EventSourceMappingScalingConfigArgs(
                maximum_concurrency=settings.maximum_concurrency
            ),
            tags={"Name": processor.function_name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[shared.memory]),
        )
        for part, alarm in (
            (name, _oldest(label, settings, self.queue)),
            (f"{name}-dead-letters", dead_letter_alarm(f"Queue {label}", dead_letters)),
        ):
            subject = self.queue.queue_name if part == name else dead_letters.queue_name
            alarm.declare(
                f"{part}-{alarm.metric}",
                f"{subject}-{alarm.metric}",
                topic_arns=shared.functions.alert_topic_arns,
                opts=child,
            )
        self.register_outputs({"queue": self.queue.arn})


def processor_name(naming: Naming, label: str) -> str:
    """Return what the function is called that takes the messages of a queue."""
    return naming.name(label, "processor")


def physical_name(naming: Naming, label: str, *, fifo: bool) -> str:
    """Return what a queue is called: those that keep their order end with ``.fifo``."""
    return naming.name(label) + (".fifo" if fifo else "")


def _environment(label: str, settings: QueueSettings, domain: str, naming: Naming, url: str) -> dict[str, str]:
    return {
        "QUEUE_URL": url,
        "TARGET_URL": f"{internal_url(domain, settings.service)}/{label}",
        "IDEMPOTENCY_TABLE": table_name(naming),
        "REQUEST_SECONDS": f"{settings.request_seconds:g}",
        "VISIBILITY_SECONDS": str(settings.visibility_seconds),
        "REMEMBER_SECONDS": str(REMEMBER_SECONDS),
        "FIFO": str(settings.fifo).lower(),
    }


def _statements(settings: QueueSettings, naming: Naming, queue_arn: str) -> list[Statement]:
    return [
        allow(
            ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            queue_arn,
            sid="TakeMessages",
        ),
        allow_key(
            "kms:Decrypt",
            naming.arn("kms", "key/*"),
            f"alias/{naming.name('queues')}",
            sid="ReadMessages",
            condition={"StringEquals": {"kms:ViaService": f"sqs.{naming.region}.amazonaws.com"}},
        ),
        *remembers(naming),
        allow("execute-api:Invoke", internal_call_arn(naming, "POST", settings.service), sid="CallService"),
    ]


def _oldest(label: str, settings: QueueSettings, queue: PrivateQueue) -> ThresholdAlarm:
    return ThresholdAlarm(
        namespace="AWS/SQS",
        metric="ApproximateAgeOfOldestMessage",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        period=60,
        periods=5,
        comparison="GreaterThanThreshold",
        threshold=settings.oldest_message_seconds,
        severity="critical",
        missing="notBreaching",  # SQS stops counting an empty queue
        meaning=f"Queue {label}: its processor doesn't keep up, or its service doesn't take what it is handed",
    )
