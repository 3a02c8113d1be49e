"""The layers of ADR 003 as reusable components, and the settings they take."""

from components.api_layer import ApiArgs, ApiLayer, ApiSettings
from components.async_layer import AsyncArgs, AsyncLayer, AsyncSettings
from components.cache_layer import CacheArgs, CacheLayer, CacheSettings
from components.compute_cluster import ComputeArgs, ComputeCluster, ComputeSettings
from components.database_layer import DatabaseArgs, DatabaseLayer, DatabaseSettings, Replicated
from components.dns import DnsSettings
from components.edge_layer import EdgeArgs, EdgeLayer, EdgeSettings
from components.far_side import CopiesHere, ready_alarm, ready_alarm_name
from components.media_pipeline import UPLOADS, MediaArgs, MediaPipeline, MediaSettings
from components.network_layer import NetworkArgs, NetworkLayer, NetworkSettings
from components.observability_layer import ObservabilityArgs, ObservabilityLayer, ObservabilitySettings, Shown
from components.primary_stack import PrimarySettings, primary_stack
from components.provider import aws_provider
from components.rates import RateSettings
from components.region_entry import EntryArgs, EntryTarget, PrimaryEntry, StandbyEntry
from components.runbook_layer import Database, Region, RunbookArgs, RunbookLayer, Uploads
from components.search_layer import SearchArgs, SearchLayer, SearchSettings
from components.second_region import SecondRegion, SecondRegionArgs, StandbySettings, far_side
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
    "UPLOADS",
    "ApiArgs",
    "ApiLayer",
    "ApiSettings",
    "AsyncArgs",
    "AsyncLayer",
    "AsyncSettings",
    "CacheArgs",
    "CacheLayer",
    "CacheSettings",
    "ComputeArgs",
    "ComputeCluster",
    "ComputeSettings",
    "CopiesHere",
    "Database",
    "DatabaseArgs",
    "DatabaseLayer",
    "DatabaseSettings",
    "DnsSettings",
    "EdgeArgs",
    "EdgeLayer",
    "EdgeSettings",
    "EntryArgs",
    "EntryTarget",
    "MediaArgs",
    "MediaPipeline",
    "MediaSettings",
    "NetworkArgs",
    "NetworkLayer",
    "NetworkSettings",
    "ObservabilityArgs",
    "ObservabilityLayer",
    "ObservabilitySettings",
    "PlatformSettings",
    "PrimaryEntry",
    "PrimarySettings",
    "RateSettings",
    "Region",
    "Replicated",
    "RunbookArgs",
    "RunbookLayer",
    "SearchArgs",
    "SearchLayer",
    "SearchSettings",
    "SecondRegion",
    "SecondRegionArgs",
    "SecurityArgs",
    "SecurityGroups",
    "SecurityGroupsArgs",
    "SecurityLayer",
    "SecuritySettings",
    "SettingsError",
    "Shown",
    "StackSettings",
    "StandbyEntry",
    "StandbySettings",
    "Uploads",
    "aws_provider",
    "far_side",
    "load_settings",
    "origin_tokens",
    "primary_stack",
    "ready_alarm",
    "ready_alarm_name",
    "secret",
]
