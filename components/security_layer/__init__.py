"""Security that every layer needs early: keys, alert topics, log archives and security groups."""

from components.security_layer.layer import SecurityArgs, SecurityLayer
from components.security_layer.security_groups import SecurityGroups, SecurityGroupsArgs
from components.security_layer.settings import SecuritySettings

__all__ = ["SecurityArgs", "SecurityGroups", "SecurityGroupsArgs", "SecurityLayer", "SecuritySettings"]
