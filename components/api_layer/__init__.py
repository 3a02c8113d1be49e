"""The way in: a load balancer that only the edge gets past, with its certificate, its web ACL and its targets."""

from components.api_layer.layer import ApiArgs, ApiLayer
from components.api_layer.settings import ApiSettings

__all__ = ["ApiArgs", "ApiLayer", "ApiSettings"]
