"""What a stack's YAML says about its load balancer and its API: ``fitness-platform:api``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays
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


# Those that accept TLS 1.2, which CloudFront speaks with origins, and nothing older.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
RestTlsPolicy = Literal[
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09",
    "TLS_1_2",
]
Issuer = Annotated[
    str, Form(r"^https://[A-Za-z0-9.-]{1,200}(/[A-Za-z0-9._~/-]*)?$", "an address that begins with https://")
]
Audience = Annotated[str, Form(r"^[A-Za-z0-9._~:/-]{1,200}$", "up to 200 letters, digits and . _ ~ : / -")]


class ApiSettings(WebAclSettings):
    """The load balancer, the REST API and their web ACL. Every default is the decision's value."""

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

    rest_tls_policy: Annotated[RestTlsPolicy, KeepsAdr("enc-transit-tls12", "any", lambda _: True)] = Field(
        default="TLS_1_2",
        description="Which TLS versions and ciphers the REST API speaks with clients: 1.2 and newer only.",
    )
    integration_timeout_ms: int = Field(
        default=29_000,
        ge=50,
        le=29_000,
        description=(
            "Milliseconds that a service has for an answer to the REST API, 50 to 29000, which is AWS's own limit. "
            "What takes longer goes through a queue or a websocket."
        ),
    )
    throttle_rate: Annotated[int, KeepsAdr("api-rate-10000", "10000", lambda rate: rate == 10_000)] = Field(
        default=10_000,
        ge=1,
        le=10_000,
        description=(
            "Requests a second that the REST API takes. AWS gives an account and region 10000 for all of its APIs."
        ),
    )
    throttle_burst: Annotated[int, KeepsAdr("api-throttle-5000", "5000", lambda burst: burst == 5000)] = Field(
        default=5000, ge=1, le=5000, description="Requests that the REST API takes at once, out of the account's 5000."
    )
    rest_log_days: Annotated[
        RetentionDays, KeepsAdr("obs-retention-api-access", "30 or more", lambda days: days >= 30)
    ] = Field(default=30, description="Days that the logs of the REST API are kept.")
    token_issuer: Issuer | None = Field(
        default=None,
        examples=["https://login.fit.example/"],
        description="What tokens say that issued them (iss). Left out, https://auth.<domain>.",
    )
    token_audience: Audience = Field(
        default="fitness-platform",
        examples=["https://api.fit.example"],
        description="What tokens say that they are for (aud).",
    )
    authorizer_concurrency: Annotated[
        int | None, KeepsAdr("async-lambda-concurrency-1000", "given", lambda count: count is not None)
    ] = Field(
        default=100,
        ge=1,
        le=900,
        description=(
            "Tokens that are looked at in the same moment, out of the account's concurrent executions; 100 of those "
            "must stay without an owner. null: as many as are left."
        ),
    )

    @property
    def endpoint_access_mode(self) -> Literal["STRICT"] | None:
        """How API Gateway treats names that don't fit a request: its newer TLS policies demand that it is said."""
        return "STRICT" if self.rest_tls_policy.startswith("SecurityPolicy_") else None

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse."""
        yield from super().conflicts()
        if self.health_check_timeout_seconds >= self.health_check_interval_seconds:
            yield Conflict(
                ("healthCheckTimeoutSeconds",),
                self.health_check_timeout_seconds,
                f"less than healthCheckIntervalSeconds ({self.health_check_interval_seconds})",
            )
