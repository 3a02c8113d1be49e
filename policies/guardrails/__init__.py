"""Every guardrail of the pack."""

from guardrails.api_layer import API_GUARDRAILS
from guardrails.async_layer import ASYNC_GUARDRAILS
from guardrails.cache_layer import CACHE_GUARDRAILS
from guardrails.classification import classification
from guardrails.compute_cluster import COMPUTE_GUARDRAILS
from guardrails.database_layer import DATABASE_GUARDRAILS
from guardrails.edge_layer import EDGE_GUARDRAILS
from guardrails.functions import FUNCTION_GUARDRAILS
from guardrails.media_pipeline import MEDIA_GUARDRAILS
from guardrails.model import Guardrail
from guardrails.network_layer import NETWORK_GUARDRAILS
from guardrails.observability_layer import OBSERVABILITY_GUARDRAILS
from guardrails.options import OPTION_GUARDRAILS
from guardrails.provider import PROVIDER_GUARDRAILS
from guardrails.runbook_layer import RUNBOOK_GUARDRAILS
from guardrails.search_layer import SEARCH_GUARDRAILS
from guardrails.second_region import SECOND_REGION_GUARDRAILS
from guardrails.security_layer import SECURITY_GUARDRAILS

_GUARDRAILS: tuple[Guardrail, ...] = (
    *PROVIDER_GUARDRAILS,
    *OPTION_GUARDRAILS,
    *SECURITY_GUARDRAILS,
    *NETWORK_GUARDRAILS,
    *DATABASE_GUARDRAILS,
    *CACHE_GUARDRAILS,
    *MEDIA_GUARDRAILS,
    *SEARCH_GUARDRAILS,
    *COMPUTE_GUARDRAILS,
    *API_GUARDRAILS,
    *FUNCTION_GUARDRAILS,
    *ASYNC_GUARDRAILS,
    *EDGE_GUARDRAILS,
    *OBSERVABILITY_GUARDRAILS,
    *SECOND_REGION_GUARDRAILS,
    *RUNBOOK_GUARDRAILS,
)

ALL_GUARDRAILS: tuple[Guardrail, ...] = (*_GUARDRAILS, classification(_GUARDRAILS))
