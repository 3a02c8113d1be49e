"""What the guardrails of all layers say; options, types and the provider of resources have tests of their own."""

from collections.abc import Mapping
from typing import Any

from guardrails.database_layer import DATABASE_GUARDRAILS
from guardrails.network_layer import NETWORK_GUARDRAILS
from guardrails.security_layer import SECURITY_GUARDRAILS
from preview.pack import Diagnostic
from preview.topology import Topology
from tests.support import judging

_LAYERS = (*SECURITY_GUARDRAILS, *NETWORK_GUARDRAILS, *DATABASE_GUARDRAILS)


def diagnostics(topology: Topology, config: Mapping[str, Any] | None = None) -> list[Diagnostic]:
    """Return what the guardrails say of a stack."""
    return judging.diagnostics(topology, config, of=_LAYERS)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which of the guardrails a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, _LAYERS)
