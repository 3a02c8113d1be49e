"""The EdgeLayer component."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.bucket_lifecycle import ABORT_DAYS, NONCURRENT_DAYS, LifecycleRule
from components.bucket_replication import BucketReplication
from components.certificate import IssuedCertificate
from components.edge_layer.access_logs import AccessLogs
from components.edge_layer.alarms import EdgeAlarms
from components.edge_layer.app import AppDistribution, AppOrigins
from components.edge_layer.caching import CachePolicies
from components.edge_layer.headers import ResponseHeaders, content_security_policy
from components.edge_layer.names import serve, serve_after
from components.edge_layer.settings import EdgeSettings
from components.edge_layer.shared import Shared
from components.edge_layer.shield import ShieldAdvanced
from components.edge_layer.video import VideoDistribution, VideoOrigins
from components.edge_layer.web_acl import EdgeWebAcl
from components.far_side import FarSide
from components.naming import EDGE_REGION, Naming
from components.policy_documents import Statement, allow, service
from components.private_bucket import BucketSpec, PrivateBucket
from components.rates import RateSettings
from components.region_entry import health_check
from components.routes import api_origin_name, origin_name


@dataclass(frozen=True, slots=True)
class EdgeArgs:
    """What an EdgeLayer is made from."""

    settings: EdgeSettings
    rates: RateSettings
    """How often users and addresses may ask."""
    naming: Naming
    domain: str
    """Domain of the stack, under which it has its names."""
    hosted_zone_id: str
    """Public hosted zone of the domain."""
    api_health_check_id: pulumi.Input[str]
    """Check of Route 53 that asks the REST API, which an alarm watches."""
    load_balancer_arn: pulumi.Input[str]
    """Load balancer, for Shield Advanced to protect."""
    videos_bucket_name: str
    """Bucket that holds renditions, and lets CloudFront read them."""
    files_key_arn: pulumi.Input[str]
    """Key that encrypts static files, which CloudFront may decrypt by."""
    access_log_bucket: pulumi.Input[str]
    """Archive that lets distributions write to its folder ``cloudfront/``."""
    far: FarSide | None
    """The second region, where static files are copied to one, and served from while this one can't."""
    log_key_arn: pulumi.Input[str]
    """Key for log groups in us-east-1."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics in us-east-1 for critical and warning."""
    region_alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """The same in the stack's own region, for what is measured there."""
    origin_token: pulumi.Input[str]
    """Secret by which the load balancer and the API know CloudFront."""
    protect: bool
    """Whether the bucket and the web ACL's log are protected from deletion."""


