"""The search domain, and the role that owns it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import allow, document
from components.search_layer.logs import DomainLogs
from components.search_layer.names import domain_arn, domain_name, role_arn
from components.search_layer.settings import SearchSettings

OWNER = "search-owner"
"""Last part of the name of the role that may do everything in the domain."""
BOOTSTRAP = "search-bootstrap"
"""Last part of the name of the function that fills the domain, and of its role."""
HTTP_ACTIONS = ("es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut")
"""Requests to what is in a domain, and none to the domain itself."""

_SERVICE = "opensearchservice.amazonaws.com"
# Changes to a domain replace its nodes one after another, which takes hours where there is much to copy.
_TIMEOUTS = pulumi.CustomTimeouts(create="2h", update="6h", delete="2h")


@dataclass(frozen=True, slots=True)
class DomainWires:
    """What a domain is connected to."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Data subnets, one in each zone that it may use."""
    group_id: pulumi.Input[str]
    """Security group of the search domain."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for data and logs."""


class SearchDomain(pulumi.ComponentResource):
    """OpenSearch in the data subnets, which lets in roles of this account, each for what is mapped to it inside.

    Carries search-central and search-3-nodes.
    """

    endpoint: pulumi.Output[str]
    """Host of the domain, for HTTPS."""
    domain: aws.opensearch.Domain
    """The domain itself."""
    owner_arn: str
    """ARN of the role that may do everything in it."""

    def __init__(
        self,
        name: str,
        *,
        settings: SearchSettings,
        naming: Naming,
        wires: DomainWires,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:search:SearchDomain", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        logs = DomainLogs(
            f"{name}-logs",
            settings=settings,
            naming=naming,
            key_arn=wires.key_arns["logs"],
            protect=protect,
            opts=self._child,
        )
        owner = self._build_owner(name, naming)
        needs = list(logs.needs)
        if settings.create_service_linked_role:
            needs.append(
                aws.iam.ServiceLinkedRole(
                    f"{name}-service-linked-role",
                    aws_service_name=_SERVICE,
                    description="Lets OpenSearch Service put domains into VPCs of this account",
                    opts=self._child,
                )
            )
        zones = list(wires.subnet_ids) if settings.zone_aware else list(wires.subnet_ids)[:1]
        self.owner_arn = role_arn(naming, OWNER)
        self.domain = aws.opensearch.Domain(
            f"{name}-nodes",
            domain_name=domain_name(naming),
            engine_version=settings.engine_version,
            cluster_config=_cluster(settings, len(zones)),
            ebs_options=aws.opensearch.DomainEbsOptionsArgs(
                ebs_enabled=True, volume_type="gp3", volume_size=settings.volume_gib, iops=3000, throughput=125
            ),
            vpc_options=aws.opensearch.DomainVpcOptionsArgs(subnet_ids=zones, security_group_ids=[wires.group_id]),
            encrypt_at_rest=aws.opensearch.DomainEncryptAtRestArgs(enabled=True, kms_key_id=wires.key_arns["data"]),
            node_to_node_encryption=aws.opensearch.DomainNodeToNodeEncryptionArgs(enabled=True),
            domain_endpoint_options=aws.opensearch.DomainDomainEndpointOptionsArgs(
                enforce_https=True, tls_security_policy="Policy-Min-TLS-1-2-PFS-2023-10"
            ),
            advanced_security_options=aws.opensearch.DomainAdvancedSecurityOptionsArgs(
                enabled=True,
                internal_user_database_enabled=False,
                master_user_options=aws.opensearch.DomainAdvancedSecurityOptionsMasterUserOptionsArgs(
                    master_user_arn=owner.arn
                ),
            ),
            access_policies=_access(naming),
            log_publishing_options=[
                aws.opensearch.DomainLogPublishingOptionArgs(log_type=kind, cloudwatch_log_group_arn=arn, enabled=True)
                for kind, arn in logs.arns.items()
            ],
            auto_tune_options=aws.opensearch.DomainAutoTuneOptionsArgs(
                desired_state="ENABLED", rollback_on_disable="NO_ROLLBACK", use_off_peak_window=True
            ),
            off_peak_window_options=aws.opensearch.DomainOffPeakWindowOptionsArgs(
                enabled=True,
                off_peak_window=aws.opensearch.DomainOffPeakWindowOptionsOffPeakWindowArgs(
                    window_start_time=aws.opensearch.DomainOffPeakWindowOptionsOffPeakWindowWindowStartTimeArgs(
                        hours=settings.update_hour, minutes=0
                    )
                ),
            ),
            software_update_options=aws.opensearch.DomainSoftwareUpdateOptionsArgs(auto_software_update_enabled=True),
            tags={"Name": domain_name(naming)},
            opts=pulumi.ResourceOptions(parent=self, protect=protect, depends_on=needs, custom_timeouts=_TIMEOUTS),
        )
        self.endpoint = self.domain.endpoint
        self.register_outputs({"endpoint": self.endpoint, "domain": self.domain.arn, "owner_arn": self.owner_arn})

    def _build_owner(self, name: str, naming: Naming) -> aws.iam.Role:
        """Declare the role apart from the function that takes it on, which needs the domain, which needs the role."""
        role = aws.iam.Role(
            f"{name}-owner",
            name=naming.global_name(OWNER),
            description="Owns what is in the search domain",
            assume_role_policy=document(
                {
                    "Sid": "ByBootstrapOnly",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{naming.account_id}:root"},
                    "Action": "sts:AssumeRole",
                    # By condition, since a principal that isn't there yet is refused.
                    "Condition": {"ArnEquals": {"aws:PrincipalArn": role_arn(naming, BOOTSTRAP)}},
                }
            ),
            tags={"Name": naming.global_name(OWNER)},
            opts=self._child,
        )
        aws.iam.RolePolicy(
            f"{name}-owner-policy",
            name="own-search-domain",
            role=role.id,
            policy=document(allow(HTTP_ACTIONS, f"{domain_arn(naming)}/*", sid="OwnWhatIsInDomain")),
            opts=self._child,
        )
        return role


def _cluster(settings: SearchSettings, zones: int) -> aws.opensearch.DomainClusterConfigArgs:
    spread = zones > 1
    return aws.opensearch.DomainClusterConfigArgs(
        instance_type=settings.node_type,
        instance_count=settings.nodes_per_zone * zones,
        zone_awareness_enabled=spread,
        zone_awareness_config=aws.opensearch.DomainClusterConfigZoneAwarenessConfigArgs(availability_zone_count=zones)
        if spread
        else None,
        multi_az_with_standby_enabled=False,
        dedicated_master_enabled=settings.dedicated_masters,
        dedicated_master_count=settings.masters or None,
        dedicated_master_type=settings.master_type if settings.dedicated_masters else None,
        warm_enabled=False,
    )


def _access(naming: Naming) -> str:
    """Let in roles of this account whose own policies allow it; what each may do is mapped to it in the domain.

    No role is named: those of tasks are made after the domain, and AWS refuses principals that aren't there.
    """
    return document(
        allow(
            HTTP_ACTIONS,
            f"{domain_arn(naming)}/*",
            sid="RolesOfThisAccount",
            principal={"AWS": f"arn:aws:iam::{naming.account_id}:root"},
        )
    )
