"""The network: one VPC, three tiers of subnets in every zone, and private ways to AWS services."""

from components.network_layer.layer import NetworkArgs, NetworkLayer
from components.network_layer.settings import NetworkSettings

__all__ = ["NetworkArgs", "NetworkLayer", "NetworkSettings"]
