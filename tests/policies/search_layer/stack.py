"""Names in the compliant prod stack, and what the guardrails of search and events say of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardrails.search_layer import SEARCH_GUARDRAILS
from preview.topology import Topology
from tests.support import judging, recording

DOMAIN, OWNER = "search-domain-nodes", "search-domain-owner"
STREAM = "search-events"
VPC, KEY, TOPIC = "network-vpc", "security-data-key", "security-alerts-warning"
LOGS = {
    "AUDIT_LOGS": "search-domain-logs-audit",
    "ES_APPLICATION_LOGS": "search-domain-logs-application",
    "INDEX_SLOW_LOGS": "search-domain-logs-index-slow",
    "SEARCH_SLOW_LOGS": "search-domain-logs-search-slow",
}
LOG_POLICY = "search-domain-logs-policy"


_APART = ("api:", "cache:", "compute:", "database:", "network:FlowLogs", "network:VpcEndpoints", "security:LogArchive")


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less what has nothing to do with search: it would be judged every time."""
    topology = recording.recorded(stack, **sections)
    kept = {
        urn: found
        for urn, found in topology.resources.items()
        if not any(
            type_.startswith(f"fitness-platform:{apart}") for type_ in urn.split("::")[2].split("$") for apart in _APART
        )
    }
    return replace(topology, resources=kept)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of search and events a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, SEARCH_GUARDRAILS)
