"""What a drill finds."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """Something without which what remains doesn't do what the decision asks."""

    id: str
    needed: str
    """What for, in a sentence without its full stop."""
    missing: tuple[str, ...]
    """What of it is not there; nothing where it holds."""

    @property
    def holds(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that remains, and what of it."""

    about: str
    what: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of one drill."""

    title: str
    facts: Sequence[tuple[str, Sequence[Fact]]]
    """Facts under headings."""
    prerequisites: Sequence[Prerequisite]

    @property
    def passed(self) -> bool:
        """Whether all prerequisites hold."""
        return all(prerequisite.holds for prerequisite in self.prerequisites)
