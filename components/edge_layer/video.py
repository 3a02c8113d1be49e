"""The distribution of videos: renditions from their bucket, for those with a signed link or cookie."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.edge_layer.origins import access_control, bucket_origin, service_origin
from components.edge_layer.shared import EVERYWHERE, READ, READ_ACROSS, Shared

_BUCKET, _PACKAGING, _EITHER = "renditions", "packaging", "either"
_PACKAGING_SECONDS = 60
_MANIFESTS = ("*.m3u8", "*.mpd")  # HLS and DASH
# S3 answers 403 for what isn't there to whoever may not list a bucket.
_MISSING_OR_DOWN = (403, 404, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class VideoOrigins:
    """What videos are served from."""

    bucket_domain_name: str
    """Name of the bucket of videos in its region."""
    packaging_name: str | None
    """Name of the origin that a video CDN outside AWS pulls from, where there is one."""
    token: pulumi.Input[str]
    """Secret by which that origin knows CloudFront and the provider."""


class VideoDistribution(pulumi.ComponentResource):
    """Serves ``video.<domain>``, or stands by for the CDN that does. Carries edge-s3-origin-video.

    Carries edge-video-cdn-fallback too: where the bucket has no rendition, the packaging origin is asked.
    """

    distribution: aws.cloudfront.Distribution
    """The distribution."""

    def __init__(
        self,
        name: str,
        *,
        shared: Shared,
        video_name: str,
        origins: VideoOrigins,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:edge:VideoDistribution", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = shared.naming.name("video")
        control = access_control(f"{name}-access", label=label, opts=child)
        signers = _signers(name, shared, child)
        bucket = bucket_origin(
            _BUCKET, domain_name=origins.bucket_domain_name, access_control_id=control.id, folder="/renditions"
        )
        packaging = (
            [
                service_origin(
                    _PACKAGING,
                    domain_name=origins.packaging_name,
                    token=origins.token,
                    read_seconds=_PACKAGING_SECONDS,
                )
            ]
            if origins.packaging_name
            else []
        )
        source = _EITHER if packaging else _BUCKET
        self.distribution = aws.cloudfront.Distribution(
            f"{name}-distribution",
            aliases=[video_name],
            comment=label,
            enabled=True,
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=shared.settings.price_class,
            default_root_object="index.html",  # there is none, so that the bucket's root shows nothing
            web_acl_id=shared.web_acl_arn,
            viewer_certificate=shared.viewer_certificate,
            restrictions=EVERYWHERE,
            origins=[bucket, *packaging],
            origin_groups=[_either()] if packaging else [],
            default_cache_behavior=aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
                target_origin_id=source,
                allowed_methods=READ_ACROSS,
                cached_methods=READ,
                viewer_protocol_policy="redirect-to-https",
                compress=False,  # videos are as small as they get
                cache_policy_id=shared.cache_ids["segments"],
                response_headers_policy_id=shared.header_ids["video"],
                trusted_key_groups=[signers.id],
            ),
            ordered_cache_behaviors=[
                aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
                    path_pattern=pattern,
                    target_origin_id=source,
                    allowed_methods=READ_ACROSS,
                    cached_methods=READ,
                    viewer_protocol_policy="redirect-to-https",
                    compress=True,
                    cache_policy_id=shared.cache_ids["manifests"],
                    response_headers_policy_id=shared.header_ids["video"],
                    trusted_key_groups=[signers.id],
                )
                for pattern in _MANIFESTS
            ],
            tags={"Name": label},
            opts=child,
        )
        self.register_outputs({"distribution_id": self.distribution.id})


def _signers(name: str, shared: Shared, opts: pulumi.ResourceOptions) -> aws.cloudfront.KeyGroup:
    """Declare the keys that signed links are checked by."""
    keys = [
        aws.cloudfront.PublicKey(
            f"{name}-key-{label}",
            name=shared.naming.name("video", label),
            comment=f"Checks signed links to videos: {label}",
            encoded_key=_pem(body),
            opts=opts,
        )
        for label, body in shared.settings.video_keys.items()
    ]
    return aws.cloudfront.KeyGroup(
        f"{name}-keys",
        name=shared.naming.name("video"),
        comment="Whose signed links to videos are good",
        items=[key.id for key in keys],
        opts=opts,
    )


def _pem(body: str) -> str:
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _either() -> aws.cloudfront.DistributionOriginGroupArgs:
    """Return that the packaging origin is asked for what the bucket lacks."""
    return aws.cloudfront.DistributionOriginGroupArgs(
        origin_id=_EITHER,
        failover_criteria=aws.cloudfront.DistributionOriginGroupFailoverCriteriaArgs(status_codes=_MISSING_OR_DOWN),
        members=[
            aws.cloudfront.DistributionOriginGroupMemberArgs(origin_id=origin) for origin in (_BUCKET, _PACKAGING)
        ],
    )
