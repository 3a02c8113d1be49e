"""Where distributions get what they serve: private buckets by signed requests, and services by a secret header."""

import pulumi
import pulumi_aws as aws

from components.routes import ORIGIN_HEADER


def bucket_origin(
    origin_id: str, *, domain_name: str, access_control_id: pulumi.Input[str], folder: str | None = None
) -> aws.cloudfront.DistributionOriginArgs:
    """Return a private bucket, or a folder of it, which CloudFront reads by requests that it signs."""
    return aws.cloudfront.DistributionOriginArgs(
        origin_id=origin_id,
        domain_name=domain_name,
        origin_path=folder,
        origin_access_control_id=access_control_id,
    )


def service_origin(
    origin_id: str, *, domain_name: str, token: pulumi.Input[str], read_seconds: int
) -> aws.cloudfront.DistributionOriginArgs:
    """Return a service that knows by a secret header that CloudFront calls, over TLS 1.2 alone.

    ``read_seconds`` is for how long it may say nothing, 60 at most.
    """
    return aws.cloudfront.DistributionOriginArgs(
        origin_id=origin_id,
        domain_name=domain_name,
        custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
            http_port=80,
            https_port=443,
            origin_protocol_policy="https-only",
            origin_ssl_protocols=["TLSv1.2"],
            origin_read_timeout=read_seconds,
        ),
        custom_headers=[aws.cloudfront.DistributionOriginCustomHeaderArgs(name=ORIGIN_HEADER, value=token)],
    )


def access_control(name: str, *, label: str, opts: pulumi.ResourceOptions) -> aws.cloudfront.OriginAccessControl:
    """Declare the right by which a distribution reads buckets: it signs every request."""
    return aws.cloudfront.OriginAccessControl(
        name,
        name=label,
        description=f"Signed requests of {label}",
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
        opts=opts,
    )
