"""What a stack's YAML says about what is seen of it: ``fitness-platform:observability``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, KeepsAdr, RetentionDays, Settings


class ObservabilitySettings(Settings):
    """The audit trail. Every default is the decision's value."""

    trail: Annotated[
        bool,
        KeepsAdr("audit-cloudtrail-2y", "true", bool),
    ] = Field(
        default=True,
        description="Whether the stack has a trail of its own. Where the organization has one, a second copy costs 2 "
        "USD for 100,000 calls.",
    )
    trail_insights: tuple[Literal["ApiCallRateInsight", "ApiErrorRateInsight"], ...] = Field(
        default=("ApiCallRateInsight", "ApiErrorRateInsight"),
        description="What the trail learns to find unusual, at 0.35 USD for 100,000 calls each: ApiCallRateInsight, "
        "ApiErrorRateInsight.",
    )
    trail_log_days: Annotated[
        RetentionDays,
        KeepsAdr("obs-retention-audit", "731 or more", lambda days: days >= 731),
    ] = Field(
        default=731,
        description="Days that the trail's log group is kept: one of the periods that CloudWatch Logs accepts.",
    )
    config_log_days: Annotated[
        int,
        KeepsAdr("obs-retention-audit", "731 or more", lambda days: days >= 731),
    ] = Field(
        default=731,
        ge=1,
        le=3653,
        description="Days that what AWS Config recorded is kept in its archive.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield insights that are given twice."""
        for index, insight in enumerate(self.trail_insights):
            if insight in self.trail_insights[:index]:
                yield Conflict(("trailInsights", str(index)), insight, "each of trailInsights once")
