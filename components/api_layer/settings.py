"""What a stack's YAML says about its load balancer: ``fitness-platform:api``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, KeepsAdr
from components.web_acl import WebAclSettings

# Those that accept TLS 1.2 or newer and no ciphers of old; PQ adds key exchange that quantum computers can't break.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
TlsPolicy = Literal[
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
]


class ApiSettings(WebAclSettings):
    """The load balancer and its web ACL. Every default is the decision's value."""

    tls_policy: Annotated[TlsPolicy, KeepsAdr("enc-transit-tls12", "any", lambda _: True)] = Field(
        default="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        description="Which TLS versions and ciphers the load balancer speaks with clients: 1.2 and newer only.",
    )
    idle_timeout_seconds: int = Field(
        default=60,
        ge=1,
        le=4000,
        description=(
            "Seconds after which a connection without traffic is closed, 1 to 4000. Containers keep theirs open longer."
        ),
    )
    client_keep_alive_seconds: int = Field(
        default=3600,
        ge=60,
        le=604_800,
        description="Seconds after which a client's connection is closed however busy it is, 60 to 604800.",
    )
    desync_mode: Literal["defensive", "strictest"] = Field(
        default="defensive",
        description=(
            "What happens to requests that two servers could understand differently: defensive stops the dangerous "
            "ones, strictest whatever does not keep to the standard."
        ),
    )
    deletion_protection: Annotated[bool, KeepsAdr("lb-listeners-80-443", "true", bool)] = Field(
        default=True, description="Whether AWS refuses to delete the load balancer."
    )
    health_check_interval_seconds: Annotated[int, KeepsAdr("lb-health-30s", "30", lambda time: time == 30)] = Field(
        default=30, ge=5, le=300, description="Seconds between two questions to a task for its health, 5 to 300."
    )
    health_check_timeout_seconds: int = Field(
        default=5, ge=2, le=120, description="Seconds in which a task must answer, 2 to 120; less than the interval."
    )
    deregistration_delay_seconds: Annotated[
        int, KeepsAdr("compute-graceful-shutdown-30s", "30 to 120", lambda time: 30 <= time <= 120)
    ] = Field(
        default=60,
        ge=0,
        le=3600,
        description="Seconds that a task which leaves has for the requests it is at, before it is stopped.",
    )
    stickiness_seconds: Annotated[int, KeepsAdr("lb-stickiness-30min", "1800", lambda time: time == 1800)] = Field(
        default=1800,
        ge=1,
        le=604_800,
        description="Seconds that a client of a stateful service stays with the task that answered it first.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse."""
        yield from super().conflicts()
        if self.health_check_timeout_seconds >= self.health_check_interval_seconds:
            yield Conflict(
                ("healthCheckTimeoutSeconds",),
                self.health_check_timeout_seconds,
                f"less than healthCheckIntervalSeconds ({self.health_check_interval_seconds})",
            )
