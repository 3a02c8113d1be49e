"""Queues, processors, and the broker that stands in for them."""

from components.async_layer.layer import AsyncArgs, AsyncLayer
from components.async_layer.rabbitmq_settings import BROKER_ZONES
from components.async_layer.settings import AsyncSettings

__all__ = ["BROKER_ZONES", "AsyncArgs", "AsyncLayer", "AsyncSettings"]
