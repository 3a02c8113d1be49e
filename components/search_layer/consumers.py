"""Consumers of the stream: each with throughput of its own, and a queue for what it can't handle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key
from components.python_function import FunctionNetwork, FunctionSpec, FunctionSurroundings, PythonFunction
from components.queues import PrivateQueue, QueueSpec, dead_letter_alarm
from components.search_layer.names import stream_arn
from components.search_layer.settings import EventSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSpec:
    """What one consumer does with events."""

    label: str
    """What it is for, and the module of its function."""
    description: str
    batch_size: int
    """Events that it gets at once at most, 1 to 10000."""
    wait_seconds: int
    """Seconds that a batch may gather for, 0 to 300."""
    timeout: int
    """Seconds that a batch may take."""
    environment: Mapping[str, pulumi.Input[str]]
    statements: Sequence[Statement] = field(default=())
    """What it may do beside reading the stream."""
    network: FunctionNetwork | None = None
    """Where it is in the VPC, if it is."""


@dataclass(frozen=True, slots=True)
class ConsumerSurroundings:
    """What all consumers share."""

    settings: EventSettings
    log_days: int
    stream: aws.kinesis.Stream
    queue_key_arn: pulumi.Input[str]
    """Key for queues."""
    functions: FunctionSurroundings
    waits: bool
    """Whether nobody reads the stream yet, as in a standby."""
    protect: bool
    """Whether the queues of what failed are protected from deletion."""


class StreamConsumer(pulumi.ComponentResource):
    """A function that reads the stream. What fails again and again is set aside, and somebody is told.

    Carries search-kinesis-consumer-analytics, -ai and -dashboards.
    """

    def __init__(
        self,
        name: str,
        spec: ConsumerSpec,
        shared: ConsumerSurroundings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:search:StreamConsumer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming, settings = shared.functions.naming, shared.settings
        failed = PrivateQueue(
            f"{name}-failed",
            QueueSpec(name=naming.name("events", spec.label, "failed")),
            naming=naming,
            key_arn=shared.queue_key_arn,
            protect=shared.protect,
            opts=child,
        )
        dead_letter_alarm(f"Events for {spec.label}", failed).declare(
            f"{name}-failed-alarm",
            naming.name("events", spec.label, "failed"),
            topic_arns=shared.functions.alert_topic_arns,
            opts=child,
        )
        function = PythonFunction(
            f"{name}-reader",
            FunctionSpec(
                function_name=reader_name(naming, spec.label),
                source="event_consumers",
                handler=f"{spec.label}.handle",
                description=spec.description,
                timeout=spec.timeout,
                memory_mib=512,
                environment=spec.environment,
                statements=[*_reads_stream(naming, spec.label), *_sets_aside(naming, failed), *spec.statements],
                log_days=shared.log_days,
                network=spec.network,
            ),
            shared.functions,
            child,
        )
        consumer = aws.kinesis.StreamConsumer(
            f"{name}-consumer",
            name=spec.label,
            stream_arn=shared.stream.arn,
            tags={"Name": spec.label},
            opts=child,
        )
        aws.lambda_.EventSourceMapping(
            f"{name}-mapping",
            event_source_arn=consumer.arn,
            function_name=function.alias_arn,
            enabled=not shared.waits,
            starting_position="TRIM_HORIZON",
            batch_size=spec.batch_size,
            maximum_batching_window_in_seconds=spec.wait_seconds,
            parallelization_factor=settings.parallel_batches,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=settings.retry_attempts,
            maximum_record_age_in_seconds=settings.oldest_hours * 3600,
            function_response_types=["ReportBatchItemFailures"],
            destination_config=aws.lambda_.EventSourceMappingDestinationConfigArgs(
                on_failure=aws.lambda_.EventSourceMappingDestinationConfigOnFailureArgs(destination_arn=failed.arn)
            ),
            tags={"Name": naming.name("events", spec.label)},
            opts=child,
        )
        _late(spec.label, function.alias.function_name, settings).declare(
            f"{name}-IteratorAge",
            naming.name("events", spec.label, "IteratorAge"),
            topic_arns=shared.functions.alert_topic_arns,
            opts=child,
        )
        self.register_outputs({})


def reader_name(naming: Naming, label: str) -> str:
    """Return what the function is called that reads the stream for something."""
    return naming.name("events", label)


def _reads_stream(naming: Naming, label: str) -> list[Statement]:
    # https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
    return [
        allow(
            [
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ],
            stream_arn(naming),
            sid="ReadStream",
        ),
        # AWS adds the moment of its creation to the ARN of a consumer.
        allow("kinesis:SubscribeToShard", f"{stream_arn(naming)}/consumer/{label}:*", sid="HaveOwnThroughput"),
        allow_key(
            "kms:Decrypt",
            naming.arn("kms", "key/*"),
            f"alias/{naming.name('streams')}",
            sid="DecryptEvents",
            condition={"StringEquals": {"kms:ViaService": f"kinesis.{naming.region}.amazonaws.com"}},
        ),
    ]


def _sets_aside(naming: Naming, failed: PrivateQueue) -> list[Statement]:
    return [
        allow("sqs:SendMessage", failed.queue_arn, sid="SetAside"),
        allow_key(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            naming.arn("kms", "key/*"),
            f"alias/{naming.name('queues')}",
            sid="EncryptWhatIsSetAside",
            condition={"StringEquals": {"kms:ViaService": f"sqs.{naming.region}.amazonaws.com"}},
        ),
    ]


def _late(label: str, function_name: pulumi.Input[str], settings: EventSettings) -> ThresholdAlarm:
    return ThresholdAlarm(
        namespace="AWS/Lambda",
        metric="IteratorAge",
        dimensions={"FunctionName": function_name},
        statistic="Maximum",
        period=300,
        periods=2,
        comparison="GreaterThanThreshold",
        threshold=settings.late_minutes * 60_000,
        severity="critical",
        missing="notBreaching",  # no events, and none that are late
        meaning=f"Events for {label} are {settings.late_minutes} minutes late, and will be gone once it is a day",
    )
