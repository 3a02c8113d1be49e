"""The certificate of the load balancer."""

import pulumi
import pulumi_aws as aws


class OriginCertificate(pulumi.ComponentResource):
    """A certificate of ACM for one name, proven by a DNS record that stays, so that ACM renews it by itself."""

    arn: pulumi.Output[str]
    """ARN of the certificate, once it is issued."""

    def __init__(
        self,
        name: str,
        *,
        domain_name: str,
        hosted_zone_id: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:api:OriginCertificate", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(
            f"{name}-request",
            domain_name=domain_name,
            validation_method="DNS",
            key_algorithm="RSA_2048",
            tags={"Name": domain_name},
            opts=child,
        )
        asked = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-proof",
            zone_id=hosted_zone_id,
            name=asked.resource_record_name,
            type=asked.resource_record_type,
            records=[asked.resource_record_value],
            ttl=60,
            opts=child,
        )
        issued = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            opts=child,
        )
        self.arn = issued.certificate_arn
        self.register_outputs({"arn": self.arn})
