"""The layers of ADR 003 as reusable components, and the settings they take."""

from components.network_layer import NetworkArgs, NetworkLayer, NetworkSettings
from components.provider import aws_provider
from components.security_layer import SecurityArgs, SecurityLayer
from components.settings import PlatformSettings, SettingsError, StackSettings, load_settings

__all__ = [
    "NetworkArgs",
    "NetworkLayer",
    "NetworkSettings",
    "PlatformSettings",
    "SecurityArgs",
    "SecurityLayer",
    "SettingsError",
    "StackSettings",
    "aws_provider",
    "load_settings",
]
