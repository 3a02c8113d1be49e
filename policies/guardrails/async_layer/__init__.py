"""Guardrails of the clauses async-*, less those that hold for all functions."""

from guardrails.async_layer.brokers import BROKER_GUARDRAILS
from guardrails.async_layer.dead_letters import DEAD_LETTER_GUARDRAILS
from guardrails.async_layer.processors import PROCESSOR_GUARDRAILS
from guardrails.async_layer.queues import QUEUE_GUARDRAILS
from guardrails.async_layer.tables import TABLE_GUARDRAILS
from guardrails.model import Guardrail

ASYNC_GUARDRAILS: tuple[Guardrail, ...] = (
    *QUEUE_GUARDRAILS,
    *DEAD_LETTER_GUARDRAILS,
    *PROCESSOR_GUARDRAILS,
    *TABLE_GUARDRAILS,
    *BROKER_GUARDRAILS,
)
