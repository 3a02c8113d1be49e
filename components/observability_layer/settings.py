"""What a stack's YAML says about what is seen of it: ``fitness-platform:observability``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays, Settings


class ObservabilitySettings(Settings):
    """The audit trail, logs and traces. Every default is the decision's value."""

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

    error_log_days: Annotated[
        RetentionDays,
        KeepsAdr("obs-retention-error", "180 or more", lambda days: days >= 180),
    ] = Field(
        default=180,
        description="Days that errors are kept in log groups of their own: one of the periods that CloudWatch Logs "
        "accepts.",
    )
    masked: Annotated[
        tuple[Annotated[str, Form(r"^[A-Z][A-Za-z]{1,60}(-[A-Z]{2})?$", "the name of a managed data identifier")], ...],
        KeepsAdr(
            "audit-pii-redaction",
            "lists that have Address, CreditCardNumber and EmailAddress",
            lambda names: {"Address", "CreditCardNumber", "EmailAddress"} <= set(names),
        ),
    ] = Field(
        default=(
            "Address",
            "AwsSecretKey",
            "BankAccountNumber-US",
            "CreditCardExpiration",
            "CreditCardNumber",
            "CreditCardSecurityCode",
            "DriversLicense-US",
            "EmailAddress",
            "OpenSshPrivateKey",
            "PassportNumber-US",
            "PhoneNumber-US",
            "Ssn-US",
        ),
        min_length=1,
        examples=[["Address", "CreditCardNumber", "EmailAddress"], ["EmailAddress"]],
        description="What is masked in logs of services: managed data identifiers of CloudWatch Logs, at 0.12 USD for "
        "each GB that is looked at.",
    )
    objective_percent: Annotated[
        float,
        KeepsAdr("obs-availability-9999", "99.99 or more", lambda percent: percent >= 99.99),
    ] = Field(
        default=99.99,
        ge=90,
        le=99.999,
        description="Share of requests, in percent, that get no error in a month, 90 to 99.999. Alarms tell when what "
        "may fail is spent too fast.",
    )
    slow_seconds: float = Field(
        default=2,
        ge=0.1,
        le=60,
        description="Seconds that one answer in a hundred of a service may take before somebody is told.",
    )
    monthly_budget_usd: int = Field(
        default=60_000,
        ge=1,
        le=10_000_000,
        description="What the environment may cost in a month, in USD. Somebody is told at 80 % of it, and when the "
        "forecast is above it.",
    )
    monthly_transfer_usd: int = Field(
        default=2_000,
        ge=1,
        le=10_000_000,
        description="What moving data between zones and regions may cost in a month, in USD.",
    )
    anomaly_usd: int = Field(
        default=200,
        ge=1,
        le=1_000_000,
        description="What something unusual must have cost, in USD, for somebody to be told.",
    )
    commitment_coverage_percent: int = Field(
        default=70,
        ge=1,
        le=100,
        description="Share of what runs, in percent, that terms of a year should cover.",
    )
    commitment_utilization_percent: int = Field(
        default=90,
        ge=1,
        le=100,
        description="Share of what was bought for a year, in percent, that should be used.",
    )
    trace_sample_rate: Annotated[
        float,
        KeepsAdr("obs-xray-service-map", "0.001 to 0.1", lambda rate: 0.001 <= rate <= 0.1),
    ] = Field(
        default=0.05,
        ge=0.0001,
        le=1,
        description="Share of requests that X-Ray asks functions and the REST API to trace; services have a setting of "
        "their own.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield insights and identifiers that are given twice."""
        for index, insight in enumerate(self.trail_insights):
            if insight in self.trail_insights[:index]:
                yield Conflict(("trailInsights", str(index)), insight, "each of trailInsights once")
        for index, name in enumerate(self.masked):
            if name in self.masked[:index]:
                yield Conflict(("masked", str(index)), name, "each of masked once")
