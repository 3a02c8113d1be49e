"""What both distributions have in common."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.edge_layer.settings import EdgeSettings
from components.naming import Naming

READ = ("GET", "HEAD")
READ_ACROSS = ("GET", "HEAD", "OPTIONS")
EVERYTHING = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


@dataclass(frozen=True, slots=True)
class Shared:
    """What a distribution needs of the layer."""

    settings: EdgeSettings
    naming: Naming
    certificate_arn: pulumi.Input[str]
    """Certificate in us-east-1 that has all of its names."""
    web_acl_arn: pulumi.Input[str]
    """Web ACL of CloudFront."""
    cache_ids: Mapping[str, pulumi.Input[str]]
    """Cache policies, by kind of content."""
    header_ids: Mapping[str, pulumi.Input[str]]
    """Response headers policies, by kind of answer."""

    @property
    def viewer_certificate(self) -> aws.cloudfront.DistributionViewerCertificateArgs:
        """How TLS with viewers ends."""
        return aws.cloudfront.DistributionViewerCertificateArgs(
            acm_certificate_arn=self.certificate_arn,
            minimum_protocol_version=self.settings.tls_policy,
            ssl_support_method="sni-only",
        )


EVERYWHERE = aws.cloudfront.DistributionRestrictionsArgs(
    geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
)
"""People train all over the world."""
