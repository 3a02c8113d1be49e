"""The network by itself, and what its guardrails say; other layers have tests of their own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardrails.network_layer import NETWORK_GUARDRAILS
from preview.pack import Diagnostic
from preview.topology import Topology
from tests.support import judging, recording

_BUILT_ON_IT = tuple(
    f"fitness-platform:{component}"
    for component in ("api:ApiLayer", "compute:ComputeCluster", "database:DatabaseLayer", "security:SecurityGroups")
)


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less the layers that are built on the network."""
    topology = recording.recorded(stack, **sections)
    kept = {urn: found for urn, found in topology.resources.items() if not urn.split("::")[2].startswith(_BUILT_ON_IT)}
    return replace(topology, resources=kept)


def diagnostics(topology: Topology, config: Mapping[str, Any] | None = None) -> list[Diagnostic]:
    """Return what the guardrails say of a stack."""
    return judging.diagnostics(topology, config, of=NETWORK_GUARDRAILS)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which of the guardrails a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, NETWORK_GUARDRAILS)
