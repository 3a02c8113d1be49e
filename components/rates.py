"""How often somebody may ask: roughly by the web ACL, exactly by services. ``fitness-platform:rates``."""

from collections.abc import Iterator
from math import ceil
from typing import Annotated

from pydantic import Field

from components.settings_base import Conflict, KeepsAdr, Settings

WINDOW_SECONDS = 600
"""Longest window that a web ACL counts over."""
BURST_SECONDS = 60
"""Shortest window that it counts over."""
_LEAST_COUNTED = 10
_HOUR = 3600


def window_limit(per_hour: int) -> int:
    """Return how many requests of an hour's allowance fall into the longest window."""
    return ceil(per_hour * WINDOW_SECONDS / _HOUR)


def burst_limit(per_hour: int, multiplier: int) -> int:
    """Return how many requests a minute may have, at ``multiplier`` times the hourly rate."""
    return ceil(per_hour * multiplier * BURST_SECONDS / _HOUR)


class RateSettings(Settings):
    """Limits of requests. Every default is the decision's value."""

    user_per_hour: Annotated[
        int,
        KeepsAdr("cache-rate-buckets", "1000", lambda rate: rate == 1000),
        KeepsAdr("api-rate-user", "1000", lambda rate: rate == 1000),
    ] = Field(default=1000, ge=10, le=1_000_000, description="Requests an hour that a user may make.")
    ip_per_hour: Annotated[
        int,
        KeepsAdr("cache-rate-buckets", "10000", lambda rate: rate == 10_000),
        KeepsAdr("api-rate-ip", "10000", lambda rate: rate == 10_000),
    ] = Field(default=10_000, ge=10, le=10_000_000, description="Requests an hour that may come from an address.")
    burst_multiplier: Annotated[
        int,
        KeepsAdr("cache-rate-buckets", "2", lambda times: times == 2),
        KeepsAdr("api-rate-burst", "2", lambda times: times == 2),
    ] = Field(default=2, ge=1, le=10, description="How many times the hourly rate is allowed for a minute.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield rates that are too low for a web ACL to count.

        https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
        """
        for key, rate in (("userPerHour", self.user_per_hour), ("ipPerHour", self.ip_per_hour)):
            if min(window_limit(rate), burst_limit(rate, self.burst_multiplier)) < _LEAST_COUNTED:
                allowed = f"a rate of {_LEAST_COUNTED} or more in a minute, times burstMultiplier"
                yield Conflict((key,), rate, allowed)
