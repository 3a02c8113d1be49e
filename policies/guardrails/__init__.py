"""Every guardrail of the pack."""

from guardrails.model import Guardrail
from guardrails.network_layer import NETWORK_GUARDRAILS

ALL_GUARDRAILS: tuple[Guardrail, ...] = (*NETWORK_GUARDRAILS,)
