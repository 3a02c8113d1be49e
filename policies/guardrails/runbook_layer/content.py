"""What a document of SSM Automation says, read from its text."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrails.graph import Node
from guardrails.reading import MalformedError, as_texts

DOCUMENT = "aws:ssm/document:Document"
_EXPECTED = re.compile(r".* Expected: (?P<seconds>[0-9]+) s\.")


class Step(NamedTuple):
    """A step of a document."""

    name: str
    action: str
    inputs: Mapping[str, Any]
    expected_seconds: int | None
    """What its description says it takes."""
    timeout_seconds: float | None

    @property
    def call(self) -> str:
        """Service and API, as ``rds:PromoteReadReplica``; nothing for a step that calls none."""
        return f"{self.inputs['Service']}:{self.inputs['Api']}" if {"Service", "Api"} <= self.inputs.keys() else ""

    def named(self, *keys: str) -> Iterator[tuple[str, str]]:
        """Yield what the inputs name by ``keys``, anywhere in them; what is filled in at a run is left out."""
        for key, value in _pairs(self.inputs):
            if key in keys:
                yield from ((key, text) for text in as_texts(value) if "{{" not in text)


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key, item
            yield from _pairs(item)
    elif isinstance(value, list):
        for item in value:
            yield from _pairs(item)


def content_of(document: Node) -> Mapping[str, Any]:
    """Return what a document says.

    :raises UnreadableError: where it is unknown, or no object of JSON.
    """
    text = document.properties.text("content") or ""
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise MalformedError("content", text[:40], "an object of JSON")
    return found


def steps_of(document: Node) -> list[Step]:
    """Return the steps of a document, in their order.

    :raises UnreadableError: where it can't be read as such.
    """
    steps = content_of(document).get("mainSteps")
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise MalformedError("content", steps, "mainSteps that are a list of steps")
    return [_step(step) for step in steps]


def _step(step: Mapping[str, Any]) -> Step:
    inputs, timeout = step.get("inputs", {}), step.get("timeoutSeconds")
    found = _EXPECTED.fullmatch(str(step.get("description", "")))
    return Step(
        str(step.get("name")),
        str(step.get("action")),
        inputs if isinstance(inputs, Mapping) else {},
        int(found["seconds"]) if found else None,
        timeout if isinstance(timeout, int | float) and not isinstance(timeout, bool) else None,
    )
