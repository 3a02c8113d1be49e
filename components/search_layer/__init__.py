"""Search and events: an OpenSearch domain, and the stream that feeds what watches the platform."""

from components.search_layer.layer import SearchArgs, SearchLayer
from components.search_layer.settings import SearchSettings

__all__ = ["SearchArgs", "SearchLayer", "SearchSettings"]
