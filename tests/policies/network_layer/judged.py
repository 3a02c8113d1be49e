"""The network by itself, and what its guardrails say; other layers have tests of their own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardrails.network_layer import NETWORK_GUARDRAILS
from preview.pack import Diagnostic
from preview.topology import Topology
from tests.support import judging, recording

_UNDER_IT = ("network:NetworkLayer", "security:SecurityLayer")


def _is_kept(urn: str) -> bool:
    project, _, component = urn.split("::")[2].partition(":")
    return project != "fitness-platform" or component.startswith(_UNDER_IT)


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less the layers that are built on the network."""
    topology = recording.recorded(stack, **sections)
    kept = {urn: found for urn, found in topology.resources.items() if _is_kept(urn)}
    return replace(topology, resources=kept)


def diagnostics(topology: Topology, config: Mapping[str, Any] | None = None) -> list[Diagnostic]:
    """Return what the guardrails say of a stack."""
    return judging.diagnostics(topology, config, of=NETWORK_GUARDRAILS)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which of the guardrails a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, NETWORK_GUARDRAILS)
