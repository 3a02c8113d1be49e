from functools import partial
from typing import Any

import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, PRIMARY, REPLICA, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_HEADROOM, _LIMIT = at("database-storage-headroom", PRIMARY), at("database-storage-limit", PRIMARY)
_ALARM = at("database-storage-alarm", *INSTANCES)


def _small(**more: Any) -> Change:
    """Allocate 20 GiB, with alarms that fit."""
    alarms = (edit(f"{name.replace('-', '-alarms-')}-FreeStorageSpace", threshold=2 * 1024**3) for name in INSTANCES)
    return chain(edit(PRIMARY, allocatedStorage=20, **more), *alarms)


ACCEPTED: dict[str, Change] = {
    "small": _small(),
    "provisioned from 400 GiB on": edit(PRIMARY, allocatedStorage=400, iops=12000, storageThroughput=500),
    "not provisioned below": edit(PRIMARY, allocatedStorage=399),
    "5 TB counted in thousands": edit(PRIMARY, maxAllocatedStorage=5000),
    "large, with headroom": edit(PRIMARY, allocatedStorage=4063),
    "large, with headroom below 5000": edit(PRIMARY, allocatedStorage=3968, maxAllocatedStorage=5000),
    "replica that repeats the allocation": edit(REPLICA, allocatedStorage=500),
    "replica, provisioned": edit(REPLICA, allocatedStorage=500, iops=12000),
}

REJECTED: dict[str, Case] = {
    **{
        key: case
        for name in INSTANCES
        for key, case in values(
            "database-storage-gp3", name, "storageType", None, "", "gp2", "io1", "io2", "standard", "GP3", UNKNOWN, 7
        ).items()
    },
    **{
        f"{key} {value!r} for {size} GiB": Case(change(**{key: value}), at("database-storage-provisioned", PRIMARY))
        for key in ("iops", "storageThroughput")
        for size, change in ((20, _small), (399, partial(edit, PRIMARY, allocatedStorage=399)))
        for value in (500, UNKNOWN)
    },
    "operations for who knows what": Case(
        edit(PRIMARY, allocatedStorage=UNKNOWN, iops=12000), _HEADROOM | at("database-storage-provisioned", PRIMARY)
    ),
    "operations of a replica": Case(edit(REPLICA, iops=12000), at("database-storage-provisioned", REPLICA)),
    **values("database-storage-limit", PRIMARY, "maxAllocatedStorage", None, 0, 4999, 5121, 65536),
    **values("database-storage-limit", REPLICA, "maxAllocatedStorage", None, 0, 4999, 5121, UNKNOWN, "5120", True),
    **{
        f"limit {value!r}": Case(edit(PRIMARY, maxAllocatedStorage=value), _LIMIT | _HEADROOM)
        for value in (UNKNOWN, "5120", True)
    },
    **values("database-storage-headroom", PRIMARY, "allocatedStorage", None, 4064, 5120, UNKNOWN),
    "allocation as text": Case(edit(PRIMARY, allocatedStorage="500"), _HEADROOM | _ALARM),
    "headroom below 5000": Case(edit(PRIMARY, allocatedStorage=3969, maxAllocatedStorage=5000), _HEADROOM),
    "headroom of a replica": Case(edit(REPLICA, allocatedStorage=4064), at("database-storage-headroom", REPLICA)),
}


@pytest.mark.parametrize(
    ("minimum", "limit", "accepted"),
    [(100, 100, True), (100, 99, False), (101, 100, False), (100, 5120, True), (100, 5121, False), (100, 0, False)],
)
def test_limit_is_an_option(minimum: int, limit: int, accepted: bool) -> None:
    topology = _small(maxAllocatedStorage=limit)(recorded("prod"))
    found = violations(topology, {"database-storage-limit": {"minimumMaxGib": minimum}})
    assert found == (set() if accepted else _LIMIT)


def test_limit_is_never_optional() -> None:
    topology = edit(PRIMARY, maxAllocatedStorage=None)(recorded("prod"))
    assert violations(topology, {"database-storage-limit": {"minimumMaxGib": 22}}) == _LIMIT


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
