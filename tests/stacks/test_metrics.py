"""Alarms and dashboards name only metrics that AWS publishes, or that the stack itself makes."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml
from google.protobuf import json_format

from preview.topology import Topology
from tests.support.recording import ROOT, recorded

_PUBLISHED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docs" / "metrics.yaml").read_text(encoding="utf-8"))
_SEARCH = re.compile(r"SEARCH\('\{(?P<schema>[^}]+)\} MetricName=\"(?P<metric>[^\"]+)\" \"[^\"]+\"', '\w+', 60\)")


class Metric(NamedTuple):
    """A metric, as an alarm or a widget names it."""

    namespace: str
    name: str
    dimensions: tuple[str, ...]


_SENT = {("fitness-platform-prod", "DatabaseWritable")}
"""What tasks send by themselves, as docs/deploying.md asks of images."""


def _named(topology: Topology) -> Iterator[Metric]:
    for resource in topology.resources.values():
        inputs = json_format.MessageToDict(resource.inputs)
        if resource.type == "aws:cloudwatch/metricAlarm:MetricAlarm":
            queries = [query["metric"] for query in inputs.get("metricQueries", []) if "metric" in query]
            for found in [inputs] if "metricName" in inputs else queries:
                yield Metric(found["namespace"], found["metricName"], tuple(sorted(found.get("dimensions", {}))))
        elif resource.type == "aws:cloudwatch/dashboard:Dashboard":
            for widget in json.loads(inputs["dashboardBody"])["widgets"]:
                yield from map(_shown, widget["properties"]["metrics"])


def _shown(row: list[Any]) -> Metric:
    if isinstance(row[0], dict):
        found = _SEARCH.fullmatch(row[0]["expression"])
        assert found, row
        namespace, *dimensions = found["schema"].split(",")
        return Metric(namespace, found["metric"], tuple(sorted(dimensions)))
    namespace, name, *rest = [part for part in row if isinstance(part, str)]
    return Metric(namespace, name, tuple(sorted(rest[::2])))


def _made(topology: Topology) -> set[tuple[str, str]]:
    """Return the metrics that filters of the stack count."""
    counted = [
        json_format.MessageToDict(resource.inputs)["metricTransformation"]
        for resource in topology.resources.values()
        if resource.type == "aws:cloudwatch/logMetricFilter:LogMetricFilter"
    ]
    return {(one["namespace"], one["name"]) for one in counted}


@pytest.mark.parametrize("stack", ["prod", "dev", "prod-standby"])
def test_each_metric_is_published_or_made_by_the_stack(stack: str) -> None:
    topology = recorded(stack)
    made = _made(topology) | _SENT
    unknown = {
        metric
        for metric in _named(topology)
        if (metric.namespace, metric.name) not in made
        and list(metric.dimensions) not in _PUBLISHED.get(metric.namespace, {}).get("metrics", {}).get(metric.name, [])
    }
    assert unknown == set()


def test_nothing_is_listed_that_nobody_names() -> None:
    named = {
        (metric.namespace, metric.name)
        for stack in ("prod", "dev", "prod-standby")
        for metric in _named(recorded(stack))
    }
    listed = {(namespace, name) for namespace, found in _PUBLISHED.items() for name in found["metrics"]}
    assert listed <= named
