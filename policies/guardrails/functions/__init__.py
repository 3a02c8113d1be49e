"""Guardrails of all functions, whichever layer they belong to: async-lambda-* and what else every function keeps."""

from guardrails.functions.callers import CALLER_GUARDRAILS
from guardrails.functions.concurrency import CONCURRENCY_GUARDRAILS
from guardrails.functions.environments import ENVIRONMENT_GUARDRAILS
from guardrails.functions.failures import FAILURE_GUARDRAILS
from guardrails.functions.logs import LOG_GUARDRAILS
from guardrails.functions.roles import ROLE_GUARDRAILS
from guardrails.functions.runtime import RUNTIME_GUARDRAILS
from guardrails.model import Guardrail

FUNCTION_GUARDRAILS: tuple[Guardrail, ...] = (
    *RUNTIME_GUARDRAILS,
    *ENVIRONMENT_GUARDRAILS,
    *LOG_GUARDRAILS,
    *ROLE_GUARDRAILS,
    *CALLER_GUARDRAILS,
    *CONCURRENCY_GUARDRAILS,
    *FAILURE_GUARDRAILS,
)
