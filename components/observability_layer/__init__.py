"""The ObservabilityLayer: what spans layers."""

from components.observability_layer.dashboards import Shown
from components.observability_layer.layer import ObservabilityArgs, ObservabilityLayer
from components.observability_layer.service_logs import ERROR_ROUTER_CONCURRENCY
from components.observability_layer.settings import ObservabilitySettings

__all__ = ["ERROR_ROUTER_CONCURRENCY", "ObservabilityArgs", "ObservabilityLayer", "ObservabilitySettings", "Shown"]
