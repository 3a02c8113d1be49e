"""Guardrails of the cache: cache-*, enc-rest-elasticache and, for the cache, enc-transit-tls12."""

from guardrails.cache_layer.encryption import ENCRYPTION_GUARDRAILS
from guardrails.cache_layer.kinds import KIND_GUARDRAILS
from guardrails.cache_layer.memory import MEMORY_GUARDRAILS
from guardrails.cache_layer.standby import STANDBY_GUARDRAILS
from guardrails.cache_layer.upkeep import UPKEEP_GUARDRAILS
from guardrails.cache_layer.use import USE_GUARDRAILS
from guardrails.cache_layer.users import USER_GUARDRAILS
from guardrails.cache_layer.watching import WATCHING_GUARDRAILS
from guardrails.model import Guardrail

CACHE_GUARDRAILS: tuple[Guardrail, ...] = (
    *KIND_GUARDRAILS,
    *MEMORY_GUARDRAILS,
    *STANDBY_GUARDRAILS,
    *ENCRYPTION_GUARDRAILS,
    *USER_GUARDRAILS,
    *UPKEEP_GUARDRAILS,
    *WATCHING_GUARDRAILS,
    *USE_GUARDRAILS,
)
