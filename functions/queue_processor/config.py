"""What a processor is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Config:
    """One processor: its queue, and where its messages go."""

    queue_url: str
    """URL of the queue, which may be asked to show a message again sooner or later."""
    target_url: str
    """What messages are posted to."""
    region: str
    """Region that requests are signed for."""
    table: str
    """DynamoDB table that remembers which messages were handled."""
    request_seconds: float
    """Seconds that one request may take. A whole batch of them fits into the function's timeout."""
    visibility_seconds: int
    """Seconds after which the queue shows a message again."""
    remember_seconds: int
    """Seconds that handled messages are remembered: longer than the queue keeps any."""
    fifo: bool
    """Whether order counts, so that what follows a failure waits."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Config":
        """Read it.

        :raises KeyError: where a variable is missing, so that the function fails before it takes a message.
        """
        return cls(
            queue_url=environment["QUEUE_URL"],
            target_url=environment["TARGET_URL"],
            region=environment["AWS_REGION"],
            table=environment["IDEMPOTENCY_TABLE"],
            request_seconds=float(environment["REQUEST_SECONDS"]),
            visibility_seconds=int(environment["VISIBILITY_SECONDS"]),
            remember_seconds=int(environment["REMEMBER_SECONDS"]),
            fifo=environment["FIFO"] == "true",
        )
