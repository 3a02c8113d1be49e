"""What composite mutants are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A resource of the stack that is changed, or a further one."""

    name: str
    like: str = ""
    """The resource that a further one is like, but for what follows."""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties, and what they are; they refer to nothing unless ``refers`` says so."""
    refers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Properties, and the resources that they refer to, by ids that are not known yet."""
    appended: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Lists, and one more item of each."""
    written: Mapping[str, tuple[tuple[str | int, ...], Any]] = field(
        default_factory=dict[str, tuple[tuple[str | int, ...], Any]]
    )
    """Texts of JSON, and a place in each with what stands there then; ``-`` is past the end of a list."""
    same: Mapping[str, str] = field(default_factory=dict[str, str])
    """Properties, and the resource whose value they take."""


class Composite(NamedTuple):
    """Changes that break one thing together."""

    name: str
    parts: tuple[Part, ...]
