"""What every settings model shares: strictness, camelCase keys, and the marker of what keeps the decision."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Conflict(NamedTuple):
    """Two settings that are each legal but can't stand together."""

    path: tuple[str, ...]
    """Keys from the model that reports it down to the setting to change, as written in YAML."""
    found: object
    """The value that was read."""
    allowed: str
    """What would be accepted, for the person who edits the file."""


class Settings(BaseModel):
    """Plain values from a stack's YAML: frozen, strictly typed, no unknown keys.

    Keys are camelCase in YAML and snake_case in Python. Outputs and secrets never go in here; they travel
    beside the settings as component arguments.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, validate_default=True)

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what a field alone can't see: combinations that could never be deployed."""
        return iter(())


@dataclass(frozen=True, slots=True)
class KeepsAdr:
    """Marks which of a field's legal values keep ADR 003; any other needs a relaxation in the policy config.

    Attach it with ``Annotated[type, KeepsAdr(...)]``.
    """

    clause: str
    """The clause of the decision that the field carries."""
    values: str
    """The values that keep it, in words, for the configuration reference."""
    holds: Callable[[Any], bool]
    """Whether a parsed value keeps it."""
