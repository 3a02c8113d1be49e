"""A primary and its standby, and what of both is left when the primary's region is lost."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preview.drill.recorded import Item, Recorded

_REFERENCE = "pulumi:pulumi:StackReference"
DOCUMENT = "aws:ssm/document:Document"
_EXPECTED = re.compile(r".* Expected: (?P<seconds>[0-9]+) s\.")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stacks of one platform."""

    primary: Recorded
    standby: Recorded
    lost: str
    """Region of the primary."""
    second: str
    """Region of the standby."""

    def left(self, *types: str) -> list[Item]:
        """Return what both stacks have in the second region."""
        return [
            item for stack in (self.primary, self.standby) for item in stack.of(*types) if item.region == self.second
        ]

    def document(self, label: str) -> Item | None:
        """Return the runbook in the second region whose name ends with a label."""
        found = [item for item in self.left(DOCUMENT) if str(item.get("name")).endswith(f"-{label}")]
        return found[0] if found else None


def find_pair(stacks: Sequence[Recorded]) -> Pair | None:
    """Return the first stack that refers to another one as its primary, with that one."""
    by_name = {stack.name: stack for stack in stacks}
    for standby in stacks:
        for reference in standby.of(_REFERENCE):
            primary = by_name.get(str(reference.get("name")).rpartition("/")[2])
            if primary and primary.region and standby.region and primary.region != standby.region:
                return Pair(primary, standby, primary.region, standby.region)
    return None


def steps_of(document: Item) -> list[Mapping[str, Any]]:
    """Return the steps of a runbook; none where they can't be read."""
    try:
        steps: Any = json.loads(str(document.get("content"))).get("mainSteps")
    except (ValueError, AttributeError):
        return []
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def seconds_of(document: Item) -> int | None:
    """Return what the steps of a runbook take in all; ``None`` where one does not say."""
    found = [_EXPECTED.fullmatch(str(step.get("description"))) for step in steps_of(document)]
    return sum(int(match["seconds"]) for match in found if match) if found and all(found) else None


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
