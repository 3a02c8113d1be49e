"""The edge: CloudFront with its certificate, web ACL, names and logs, and the video CDN beside it."""

from components.edge_layer.layer import EdgeArgs, EdgeLayer
from components.edge_layer.settings import EdgeSettings

__all__ = ["EdgeArgs", "EdgeLayer", "EdgeSettings"]
