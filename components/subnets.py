"""CIDR arithmetic: which block each subnet gets. Pure, and keyed by AZ letter.

A VPC of prefix length *n* is cut into sixteen blocks of *n + 4* bits. The first six are private subnets, one per
letter from ``a`` to ``f``; block 8 holds the public subnets and block 9 the data subnets, both cut again by sixteen.
A letter's block never depends on which other letters are in use, so that adding or removing a zone moves nothing.

======== ============================ ============================
tier     zone ``a`` of 10.0.0.0/16    zone ``c`` of 10.0.0.0/16
======== ============================ ============================
private  10.0.0.0/20 (4,091 usable)   10.0.32.0/20
public   10.0.128.0/24 (251 usable)   10.0.130.0/24
data     10.0.144.0/24 (251 usable)   10.0.146.0/24
======== ============================ ============================
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from itertools import combinations
from typing import Literal, TypeVar

Tier = Literal["public", "private", "data"]
"""``public`` leads to the internet gateway, ``private`` to a NAT gateway, ``data`` nowhere outside the VPC."""

TIERS: tuple[Tier, ...] = ("public", "private", "data")
ZONE_LETTERS = "abcdef"
"""Zone letters that AWS has used for a region's Availability Zones."""

_Key = TypeVar("_Key")

_BLOCK_OF_PUBLIC = 8
_BLOCK_OF_DATA = 9


def _nth(network: IPv4Network, extra_bits: int, index: int) -> IPv4Network:
    """Return the ``index``-th of the blocks that are ``extra_bits`` longer than ``network``."""
    prefix = network.prefixlen + extra_bits
    address = int(network.network_address) + (index << (network.max_prefixlen - prefix))
    return IPv4Network((address, prefix))


def planned_cidr(vpc: IPv4Network, tier: Tier, letter: str) -> IPv4Network:
    """Return the block that the plan sets aside for ``tier`` in zone ``letter`` (``a`` to ``f``)."""
    index = ZONE_LETTERS.index(letter)
    if tier == "private":
        return _nth(vpc, 4, index)
    return _nth(_nth(vpc, 4, _BLOCK_OF_PUBLIC if tier == "public" else _BLOCK_OF_DATA), 4, index)


def subnet_cidrs(
    vpc: IPv4Network, letters: Sequence[str], overrides: Mapping[Tier, Mapping[str, IPv4Network]]
) -> dict[tuple[Tier, str], IPv4Network]:
    """Return the block of every subnet, by tier and zone letter: an override where given, else the plan's."""
    return {
        (tier, letter): overrides.get(tier, {}).get(letter) or planned_cidr(vpc, tier, letter)
        for tier in TIERS
        for letter in sorted(letters)
    }


def overlapping(blocks: Mapping[_Key, IPv4Network]) -> list[tuple[_Key, _Key]]:
    """Return the pairs of keys whose blocks share an address, in the order of ``blocks``."""
    return [(one, other) for one, other in combinations(blocks, 2) if blocks[one].overlaps(blocks[other])]
