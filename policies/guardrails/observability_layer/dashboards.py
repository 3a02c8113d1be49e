"""Clauses obs-dash-*: four dashboards, on which nothing that the stack runs is missing."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import STACK
from guardrails.placement import known_text
from guardrails.reading import MalformedError

_DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
_SERVICE = "aws:ecs/service:Service"
_INSTANCE = "aws:rds/instance:Instance"

_ABOUT: Mapping[str, tuple[str, ...]] = {
    "service-health": ("RunningTaskCount", "HealthyHostCount", "ApproximateAgeOfOldestMessage"),
    "errors-and-latency": ("HTTPCode_Target_5XX_Count", "TargetResponseTime", "5XXError"),
    "database": ("CPUUtilization", "FreeableMemory", "DatabaseConnections", "ReplicaLag"),
    "business": ("FitnessPlatform/Business", "Signups", "Payments", "Usage"),
}
"""What each dashboard shows at least, by the end of its name."""
_OF_SERVICES = frozenset({"RunningTaskCount", "HealthyHostCount", "HTTPCode_Target_5XX_Count", "TargetResponseTime"})
"""What only a stack with services has: before the first images there are none."""
_SUBJECTS: Mapping[str, tuple[str, str]] = {
    _SERVICE: ("service-health", "name"),
    _INSTANCE: ("database", "identifier"),
}
"""The dashboard that each resource of a type is on, by which of its properties."""


def _text(dashboard: Node) -> str:
    """Return what the widgets of a dashboard say, less how they look.

    :raises UnreadableError: where it is no dashboard.
    """
    written = dashboard.properties.text("dashboardBody")
    try:
        body: Any = json.loads(written or "")
        return json.dumps([widget["properties"]["metrics"] for widget in body["widgets"]])
    except (ValueError, LookupError, TypeError):
        raise MalformedError("dashboardBody", written, "JSON with widgets that show metrics") from None


def _of(graph: Graph, about: str) -> list[Node]:
    return [
        found for found in graph.of_type(_DASHBOARD) if (known_text(found, "dashboardName") or "").endswith(f"-{about}")
    ]


def _declared(_stack: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for about, words in _ABOUT.items():
        found = _of(graph, about)
        if len(found) != 1:
            yield f"it has {len(found) or 'no'} dashboards whose names end with {about}, not 1"
            continue
        text = _text(found[0]).replace('\\\\"', '"').replace('\\"', '"')
        wanted = words if graph.of_type(_SERVICE) else [word for word in words if word not in _OF_SERVICES]
        if missing := [word for word in wanted if f'"{word}' not in text]:
            yield f"{found[0].name} shows no {', '.join(missing)}"


def _on_board(subject: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    about, key = _SUBJECTS[subject.type]
    name = subject.properties.text(key)
    if not any(f'"{name}"' in _text(found) for found in _of(graph, about)):
        yield f"the dashboard {about} does not show it"


DASHBOARD_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="dashboards-declared",
        title="Four dashboards show services, errors and latency, the database and the business",
        clauses=(
            "obs-dash-service-health",
            "obs-dash-errors-latency",
            "obs-dash-database",
            "obs-dash-business",
            "obs-custom-metrics",
        ),
        severity="low",
        types=frozenset({STACK}),
        check=_declared,
        remediation="Leave the dashboards as components/observability_layer/dashboards.py makes them.",
    ),
    StackGuardrail(
        id="dashboards-complete",
        title="Each service and each database is on its dashboard",
        clauses=("obs-dash-service-health", "obs-dash-database"),
        severity="low",
        types=frozenset(_SUBJECTS),
        check=_on_board,
        remediation="Pass its name on in Shown, as __main__.py does.",
    ),
)
