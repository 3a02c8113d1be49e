"""What the search domain must hold: roles, templates, lifecycles and dashboards, as versioned JSON. Pure."""

import hashlib
import json
from pathlib import Path
from string import Template
from typing import Any

from components.naming import Naming
from components.search_layer.names import role_arn
from components.search_layer.settings import SearchSettings

DASHBOARDS_FUNCTION = "events-dashboards"
"""Last part of the name of the function that indexes events, and of its role."""

_OBJECTS = Path(__file__).with_name("objects")
_FILES = (
    "access.json",
    "templates.json",
    "lifecycle.json",
    "dashboards/events.json",
    "dashboards/content_search.json",
    "dashboards/user_behaviour.json",
    "dashboards/system_performance.json",
)
"""In the order in which they are applied: what refers to something comes after it."""


def contents(settings: SearchSettings, naming: Naming) -> list[dict[str, Any]]:
    """Return what the domain must hold, each with its kind, its name and its body."""
    values = {
        "indexShards": settings.index_shards,
        "indexReplicas": settings.index_replicas,
        "eventDays": settings.event_days,
        "serviceRoles": role_arn(naming, "*", "task"),
        "eventWriterRole": role_arn(naming, DASHBOARDS_FUNCTION),
    }
    texts = [(_OBJECTS / file).read_text(encoding="utf-8") for file in _FILES]
    return [item for text in texts for item in json.loads(Template(text).substitute(values))]


def as_text(wanted: list[dict[str, Any]]) -> str:
    """Return contents as the event of the function that applies them, the same text each time."""
    return json.dumps({"wanted": wanted}, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return what tells one text from any other."""
    return hashlib.sha256(text.encode()).hexdigest()
