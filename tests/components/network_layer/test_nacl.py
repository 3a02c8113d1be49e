from ipaddress import IPv4Network
from typing import Literal

import pytest

from components.network_layer.nacl import NACL_TABLE, NaclEntry, nacl_entries
from components.subnets import TIERS, Tier

_VPC = IPv4Network("10.64.0.0/16")
_ALL = "0.0.0.0/0"
_OWN = str(_VPC)

Rows = list[tuple[str, int, int]]
EXPECTED: dict[tuple[Tier, Literal["ingress", "egress"]], Rows] = {
    ("public", "ingress"): [
        (_ALL, 80, 80),
        (_ALL, 443, 443),
        (_ALL, 1024, 3388),
        (_ALL, 3390, 65535),
        (_OWN, 1024, 65535),
    ],
    ("public", "egress"): [(_ALL, 443, 443), (_ALL, 1024, 3388), (_ALL, 3390, 65535), (_OWN, 1024, 65535)],
    ("private", "ingress"): [(_ALL, 1024, 3388), (_ALL, 3390, 65535), (_OWN, 443, 443), (_OWN, 1024, 65535)],
    ("private", "egress"): [(_ALL, 443, 443), (_OWN, 1024, 65535)],
    ("data", "ingress"): [(_OWN, 443, 443), (_OWN, 1024, 65535)],
    ("data", "egress"): [(_OWN, 1024, 65535)],
}


@pytest.mark.parametrize(("tier", "direction"), EXPECTED)
def test_entries(tier: Tier, direction: Literal["ingress", "egress"]) -> None:
    assert list(nacl_entries(tier, direction, _VPC)) == [
        NaclEntry(number * 10, IPv4Network(cidr), first, last)
        for number, (cidr, first, last) in enumerate(EXPECTED[tier, direction], start=1)
    ]


def test_the_table_has_rows_of_the_three_tiers_and_says_why() -> None:
    assert {row.tier for row in NACL_TABLE} == set(TIERS)
    assert all(row.why for row in NACL_TABLE)
