"""What a stack's YAML says about its cache: ``fitness-platform:cache``."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays, Settings
from components.windows import DailyWindow, WeeklyWindow, conflicts

_EQUIVALENT = re.compile(r"cache\.(r6g|r7g)\.(2|4|8|12|16)?xlarge")
_SHORTEST_WINDOW = 60  # minutes
_MOST_RAISES = 1_000_000  # nobody counts further
_DAY_SECONDS = 86_400
_MOST_NODES = 90  # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
# Cluster mode needs nodes that it knows, and snapshots need more than a T1 or T2.
NodeType = Annotated[
    str,
    Form(
        r"^cache\.(m5|m6g|m7g|r5|r6g|r7g|t3|t4g)\.(micro|small|medium|large|([0-9]{1,2})?xlarge)$",
        "a node type of m5, m6g, m7g, r5, r6g, r7g, t3 or t4g, such as cache.r6g.xlarge",
    ),
]


class CacheSettings(Settings):
    """Redis or Valkey on ElastiCache. Every default is the decision's value."""

    engine: Literal["redis", "valkey"] = Field(
        default="redis",
        description="Redis OSS 7.1, which AWS offers no later version of, or Valkey 8.0, which speaks the same.",
    )
    node_type: Annotated[
        NodeType,
        KeepsAdr(
            "cache-node-type",
            "cache.r6g.xlarge, or one of r6g or r7g as large",
            lambda name: bool(_EQUIVALENT.fullmatch(name)),
        ),
    ] = Field(
        default="cache.r6g.xlarge",
        examples=["cache.r7g.xlarge", "cache.r6g.2xlarge", "cache.r7g.16xlarge", "cache.r6g.large", "cache.t4g.medium"],
        description="Node type of every node. A quarter of its memory is kept for the engine itself.",
    )
    shards: Annotated[int, KeepsAdr("cache-64gb", "4 or more", lambda count: count >= 4)] = Field(
        default=4, ge=1, le=45, description="Parts that keys are spread over: four hold 78.9 GiB of them, three 59.2."
    )
    replicas_per_shard: Annotated[int, KeepsAdr("cache-multi-az-failover", "1 or more", lambda count: count >= 1)] = (
        Field(default=1, ge=0, le=5, description="Nodes in other zones that can take over a shard.")
    )
    snapshot_retention_days: Annotated[int, KeepsAdr("cache-snapshot-35d", "35", lambda days: days == 35)] = Field(
        default=35, ge=1, le=35, description="Days that daily snapshots are kept."
    )
    snapshot_window: DailyWindow = Field(
        default="03:00-04:00",
        examples=["23:30-00:30", "07:00-11:00"],
        description="When the daily snapshot is taken, in UTC, an hour or more.",
    )
    maintenance_window: WeeklyWindow = Field(
        default="sun:05:00-sun:06:00",
        examples=["sun:02:00-sun:03:00", "mon:10:00-mon:12:00"],
        description="When AWS may replace nodes for updates, in UTC, an hour or more, clear of the snapshot.",
    )
    final_snapshot_number: int = Field(
        default=1,
        ge=1,
        le=_MOST_RAISES,
        description="Number in the name of the last snapshot before the cache is deleted. Raise it afterwards.",
    )
    session_ttl_seconds: Annotated[
        int, KeepsAdr("cache-session-ttl-24h", "86400", lambda seconds: seconds == _DAY_SECONDS)
    ] = Field(
        default=_DAY_SECONDS,
        ge=60,
        le=30 * _DAY_SECONDS,
        description="Seconds after which sessions end: services set it on each key, as CACHE_SESSION_TTL_SECONDS.",
    )
    log_retention_days: Annotated[
        RetentionDays, KeepsAdr("obs-default-retention-90", "90 or more", lambda days: days >= 90)
    ] = Field(default=90, description="Days that slow commands and the engine's log are kept.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse."""
        most = _MOST_NODES // (1 + self.replicas_per_shard)
        if self.shards > most:
            yield Conflict(("shards",), self.shards, f"up to {most}, as a cache has {_MOST_NODES} nodes at most")
        yield from conflicts(
            ("snapshotWindow", self.snapshot_window),
            ("maintenanceWindow", self.maintenance_window),
            shortest=_SHORTEST_WINDOW,
        )
