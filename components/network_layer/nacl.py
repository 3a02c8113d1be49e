"""Network ACLs: one table for all three tiers. Pure, no resources.

Network ACLs are stateless, so that every conversation needs a row in both directions: the way there by its service
port, the way back by the caller's ephemeral port. They never see DNS to the VPC's resolver or the task metadata
endpoint, which AWS exempts, so that no row lets UDP pass.
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from components.subnets import Tier

INTERNET = IPv4Network("0.0.0.0/0")

# The two ranges of ephemeral ports leave out 3389: an open remote desktop port is what scanners look for
# (Security Hub EC2.21), and of the 64,512 source ports of a NAT gateway one is not missed.
_EPHEMERAL = ((1024, 3388), (3390, 65535))
_HTTP = ((80, 80),)
_HTTPS = ((443, 443),)
_SERVICE_PORTS = ((1024, 65535),)  # containers, databases, caches and their answers, all within the VPC


@dataclass(frozen=True, slots=True)
class NaclRow:
    """One line of the table: who may talk to a tier, or be talked to by it, on which TCP ports."""

    tier: Tier
    direction: Literal["ingress", "egress"]
    peer: Literal["internet", "vpc"]
    ports: tuple[tuple[int, int], ...]
    why: str


NACL_TABLE: tuple[NaclRow, ...] = (
    NaclRow("public", "ingress", "internet", _HTTP, "clients of the load balancer, to be redirected"),
    NaclRow("public", "ingress", "internet", _HTTPS, "clients of the load balancer; tasks on their way to the NAT"),
    NaclRow("public", "ingress", "internet", _EPHEMERAL, "answers to the NAT gateways"),
    NaclRow("public", "egress", "internet", _HTTPS, "the NAT gateways, on behalf of tasks"),
    NaclRow("public", "egress", "internet", _EPHEMERAL, "answers to clients"),
    NaclRow("public", "egress", "vpc", _SERVICE_PORTS, "the load balancer to its targets; answers through the NAT"),
    NaclRow("public", "ingress", "vpc", _SERVICE_PORTS, "answers of the targets"),
    NaclRow("private", "ingress", "internet", _EPHEMERAL, "answers through the NAT, and of S3"),
    NaclRow("private", "ingress", "vpc", _HTTPS, "calls to interface endpoints"),
    NaclRow("private", "ingress", "vpc", _SERVICE_PORTS, "calls to containers; answers of databases and endpoints"),
    NaclRow("private", "egress", "internet", _HTTPS, "third parties through the NAT; S3 through its gateway endpoint"),
    NaclRow("private", "egress", "vpc", _SERVICE_PORTS, "databases, caches, other containers; answers to callers"),
    NaclRow("data", "ingress", "vpc", _HTTPS, "calls to the search domain"),
    NaclRow("data", "ingress", "vpc", _SERVICE_PORTS, "calls to databases, caches and brokers"),
    NaclRow("data", "egress", "vpc", _SERVICE_PORTS, "answers, and replication between nodes"),
)
"""All of it. No row names a UDP port or all protocols, and nothing outside the VPC reaches the data tier."""


@dataclass(frozen=True, slots=True)
class NaclEntry:
    """One rule of one network ACL, numbered in table order."""

    rule_no: int
    cidr: IPv4Network
    from_port: int
    to_port: int


def nacl_entries(tier: Tier, direction: Literal["ingress", "egress"], vpc: IPv4Network) -> Iterator[NaclEntry]:
    """Yield the TCP rules that ``tier`` allows in ``direction``; whatever they leave out is denied."""
    rows = [row for row in NACL_TABLE if row.tier == tier and row.direction == direction]
    ranges = [(row, span) for row in rows for span in row.ports]
    for number, (row, (first, last)) in enumerate(ranges, start=1):
        yield NaclEntry(number * 10, INTERNET if row.peer == "internet" else vpc, first, last)
