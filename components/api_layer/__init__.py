"""The way in: a REST API, and a load balancer that only it and the edge get past, with their web ACL."""

from components.api_layer.layer import ApiArgs, ApiLayer
from components.api_layer.settings import ApiSettings

__all__ = ["ApiArgs", "ApiLayer", "ApiSettings"]
