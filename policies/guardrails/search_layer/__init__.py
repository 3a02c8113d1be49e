"""Guardrails of search and events: search-*, and their parts of enc-rest-others and enc-transit-tls12."""

from guardrails.model import Guardrail
from guardrails.search_layer.access import ACCESS_GUARDRAILS
from guardrails.search_layer.consumers import CONSUMER_GUARDRAILS
from guardrails.search_layer.contents import CONTENT_GUARDRAILS
from guardrails.search_layer.domains import DOMAIN_GUARDRAILS
from guardrails.search_layer.logs import LOG_GUARDRAILS
from guardrails.search_layer.streams import STREAM_GUARDRAILS
from guardrails.search_layer.watching import WATCHING_GUARDRAILS

SEARCH_GUARDRAILS: tuple[Guardrail, ...] = (
    *DOMAIN_GUARDRAILS,
    *ACCESS_GUARDRAILS,
    *LOG_GUARDRAILS,
    *WATCHING_GUARDRAILS,
    *STREAM_GUARDRAILS,
    *CONSUMER_GUARDRAILS,
    *CONTENT_GUARDRAILS,
)
