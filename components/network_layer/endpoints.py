"""VPC endpoints: AWS services reached without leaving the VPC."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.network_layer.settings import NetworkSettings
from components.policy_documents import allow, document


def gateway_endpoint_policy(service: str, naming: Naming) -> str:
    """Return who may use a gateway endpoint: this account's principals on this account's data, and nothing else.

    S3 also serves the layers of ECR images from a bucket that AWS owns, which tasks read without being its account.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    """
    own = allow(
        f"{service}:*",
        "*",
        sid="OwnPrincipalsOnOwnData",
        principal="*",
        condition={
            "StringEquals": {"aws:PrincipalAccount": naming.account_id, "aws:ResourceAccount": naming.account_id}
        },
    )
    if service != "s3":
        return document(own)
    layers = f"arn:aws:s3:::prod-{naming.region}-starport-layer-bucket/*"
    return document(own, allow("s3:GetObject", layers, sid="ImageLayersOfEcr", principal="*"))


def interface_endpoint_policy(naming: Naming) -> str:
    """Return who may use an interface endpoint: this account's principals; IAM decides what they may do there."""
    return document(
        allow(
            "*",
            "*",
            sid="OwnPrincipals",
            principal="*",
            condition={"StringEquals": {"aws:PrincipalAccount": naming.account_id}},
        )
    )


class VpcEndpoints(pulumi.ComponentResource):
    """Gateway endpoints in the private route tables, interface endpoints in the private subnets of every zone."""

    def __init__(
        self,
        name: str,
        *,
        settings: NetworkSettings,
        naming: Naming,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        route_table_ids: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:network:VpcEndpoints", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for service in settings.gateway_endpoints:
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=vpc_id,
                service_name=naming.endpoint_service(service),
                vpc_endpoint_type="Gateway",
                route_table_ids=route_table_ids,
                policy=gateway_endpoint_policy(service, naming),
                tags={"Name": naming.name(service)},
                opts=child,
            )
        if settings.interface_endpoints:
            security_group = self._security_group(name, settings, naming, vpc_id, child)
            for service in settings.interface_endpoints:
                aws.ec2.VpcEndpoint(
                    f"{name}-{service}",
                    vpc_id=vpc_id,
                    service_name=naming.endpoint_service(service),
                    vpc_endpoint_type="Interface",
                    private_dns_enabled=True,
                    subnet_ids=subnet_ids,
                    security_group_ids=[security_group.id],
                    policy=interface_endpoint_policy(naming),
                    tags={"Name": naming.name(service)},
                    opts=child,
                )
        self.register_outputs({})

    @staticmethod
    def _security_group(
        name: str, settings: NetworkSettings, naming: Naming, vpc_id: pulumi.Input[str], child: pulumi.ResourceOptions
    ) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            name=naming.name("endpoints"),
            description="Interface endpoints of AWS services",
            vpc_id=vpc_id,
            tags={"Name": naming.name("endpoints")},
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-vpc",
            security_group_id=group.id,
            description="HTTPS from tasks and functions in the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=str(settings.vpc_cidr),
            tags={"Name": naming.name("endpoints", "from-vpc")},
            opts=child,
        )
        return group
