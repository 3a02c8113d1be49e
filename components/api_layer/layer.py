"""The ApiLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.api_layer.account import LogWriter
from components.api_layer.alarms import LoadBalancerAlarms
from components.api_layer.authorizer import token_authorizer
from components.api_layer.certificate import OriginCertificate
from components.api_layer.load_balancer import PublicLoadBalancer
from components.api_layer.rest_alarms import declare_rest_alarms
from components.api_layer.rest_api import RestApi, RestApiArgs
from components.api_layer.rest_domain import RestDomain
from components.api_layer.settings import ApiSettings
from components.api_layer.target_groups import ServiceRoute
from components.api_layer.web_acl import WebAcl
from components.naming import Naming
from components.python_function import FunctionSurroundings
from components.routes import Route, ServiceTargets, api_origin_name, origin_name


@dataclass(frozen=True, slots=True)
class ApiArgs:
    """What an ApiLayer is made from."""

    settings: ApiSettings
    naming: Naming
    domain: str
    """Domain of the stack, under which the load balancer gets its name."""
    hosted_zone_id: str
    """Public hosted zone of the domain."""
    network: pulumi.Resource
    """The network: AWS refuses a public load balancer in a VPC whose internet gateway isn't there yet."""
    vpc_id: pulumi.Input[str]
    """VPC of the target groups."""
    public_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the load balancer, by zone letter."""
    alb_group_id: pulumi.Input[str]
    """Security group of the load balancer."""
    access_log_bucket: pulumi.Input[str]
    """Archive that lets load balancers write to its folder ``alb/``."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys by what they encrypt: logs, and the environment of functions as secrets."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    routes: tuple[Route, ...]
    """Which requests reach which service."""
    origin_tokens: Sequence[pulumi.Input[str]]
    """Secret values of the origin header that rules accept, one or two: the first is what the REST API sends."""
    proven_elsewhere: bool
    """Whether the primary of this standby has the records that prove the same names to ACM."""
    account_settings: bool
    """Whether this stack declares what the account has once in a region."""
    protect: bool
    """Whether logs and what failed are protected from deletion."""


class ApiLayer(pulumi.ComponentResource):
    """The way in: a REST API, and a load balancer that serves what comes through it or through the edge.

    Carries the clauses lb-* and api-*, and for both of them enc-transit-tls12.
    """

    load_balancer_arn: pulumi.Output[str]
    """ARN of the load balancer."""
    load_balancer_dns_name: pulumi.Output[str]
    """The name that AWS gave the load balancer."""
    load_balancer_zone_id: pulumi.Output[str]
    """Hosted zone of that name, for alias records."""
    load_balancer_suffix: pulumi.Output[str]
    """Dimension ``LoadBalancer`` of its metrics."""
    origin_name: str
    """Its own name, which its certificate is for: what the edge calls for websockets."""
    api_origin_name: str
    """The name of the REST API: what the edge calls for everything else, and functions for services."""
    api_target_name: pulumi.Output[str]
    """The name that AWS gave the domain of the REST API, which the edge lets its own name lead to."""
    api_target_zone_id: pulumi.Output[str]
    """Hosted zone of that name."""
    targets: Mapping[str, ServiceTargets]
    """What services register with, by service."""

    def __init__(self, name: str, args: ApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:api:ApiLayer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.origin_name = origin_name(args.domain)
        self.api_origin_name = api_origin_name(args.domain)
        certificate = OriginCertificate(
            f"{name}-certificate",
            domain_name=self.origin_name,
            hosted_zone_id=args.hosted_zone_id,
            proven_elsewhere=args.proven_elsewhere,
            opts=child,
        )
        public = PublicLoadBalancer(
            f"{name}-load-balancer",
            settings=args.settings,
            naming=args.naming,
            public_subnet_ids=args.public_subnet_ids,
            security_group_id=args.alb_group_id,
            access_log_bucket=args.access_log_bucket,
            certificate_arn=certificate.arn,
            network=args.network,
            opts=child,
        )
        balancer = public.balancer
        web_acl = WebAcl(
            f"{name}-web-acl",
            settings=args.settings,
            naming=args.naming,
            load_balancer_arn=balancer.arn,
            log_key_arn=args.key_arns["logs"],
            protect=args.protect,
            opts=child,
        )
        LoadBalancerAlarms(
            f"{name}-alarms",
            naming=args.naming,
            load_balancer_suffix=balancer.arn_suffix,
            certificate_arn=certificate.arn,
            topic_arns=args.alert_topic_arns,
            opts=child,
        )
        rest_domain = self._declare_api(name, args, web_acl, child)
        self.targets = {
            route.service: ServiceRoute(
                f"{name}-route-{route.service}",
                route,
                settings=args.settings,
                naming=args.naming,
                vpc_id=args.vpc_id,
                listener_arn=public.https_listener_arn,
                origin_tokens=args.origin_tokens,
                opts=child,
            ).targets
            for route in args.routes
        }
        self.load_balancer_arn = balancer.arn
        self.load_balancer_dns_name = balancer.dns_name
        self.load_balancer_zone_id = balancer.zone_id
        self.load_balancer_suffix = balancer.arn_suffix
        self.api_target_name, self.api_target_zone_id = rest_domain.target_name, rest_domain.target_zone_id
        self.register_outputs(
            {
                "load_balancer_arn": self.load_balancer_arn,
                "load_balancer_dns_name": self.load_balancer_dns_name,
                "load_balancer_zone_id": self.load_balancer_zone_id,
                "load_balancer_suffix": self.load_balancer_suffix,
                "origin_name": self.origin_name,
                "api_origin_name": self.api_origin_name,
                "api_target_name": self.api_target_name,
                "api_target_zone_id": self.api_target_zone_id,
                "targets": {service: targets.outputs for service, targets in self.targets.items()},
            }
        )

    def _declare_api(self, name: str, args: ApiArgs, web_acl: WebAcl, opts: pulumi.ResourceOptions) -> RestDomain:
        naming, settings = args.naming, args.settings
        writer = LogWriter(f"{name}-log-writer", naming=naming, opts=opts) if args.account_settings else None
        rest = RestApi(
            f"{name}-rest",
            RestApiArgs(
                settings=settings,
                naming=naming,
                origin_name=self.origin_name,
                authorizer=token_authorizer(
                    f"{name}-authorizer",
                    settings=settings,
                    domain=args.domain,
                    shared=FunctionSurroundings(naming, args.key_arns, args.alert_topic_arns, args.protect),
                    opts=opts,
                ),
                origin_token=args.origin_tokens[0],
                log_key_arn=args.key_arns["logs"],
                web_acl_arn=web_acl.acl.arn,
                protect=args.protect,
                writes_logs=writer.account if writer else None,
            ),
            opts,
        )
        domain = RestDomain(
            f"{name}-domain",
            settings=settings,
            domain_name=self.api_origin_name,
            hosted_zone_id=args.hosted_zone_id,
            api_id=rest.id,
            stage_name=rest.stage_name,
            proven_elsewhere=args.proven_elsewhere,
            opts=opts,
        )
        declare_rest_alarms(
            f"{name}-rest-alarms",
            settings=settings,
            naming=naming,
            api_name=rest.name,
            certificate_arn=domain.certificate_arn,
            topic_arns=args.alert_topic_arns,
            opts=opts,
        )
        return domain