class EdgeLayer(pulumi.ComponentResource):
    """What people reach: CloudFront by names of Route 53, with its certificate, web ACL and logs. Carries edge-*.

    What AWS keeps in us-east-1 is there, whichever region the stack is in.
    """

    app_domain_name: pulumi.Output[str]
    """The name that CloudFront gave the application's distribution."""
    video_domain_name: pulumi.Output[str]
    """The same of the distribution of videos."""
    distribution_ids: Mapping[str, pulumi.Output[str]]
    """Ids of the distributions, by what they serve: app and video."""
    files_bucket: pulumi.Output[str]
    """Bucket that static files are uploaded to."""
    video_origin_token: pulumi.Output[str]
    """Secret that a packaging origin and a video CDN outside AWS share with CloudFront."""

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:edge:EdgeLayer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._args = args
        settings, naming, zone = args.settings, args.naming, args.hosted_zone_id
        app_name, www_name, video_name = (f"{label}.{args.domain}" for label in ("app", "www", "video"))
        self.video_origin_token = pulumi.Output.secret(args.origin_token).apply(_for_video)

        certificate = IssuedCertificate(
            "fitness-platform:edge:Certificate",
            f"{name}-certificate",
            domain_name=app_name,
            further_names={"www": www_name, "video": video_name},
            hosted_zone_id=zone,
            region=EDGE_REGION,
            opts=child,
        )
        web_acl = EdgeWebAcl(
            f"{name}-web-acl",
            settings=settings,
            rates=args.rates,
            naming=naming,
            log_key_arn=args.log_key_arn,
            protect=args.protect,
            opts=child,
        )
        shared = Shared(
            settings=settings,
            naming=naming,
            certificate_arn=certificate.arn,
            web_acl_arn=web_acl.acl.arn,
            cache_ids=CachePolicies(f"{name}-cache", settings=settings, naming=naming, opts=child).ids,
            header_ids=ResponseHeaders(
                f"{name}-headers",
                naming=naming,
                page_policy=content_security_policy(video_name, settings.csp_sources),
                page_origins=[f"https://{app_name}"],
                opts=child,
            ).ids,
        )
        files = PrivateBucket(
            f"{name}-files",
            _files(naming),
            naming=naming,
            key_arn=args.files_key_arn,
            access_log_bucket=args.access_log_bucket,
            protect=args.protect,
            opts=child,
        )
        copy = self._replicate(name, files, args.far) if args.far else None
        app = AppDistribution(
            f"{name}-app",
            shared=shared,
            names=(app_name, www_name),
            origins=AppOrigins(
                files_domain_name=files.domain_name,
                copy_domain_name=copy.domain_name if copy else None,
                api_name=api_origin_name(args.domain),
                load_balancer_name=origin_name(args.domain),
                token=args.origin_token,
            ),
            opts=child,
        ).distribution
        cdn = settings.video_cdn
        video = VideoDistribution(
            f"{name}-video",
            shared=shared,
            video_name=video_name,
            origins=VideoOrigins(
                bucket_domain_name=f"{args.videos_bucket_name}.s3.{naming.region}.amazonaws.com",
                packaging_name=cdn.origin_hostname if cdn else None,
                token=self.video_origin_token,
            ),
            opts=child,
        ).distribution
        serve(
            f"{name}-app",
            hosted_zone_id=zone,
            names={"": app_name, "www": www_name},
            distribution=app,
            opts=child,
        )
        checks = {"api": args.api_health_check_id}
        if cdn:
            checks["video-cdn"] = health_check(
                f"{name}-video-health",
                label=naming.name("video-cdn"),
                host=cdn.hostname,
                path=cdn.probe_path,
                seconds=settings.health_check_seconds,
                opts=child,
            ).id
            serve_after(
                f"{name}-video",
                hosted_zone_id=zone,
                host=video_name,
                cdn=cdn,
                health_check_id=checks["video-cdn"],
                distribution=video,
                opts=child,
            )
        else:
            serve(f"{name}-video", hosted_zone_id=zone, names={"": video_name}, distribution=video, opts=child)

        distributions = {"app": app, "video": video}
        AccessLogs(
            f"{name}-access-logs",
            naming=naming,
            distribution_arns={label: distribution.arn for label, distribution in distributions.items()},
            archive=args.access_log_bucket,
            opts=child,
        )
        EdgeAlarms(
            f"{name}-alarms",
            naming=naming,
            distribution_ids={label: distribution.id for label, distribution in distributions.items()},
            health_check_ids=checks,
            certificate_arn=certificate.arn,
            topic_arns=args.alert_topic_arns,
            opts=child,
        )
        if settings.shield_advanced != "off":
            ShieldAdvanced(
                f"{name}-shield",
                naming=naming,
                protected_arns={
                    **{label: distribution.arn for label, distribution in distributions.items()},
                    "load-balancer": args.load_balancer_arn,
                    "zone": f"arn:aws:route53:::hostedzone/{zone}",
                },
                opts=child,
            )
        self.app_domain_name, self.video_domain_name = app.domain_name, video.domain_name
        self.distribution_ids = {label: distribution.id for label, distribution in distributions.items()}
        self.files_bucket = files.bucket
        self.register_outputs(
            {
                "app_domain_name": self.app_domain_name,
                "video_domain_name": self.video_domain_name,
                "distribution_ids": self.distribution_ids,
                "files_bucket": self.files_bucket,
                "video_origin_token": self.video_origin_token,
            }
        )

    def _replicate(self, name: str, files: PrivateBucket, far: FarSide) -> PrivateBucket:
        """Declare the copy of static files in the second region, which distributions read as they read the original."""
        args, child = self._args, pulumi.ResourceOptions(parent=self)
        copy = PrivateBucket(
            f"{name}-files-replica",
            _files(far.naming),
            naming=far.naming,
            key_arn=far.key_arns["media"],
            access_log_bucket=far.access_log_bucket,
            protect=args.protect,
            region=far.region,
            opts=child,
        )
        BucketReplication(
            f"{name}-files-replication",
            "files",
            naming=args.naming,
            far=far,
            key="media",
            source=files,
            replica=copy,
            topic_arns=args.region_alert_topic_arns,
            opts=child,
        )
        return copy


def _files(naming: Naming) -> BucketSpec:
    return BucketSpec(
        "files",
        (LifecycleRule("tidy", noncurrent_days=NONCURRENT_DAYS, abort_days=ABORT_DAYS),),
        statements=(_read_by_distributions(naming),),
    )


def _read_by_distributions(naming: Naming) -> Statement:
    """Return that distributions of this account read static files: which one is only known once it is there.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    return allow(
        "s3:GetObject",
        f"arn:aws:s3:::{naming.bucket('files')}/*",
        sid="DistributionsRead",
        principal=service("cloudfront"),
        condition={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{naming.account_id}:distribution/*"},
        },
    )


def _for_video(token: str) -> str:
    """Return a token made from the platform's own, by which nobody learns that one."""
    return hmac.new(token.encode(), b"video origin", hashlib.sha256).hexdigest()
