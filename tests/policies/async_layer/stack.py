"""Names in the compliant prod stack, and what the guardrails of queues say of it."""

from collections.abc import Mapping
from typing import Any

from guardrails.async_layer import ASYNC_GUARDRAILS
from preview.topology import Topology
from tests.policies.functions import stack
from tests.support import judging

ACCOUNT, REGION = stack.ACCOUNT, stack.REGION
STACK = stack.STACK
QUEUE, LETTERS, SOURCE = "async-email-queue", "async-email-dead-letters-queue", "async-email-source"
OTHER_QUEUE, OTHER_LETTERS = "async-health-metrics-queue", "async-health-metrics-dead-letters-queue"
LONG_QUEUE, LONG_SOURCE = "async-ai-recommendations-queue", "async-ai-recommendations-source"
LONG_FUNCTION = "async-ai-recommendations-processor-function"
PAYMENT_QUEUE, PAYMENT_SOURCE = "async-payment-webhooks-queue", "async-payment-webhooks-source"
FUNCTION, TABLE, KEY = stack.FUNCTION, "async-handled-table", "security-data-key"
AGE, DEPTH = (
    "async-email-ApproximateAgeOfOldestMessage",
    "async-email-dead-letters-ApproximateNumberOfMessagesVisible",
)
recorded = stack.recorded


def arn(name: str) -> str:
    """Return the ARN of a queue of the stack."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:fitness-platform-prod-{name}"


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of queues a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, ASYNC_GUARDRAILS)
