"""The load balancer and its two listeners: one that redirects, and one that answers 403 to whatever no rule knows."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.api_layer.settings import ApiSettings
from components.naming import Naming

ACCESS_LOG_PREFIX = "alb"
"""Folder of the access archive that its bucket policy opens to load balancers."""


class PublicLoadBalancer(pulumi.ComponentResource):
    """An application load balancer in the public subnets, and the name that the edge calls it by.

    Carries lb-listeners-80-443 and, for the way in, enc-transit-tls12.
    """

    balancer: aws.lb.LoadBalancer
    """The load balancer."""
    https_listener_arn: pulumi.Output[str]
    """ARN of the listener that rules belong to."""

    def __init__(
        self,
        name: str,
        *,
        settings: ApiSettings,
        naming: Naming,
        public_subnet_ids: Mapping[str, pulumi.Input[str]],
        security_group_id: pulumi.Input[str],
        access_log_bucket: pulumi.Input[str],
        certificate_arn: pulumi.Input[str],
        network: pulumi.Resource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:api:PublicLoadBalancer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.name("alb")
        self.balancer = aws.lb.LoadBalancer(
            f"{name}-alb",
            name=label,
            load_balancer_type="application",
            internal=False,
            ip_address_type="ipv4",
            subnets=[public_subnet_ids[letter] for letter in sorted(public_subnet_ids)],
            security_groups=[security_group_id],
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(
                enabled=True, bucket=access_log_bucket, prefix=ACCESS_LOG_PREFIX
            ),
            drop_invalid_header_fields=True,
            desync_mitigation_mode=settings.desync_mode,
            enable_http2=True,
            enable_tls_version_and_cipher_suite_headers=True,  # services see what the edge negotiated
            xff_header_processing_mode="append",
            enable_waf_fail_open=False,
            enable_zonal_shift=True,
            idle_timeout=settings.idle_timeout_seconds,
            client_keep_alive=settings.client_keep_alive_seconds,
            enable_deletion_protection=settings.deletion_protection,
            tags={"Name": label},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[network]),
        )
        aws.lb.Listener(
            f"{name}-http",
            load_balancer_arn=self.balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        protocol="HTTPS", port="443", status_code="HTTP_301"
                    ),
                )
            ],
            tags={"Name": naming.name("alb", "http")},
            opts=child,
        )
        https = aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=self.balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=settings.tls_policy,
            certificate_arn=certificate_arn,
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="text/plain", message_body="Forbidden", status_code="403"
                    ),
                )
            ],
            routing_http_response_server_enabled=False,
            tags={"Name": naming.name("alb", "https")},
            opts=child,
        )
        self.https_listener_arn = https.arn
        self.register_outputs({"https_listener_arn": self.https_listener_arn})
