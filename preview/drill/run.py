"""Which drill is meant, and running it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from preview.drill.findings import Findings
from preview.drill.pair import Pair, find_pair
from preview.drill.recorded import Recorded
from preview.drill.region_loss import region_loss
from preview.drill.zone_loss import zone_loss, zones_of
from preview.errors import PreviewError
from preview.topology import Topology

_ZONE = re.compile(r"az-loss=(?P<zone>[a-z])")
_ALLOWED = "region-loss, or az-loss=<letter of a zone>"


@dataclass(frozen=True, slots=True)
class Drill:
    """What is taken away."""

    zone: str | None
    """Letter of the zone; ``None`` where it is the region of the primary."""

    @classmethod
    def parse(cls, text: str) -> "Drill":
        """Read what the command line says.

        :raises PreviewError: where it is no drill.
        """
        found = _ZONE.fullmatch(text)
        if text != "region-loss" and not found:
            raise PreviewError(f"--drill: found {text}; allowed: {_ALLOWED}")
        return cls(found["zone"] if found else None)


def run_drill(drill: Drill, topologies: Sequence[Topology]) -> list[Findings]:
    """Take away what the drill says from the recorded stacks, and return what remains.

    :raises PreviewError: where no stack has the zone, or no two of them are a primary and its standby.
    """
    stacks = [Recorded(topology) for topology in topologies]
    if drill.zone is None:
        return [region_loss(_pair(stacks))]
    for stack in stacks:
        if drill.zone not in (known := zones_of(stack)):
            letters = ", ".join(sorted(known))
            raise PreviewError(f"--drill: found az-loss={drill.zone}; allowed: zones of {stack.name}: {letters}")
    return [zone_loss(stack, drill.zone) for stack in stacks]


def _pair(stacks: Sequence[Recorded]) -> Pair:
    pair = find_pair(stacks)
    if pair is None:
        names = ", ".join(stack.name for stack in stacks)
        raise PreviewError(f"--drill region-loss: found {names}; allowed: a primary and its standby among the stacks")
    return pair
