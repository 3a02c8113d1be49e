"""For how long each kind of content stays in caches, and what tells one answer from another there."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.edge_layer.settings import EdgeSettings
from components.naming import Naming

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS's policy by which nothing is kept."""
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""AWS's policy by which an origin gets all that the viewer sent, but the origin's own name in ``Host``."""

YEAR = 31_536_000
MONTH = 2_592_000


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    meaning: str
    default: int
    """Seconds, where the origin says nothing."""
    most: int
    """Seconds, whatever the origin says."""
    queries: bool = False
    """Whether answers differ by the query string."""


def _kinds(settings: EdgeSettings) -> tuple[_Kind, ...]:
    return (
        _Kind("assets", "Files whose names change with what is in them", YEAR, YEAR),
        _Kind("images", "Images", MONTH, MONTH),
        _Kind("pages", "Pages", settings.page_seconds, settings.page_seconds),
        _Kind("manifests", "Manifests of videos", settings.manifest_seconds, settings.manifest_seconds),
        _Kind("segments", "Segments of videos, whose names never come back", YEAR, YEAR),
        _Kind(
            "public-api",
            "Answers that are the same for everybody",
            settings.public_api_seconds,
            settings.public_api_seconds,
            queries=True,
        ),
    )


class CachePolicies(pulumi.ComponentResource):
    """A cache policy for each kind of content. No cookie and no header of the viewer tells answers apart.

    What a policy does not name, CloudFront does not pass on either, so that nobody's answer is kept for another.
    """

    ids: Mapping[str, pulumi.Output[str]]
    """Ids of the policies, by kind."""

    def __init__(
        self, name: str, *, settings: EdgeSettings, naming: Naming, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fitness-platform:edge:CachePolicies", name, None, opts)
        self.ids = {
            kind.name: aws.cloudfront.CachePolicy(
                f"{name}-{kind.name}",
                name=naming.name(kind.name),
                comment=kind.meaning,
                min_ttl=0,
                default_ttl=kind.default,
                max_ttl=kind.most,
                parameters_in_cache_key_and_forwarded_to_origin=_cache_key(queries=kind.queries),
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for kind in _kinds(settings)
        }
        self.register_outputs({"ids": self.ids})


def _cache_key(*, queries: bool) -> aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginArgs:
    return aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginArgs(
        enable_accept_encoding_brotli=True,
        enable_accept_encoding_gzip=True,
        cookies_config=aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfigArgs(
            cookie_behavior="none"
        ),
        headers_config=aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigArgs(
            header_behavior="none"
        ),
        query_strings_config=aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfigArgs(
            query_string_behavior="all" if queries else "none"
        ),
    )
