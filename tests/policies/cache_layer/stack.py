"""Names in the compliant prod stack, and what the guardrails of the cache say of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardrails.cache_layer import CACHE_GUARDRAILS
from preview.topology import Topology
from tests.support import judging, recording

CACHE, PARAMETERS, SUBNETS = "cache-group", "cache-parameters", "cache-subnets"
USERS, APP, NOBODY = "cache-users-group", "cache-users-app", "cache-users-default"
SLOW, ENGINE = "cache-slow-log", "cache-engine-log"
TASK = "compute-auth-task-definition"
KEY, TOPIC = "security-data-key", "security-alerts-warning"

_APART = (
    "fitness-platform:api:",
    "fitness-platform:database:DatabaseLayer",
    "fitness-platform:network:FlowLogs",
    "fitness-platform:network:VpcEndpoints",
    "fitness-platform:security:LogArchive",
)


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less what has nothing to do with the cache: it would be judged every time."""
    topology = recording.recorded(stack, **sections)
    kept = {
        urn: found
        for urn, found in topology.resources.items()
        if not any(type_.startswith(_APART) for type_ in urn.split("::")[2].split("$"))
    }
    return replace(topology, resources=kept)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of the cache a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, CACHE_GUARDRAILS)
