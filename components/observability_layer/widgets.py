"""Widgets of dashboards. Pure: their text is known at the first preview, so that guardrails can read it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH, _HEIGHT, _COLUMNS = 12, 6, 2


@dataclass(frozen=True, slots=True)
class Series:
    """One metric with dimensions that are known."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    stat: str = "Average"

    def row(self, _index: int) -> list[Any]:
        """Return it as a row of a widget."""
        pairs = [part for pair in self.dimensions.items() for part in pair]
        return [self.namespace, self.metric, *pairs, {"stat": self.stat}]


@dataclass(frozen=True, slots=True)
class Search:
    """A metric of all whose dimensions hold a word: AWS ends names of load balancers and target groups at random."""

    namespace: str
    metric: str
    dimensions: Sequence[str]
    word: str
    stat: str = "Average"

    def row(self, index: int) -> list[Any]:
        """Return it as a row of a widget."""
        schema = ",".join((self.namespace, *self.dimensions))
        words = f'{{{schema}}} MetricName="{self.metric}" "{self.word}"'
        return [{"expression": f"SEARCH('{words}', '{self.stat}', 60)", "id": f"e{index}", "label": ""}]


@dataclass(frozen=True, slots=True)
class Widget:
    """A graph."""

    title: str
    rows: Sequence[Series | Search]


def body(widgets: Iterable[Widget], region: str) -> str:
    """Return the body of a dashboard, its widgets in two columns; those without rows are left out."""
    shown = [widget for widget in widgets if widget.rows]
    return json.dumps(
        {
            "widgets": [
                {
                    "type": "metric",
                    "x": place % _COLUMNS * _WIDTH,
                    "y": place // _COLUMNS * _HEIGHT,
                    "width": _WIDTH,
                    "height": _HEIGHT,
                    "properties": {
                        "title": widget.title,
                        "region": region,
                        "period": 60,
                        "view": "timeSeries",
                        "metrics": [row.row(index) for index, row in enumerate(widget.rows, 1)],
                    },
                }
                for place, widget in enumerate(shown)
            ]
        }
    )
