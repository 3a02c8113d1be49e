"""Why some mutants survive and some guardrails are never alone, with the test that shows each."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

REASONS = Path(__file__).with_name("reasons")

Reason = Literal["equivalent", "relaxation by design", "decided at update"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    because: Annotated[str, Field(min_length=20)]


class Survivor(_Entry):
    """Mutants that no guardrail refuses, and why that is right."""

    mutants: str
    """Their ids; ``*`` stands for any text."""
    reason: Reason
    shown_by: Annotated[str, Field(pattern=r"^tests/[a-z_/]+\.py::test_[a-z_0-9]+$")]
    """The test that shows it, as pytest names it."""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(".*".join(re.escape(part) for part in self.mutants.split("*")), re.DOTALL)

    def covers(self, mutant: str) -> bool:
        """Return whether a mutant is one of them."""
        return bool(self._pattern.fullmatch(mutant))


class Twin(_Entry):
    """A guardrail that is never the only one: what it refuses others refuse too."""

    guardrail: str
    twins: Annotated[list[str], Field(min_length=1)]
    """Guardrails one of which refuses each mutant that it refuses."""


class Reasons(BaseModel):
    """What the files of ``reasons/`` hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    survivors: list[Survivor] = []
    twins: list[Twin] = []


def load_reasons(folder: Path = REASONS) -> Reasons:
    """Read the reasons of all layers.

    :raises ValueError: where a file is not as it should be.
    """
    texts = (file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml")))
    files = [Reasons.model_validate(yaml.safe_load(text)) for text in texts]
    return Reasons(
        survivors=[survivor for file in files for survivor in file.survivors],
        twins=[twin for file in files for twin in file.twins],
    )
