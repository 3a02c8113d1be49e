"""What a stack's YAML says about queues and their processors: ``fitness-platform:async``."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from components.async_layer.rabbitmq_settings import RabbitmqSettings
from components.settings_base import Conflict, KeepsAdr, RetentionDays, Settings

_SHARE_OF_VISIBILITY = 6  # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_OVERHEAD_SECONDS = 5  # of a batch, beside its requests
_UNRESERVED = 100  # executions that AWS keeps free of reservations


def _owner(name: str) -> Any:
    return Field(
        default=name,
        examples=["api-gateway"],
        description="Service that gets its messages: one of those under compute.services.",
    )


def _batch(size: int) -> Any:
    return Field(
        default=size,
        ge=1,
        le=10,
        description=(
            "Messages that the processor gets at once. Each has its share of timeoutSeconds less 5 for its request."
        ),
    )


def _warm(count: int) -> Any:
    return Field(default=count, ge=0, le=1000, examples=[2], description="Executions that are always warm. Each costs.")


class QueueSettings(Settings):
    """One queue and its processor."""

    service: str
    visibility_seconds: Annotated[int, KeepsAdr("async-visibility-5min", "300", lambda time: time == 300)] = Field(
        default=300, ge=30, le=43_200, description="Seconds that a message is hidden while it is worked on."
    )
    timeout_seconds: Annotated[int, KeepsAdr("async-visibility-5min", "50 or less", lambda time: time <= 50)] = Field(
        default=50,
        ge=6,
        le=900,
        description="Seconds that a batch may take; six times that must fit into visibilitySeconds.",
    )
    memory_mib: int = Field(default=256, ge=128, le=10_240, description="Memory of the processor, in MiB.")
    batch_size: int = _batch(10)
    batch_window_seconds: int = Field(
        default=0, ge=0, le=300, description="Seconds to wait for a batch to fill. FIFO queues don't wait."
    )
    max_receive_count: Annotated[int, KeepsAdr("async-dlq", "3 to 10", lambda count: 3 <= count <= 10)] = Field(
        default=5, ge=1, le=1000, description="How often a message may fail before it goes to the dead letters."
    )
    maximum_concurrency: int = Field(
        default=100, ge=2, le=1000, description="Executions of the processor at once, at most."
    )
    provisioned_concurrency: int = _warm(0)
    fifo: Annotated[bool, KeepsAdr("async-fifo-if-required", "true or false", lambda _: True)] = Field(
        default=False,
        description="Whether messages of a group keep their order. Changing it replaces the queue.",
    )
    oldest_message_seconds: int = Field(
        default=900, ge=60, le=86_400, description="Age of the oldest message that raises an alarm, in seconds."
    )

    @property
    def request_seconds(self) -> float:
        """Seconds that one request may take, so that a whole batch of them fits into the timeout."""
        return (self.timeout_seconds - _OVERHEAD_SECONDS) / self.batch_size

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what would show messages again while they are worked on, and what AWS refuses."""
        needed = _SHARE_OF_VISIBILITY * self.timeout_seconds + self.batch_window_seconds
        if self.visibility_seconds < needed:
            yield Conflict(
                ("visibilitySeconds",),
                self.visibility_seconds,
                f"{needed} or more, six times timeoutSeconds and batchWindowSeconds",
            )
        if self.request_seconds < 1:
            yield Conflict(
                ("batchSize",),
                self.batch_size,
                f"{self.timeout_seconds - _OVERHEAD_SECONDS} or less, so that each message has a second of the timeout",
            )
        if self.fifo and self.batch_window_seconds:
            yield Conflict(("batchWindowSeconds",), self.batch_window_seconds, "0 for a FIFO queue")
        if self.provisioned_concurrency > self.maximum_concurrency:
            yield Conflict(
                ("provisionedConcurrency",),
                self.provisioned_concurrency,
                f"up to maximumConcurrency ({self.maximum_concurrency})",
            )


