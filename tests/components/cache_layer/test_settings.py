from typing import Any

import pytest

from components.cache_layer.settings import CacheSettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of


def test_defaults_keep_the_decision() -> None:
    markers = {
        name: [marker for marker in field.metadata if isinstance(marker, KeepsAdr)]
        for name, field in CacheSettings.model_fields.items()
    }
    assert sum(map(len, markers.values())) == 6
    for name, found in markers.items():
        assert all(marker.holds(CacheSettings.model_fields[name].default) for marker in found), name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"engine": "memcached"}, "engine: found \"memcached\"; allowed: 'redis' or 'valkey'"),
        ({"nodeType": "r6g.xlarge"}, 'nodeType: found "r6g.xlarge"; allowed: a node type of m5'),
        ({"nodeType": "cache.t2.micro"}, 'nodeType: found "cache.t2.micro"; allowed: a node type of m5'),
        ({"shards": 0}, "shards: found 0; allowed: greater than or equal to 1"),
        ({"shards": 46}, "shards: found 46; allowed: less than or equal to 45"),
        ({"shards": 16, "replicasPerShard": 5}, "shards: found 16; allowed: up to 15, as a cache has 90 nodes at most"),
        ({"replicasPerShard": 6}, "replicasPerShard: found 6; allowed: less than or equal to 5"),
        ({"snapshotRetentionDays": 36}, "snapshotRetentionDays: found 36; allowed: less than or equal to 35"),
        ({"snapshotRetentionDays": 0}, "snapshotRetentionDays: found 0; allowed: greater than or equal to 1"),
        ({"snapshotWindow": "3-4"}, 'snapshotWindow: found "3-4"; allowed: a window in UTC'),
        (
            {"snapshotWindow": "03:00-03:59"},
            'snapshotWindow: found "03:00-03:59"; allowed: a window of 60 minutes or more',
        ),
        (
            {"maintenanceWindow": "sun:03:30-sun:05:00"},
            'maintenanceWindow: found "sun:03:30-sun:05:00"; allowed: a window clear of snapshotWindow (03:00-04:00)',
        ),
        ({"sessionTtlSeconds": 59}, "sessionTtlSeconds: found 59; allowed: greater than or equal to 60"),
        ({"logRetentionDays": 91}, "logRetentionDays: found 91; allowed: 1, 3, 5"),
    ],
)
def test_mistakes(changes: dict[str, Any], expected: str) -> None:
    [mistake] = mistakes(stack_of(cache=changes))
    assert mistake.startswith(f"fitness-platform:cache.{expected}")


@pytest.mark.parametrize(
    "changes",
    [
        {"shards": 15, "replicasPerShard": 5},
        {"shards": 45, "replicasPerShard": 1},
        {"snapshotWindow": "04:00-05:00"},
        {"snapshotWindow": "23:30-00:30", "maintenanceWindow": "mon:00:30-mon:01:30"},
        {"nodeType": "cache.t4g.micro", "shards": 1, "replicasPerShard": 0},
    ],
)
def test_bounds_are_allowed(changes: dict[str, Any]) -> None:
    load(stack_of(cache=changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"userPerHour": 9}, "userPerHour: found 9; allowed: greater than or equal to 10"),
        ({"ipPerHour": 9}, "ipPerHour: found 9; allowed: greater than or equal to 10"),
        ({"burstMultiplier": 0}, "burstMultiplier: found 0; allowed: greater than or equal to 1"),
    ],
)
def test_mistakes_in_rates(changes: dict[str, Any], expected: str) -> None:
    assert mistakes(stack_of(rates=changes)) == [f"fitness-platform:rates.{expected}"]
