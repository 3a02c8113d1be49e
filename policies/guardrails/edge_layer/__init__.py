"""Guardrails of the edge: edge-*, the rates of api-rate-*, and names that fail over."""

from guardrails.edge_layer.caching import CACHING_GUARDRAILS
from guardrails.edge_layer.distributions import DISTRIBUTION_GUARDRAILS
from guardrails.edge_layer.headers import HEADER_GUARDRAILS
from guardrails.edge_layer.logs import LOG_GUARDRAILS
from guardrails.edge_layer.names import NAME_GUARDRAILS
from guardrails.edge_layer.origins import ORIGIN_GUARDRAILS
from guardrails.edge_layer.rates import RATE_GUARDRAILS
from guardrails.edge_layer.shield import SHIELD_GUARDRAILS
from guardrails.edge_layer.strangers import STRANGER_GUARDRAILS
from guardrails.model import Guardrail

EDGE_GUARDRAILS: tuple[Guardrail, ...] = (
    *DISTRIBUTION_GUARDRAILS,
    *NAME_GUARDRAILS,
    *ORIGIN_GUARDRAILS,
    *CACHING_GUARDRAILS,
    *HEADER_GUARDRAILS,
    *LOG_GUARDRAILS,
    *RATE_GUARDRAILS,
    *SHIELD_GUARDRAILS,
    *STRANGER_GUARDRAILS,
)
