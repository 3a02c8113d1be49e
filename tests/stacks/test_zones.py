"""Adding, removing and reordering zones touches nothing in the zones that stay."""

from itertools import permutations
from typing import Any

import pytest

from preview.topology import Topology, plain
from tests.support.recording import recorded

_ZONAL = ("aws:ec2/subnet:", "aws:ec2/route:", "aws:ec2/routeTable:", "aws:ec2/routeTableAssociation:", "aws:ec2/eip:")
_SPANNING = ("aws:ec2/vpcEndpoint:", "aws:ec2/networkAcl:")
# Spanning resources list the subnets of all zones; AWS changes that in place.
_CHANGES_IN_PLACE = ("subnetIds", "routeTableIds")


def _inputs(topology: Topology, types: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {
        urn: {key: value for key, value in plain(resource.inputs).items() if key not in _CHANGES_IN_PLACE}
        | {"references": {k: v for k, v in resource.property_dependencies.items() if k not in _CHANGES_IN_PLACE}}
        for urn, resource in topology.resources.items()
        if resource.type.startswith(types)
    }


@pytest.mark.parametrize("nat_mode", ["perAz", "single", "none"])
@pytest.mark.parametrize(
    ("fewer", "more"),
    [(["a", "b"], ["a", "b", "c"]), (["a", "c"], ["a", "b", "c"]), (["a", "d"], ["d", "a", "f"])],
)
def test_survivors_keep_their_names_blocks_and_routes(fewer: list[str], more: list[str], nat_mode: str) -> None:
    small = recorded("prod", network={"availabilityZones": fewer, "natMode": nat_mode})
    large = recorded("prod", network={"availabilityZones": more, "natMode": nat_mode})
    before, after = _inputs(small, _ZONAL + _SPANNING), _inputs(large, _ZONAL + _SPANNING)
    assert before
    assert {urn: after.get(urn) for urn in before} == before
    added = {urn.rpartition("::")[2] for urn in after.keys() - before.keys()}
    [letter] = set(more) - set(fewer)
    assert {f"network-{tier}-{letter}" for tier in ("public", "private", "data")} <= added
    assert all(f"-{letter}" in name for name in added)


def test_a_zone_put_before_the_single_nat_gateway_does_not_move_it() -> None:
    settings = {"natMode": "single", "singleNatZone": "b"}
    small = recorded("prod", network={"availabilityZones": ["b", "c"], **settings})
    large = recorded("prod", network={"availabilityZones": ["a", "b", "c"], **settings})
    nat = ("aws:ec2/natGateway:", "aws:ec2/eip:")
    assert len(_inputs(small, nat)) == 2
    assert _inputs(large, nat) == _inputs(small, nat)


@pytest.mark.parametrize("order", list(permutations(["a", "b", "c"]))[1:], ids="".join)
def test_order_has_no_meaning(order: tuple[str, ...]) -> None:
    assert recorded("prod", network={"availabilityZones": list(order)}) == recorded("prod")
