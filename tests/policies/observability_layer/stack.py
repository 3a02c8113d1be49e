"""Names in the compliant prod stack, and what the guardrails of observability say of it."""

from collections.abc import Callable, Mapping
from typing import Any

from guardrails.observability_layer import OBSERVABILITY_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Change, chain, edit
from tests.policies.database_layer.stack import inputs_of, refer
from tests.support import judging
from tests.support.editing import urn_of
from tests.support.recording import recorded

STACK = "fitness-platform-prod"
TRAIL, TRAIL_LOG, TRAIL_ROLE, DELIVERY = (f"observability-trail-{part}" for part in ("all", "log", "role", "delivery"))
ARCHIVE_POLICY, ARCHIVE_KEY, LOG_KEY = "security-audit-logs-policy", "security-archive-key", "security-logs-key"
TOPIC = "security-alerts-warning"


def queried(name: str, change: Callable[[list[dict[str, Any]]], object]) -> Change:
    """Change the metrics and expressions that an alarm is made of, and let it refer to the same as before."""
    topology = recorded("prod")
    found = inputs_of(topology, name)["metricQueries"]
    change(found)
    targets = topology.resources[urn_of(topology, name)].property_dependencies["metricQueries"]
    kept = refer(name, "metricQueries", *(urn.rpartition("::")[2] for urn in targets))
    return chain(edit(name, metricQueries=found), kept)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of observability a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, OBSERVABILITY_GUARDRAILS)
