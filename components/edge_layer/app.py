"""The distribution of the application: static files by default, the API and what goes past it by path."""

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.edge_layer.caching import ALL_BUT_HOST, CACHING_DISABLED
from components.edge_layer.origins import access_control, bucket_origin, service_origin
from components.edge_layer.shared import EVERYTHING, EVERYWHERE, READ, Shared

_FILES, _COPY, _EITHER, _API, _SERVICES = "files", "files-copy", "files-or-copy", "api", "services"
_API_SECONDS = 30  # the REST API itself gives up after 29
_SERVICE_SECONDS = 60
_FUNCTION = Path(__file__).with_name("viewer_request.js")


@dataclass(frozen=True, slots=True)
class AppOrigins:
    """What the application is served from."""

    files_domain_name: str
    """Name of the bucket of static files in its region."""
    copy_domain_name: str | None
    """The same of their copy in the second region, where there is one."""
    api_name: str
    """Name of the REST API."""
    load_balancer_name: str
    """Name of the load balancer."""
    token: pulumi.Input[str]
    """Secret by which both know CloudFront."""


class AppDistribution(pulumi.ComponentResource):
    """Serves ``app.<domain>``; ``www.<domain>`` leads there. Carries edge-cdn-static-and-api and edge-s3-origin-static.

    Answers of the API are never kept, those under ``/api/public/*`` apart, which get neither token nor cookie.
    """

    distribution: aws.cloudfront.Distribution
    """The distribution."""

    def __init__(
        self,
        name: str,
        *,
        shared: Shared,
        names: tuple[str, ...],
        origins: AppOrigins,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:edge:AppDistribution", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = shared.naming.name("app")
        files = _EITHER if origins.copy_domain_name else _FILES
        control = access_control(f"{name}-access", label=label, opts=child)
        router = aws.cloudfront.Function(
            f"{name}-router",
            name=label,
            comment="Leads www to app, and pages to the one that routes in the browser",
            runtime="cloudfront-js-2.0",
            code=_FUNCTION.read_text(encoding="utf-8"),
            publish=True,
            opts=child,
        )
        self.distribution = aws.cloudfront.Distribution(
            f"{name}-distribution",
            aliases=names,
            comment=label,
            enabled=True,
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=shared.settings.price_class,
            default_root_object="index.html",
            web_acl_id=shared.web_acl_arn,
            viewer_certificate=shared.viewer_certificate,
            restrictions=EVERYWHERE,
            origins=[
                bucket_origin(_FILES, domain_name=origins.files_domain_name, access_control_id=control.id),
                service_origin(_API, domain_name=origins.api_name, token=origins.token, read_seconds=_API_SECONDS),
                service_origin(
                    _SERVICES,
                    domain_name=origins.load_balancer_name,
                    token=origins.token,
                    read_seconds=_SERVICE_SECONDS,
                ),
                *(
                    [bucket_origin(_COPY, domain_name=origins.copy_domain_name, access_control_id=control.id)]
                    if origins.copy_domain_name
                    else []
                ),
            ],
            origin_groups=[_either_bucket()] if origins.copy_domain_name else None,
            default_cache_behavior=aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
                target_origin_id=files,
                allowed_methods=READ,
                cached_methods=READ,
                viewer_protocol_policy="redirect-to-https",
                compress=True,
                cache_policy_id=shared.cache_ids["pages"],
                response_headers_policy_id=shared.header_ids["pages"],
                function_associations=[
                    aws.cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArgs(
                        event_type="viewer-request", function_arn=router.arn
                    )
                ],
            ),
            # The first that matches wins.
            ordered_cache_behaviors=[
                _public_answers(shared),
                _passed_on("/api/*", _API, shared),
                *(_passed_on(path, _SERVICES, shared) for path in shared.settings.bypass_paths),
                *(_files(kind, files, shared) for kind in ("assets", "images")),
            ],
            tags={"Name": label},
            opts=child,
        )
        self.register_outputs({"distribution_id": self.distribution.id})


def _public_answers(shared: Shared) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
    """Return how answers that are the same for everybody are served."""
    return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
        path_pattern="/api/public/*",
        target_origin_id=_API,
        allowed_methods=READ,
        cached_methods=READ,
        viewer_protocol_policy="redirect-to-https",
        compress=True,
        cache_policy_id=shared.cache_ids["public-api"],
        response_headers_policy_id=shared.header_ids["api"],
    )


def _passed_on(path: str, origin: str, shared: Shared) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
    """Return how requests are served that concern one person: by their origin, each time."""
    return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
        path_pattern=path,
        target_origin_id=origin,
        allowed_methods=EVERYTHING,
        cached_methods=READ,
        viewer_protocol_policy="https-only",  # a redirected request has lost its body, or sent its token in the clear
        compress=False,
        cache_policy_id=CACHING_DISABLED,
        origin_request_policy_id=ALL_BUT_HOST,
        response_headers_policy_id=shared.header_ids["api"],
    )


def _either_bucket() -> aws.cloudfront.DistributionOriginGroupArgs:
    """Return that files come from their copy while S3 in the first region fails or doesn't answer.

    What isn't there is denied by S3 (403), in both regions alike: that is no reason to ask the other.
    """
    return aws.cloudfront.DistributionOriginGroupArgs(
        origin_id=_EITHER,
        failover_criteria=aws.cloudfront.DistributionOriginGroupFailoverCriteriaArgs(status_codes=[500, 502, 503, 504]),
        members=[aws.cloudfront.DistributionOriginGroupMemberArgs(origin_id=member) for member in (_FILES, _COPY)],
    )


def _files(kind: str, origin: str, shared: Shared) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
    """Return how files of the folder ``kind`` are served."""
    return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
        path_pattern=f"/{kind}/*",
        target_origin_id=origin,
        allowed_methods=READ,
        cached_methods=READ,
        viewer_protocol_policy="redirect-to-https",
        compress=True,
        cache_policy_id=shared.cache_ids[kind],
        response_headers_policy_id=shared.header_ids[kind],
    )
