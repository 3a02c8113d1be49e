"""Which engine runs, and what it is told by parameters. Pure, no resources."""

from collections.abc import Mapping
from typing import NamedTuple


class Engine(NamedTuple):
    """A version of an engine, and the family of its parameters."""

    version: str
    family: str


# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
ENGINES: Mapping[str, Engine] = {"redis": Engine("7.1", "redis7"), "valkey": Engine("8.0", "valkey8")}
"""What each engine runs as. AWS keeps the patch current by itself."""

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
PARAMETERS: Mapping[str, str] = {
    "cluster-enabled": "yes",
    # A full cache drops keys that have an end, such as sessions, and none that have not, such as leaderboards.
    "maxmemory-policy": "volatile-lru",
    # For snapshots and replicas, which need memory when it is scarce.
    "reserved-memory-percent": "25",
}
"""Parameters of the cache."""
