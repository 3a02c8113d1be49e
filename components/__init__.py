"""The layers of ADR 003 as reusable components, and the settings they take."""

from components.api_layer import ApiArgs, ApiLayer, ApiSettings
from components.compute_cluster import ComputeArgs, ComputeCluster, ComputeSettings
from components.database_layer import DatabaseArgs, DatabaseLayer, DatabaseSettings
from components.dns import DnsSettings
from components.network_layer import NetworkArgs, NetworkLayer, NetworkSettings
from components.provider import aws_provider
from components.secrets import origin_tokens, secret
from components.security_layer import (
    SecurityArgs,
    SecurityGroups,
    SecurityGroupsArgs,
    SecurityLayer,
    SecuritySettings,
)
from components.settings import PlatformSettings, SettingsError, StackSettings, load_settings

__all__ = [
    "ApiArgs",
    "ApiLayer",
    "ApiSettings",
    "ComputeArgs",
    "ComputeCluster",
    "ComputeSettings",
    "DatabaseArgs",
    "DatabaseLayer",
    "DatabaseSettings",
    "DnsSettings",
    "NetworkArgs",
    "NetworkLayer",
    "NetworkSettings",
    "PlatformSettings",
    "SecurityArgs",
    "SecurityGroups",
    "SecurityGroupsArgs",
    "SecurityLayer",
    "SecuritySettings",
    "SettingsError",
    "StackSettings",
    "aws_provider",
    "load_settings",
    "origin_tokens",
    "secret",
]
