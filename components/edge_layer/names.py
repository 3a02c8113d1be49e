"""Names of Route 53, and the questions by which it knows what is healthy."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.edge_layer.settings import VideoCdnSettings
from components.naming import Naming

_MISSES = 3
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


def health_check(
    name: str, *, label: str, host: str, path: str, seconds: int, opts: pulumi.ResourceOptions
) -> aws.route53.HealthCheck:
    """Declare a question over HTTPS, from many places; three misses make what it is about unhealthy."""
    return aws.route53.HealthCheck(
        name,
        type="HTTPS",
        fqdn=host,
        port=443,
        resource_path=path,
        enable_sni=True,
        request_interval=seconds,
        failure_threshold=_MISSES,
        measure_latency=True,
        tags={"Name": label},
        opts=opts,
    )


class ApiEntry(pulumi.ComponentResource):
    """The name of the REST API, which leads to this region while it answers: the first half of a failover pair.

    Carries edge-route53-dns-health and, for one region, dr-dns-ttl-60: an alias lives for 60 seconds.
    """

    health_check_id: pulumi.Output[str]
    """Id of the health check."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        hosted_zone_id: str,
        host: str,
        path: str,
        seconds: int,
        target_name: pulumi.Input[str],
        target_zone_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:edge:ApiEntry", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        check = health_check(
            f"{name}-health", label=naming.name("api"), host=host, path=path, seconds=seconds, opts=child
        )
        aws.route53.Record(
            f"{name}-primary",
            zone_id=hosted_zone_id,
            name=host,
            type="A",
            set_identifier=naming.region,
            failover_routing_policies=[aws.route53.RecordFailoverRoutingPolicyArgs(type="PRIMARY")],
            health_check_id=check.id,
            aliases=[
                aws.route53.RecordAliasArgs(name=target_name, zone_id=target_zone_id, evaluate_target_health=True)
            ],
            opts=child,
        )
        self.health_check_id = check.id
        self.register_outputs({"health_check_id": self.health_check_id})
