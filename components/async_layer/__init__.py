"""Queues, processors, and the broker that stands in for them."""

from components.async_layer.layer import AsyncArgs, AsyncLayer
from components.async_layer.settings import AsyncSettings

__all__ = ["AsyncArgs", "AsyncLayer", "AsyncSettings"]
