"""Names in the compliant prod stack, and what the guardrails of observability say of it."""

from collections.abc import Mapping
from typing import Any

from guardrails.observability_layer import OBSERVABILITY_GUARDRAILS
from preview.topology import Topology
from tests.support import judging

STACK = "fitness-platform-prod"
TRAIL, TRAIL_LOG, TRAIL_ROLE, DELIVERY = (f"observability-trail-{part}" for part in ("all", "log", "role", "delivery"))
ARCHIVE_POLICY, ARCHIVE_KEY, LOG_KEY = "security-audit-logs-policy", "security-archive-key", "security-logs-key"
TOPIC = "security-alerts-warning"


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of observability a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, OBSERVABILITY_GUARDRAILS)
