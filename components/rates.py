"""How often somebody may ask: roughly by the web ACL, exactly by services. ``fitness-platform:rates``."""

from typing import Annotated

from pydantic import Field

from components.settings_base import KeepsAdr, Settings


class RateSettings(Settings):
    """Limits of requests. Every default is the decision's value."""

    user_per_hour: Annotated[int, KeepsAdr("cache-rate-buckets", "1000", lambda rate: rate == 1000)] = Field(
        default=1000, ge=10, le=1_000_000, description="Requests an hour that a user may make."
    )
    ip_per_hour: Annotated[int, KeepsAdr("cache-rate-buckets", "10000", lambda rate: rate == 10_000)] = Field(
        default=10_000, ge=10, le=10_000_000, description="Requests an hour that may come from an address."
    )
    burst_multiplier: Annotated[int, KeepsAdr("cache-rate-buckets", "2", lambda times: times == 2)] = Field(
        default=2, ge=1, le=10, description="How many times the hourly rate is allowed for a minute."
    )
