"""What a stack's YAML says about its edge: ``fitness-platform:edge``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, Settings
from components.web_acl import WebAclSettings

_HOST = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
# CloudFront takes 1,783 characters, some of which the platform's own names need.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
_LONGEST_SOURCES = 1000
_MOST_KEYS = 5  # in a key group
_MOST_BYPASSES = 10

Hostname = Annotated[str, Form(rf"^{_HOST}$", "a host name in lower case, such as fitness.b-cdn.net")]
Source = Annotated[
    str, Form(rf"^(https|wss)://{_HOST}$", "https:// or wss:// and a host name, such as https://js.stripe.com")
]
KeyName = Annotated[str, Form(r"^[a-z0-9](-?[a-z0-9]){0,31}$", "up to 32 lower-case letters, digits and hyphens")]
PublicKey = Annotated[
    str,
    Form(
        r"^MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA[g-z0-9+/][A-Za-z0-9+/]{340}[AQgw]IDAQAB$",
        "an RSA public key of 2048 bits: the lines of its PEM file as one, less the first and the last",
    ),
]
BypassPath = Annotated[
    str,
    Form(
        r"^/[A-Za-z0-9_.~-]{1,60}(/[A-Za-z0-9_.~-]{1,60}){0,3}/\*$",
        "a path that begins with a slash and ends with /*, such as /ws/*",
    ),
]
ProbePath = Annotated[str, Form(r"^/[A-Za-z0-9_.~/-]{0,127}$", "a path that begins with a slash, such as /healthz")]
Directive = Literal["connect-src", "font-src", "frame-src", "img-src", "media-src", "script-src", "style-src"]

_EXAMPLE_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA/GeFZg8yOxniSk23giwRRhoTeZ9Mn2JzISSausimlTlmZtgmyBX6+1"
    "v2pyxXO5PjJG5VmNZMvYsvisA17/HhtMQOHZZw4zznYzuWp2+CwEl9+R6/3ppLeCWA2hUgKv33DCACcs58f3x8zbzd3CBp/YDU"
    "DTwK53dNdXHJcRQ+60XxNb/JgcMAC3eazK5alW3MlvzzNxVgnrVCrxXZRuQ2GarNC618NUeBUGqufwAEv9jsC/rcNsNIB1uwrX"
    "c5RXxYv00AdbNL4nBcxz1TRwXWEbDYhmo2x3cvaFOC9P+Ch8xUwtISr0KuGwu9jC6keHMAxrBKxO2K6KyQNSNEMjo9fQIDAQAB"
)


class VideoCdnSettings(Settings):
    """A video CDN outside AWS, which this program only points to: its own console configures it."""

    provider: Literal["bunny", "cloudflareStream"] = Field(
        description="Who runs it. It must hold a certificate for video.<domain>, and check signed links its own way."
    )
    hostname: Hostname = Field(
        examples=["fitness.b-cdn.net", "customer-fit.cloudflarestream.com"],
        description="Name by which the provider serves the platform's video.",
    )
    origin_hostname: Hostname = Field(
        examples=["packaging.fit.example", "vod.fit.example"],
        description=(
            "Name of the packaging origin that the provider pulls from. It must answer only who sends the output "
            "videoOriginToken as X-Origin-Verify; CloudFront falls back on it where the bucket lacks a rendition. "
            "It is not right below dns.domain, where this stack alone declares records."
        ),
    )
    probe_path: ProbePath = Field(
        default="/healthz",
        examples=["/healthz", "/probe/manifest.m3u8"],
        description="Path that the provider answers with success while it can serve.",
    )


class EdgeSettings(WebAclSettings):
    """CloudFront, its web ACL and the names that lead to it. Every default is the decision's value."""

    price_class: Annotated[
        Literal["PriceClass_All", "PriceClass_200", "PriceClass_100"],
        KeepsAdr("edge-200-edge-locations", "PriceClass_All", lambda value: value == "PriceClass_All"),
    ] = Field(
        default="PriceClass_All",
        description="Which locations serve: all, all but South America and Oceania, or North America and Europe only.",
    )
    tls_policy: Annotated[
        Literal["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
        KeepsAdr("edge-tls-termination", "any", lambda _: True),
    ] = Field(default="TLSv1.2_2021", description="Oldest TLS version and ciphers that CloudFront speaks with viewers.")
    page_seconds: Annotated[
        int, KeepsAdr("edge-cache-by-content-type", "300 or fewer", lambda seconds: seconds <= 300)
    ] = Field(default=300, ge=0, le=86_400, description="Seconds that pages stay in caches, 0 to 86400.")
    manifest_seconds: Annotated[
        int, KeepsAdr("edge-cache-by-content-type", "60 or fewer", lambda seconds: seconds <= 60)
    ] = Field(default=60, ge=0, le=3600, description="Seconds that manifests of videos stay in caches, 0 to 3600.")
    public_api_seconds: Annotated[
        int, KeepsAdr("edge-cdn-static-and-api", "60 or fewer", lambda seconds: seconds <= 60)
    ] = Field(
        default=60,
        ge=0,
        le=3600,
        description="Seconds that answers of /api/public/* stay in caches, 0 to 3600. Others of the API never do.",
    )
    bypass_paths: tuple[BypassPath, ...] = Field(
        default=("/ws/*", "/ai/stream/*"),
        examples=[["/ws/*"], ["/ws/*", "/ai/stream/*", "/training/live/*"], []],
        max_length=_MOST_BYPASSES,
        description=(
            "Paths that go past the REST API to the load balancer, which neither ends websockets and streams after 29 "
            "seconds nor limits them to 10 MB. Services behind them check tokens themselves."
        ),
    )
    csp_sources: dict[Directive, tuple[Source, ...]] = Field(
        default={},
        examples=[
            {"script-src": ["https://js.stripe.com"], "frame-src": ["https://js.stripe.com"]},
            {"connect-src": ["https://api.stripe.com", "wss://live.fit.example"]},
        ],
        description="Further places from which pages may load scripts, frames and the like, by directive.",
    )
    rate_mode: Annotated[Literal["block", "count"], KeepsAdr("api-rate-ip", "block", lambda mode: mode == "block")] = (
        Field(
            default="block",
            description="Whether requests beyond these rates are refused, or only counted, to see whom it would meet.",
        )
    )
    health_check_seconds: Annotated[
        Literal[10, 30], KeepsAdr("edge-route53-dns-health", "10 or 30", lambda _: True)
    ] = Field(default=30, description="Seconds between two questions of Route 53 for health, 10 or 30; 10 costs more.")
    video_keys: dict[KeyName, PublicKey] = Field(
        examples=[{"2027-01": _EXAMPLE_KEY}],
        description=(
            "Public keys that signed links to videos are checked by, 1 to 5, by a name. To change one, add the new, "
            "sign with it, then take the old one out. Who signs keeps the private key as a secret."
        ),
    )
    video_cdn: VideoCdnSettings | None = Field(
        default=None, description="A video CDN outside AWS that serves first; null: CloudFront alone serves video."
    )
    shield_advanced: Annotated[
        Literal["off", "oneYearFor36000Usd"], KeepsAdr("edge-ddos-shield", "off", lambda value: value == "off")
    ] = Field(
        default="off",
        description=(
            "Shield Advanced costs 3000 USD a month for a year at least, which nothing takes back, and a share of the "
            "traffic. Shield Standard is always on and free."
        ),
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse."""
        yield from super().conflicts()
        for index, path in enumerate(self.bypass_paths):
            if path in self.bypass_paths[:index]:
                yield Conflict(("bypassPaths", str(index)), path, "each of bypassPaths once")
            if path.startswith(("/api/", "/assets/", "/images/")):
                yield Conflict(("bypassPaths", str(index)), path, "paths that are not the API's or those of files")
        if not 0 < len(self.video_keys) <= _MOST_KEYS:
            yield Conflict(("videoKeys",), f"{len(self.video_keys)} keys", f"1 to {_MOST_KEYS} keys")
        for name, key in self.video_keys.items():
            if list(self.video_keys.values()).index(key) != list(self.video_keys).index(name):
                yield Conflict(("videoKeys", name), key, "each key once")
        length = sum(len(source) + 1 for sources in self.csp_sources.values() for source in sources)
        if length > _LONGEST_SOURCES:
            yield Conflict(("cspSources",), f"{length} characters", f"{_LONGEST_SOURCES} characters or fewer in all")
