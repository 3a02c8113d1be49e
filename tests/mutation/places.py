"""Where a property stands in the inputs of a resource, down into lists and texts of JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = object()
"""Stands for a property that is left out."""

_Step = str | int
_JSON = "{}"
_EACH = "*"


@dataclass(frozen=True, slots=True)
class Place:
    """One concrete property: ``parameters[2].value``."""

    steps: tuple[_Step, ...]
    value: Any
    """What stands there, ``ABSENT`` where nothing does."""

    @property
    def key(self) -> str:
        """The top-level property that it is, or is part of."""
        return str(self.steps[0])

    @property
    def nested(self) -> bool:
        """Whether it is only a part of a top-level property."""
        return len(self.steps) > 1

    def __str__(self) -> str:
        text = ""
        for step in self.steps:
            if step == _JSON:
                text += _JSON
            elif isinstance(step, int):
                text += f"[{step}]"
            else:
                text += f".{step}" if text else step
        return text


def places(inputs: Mapping[str, Any], path: str) -> list[Place]:
    """Return where ``path`` of the clause table leads.

    ``[]`` leads to each item of a list, ``[key]`` to those whose ``key`` is true, ``*`` to each value of an object,
    ``{}`` into a text of JSON.
    """
    return [Place(steps, value) for steps, value in _follow(inputs, _pieces(path), ())]


def _pieces(path: str) -> list[str]:
    """Split ``a{}[].b`` into ``a``, ``{}``, ``[]`` and ``b``."""
    return path.replace(_JSON, f".{_JSON}").replace("[", ".[").split(".")


def _follow(value: Any, pieces: list[str], steps: tuple[_Step, ...]) -> Iterator[tuple[tuple[_Step, ...], Any]]:
    if not pieces:
        yield steps, value
        return
    piece, *rest = pieces
    if piece.startswith("["):
        key = piece.strip("[]")
        for index, item in enumerate(value if isinstance(value, list) else []):
            if not key or item.get(key):
                yield from _follow(item, rest, (*steps, index))
    elif piece == _JSON:
        if isinstance(value, str) and value:
            yield from _follow(json.loads(value), rest, (*steps, _JSON))
    elif piece == _EACH:
        for key, item in value.items() if isinstance(value, Mapping) else ():
            yield from _follow(item, rest, (*steps, key))
    elif isinstance(value, Mapping):
        if piece in value:
            yield from _follow(value[piece], rest, (*steps, piece))
        elif not any(deeper[0] in "[{*" for deeper in rest):
            yield (*steps, piece, *rest), ABSENT


def replaced(inputs: Mapping[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """Return ``inputs`` with another value at ``place``; ``ABSENT`` takes it out."""
    return _replaced(inputs, place.steps, value)


def _replaced(old: Any, steps: tuple[_Step, ...], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if step == _JSON:
        whole = _replaced(json.loads(old), tuple(rest), value)
        return ABSENT if whole is ABSENT else json.dumps(whole)
    if isinstance(step, int):
        new = _replaced(old[step], tuple(rest), value)
        return [*old[:step], *([] if new is ABSENT else [new]), *old[step + 1 :]]
    old = {} if old is ABSENT else old  # a block that is not there yet
    new = _replaced(old.get(step, ABSENT), tuple(rest), value)
    others = {key: item for key, item in old.items() if key != step}
    return others if new is ABSENT else {**others, step: new}
