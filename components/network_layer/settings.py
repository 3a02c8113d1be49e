"""What a stack's YAML says about its network: ``fitness-platform:network``."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal, get_args

from pydantic import Field

from components.settings_base import Block, Conflict, Form, KeepsAdr, RetentionDays, Settings
from components.subnets import TIERS, Tier, overlapping, subnet_cidrs

ZoneLetter = Literal["a", "b", "c", "d", "e", "f"]
GatewayService = Literal["s3", "dynamodb"]
EndpointService = Annotated[
    str, Form(r"^[a-z][a-z0-9.-]{1,62}$", "the last part of an endpoint service's name, such as ecr.api")
]

ADR_INTERFACE_ENDPOINTS = (
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "kinesis-streams",
    "kms",
    "logs",
    "monitoring",
    "secretsmanager",
    "sqs",
    "ssm",
    "sts",
    "xray",
)
"""The services that tasks and functions call, each reached without leaving the VPC (clause net-vpc-endpoints)."""

_GATEWAY_SERVICES: tuple[GatewayService, ...] = get_args(GatewayService)
_PRIVATE_RANGES = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


class SubnetCidrSettings(Settings):
    """CIDR blocks that take the place of the plan's, by zone letter."""

    public: dict[ZoneLetter, Block] = Field(
        default={},
        examples=[{"a": "10.0.192.0/24"}, {"b": "10.0.193.0/27", "c": "10.0.193.32/27"}],
        description="Blocks of public subnets, /20 to /27.",
    )
    private: dict[ZoneLetter, Block] = Field(
        default={},
        examples=[{"c": "10.0.208.0/20"}, {"a": "10.0.96.0/24"}],
        description="Blocks of private subnets, /17 to /24.",
    )
    data: dict[ZoneLetter, Block] = Field(
        default={},
        examples=[{"b": "10.0.224.0/20"}, {"a": "10.0.240.0/27"}],
        description="Blocks of data subnets, /20 to /27.",
    )

    def by_tier(self) -> dict[Tier, dict[str, IPv4Network]]:
        """Return the overrides by tier and letter."""
        return {
            "public": {**self.public},
            "private": {**self.private},
            "data": {**self.data},
        }


_PREFIX_LENGTHS: dict[Tier, range] = {"public": range(20, 28), "private": range(17, 25), "data": range(20, 28)}


