"""A certificate of ACM that renews itself, for the load balancer, the API and the edge."""

from collections.abc import Mapping, Sequence
from functools import partial

import pulumi
import pulumi_aws as aws
from pulumi_aws.acm.outputs import CertificateDomainValidationOption


class IssuedCertificate(pulumi.ComponentResource):
    """A certificate proven by DNS records that stay, so that ACM renews it by itself.

    ACM asks for the same record wherever an account has a certificate for a name: one stack declares it.
    """

    arn: pulumi.Output[str]
    """ARN of the certificate, once it is issued."""

    def __init__(
        self,
        type_: str,
        name: str,
        *,
        domain_name: str,
        hosted_zone_id: str,
        further_names: Mapping[str, str] | None = None,
        region: str | None = None,
        proven_elsewhere: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take further names by what they are for, and a ``region`` other than the stack's.

        :param proven_elsewhere: whether another stack has the records, for a certificate of the same names.
        """
        super().__init__(type_, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        others = further_names or {}
        certificate = aws.acm.Certificate(
            f"{name}-request",
            domain_name=domain_name,
            subject_alternative_names=list(others.values()) or None,
            validation_method="DNS",
            key_algorithm="RSA_2048",
            region=region,
            tags={"Name": domain_name},
            opts=child,
        )
        records: list[aws.route53.Record] = []
        to_prove = {} if proven_elsewhere else {"": domain_name, **others}
        for place, (label, proven) in enumerate(to_prove.items()):
            asked = certificate.domain_validation_options.apply(partial(_asked_of, proven, place))
            record = aws.route53.Record(
                "-".join([name, "proof", *([label] if label else [])]),
                zone_id=hosted_zone_id,
                name=asked.resource_record_name,
                type=asked.resource_record_type,
                records=[asked.resource_record_value],
                ttl=60,
                opts=child,
            )
            records.append(record)
        issued = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn for record in records] or None,
            region=region,
            opts=child,
        )
        self.arn = issued.certificate_arn
        self.register_outputs({"arn": self.arn})


def _asked_of(
    domain: str, place: int, options: Sequence[CertificateDomainValidationOption]
) -> CertificateDomainValidationOption:
    """Return what ACM asks for a name, which it lists in any order."""
    return next((option for option in options if option.domain_name == domain), options[place])
