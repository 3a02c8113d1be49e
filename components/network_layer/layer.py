"""The NetworkLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.network_layer.endpoints import VpcEndpoints
from components.network_layer.flow_logs import FlowLogs
from components.network_layer.nacl import INTERNET, nacl_entries
from components.network_layer.settings import NetworkSettings
from components.subnets import TIERS, Tier


@dataclass(frozen=True, slots=True)
class NetworkArgs:
    """What a NetworkLayer is made from."""

    settings: NetworkSettings
    naming: Naming
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the flow logs; its policy lets CloudWatch Logs use it."""
    protect: bool
    """Whether the flow logs' group is protected from deletion."""


class NetworkLayer(pulumi.ComponentResource):
    """A VPC whose tiers differ by where their routes lead, and by nothing else.

    Public subnets lead to the internet gateway and hold NAT gateways and load balancers; private ones lead to a NAT
    gateway and hold what computes; data subnets lead nowhere and hold what stores. Carries the clauses
    net-private-subnets, net-public-subnets, net-vpc-endpoints, net-nacls-sgs and audit-vpc-flow-logs.

    Subnets, routes and endpoints are native resources, so that the policy pack can follow each reference of each
    subnet at the first preview (docs/decisions/0003-native-network.md).
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: Mapping[str, pulumi.Output[str]]
    """Ids of the public subnets, by zone letter."""
    private_subnet_ids: Mapping[str, pulumi.Output[str]]
    """Ids of the private subnets, by zone letter."""
    data_subnet_ids: Mapping[str, pulumi.Output[str]]
    """Ids of the data subnets, by zone letter."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:network:NetworkLayer", name, None, opts)
        self._name = name
        self._settings = args.settings
        self._naming = args.naming
        self._letters = sorted(args.settings.availability_zones)
        self._opts = pulumi.ResourceOptions(parent=self)

        self._vpc = self._build_vpc()
        self._subnets = self._build_subnets()
        self._route_tables = self._build_route_tables()
        self._build_internet_routes()
        self._build_nacls()
        self._build_endpoints()
        FlowLogs(
            f"{name}-flow-logs",
            vpc_id=self._vpc.id,
            settings=args.settings,
            naming=args.naming,
            log_key_arn=args.log_key_arn,
            protect=args.protect,
            opts=self._opts,
        )

        self.vpc_id = self._vpc.id
        self.public_subnet_ids = self._ids("public")
        self.private_subnet_ids = self._ids("private")
        self.data_subnet_ids = self._ids("data")
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "data_subnet_ids": self.data_subnet_ids,
            }
        )

    def _tags(self, *parts: str) -> dict[str, str]:
        return {"Name": self._naming.name(*parts)}

    def _ids(self, tier: Tier) -> dict[str, pulumi.Output[str]]:
        return {letter: self._subnets[tier, letter].id for letter in self._letters}

    def _build_vpc(self) -> aws.ec2.Vpc:
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=str(self._settings.vpc_cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,  # interface endpoints answer under the services' own names
            tags=self._tags("vpc"),
            opts=self._opts,
        )
        # Adopting the default group empties it, so that what forgets to name a group can talk to nobody.
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default-security-group",
            vpc_id=vpc.id,
            tags=self._tags("default-closed"),
            opts=self._opts,
        )
        return vpc

    def _build_subnets(self) -> dict[tuple[Tier, str], aws.ec2.Subnet]:
        return {
            (tier, letter): aws.ec2.Subnet(
                f"{self._name}-{tier}-{letter}",
                vpc_id=self._vpc.id,
                availability_zone=self._naming.zone(letter),
                cidr_block=str(cidr),
                map_public_ip_on_launch=False,  # NAT gateways and load balancers bring their own addresses
                tags=self._tags(tier, letter),
                opts=self._opts,
            )
            for (tier, letter), cidr in self._settings.cidr_plan().items()
        }

    def _build_route_tables(self) -> dict[tuple[Tier, str], aws.ec2.RouteTable]:
        """One table for all public and one for all data subnets; one a zone for private ones, each with its NAT."""
        tables: dict[tuple[Tier, str], aws.ec2.RouteTable] = {}
        shared = {tier: self._route_table(tier) for tier in TIERS if tier != "private"}
        for (tier, letter), subnet in self._subnets.items():
            table = shared.get(tier) or self._route_table(tier, letter)
            tables[tier, letter] = table
            aws.ec2.RouteTableAssociation(
                f"{self._name}-{tier}-{letter}-routes", subnet_id=subnet.id, route_table_id=table.id, opts=self._opts
            )
        return tables

    def _route_table(self, *parts: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            "-".join((self._name, *parts, "route-table")),
            vpc_id=self._vpc.id,
            tags=self._tags(*parts),
            opts=self._opts,
        )

    def _build_internet_routes(self) -> None:
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet-gateway", vpc_id=self._vpc.id, tags=self._tags("internet"), opts=self._opts
        )
        to_internet = aws.ec2.Route(
            f"{self._name}-public-internet",
            route_table_id=self._route_tables["public", self._letters[0]].id,
            destination_cidr_block=str(INTERNET),
            gateway_id=gateway.id,
            opts=self._opts,
        )
        nat_gateways = {letter: self._nat_gateway(letter, to_internet) for letter in self._nat_letters()}
        for letter in self._letters if nat_gateways else ():
            home = letter if letter in nat_gateways else self._settings.single_nat_zone
            aws.ec2.Route(
                f"{self._name}-private-{letter}-internet",
                route_table_id=self._route_tables["private", letter].id,
                destination_cidr_block=str(INTERNET),
                nat_gateway_id=nat_gateways[home].id,
                opts=self._opts,
            )

    def _nat_letters(self) -> Sequence[str]:
        modes: Mapping[str, Sequence[str]] = {
            "none": [],
            "single": [self._settings.single_nat_zone],
            "perAz": self._letters,
        }
        return modes[self._settings.nat_mode]

    def _nat_gateway(self, letter: str, to_internet: aws.ec2.Route) -> aws.ec2.NatGateway:
        address = aws.ec2.Eip(
            f"{self._name}-nat-{letter}-address",
            domain="vpc",
            tags=self._tags("nat", letter),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[to_internet]),
        )
        return aws.ec2.NatGateway(
            f"{self._name}-nat-{letter}",
            subnet_id=self._subnets["public", letter].id,
            allocation_id=address.id,
            connectivity_type="public",
            tags=self._tags("nat", letter),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[to_internet]),  # without it the gateway starts offline
        )

    def _build_nacls(self) -> None:
        for tier in TIERS:
            aws.ec2.NetworkAcl(
                f"{self._name}-{tier}-nacl",
                vpc_id=self._vpc.id,
                subnet_ids=[self._subnets[tier, letter].id for letter in self._letters],
                ingress=[
                    aws.ec2.NetworkAclIngressArgs(
                        rule_no=entry.rule_no,
                        action="allow",
                        protocol="tcp",
                        cidr_block=str(entry.cidr),
                        from_port=entry.from_port,
                        to_port=entry.to_port,
                    )
                    for entry in nacl_entries(tier, "ingress", self._settings.vpc_cidr)
                ],
                egress=[
                    aws.ec2.NetworkAclEgressArgs(
                        rule_no=entry.rule_no,
                        action="allow",
                        protocol="tcp",
                        cidr_block=str(entry.cidr),
                        from_port=entry.from_port,
                        to_port=entry.to_port,
                    )
                    for entry in nacl_entries(tier, "egress", self._settings.vpc_cidr)
                ],
                tags=self._tags(tier),
                opts=self._opts,
            )

    def _build_endpoints(self) -> None:
        VpcEndpoints(
            f"{self._name}-endpoints",
            settings=self._settings,
            naming=self._naming,
            vpc_id=self._vpc.id,
            subnet_ids=[self._subnets["private", letter].id for letter in self._letters],
            route_table_ids=[self._route_tables["private", letter].id for letter in self._letters],
            opts=self._opts,
        )
