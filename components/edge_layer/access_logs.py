"""Access logs of distributions, in the archive of access logs. CloudFront's older way would need a bucket with ACLs."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.naming import EDGE_REGION, Naming

# Neither cookies nor query strings: tokens and signatures of links are in them.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
_FIELDS = (
    "date",
    "time",
    "x-edge-location",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "sc-status",
    "sc-bytes",
    "cs-bytes",
    "time-taken",
    "time-to-first-byte",
    "x-edge-result-type",
    "x-edge-response-result-type",
    "x-edge-detailed-result-type",
    "x-edge-request-id",
    "x-host-header",
    "cs-protocol",
    "cs-protocol-version",
    "ssl-protocol",
    "ssl-cipher",
    "cs(User-Agent)",
    "sc-content-type",
)


class AccessLogs(pulumi.ComponentResource):
    """Delivers what each distribution answered to the archive, in us-east-1 as AWS demands.

    Carries obs-retention-api-access for CloudFront.
    """

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        distribution_arns: Mapping[str, pulumi.Input[str]],
        archive: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take the distributions by what they serve, and the name of the bucket."""
        super().__init__("fitness-platform:edge:AccessLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        destination_name = naming.name("access-logs")
        destination = aws.cloudwatch.LogDeliveryDestination(
            f"{name}-archive",
            name=destination_name,
            output_format="json",
            delivery_destination_configuration=aws.cloudwatch.LogDeliveryDestinationDeliveryDestinationConfigurationArgs(
                destination_resource_arn=pulumi.Output.format("arn:aws:s3:::{0}/cloudfront", archive)
            ),
            region=EDGE_REGION,
            tags={"Name": destination_name},
            opts=child,
        )
        for label, arn in distribution_arns.items():
            source_name = naming.name(label)
            source = aws.cloudwatch.LogDeliverySource(
                f"{name}-{label}",
                name=source_name,
                log_type="ACCESS_LOGS",
                resource_arn=arn,
                region=EDGE_REGION,
                tags={"Name": source_name},
                opts=child,
            )
            aws.cloudwatch.LogDelivery(
                f"{name}-{label}-delivery",
                delivery_source_name=source.name,
                delivery_destination_arn=destination.arn,
                record_fields=_FIELDS,
                s3_delivery_configurations=[
                    aws.cloudwatch.LogDeliveryS3DeliveryConfigurationArgs(
                        suffix_path="{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enable_hive_compatible_path=False
                    )
                ],
                region=EDGE_REGION,
                tags={"Name": source_name},
                opts=child,
            )
        self.register_outputs({})
