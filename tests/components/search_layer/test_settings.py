from typing import Any

import pytest

from components.search_layer.settings import EventSettings, SearchSettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of

_TYPES = "an instance type of C, M or R that has EBS volumes and Auto-Tune, such as r7g.large.search"


@pytest.mark.parametrize("model", [SearchSettings, EventSettings])
def test_defaults_keep_the_decision(model: type[SearchSettings | EventSettings]) -> None:
    markers = {
        name: [marker for marker in field.metadata if isinstance(marker, KeepsAdr)]
        for name, field in model.model_fields.items()
    }
    assert sum(map(len, markers.values())) > 3
    for name, found in markers.items():
        assert all(marker.holds(model.model_fields[name].default) for marker in found), name


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (SearchSettings, "zone_aware", False),
        (SearchSettings, "dedicated_masters", False),
        (SearchSettings, "index_shards", 4),
        (SearchSettings, "index_shards", 6),
        (SearchSettings, "index_replicas", 0),
        (SearchSettings, "audit_log_days", 365),
        (SearchSettings, "log_days", 30),
        (EventSettings, "retention_hours", 25),
        (EventSettings, "retry_attempts", 11),
        (EventSettings, "late_minutes", 361),
    ],
)
def test_legal_values_that_break_the_decision(model: type[Any], field: str, value: Any) -> None:
    [marker] = [item for item in model.model_fields[field].metadata if isinstance(item, KeepsAdr)]
    assert not marker.holds(value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"engineVersion": "Elasticsearch_7.10"},
            'engineVersion: found "Elasticsearch_7.10"; allowed: a version of Open',
        ),
        ({"nodeType": "t3.small.search"}, f'nodeType: found "t3.small.search"; allowed: {_TYPES}'),
        ({"masterType": "r7g.large"}, f'masterType: found "r7g.large"; allowed: {_TYPES}'),
        ({"nodesPerZone": 0}, "nodesPerZone: found 0; allowed: greater than or equal to 1"),
        ({"volumeGib": 9}, "volumeGib: found 9; allowed: greater than or equal to 10"),
        ({"volumeGib": 1001}, "volumeGib: found 1001; allowed: less than or equal to 1000"),
        (
            {"nodeType": "m7g.medium.search", "volumeGib": 301},
            "volumeGib: found 301; allowed: 300 or less for nodeType m7g.medium.search",
        ),
        ({"indexReplicas": 3}, "indexReplicas: found 3; allowed: less than or equal to 2"),
        ({"auditLogDays": 730}, "auditLogDays: found 730; allowed: 1, 3, 5"),
        ({"updateHour": 24}, "updateHour: found 24; allowed: less than or equal to 23"),
        ({"events": {"mode": "on-demand"}}, "events.mode: found \"on-demand\"; allowed: 'ON_DEMAND' or 'PROVISIONED'"),
        (
            {"events": {"provisionedShards": 1}},
            "events.provisionedShards: found 1; allowed: greater than or equal to 2",
        ),
        ({"events": {"retentionHours": 23}}, "events.retentionHours: found 23; allowed: greater than or equal to 24"),
        ({"events": {"oldestHours": 24}}, "events.oldestHours: found 24; allowed: less than or equal to 23"),
        ({"events": {"parallelBatches": 11}}, "events.parallelBatches: found 11; allowed: less than or equal to 10"),
        ({"events": {"shards": 2}}, "events.shards: unknown setting; known are lateMinutes"),
        ({"dataNodes": 3}, "dataNodes: unknown setting"),
    ],
    ids=str,
)
def test_what_aws_would_refuse_is_refused(changes: dict[str, Any], message: str) -> None:
    [mistake] = mistakes(stack_of(search=changes))
    assert mistake.startswith(f"fitness-platform:search.{message}")


def test_everything_said() -> None:
    values = {
        "engineVersion": "OpenSearch_3.1",
        "nodesPerZone": 2,
        "nodeType": "m7g.medium.search",
        "volumeGib": 300,
        "dedicatedMasters": False,
        "events": {"mode": "PROVISIONED", "provisionedShards": 8},
    }
    settings = load(stack_of(search=values)).search
    assert (settings.engine_version, settings.nodes_per_zone, settings.masters) == ("OpenSearch_3.1", 2, 0)
    assert (settings.events.mode, settings.events.provisioned_shards) == ("PROVISIONED", 8)
