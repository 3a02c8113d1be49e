"""Headers that every answer has, whatever its origin says."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.edge_layer.caching import MONTH, YEAR
from components.edge_layer.settings import Directive
from components.naming import Naming

_TWO_YEARS = 2 * YEAR  # what browsers ask for before they build a name in


def content_security_policy(video_name: str, further: Mapping[Directive, Sequence[str]]) -> str:
    """Return from where pages may load what: from their own name, video from its, and ``further`` by directive."""
    directives: dict[str, list[str]] = {
        "default-src": ["'self'"],
        "base-uri": ["'self'"],
        "connect-src": ["'self'", f"https://{video_name}"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "frame-src": ["'self'"],
        "img-src": ["'self'", "data:", f"https://{video_name}"],
        "media-src": ["'self'", "blob:", f"https://{video_name}"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
    }
    for directive, sources in further.items():
        directives[directive] += sources
    return "; ".join([f"{name} {' '.join(sources)}" for name, sources in directives.items()])


class ResponseHeaders(pulumi.ComponentResource):
    """A policy for each kind of answer: all speak TLS only, and say what browsers may make of them."""

    ids: Mapping[str, pulumi.Output[str]]
    """Ids of the policies, by kind: pages, assets, images, api and video."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        page_policy: str,
        page_origins: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take the content security policy of pages, and the origins whose pages play video."""
        super().__init__("fitness-platform:edge:ResponseHeaders", name, None, opts)
        nothing = "default-src 'none'; frame-ancestors 'none'"
        kinds: dict[str, tuple[str, str | None, aws.cloudfront.ResponseHeadersPolicyCorsConfigArgs | None]] = {
            "pages": (page_policy, None, None),
            "assets": (nothing, f"public, max-age={YEAR}, immutable", None),
            "images": (nothing, f"public, max-age={MONTH}", None),
            "api": (nothing, None, None),
            "video": (nothing, None, _cors(page_origins)),
        }
        self.ids = {
            kind: aws.cloudfront.ResponseHeadersPolicy(
                f"{name}-{kind}",
                name=naming.name(kind),
                comment=f"Headers of {kind}",
                security_headers_config=_security(policy),
                custom_headers_config=_cache_control(kept) if kept else None,
                cors_config=origins,
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for kind, (policy, kept, origins) in kinds.items()
        }
        self.register_outputs({"ids": self.ids})


def _security(policy: str) -> aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs:
    return aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs(
        content_security_policy=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs(
            content_security_policy=policy, override=True
        ),
        content_type_options=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs(
            override=True
        ),
        frame_options=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs(
            frame_option="DENY", override=True
        ),
        referrer_policy=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs(
            referrer_policy="strict-origin-when-cross-origin", override=True
        ),
        strict_transport_security=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs(
            access_control_max_age_sec=_TWO_YEARS, include_subdomains=True, preload=True, override=True
        ),
    )


def _cors(page_origins: Sequence[str]) -> aws.cloudfront.ResponseHeadersPolicyCorsConfigArgs:
    """Return that pages of ``page_origins`` alone may play video, with signed cookies and a byte at a time."""
    return aws.cloudfront.ResponseHeadersPolicyCorsConfigArgs(
        access_control_allow_credentials=True,
        access_control_allow_headers=aws.cloudfront.ResponseHeadersPolicyCorsConfigAccessControlAllowHeadersArgs(
            items=["Range"]
        ),
        access_control_allow_methods=aws.cloudfront.ResponseHeadersPolicyCorsConfigAccessControlAllowMethodsArgs(
            items=["GET", "HEAD", "OPTIONS"]
        ),
        access_control_allow_origins=aws.cloudfront.ResponseHeadersPolicyCorsConfigAccessControlAllowOriginsArgs(
            items=page_origins
        ),
        access_control_max_age_sec=3600,
        origin_override=True,
    )


def _cache_control(value: str) -> aws.cloudfront.ResponseHeadersPolicyCustomHeadersConfigArgs:
    return aws.cloudfront.ResponseHeadersPolicyCustomHeadersConfigArgs(
        items=[
            aws.cloudfront.ResponseHeadersPolicyCustomHeadersConfigItemArgs(
                header="Cache-Control", value=value, override=True
            )
        ]
    )
