from ipaddress import IPv4Network
from itertools import combinations

import pytest

from components.subnets import TIERS, ZONE_LETTERS, Tier, overlapping, planned_cidr, subnet_cidrs

_SUBSETS = [letters for size in range(1, 7) for letters in combinations(ZONE_LETTERS, size)]


@pytest.mark.parametrize(
    ("vpc", "tier", "letter", "block"),
    [
        ("10.0.0.0/16", "private", "a", "10.0.0.0/20"),
        ("10.0.0.0/16", "private", "f", "10.0.80.0/20"),
        ("10.0.0.0/16", "public", "a", "10.0.128.0/24"),
        ("10.0.0.0/16", "public", "f", "10.0.133.0/24"),
        ("10.0.0.0/16", "data", "a", "10.0.144.0/24"),
        ("10.0.0.0/16", "data", "c", "10.0.146.0/24"),
        ("172.16.64.0/18", "private", "b", "172.16.68.0/22"),
        ("172.16.64.0/18", "public", "b", "172.16.96.64/26"),
        ("172.16.64.0/18", "data", "b", "172.16.100.64/26"),
    ],
)
def test_planned_cidr(vpc: str, tier: Tier, letter: str, block: str) -> None:
    assert planned_cidr(IPv4Network(vpc), tier, letter) == IPv4Network(block)


@pytest.mark.parametrize("vpc", ["10.0.0.0/16", "172.16.128.0/17", "192.168.64.0/18"])
def test_no_two_blocks_of_the_plan_overlap_and_all_lie_in_the_vpc(vpc: str) -> None:
    plan = subnet_cidrs(IPv4Network(vpc), ZONE_LETTERS, {})
    assert len(plan) == 18
    assert overlapping(plan) == []
    assert all(block.subnet_of(IPv4Network(vpc)) for block in plan.values())


@pytest.mark.parametrize("letters", _SUBSETS, ids="".join)
def test_blocks_follow_the_letter_whatever_else_is_in_use(letters: tuple[str, ...]) -> None:
    vpc = IPv4Network("10.0.0.0/16")
    everything = subnet_cidrs(vpc, ZONE_LETTERS, {})
    expected = {(tier, letter): everything[tier, letter] for tier in TIERS for letter in letters}
    assert subnet_cidrs(vpc, letters, {}) == expected
    assert subnet_cidrs(vpc, letters[::-1], {}) == expected


def test_an_override_takes_the_place_of_one_block_only() -> None:
    vpc, block = IPv4Network("10.0.0.0/16"), IPv4Network("10.0.192.0/20")
    plan = subnet_cidrs(vpc, "ab", {"private": {"b": block}})
    assert plan == subnet_cidrs(vpc, "ab", {}) | {("private", "b"): block}


def test_overlapping_names_each_pair_in_order() -> None:
    blocks = {
        name: IPv4Network(block)
        for name, block in {"a": "10.0.0.0/24", "b": "10.0.1.0/24", "c": "10.0.0.0/23", "d": "10.0.1.128/25"}.items()
    }
    assert overlapping(blocks) == [("a", "c"), ("b", "c"), ("b", "d"), ("c", "d")]
