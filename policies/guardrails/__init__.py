"""Every guardrail of the pack."""

from guardrails.api_layer import API_GUARDRAILS
from guardrails.classification import classification
from guardrails.compute_cluster import COMPUTE_GUARDRAILS
from guardrails.database_layer import DATABASE_GUARDRAILS
from guardrails.model import Guardrail
from guardrails.network_layer import NETWORK_GUARDRAILS
from guardrails.options import OPTION_GUARDRAILS
from guardrails.provider import PROVIDER_GUARDRAILS
from guardrails.security_layer import SECURITY_GUARDRAILS

_GUARDRAILS: tuple[Guardrail, ...] = (
    *PROVIDER_GUARDRAILS,
    *OPTION_GUARDRAILS,
    *SECURITY_GUARDRAILS,
    *NETWORK_GUARDRAILS,
    *DATABASE_GUARDRAILS,
    *COMPUTE_GUARDRAILS,
    *API_GUARDRAILS,
)

ALL_GUARDRAILS: tuple[Guardrail, ...] = (*_GUARDRAILS, classification(_GUARDRAILS))
