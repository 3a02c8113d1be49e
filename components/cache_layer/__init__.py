"""The cache of ADR 003: Redis on ElastiCache, in shards with replicas."""

from components.cache_layer.layer import CacheArgs, CacheLayer
from components.cache_layer.settings import CacheSettings

__all__ = ["CacheArgs", "CacheLayer", "CacheSettings"]