class EmailSettings(QueueSettings):
    """E-mail notifications."""

    service: str = _owner("auth")


class PaymentWebhooksSettings(QueueSettings):
    """Webhooks of payment providers, whose processor is always warm."""

    service: str = _owner("payment")
    batch_size: int = _batch(5)
    provisioned_concurrency: Annotated[
        int, KeepsAdr("async-lambda-provisioned", "1 or more", lambda count: count >= 1)
    ] = _warm(2)


class AnalyticsEventsSettings(QueueSettings):
    """Events for analytics."""

    service: str = _owner("content")


class HealthMetricsSettings(QueueSettings):
    """Health metrics to be aggregated."""

    service: str = _owner("training")


class AiRecommendationsSettings(QueueSettings):
    """AI recommendations to be generated, which may take longer than all else."""

    service: str = _owner("ai")
    batch_size: int = _batch(1)
    visibility_seconds: Annotated[
        int, KeepsAdr("async-visibility-5min", "300 or 5400", lambda time: time in (300, 5400))
    ] = Field(
        default=300,
        ge=30,
        le=43_200,
        examples=[5400],
        description="Seconds that a message is hidden while it is worked on: 5400 for work of up to 15 minutes.",
    )
    timeout_seconds: int = Field(
        default=50,
        ge=6,
        le=900,
        description="Seconds that a batch may take; six times that must fit into visibilitySeconds.",
    )


class QueuesSettings(Settings):
    """The five queues of the decision."""

    email: EmailSettings = Field(default=EmailSettings(), description="E-mail notifications.")
    payment_webhooks: PaymentWebhooksSettings = Field(
        default=PaymentWebhooksSettings(), description="Webhooks of payment providers."
    )
    analytics_events: AnalyticsEventsSettings = Field(
        default=AnalyticsEventsSettings(), description="Events for analytics."
    )
    health_metrics: HealthMetricsSettings = Field(
        default=HealthMetricsSettings(), description="Health metrics to be aggregated."
    )
    ai_recommendations: AiRecommendationsSettings = Field(
        default=AiRecommendationsSettings(), description="AI recommendations to be generated."
    )


class AsyncSettings(Settings):
    """Queues, processors and the broker. Every default is the decision's value."""

    queues: QueuesSettings = Field(default=QueuesSettings(), description="The five queues.")
    lambda_concurrency_limit: int = Field(
        default=1000,
        ge=200,
        le=1000,
        description=(
            "Executions of functions that the account may have at once, as granted (Service Quotas, L-B99A9384): 1000, "
            "and fewer in new accounts. The queues together must leave 100 of them."
        ),
    )
    log_retention_days: Annotated[
        RetentionDays, KeepsAdr("obs-retention-app", "90 or more", lambda days: days >= 90)
    ] = Field(default=90, description="Days that the logs of processors are kept.")
    rabbitmq: RabbitmqSettings = Field(default=RabbitmqSettings(), description="The broker, a fallback.")

    @property
    def by_name(self) -> Mapping[str, QueueSettings]:
        """The queues by the names that they have in AWS."""
        return {name.replace("_", "-"): getattr(self.queues, name) for name in type(self.queues).model_fields}

    @property
    def taken(self) -> int:
        """Executions that the queues may take together."""
        return sum(queue.maximum_concurrency for queue in self.by_name.values())

    @property
    def left(self) -> int:
        """Executions that are left for functions of other layers to reserve."""
        return self.lambda_concurrency_limit - _UNRESERVED - self.taken

    def conflicts(self) -> Iterator[Conflict]:
        """Yield queues that would take what the account's other functions need."""
        taken = self.taken
        if self.left < 0:
            yield Conflict(
                ("lambdaConcurrencyLimit",),
                self.lambda_concurrency_limit,
                f"{taken + _UNRESERVED} or more: the queues take {taken}, and {_UNRESERVED} are left to the others",
            )
