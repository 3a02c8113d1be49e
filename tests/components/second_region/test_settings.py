from typing import Any

import pytest

from components.second_region import StandbySettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of


def test_defaults_but_the_region_keep_the_decision() -> None:
    for name, field in StandbySettings.model_fields.items():
        markers = [marker for marker in field.metadata if isinstance(marker, KeepsAdr)]
        assert [marker.holds(field.default) for marker in markers] == [name != "region" for _ in markers], name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"region": "us-east-1"}, 'region: found "us-east-1"; allowed: a region other than aws:region, or null'),
        ({"region": "us-west"}, 'region: found "us-west"; allowed: a region of the partition aws, such as us-east-1'),
        ({"region": "cn-north-1"}, 'region: found "cn-north-1"; allowed: a region of the partition aws'),
        ({"backupDays": 36}, "backupDays: found 36; allowed:"),
        ({"backupDays": 0}, "backupDays: found 0; allowed:"),
        ({"lockMode": "legal"}, "lockMode: found \"legal\"; allowed: 'none', 'GOVERNANCE' or 'COMPLIANCE'"),
        ({"lockGraceDays": 2}, "lockGraceDays: found 2; allowed:"),
        ({"lockGraceDays": 366}, "lockGraceDays: found 366; allowed:"),
        ({"replicated": ["analytics"]}, 'replicated.0: found "analytics"; allowed:'),
        ({"replicated": ["videos", "videos"]}, "replicated: found"),
        ({"timeControl": "yes"}, 'timeControl: found "yes"; allowed: true or false'),
    ],
    ids=str,
)
def test_refuses(changes: dict[str, Any], expected: str) -> None:
    [message] = mistakes(stack_of(standby=changes))
    assert message.startswith(f"fitness-platform:standby.{expected}")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"region": None},
        {"region": "us-west-2"},
        {"region": "eu-west-1", "lockMode": "COMPLIANCE", "replicated": []},
    ],
    ids=str,
)
def test_accepts(changes: dict[str, Any]) -> None:
    assert load(stack_of(standby=changes)).standby.region == changes.get("region")
