"""Names of Route 53 that lead to distributions."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.edge_layer.settings import VideoCdnSettings

_TTL = 60
_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"  # of every distribution


def serve(
    name: str,
    *,
    hosted_zone_id: str,
    names: Mapping[str, str],
    distribution: aws.cloudfront.Distribution,
    opts: pulumi.ResourceOptions,
) -> None:
    """Let names lead to a distribution, over IPv4 and IPv6; ``names`` are by what tells them apart."""
    for label, domain in names.items():
        for type_ in ("A", "AAAA"):
            aws.route53.Record(
                "-".join([name, *([label] if label else []), type_.lower()]),
                zone_id=hosted_zone_id,
                name=domain,
                type=type_,
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=distribution.domain_name,
                        zone_id=_CLOUDFRONT_ZONE,
                        evaluate_target_health=False,  # which CloudFront doesn't tell
                    )
                ],
                opts=opts,
            )


def serve_after(
    name: str,
    *,
    hosted_zone_id: str,
    host: str,
    cdn: VideoCdnSettings,
    health_check_id: pulumi.Input[str],
    distribution: aws.cloudfront.Distribution,
    opts: pulumi.ResourceOptions,
) -> None:
    """Let a name lead to a CDN outside AWS while that is healthy, and to a distribution else.

    Both are CNAME records: a name that has one has no record of another type, and no alias leads out of AWS.
    """
    for role, target, check in (
        ("primary", cdn.hostname, health_check_id),
        ("secondary", distribution.domain_name, None),
    ):
        aws.route53.Record(
            f"{name}-{role}",
            zone_id=hosted_zone_id,
            name=host,
            type="CNAME",
            ttl=_TTL,
            records=[target],
            set_identifier=role,
            failover_routing_policies=[aws.route53.RecordFailoverRoutingPolicyArgs(type=role.upper())],
            health_check_id=check,
            opts=opts,
        )
