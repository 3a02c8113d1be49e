"""Exemptions: single resources that may break single guardrails for a while, by somebody's word.

``exemptions.yaml`` beside ``PulumiPolicy.yaml`` lists them. Each is shown in every preview; one that has expired, or
that keeps nothing from being reported, is a violation of its own, so that the list can't outlive its reasons.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from guardrails.model import Violation

_URN = re.compile(r"urn:pulumi:[^:]+::[^:]+::.+::.+")


@dataclass(frozen=True, slots=True)
class Exemption:
    """One resource that may break one guardrail until a date."""

    guardrail: str
    urn: str
    reason: str
    owner: str
    expires: date

    def __str__(self) -> str:
        return f"{self.guardrail}, until {self.expires.isoformat()} by {self.owner}: {self.reason}"


class ExemptionError(ValueError):
    """The exemption file holds a mistake; the message has a line for each."""


def load_exemptions(path: Path, guardrails: Iterable[str]) -> tuple[Exemption, ...]:
    """Read an exemption file: a list of mappings, each with every field of :class:`Exemption`.

    :raises ExemptionError: for a missing or unknown field, an unknown guardrail, a pair of guardrail and resource that
        is listed twice, what is not a list, or a file that can't be read.
    """
    try:
        contents: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExemptionError(f"{path.name}: can't be read: {error.strerror}") from None
    except (yaml.YAMLError, ValueError) as error:  # YAML has dates of its own, of which some don't exist
        raise ExemptionError(f"{path.name}: not YAML: {error}") from None
    if contents is None:  # nothing but comments
        return ()
    if not isinstance(contents, list):
        raise ExemptionError(f"{path.name}: found {type(contents).__name__}; allowed: a list")
    known = set(guardrails)
    problems: list[str] = []
    found: list[Exemption] = []
    for index, entry in enumerate(contents):
        wrong = list(_problems(entry, known))
        if not wrong and any((entry["guardrail"], entry["urn"]) == (one.guardrail, one.urn) for one in found):
            wrong.append(f": {entry['guardrail']} is listed for this resource already")
        problems += [f"{path.name}[{index}]{problem}" for problem in wrong]
        if not wrong:
            found.append(Exemption(**entry))
    if problems:
        raise ExemptionError("\n".join(problems))
    return tuple(found)


def _problems(entry: object, guardrails: set[str]) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield f": found {entry!r}; allowed: a mapping"
        return
    kinds = {field.name: date if field.name == "expires" else str for field in fields(Exemption)}
    allowed = {str: "text", date: "a date without quotes, as 2027-01-31"}
    for key in sorted(set(map(str, entry)) - set(kinds)):
        yield f".{key}: unknown; known are {', '.join(kinds)}"
    for key, kind in kinds.items():
        value: object = entry.get(key)
        if not isinstance(value, kind) or isinstance(value, datetime) or not str(value).strip():
            yield f".{key}: found {value!r}; allowed: {allowed[kind]}"
        elif key == "guardrail" and value not in guardrails:
            yield f".guardrail: found {value!r}, which is no guardrail of this pack"
        elif key == "urn" and not _URN.fullmatch(str(value)):
            yield f".urn: found {value!r}; allowed: a resource as the preview prints it, urn:pulumi:..."


class Exemptions:
    """The exemptions of a pack, and which of them were needed since it started."""

    def __init__(self, exemptions: Iterable[Exemption], today: date) -> None:
        self._all = tuple(exemptions)
        self._in_force = {
            (exemption.guardrail, exemption.urn): exemption for exemption in self._all if exemption.expires >= today
        }
        self._needed: set[tuple[str, str]] = set()

    def remaining(self, guardrail: str, violations: Iterable[Violation]) -> Iterator[Violation]:
        """Yield the violations of ``guardrail`` that no exemption covers."""
        for violation in violations:
            if (guardrail, violation.urn) in self._in_force:
                self._needed.add((guardrail, violation.urn))
            else:
                yield violation

    def in_force(self, stack: str) -> Iterator[Violation]:
        """Yield a line for each exemption that holds in ``stack``."""
        for (_, urn), exemption in sorted(self._in_force.items()):
            if _stack_of(urn) == stack:
                yield Violation(urn, str(exemption))

    def out_of_order(self, stack: str) -> Iterator[Violation]:
        """Yield a line for each exemption of ``stack`` that has expired or was not needed."""
        for exemption in self._all:
            key = (exemption.guardrail, exemption.urn)
            if _stack_of(exemption.urn) != stack:
                continue
            if key not in self._in_force:
                yield Violation(exemption.urn, f"has expired: {exemption}")
            elif key not in self._needed:
                yield Violation(exemption.urn, f"matches nothing: {exemption}")


def _stack_of(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:").split("::")[0]
