from typing import Any

import pytest

from tests.policies.breaking import DATA, Case, Change, at, cases, chain, drop, edit, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import KEY, PRIMARY, REPLICA
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_SUBNETS, _REPLICA_SUBNETS = "database-primary-subnets", "database-analytics-subnets"
_PAIR, _APART = at("database-zone-pair", PRIMARY), at("database-replica-apart", PRIMARY)
_LAG_ALARM = "database-alarms-analytics-ReplicaLag"
_A, _B, _C = DATA


def _replica_in(*subnets: str, zone: Any = None) -> Change:
    return chain(edit(REPLICA, availabilityZone=zone), point(_REPLICA_SUBNETS, "subnetIds", *subnets))


_every_zone = point(_SUBNETS, "subnetIds", *DATA)

ACCEPTED: dict[str, Change] = {
    "other pair": chain(point(_SUBNETS, "subnetIds", _B, _C), edit(REPLICA, availabilityZone="us-east-1a")),
    "replica's zone follows from its subnet": _replica_in(_C),
    "replica's zone follows from its subnet, and is unknown": _replica_in(_C, zone=UNKNOWN),
    "region spelt out": edit(REPLICA, region="us-east-1"),
}

REJECTED: dict[str, Case] = {
    "primary in any zone": Case(_every_zone, _PAIR | _APART),
    "primary in one zone": Case(point(_SUBNETS, "subnetIds", _A), _PAIR),
    "pair with the replica's zone": Case(point(_SUBNETS, "subnetIds", _A, _C), _APART),
    "subnet group by name": Case(edit(PRIMARY, dbSubnetGroupName="fitness-platform-prod-db-primary"), _PAIR),
    "replica missing": Case(drop(REPLICA), _APART),
    "replica of a literal primary": Case(
        edit(REPLICA, replicateSourceDb="arn:aws:rds:us-east-1:1:db:x"), _APART | at("database-replica-source", REPLICA)
    ),
    "replica in another region": Case(edit(REPLICA, region="us-west-2"), _APART),
    **{
        f"replica in {zone!r}": Case(edit(REPLICA, availabilityZone=zone), _APART)
        for zone in ("us-east-1a", "us-east-1b")
    },
    **{
        f"replica in any zone, {zone!r}": Case(edit(REPLICA, availabilityZone=zone), _APART)
        for zone in (None, "", UNKNOWN, 7)
    },
    "replica in one zone or another": Case(_replica_in(_B, _C), _APART),
    "replica with a standby": Case(edit(REPLICA, availabilityZone=None, multiAz=True), _APART),
    "replica of a key": Case(point(REPLICA, "replicateSourceDb", KEY), _APART | at("database-replica-source", REPLICA)),
}


@pytest.mark.parametrize(
    ("change", "config", "expected"),
    [
        (_every_zone, {"database-zone-pair": {"pinZones": False}}, _APART),
        (
            _every_zone,
            {"database-zone-pair": {"pinZones": False}, "database-replica-apart": {"replica": "anywhere"}},
            set(),
        ),
        (edit(REPLICA, availabilityZone="us-east-1a"), {"database-replica-apart": {"replica": "anywhere"}}, set()),
        (drop(REPLICA), {"database-replica-apart": {"replica": "anywhere"}}, _APART),
        (drop(REPLICA), {"database-replica-apart": {"replica": "none"}}, set()),
    ],
)
def test_zones_are_options(change: Change, config: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert violations(change(recorded("prod")), config) == expected


def test_without_standby_the_primary_may_be_in_any_zone() -> None:
    topology = chain(edit(PRIMARY, multiAz=False), point(_SUBNETS, "subnetIds", _A))(recorded("prod"))
    assert violations(topology, {"database-standby": {"requireStandby": False}}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
