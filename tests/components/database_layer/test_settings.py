from typing import Any

import pytest

from components.database_layer.settings import DatabaseSettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of


def test_defaults_keep_the_decision() -> None:
    markers = {
        name: [marker for marker in field.metadata if isinstance(marker, KeepsAdr)]
        for name, field in DatabaseSettings.model_fields.items()
    }
    assert sum(map(len, markers.values())) > 10
    for name, found in markers.items():
        assert all(marker.holds(DatabaseSettings.model_fields[name].default) for marker in found), name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"majorVersion": "13"}, "majorVersion: found \"13\"; allowed: '16', '17' or '18'"),
        ({"instanceClass": "r6i.2xlarge"}, 'instanceClass: found "r6i.2xlarge"; allowed: an instance class'),
        ({"backupRetentionDays": 36}, "backupRetentionDays: found 36; allowed:"),
        ({"backupRetentionDays": 0}, "backupRetentionDays: found 0; allowed:"),
        ({"backupWindow": "24:00-01:00"}, 'backupWindow: found "24:00-01:00"; allowed: a window in UTC'),
        ({"maintenanceWindow": "Sunday"}, 'maintenanceWindow: found "Sunday"; allowed: a window in UTC'),
        ({"masterUsername": "postgres"}, 'masterUsername: found "postgres"; allowed: a name other than admin'),
        ({"maxAllocatedStorageGib": 629}, "maxAllocatedStorageGib: found 629; allowed: 631 or more"),
        ({"maxPooledConnections": 501}, "maxPooledConnections: found 501; allowed: up to maxConnections (500)"),
        ({"masterUsername": "root"}, 'masterUsername: found "root"; allowed: a name other than admin'),
        ({"masterUsername": "pg_owner"}, 'masterUsername: found "pg_owner"; allowed: a name that does not start with'),
        (
            {"maxPooledConnections": 299},
            "maxPooledConnections: found 299; allowed: whole percents of maxConnections (500), such as 295",
        ),
        (
            {"maxConnections": 5000, "maxPooledConnections": 20},
            "maxPooledConnections: found 20; allowed: whole percents of maxConnections (5000), such as 50",
        ),
        ({"passwordVersion": 10**30}, "passwordVersion: found 1000000000000000000000000000000; allowed:"),
        ({"backupWindow": "00:00-00:29"}, 'backupWindow: found "00:00-00:29"; allowed: a window of 30 minutes or more'),
        (
            {"maintenanceWindow": "sun:02:00-sun:02:00"},
            'maintenanceWindow: found "sun:02:00-sun:02:00"; allowed: a window of 30',
        ),
        (
            {"backupWindow": "01:00-02:01"},
            'maintenanceWindow: found "sun:02:00-sun:03:00"; allowed: a window clear of backupWindow (01:00-02:01)',
        ),
        ({"pgauditLog": ["all"]}, "pgauditLog.0: found \"all\"; allowed: 'ddl'"),
        ({"auditLogDays": 730}, "auditLogDays: found 730; allowed: 1, 3, 5"),
        ({"port": 22}, "port: found 22; allowed:"),
    ],
)
def test_mistakes(changes: dict[str, Any], expected: str) -> None:
    [mistake] = mistakes(stack_of(database=changes))
    assert mistake.startswith(f"fitness-platform:database.{expected}")


@pytest.mark.parametrize(
    "changes",
    [
        {"maxAllocatedStorageGib": 630},
        {"maxPooledConnections": 500},
        {"maxPooledConnections": 295, "maxConnections": 501},
        {"maxConnections": 100, "proxy": False},
        {"passwordVersion": 1_000_000, "finalSnapshotNumber": 1_000_000},
        {"backupWindow": "00:00-00:30", "maintenanceWindow": "sun:00:30-sun:01:00"},
        {"instanceClass": "db.r8g.4xlarge", "analyticsInstanceClass": "db.r8g.8xlarge"},
        {"backupWindow": "23:30-00:30", "maintenanceWindow": "mon:22:00-mon:23:00"},
    ],
)
def test_bounds_are_allowed(changes: dict[str, Any]) -> None:
    load(stack_of(database=changes))


@pytest.mark.parametrize(("pooled", "connections", "percent"), [(300, 500, 60), (295, 501, 59), (5000, 5000, 100)])
def test_the_pool_is_a_whole_percent(pooled: int, connections: int, percent: int) -> None:
    settings = load(stack_of(database={"maxPooledConnections": pooled, "maxConnections": connections})).database
    assert settings.pooled_percent == percent
    assert connections * percent // 100 == pooled
