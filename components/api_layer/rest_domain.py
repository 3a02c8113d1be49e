"""The name of the REST API, which its certificate is for: what CloudFront and functions call."""

import pulumi
import pulumi_aws as aws

from components.api_layer.certificate import OriginCertificate
from components.api_layer.settings import ApiSettings


class RestDomain(pulumi.ComponentResource):
    """A regional domain with a certificate, which leads to the stage of the REST API. Carries enc-transit-tls12."""

    certificate_arn: pulumi.Output[str]
    """ARN of its certificate."""
    target_name: pulumi.Output[str]
    """The name that AWS gave it, which the edge lets the domain lead to."""
    target_zone_id: pulumi.Output[str]
    """Hosted zone of that name."""

    def __init__(
        self,
        name: str,
        *,
        settings: ApiSettings,
        domain_name: str,
        hosted_zone_id: str,
        api_id: pulumi.Input[str],
        stage_name: pulumi.Input[str],
        proven_elsewhere: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:api:RestDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        certificate = OriginCertificate(
            f"{name}-certificate",
            domain_name=domain_name,
            hosted_zone_id=hosted_zone_id,
            proven_elsewhere=proven_elsewhere,
            opts=child,
        )
        domain = aws.apigateway.DomainName(
            f"{name}-name",
            domain_name=domain_name,
            regional_certificate_arn=certificate.arn,
            endpoint_configuration=aws.apigateway.DomainNameEndpointConfigurationArgs(types="REGIONAL"),
            security_policy=settings.rest_tls_policy,
            endpoint_access_mode=settings.endpoint_access_mode,
            tags={"Name": domain_name},
            opts=child,
        )
        # What API Gateway made of base path mappings; it leads to REST APIs as well.
        aws.apigatewayv2.ApiMapping(
            f"{name}-mapping", domain_name=domain.domain_name, api_id=api_id, stage=stage_name, opts=child
        )
        self.certificate_arn = certificate.arn
        self.target_name, self.target_zone_id = domain.regional_domain_name, domain.regional_zone_id
        self.register_outputs(
            {
                "certificate_arn": self.certificate_arn,
                "target_name": self.target_name,
                "target_zone_id": self.target_zone_id,
            }
        )
