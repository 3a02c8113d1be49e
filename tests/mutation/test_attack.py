import random
from collections.abc import Iterable, Iterator
from itertools import groupby

import pytest

from guardrails import ALL_GUARDRAILS
from guardrails.graph import Graph, Node
from guardrails.model import Relaxations, StackGuardrail
from preview.topology import Topology
from tests.mutation.attack import Attack
from tests.mutation.mutant import Mutant
from tests.mutation.recorded_mutants import STACK, attack, changed, config_of, recorded_mutants, stack_of
from tests.support.editing import added, edited, repointed, without
from tests.support.judging import violations
from tests.support.recording import recorded

_OF_EACH_FAMILY = 4
_SUBNET, _SECURITY_GROUP, _VPC = "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/vpc:Vpc"


def _family(mutant: Mutant) -> str:
    return mutant.family


def _sample() -> Iterator[str]:
    """Yield some mutants of each family, so that every kind of change is among them."""
    picker = random.Random(7)  # noqa: S311 not for secrets
    for _, group in groupby(sorted(recorded_mutants().values(), key=_family), key=_family):
        ids = sorted(mutant.id for mutant in group)
        yield from picker.sample(ids, min(_OF_EACH_FAMILY, len(ids)))


@pytest.mark.parametrize("mutant", list(_sample()))
def test_asking_some_guardrails_answers_as_asking_all(mutant: str) -> None:
    stack, found = stack_of(mutant), changed(mutant)
    assert attack(stack).killers(found) == {guardrail for guardrail, _ in violations(found, config_of(stack))}


def _asked(after: Topology) -> set[str]:
    """Return which of some guardrails are asked once more for a changed stack, each of which reads one thing."""
    asked: set[str] = set()

    def reading(id_: str, type_: str, key: str, *, backwards: bool = False) -> StackGuardrail:
        def check(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
            asked.add(id_)
            node.referrers(key, _SUBNET) if backwards else node.refers(key)
            return ()

        return StackGuardrail(
            id=id_, title=id_, clauses=(), severity="low", remediation="", types=frozenset({type_}), check=check
        )

    ready = Attack(
        recorded(STACK),
        [
            reading("subnet to VPC", _SUBNET, "vpcId"),
            reading("VPC to subnets", _VPC, "vpcId", backwards=True),
            reading("group to subnets", _SECURITY_GROUP, "vpcId", backwards=True),
        ],
    )
    asked.clear()
    ready.killers(after)
    return asked


@pytest.mark.parametrize(
    ("after", "concerned"),
    [
        (edited(recorded(STACK), "network-data-a", {"cidrBlock": "10.0.99.0/24"}), set[str]()),
        (repointed(recorded(STACK), "database-primary", "kmsKeyId", ["security-alerts-key"]), set[str]()),
        (
            repointed(recorded(STACK), "network-data-a", "vpcId", ["groups-alb"]),
            {"subnet to VPC", "VPC to subnets", "group to subnets"},
        ),
        (repointed(recorded(STACK), "network-data-a", "vpcId", []), {"subnet to VPC", "VPC to subnets"}),
        (without(recorded(STACK), "network-data-a"), {"VPC to subnets"}),
        (added(recorded(STACK), _SECURITY_GROUP, "more", {}), {"group to subnets"}),
        (added(recorded(STACK), "aws:ec2/instance:Instance", "server", {}), set[str]()),
    ],
    ids=["property", "other reference", "moved", "dropped", "removed", "added", "other type added"],
)
def test_only_those_that_read_what_changed_are_asked(after: Topology, concerned: set[str]) -> None:
    assert _asked(after) == concerned


def test_what_is_the_same_is_not_refused() -> None:
    assert attack().killers(recorded(STACK)) == frozenset()


def test_a_stack_that_is_refused_as_it_is_proves_nothing() -> None:
    broken = without(recorded(STACK), "network-endpoints-s3")
    with pytest.raises(ValueError, match="the recorded stack is refused"):
        Attack(broken, ALL_GUARDRAILS)