class NetworkSettings(Settings):
    """The VPC and what of AWS it reaches privately. Every default is the decision's value."""

    vpc_cidr: Annotated[
        Block,
        KeepsAdr("net-private-subnets", "any private /16 to /18", lambda _: True),
    ] = Field(
        default=IPv4Network("10.0.0.0/16"),
        examples=["10.255.192.0/18", "172.16.0.0/16", "172.31.128.0/17", "192.168.0.0/16"],
        description=(
            "IPv4 block of the VPC: a private range (10/8, 172.16/12 or 192.168/16) of prefix length /16 to /18. "
            "Changing it replaces the VPC and everything in it."
        ),
    )
    availability_zones: Annotated[
        tuple[ZoneLetter, ...],
        KeepsAdr("compute-multi-az", "three zones", lambda zones: len(zones) == 3),
    ] = Field(
        default=("a", "b", "c"),
        min_length=2,
        max_length=3,
        description=(
            "Letters of the Availability Zones in use, two or three of a to f. Order has no meaning. Names and CIDR "
            "blocks follow the letter, so that adding or removing a zone touches only that zone."
        ),
    )
    subnet_cidrs: Annotated[
        SubnetCidrSettings,
        KeepsAdr("net-private-subnets", "any that lie in the VPC and don't overlap", lambda _: True),
    ] = Field(
        default=SubnetCidrSettings(),
        description="Blocks for single subnets where the plan in components/subnets.py can't be used.",
    )
    peer_cidrs: tuple[Block, ...] = Field(
        default=(),
        examples=[["10.64.0.0/16"], ["100.64.0.0/10", "10.1.0.0/24"]],
        description=(
            "Blocks of networks that this one may be joined to one day (the other region, an office). "
            "The VPC must not overlap them; nothing is routed to them."
        ),
    )
    nat_mode: Annotated[
        Literal["none", "single", "perAz"],
        KeepsAdr("net-public-subnets", "perAz", lambda mode: mode == "perAz"),
    ] = Field(
        default="perAz",
        description=(
            "NAT gateways for outbound traffic: one in every zone, a single one that all zones depend on, or none "
            "(tasks then reach only what has a VPC endpoint)."
        ),
    )
    single_nat_zone: Annotated[
        ZoneLetter,
        KeepsAdr("net-public-subnets", "any", lambda _: True),
    ] = Field(
        default="a",
        description="Zone that holds the only NAT gateway; read only where natMode is single.",
    )
    gateway_endpoints: Annotated[
        tuple[GatewayService, ...],
        KeepsAdr("net-vpc-endpoints", "any list with s3 in it", lambda services: "s3" in services),
    ] = Field(
        default=("s3", "dynamodb"),
        description="Services reached through gateway endpoints, which cost nothing. Image layers come through s3.",
    )
    interface_endpoints: Annotated[
        tuple[EndpointService, ...],
        KeepsAdr(
            "net-vpc-endpoints",
            "any list that has all of the default in it",
            lambda services: set(ADR_INTERFACE_ENDPOINTS) <= set(services),
        ),
    ] = Field(
        default=ADR_INTERFACE_ENDPOINTS,
        examples=[[*ADR_INTERFACE_ENDPOINTS, "execute-api", "ssmmessages"], [*ADR_INTERFACE_ENDPOINTS[1:]], []],
        description=(
            "Services reached through interface endpoints, by the last part of their endpoint service name. "
            "Each costs about 7 USD a month in every zone."
        ),
    )
    flow_log_retention_days: Annotated[
        RetentionDays,
        KeepsAdr("audit-vpc-flow-logs", "731 or more", lambda days: days >= 731),
    ] = Field(
        default=731,
        description="Days that VPC flow logs are kept, one of the periods that CloudWatch Logs accepts.",
    )
    flow_log_aggregation_seconds: Annotated[
        Literal[60, 600],
        KeepsAdr("audit-vpc-flow-logs", "60 or 600", lambda _: True),
    ] = Field(
        default=600,
        description="Seconds over which a flow is summed into one record at most: 60 costs more and tells more.",
    )

    def cidr_plan(self) -> dict[tuple[Tier, str], IPv4Network]:
        """Return the block of every subnet, by tier and zone letter."""
        return subnet_cidrs(self.vpc_cidr, self.availability_zones, self.subnet_cidrs.by_tier())

    def conflicts(self) -> Iterator[Conflict]:
        """Yield doubles, endpoints of the wrong kind, blocks out of place and a NAT gateway in a zone not in use."""
        for key, values in (
            ("availabilityZones", self.availability_zones),
            ("gatewayEndpoints", self.gateway_endpoints),
            ("interfaceEndpoints", self.interface_endpoints),
        ):
            for index, value in enumerate(values):
                if value in values[:index]:
                    yield Conflict((key, str(index)), value, f"each of {key} once")
        for index, service in enumerate(self.interface_endpoints):
            if service in _GATEWAY_SERVICES:
                yield Conflict(
                    ("interfaceEndpoints", str(index)), service, "services other than those of gatewayEndpoints"
                )
        if self.nat_mode == "single" and self.single_nat_zone not in self.availability_zones:
            zones = ", ".join(self.availability_zones)
            yield Conflict(("singleNatZone",), self.single_nat_zone, f"a zone of availabilityZones ({zones})")
        yield from self._cidr_conflicts()

    def _cidr_conflicts(self) -> Iterator[Conflict]:
        if not any(self.vpc_cidr.subnet_of(block) for block in _PRIVATE_RANGES) or not (
            16 <= self.vpc_cidr.prefixlen <= 18
        ):
            yield Conflict(
                ("vpcCidr",), str(self.vpc_cidr), "a /16 to /18 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
            )
            return
        for index, peer in enumerate(self.peer_cidrs):
            if peer.overlaps(self.vpc_cidr):
                yield Conflict(
                    ("peerCidrs", str(index)), str(peer), f"a block that vpcCidr {self.vpc_cidr} leaves free"
                )
        overrides = self.subnet_cidrs.by_tier()
        misplaced = False
        for tier in TIERS:
            lengths = _PREFIX_LENGTHS[tier]
            for letter, block in overrides[tier].items():
                path = ("subnetCidrs", tier, letter)
                if letter not in self.availability_zones:
                    yield Conflict(
                        path, str(block), f"zones of availabilityZones ({', '.join(self.availability_zones)})"
                    )
                elif not block.subnet_of(self.vpc_cidr) or block.prefixlen not in lengths:
                    misplaced = True
                    yield Conflict(
                        path, str(block), f"a /{lengths[0]} to /{lengths[-1]} within vpcCidr {self.vpc_cidr}"
                    )
        if misplaced:
            return
        plan = self.cidr_plan()
        for pair in overlapping(plan):
            # Name the side that the file gives; where both are given, the later one.
            tier, letter = next(subnet for subnet in reversed(pair) if subnet[1] in overrides[subnet[0]])
            other = pair[0] if pair[1] == (tier, letter) else pair[1]
            yield Conflict(
                ("subnetCidrs", tier, letter),
                str(plan[tier, letter]),
                f"a block apart from {plan[other]}, the {other[0]} subnet of zone {other[1]}",
            )
