"""What a stack's YAML says about its search and its events: ``fitness-platform:search``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays, Settings

_MASTERS = 3
_LARGEST_OF_MEDIUM = 300  # GiB; nodes of this size take little more

NodeType = Annotated[
    str,
    Form(
        r"^(c|m|r)(5|6g|7g|7i|8g)\.(medium|large|([248]|12|16)?xlarge)\.search$",
        "an instance type of C, M or R that has EBS volumes and Auto-Tune, such as r7g.large.search",
    ),
]


class EventSettings(Settings):
    """The stream of events and what reads it: ``fitness-platform:search`` → ``events``."""

    mode: Annotated[
        Literal["ON_DEMAND", "PROVISIONED"],
        KeepsAdr("search-kinesis-sharding", "ON_DEMAND or PROVISIONED", lambda _: True),
    ] = Field(
        default="ON_DEMAND",
        description="Whether Kinesis adds and takes away shards by itself. PROVISIONED costs less above a steady load.",
    )
    provisioned_shards: int = Field(
        default=2, ge=2, le=200, description="Shards of the stream where mode is PROVISIONED, 2 to 200: 1 MB/s in each."
    )
    retention_hours: Annotated[int, KeepsAdr("search-kinesis-retention-24h", "24", lambda hours: hours == 24)] = Field(
        default=24, ge=24, le=8760, description="Hours that the stream keeps events, 24 to 8760."
    )
    retry_attempts: Annotated[
        int, KeepsAdr("search-kinesis-consumer-analytics", "up to 10", lambda attempts: attempts <= 10)
    ] = Field(
        default=10,
        ge=0,
        le=100,
        description="How often events that a consumer can't handle are tried again before they are set aside.",
    )
    oldest_hours: int = Field(
        default=12,
        ge=1,
        le=23,
        description="Hours after which events that a consumer could not handle are set aside: less than they are kept.",
    )
    parallel_batches: int = Field(
        default=2, ge=1, le=10, description="Batches of one shard that a consumer works on at once, 1 to 10."
    )
    late_minutes: Annotated[
        int, KeepsAdr("search-kinesis-consumer-analytics", "up to 360", lambda minutes: minutes <= 360)
    ] = Field(
        default=60,
        ge=5,
        le=1440,
        description="Minutes by which a consumer may be behind before an alarm says so.",
    )


class SearchSettings(Settings):
    """The search domain, and the events. Every default is the decision's value."""

    engine_version: Annotated[
        str, Form(r"^OpenSearch_[23]\.[0-9]{1,2}$", "a version of OpenSearch 2 or 3, such as OpenSearch_2.19")
    ] = Field(
        default="OpenSearch_2.19",
        examples=["OpenSearch_2.17", "OpenSearch_3.1"],
        description="Version of OpenSearch. AWS keeps its service software current by itself; this is raised here.",
    )
    zone_aware: Annotated[bool, KeepsAdr("search-3-nodes", "true", bool)] = Field(
        default=True, description="Whether nodes are spread over all zones of the network, or are all in the first one."
    )
    nodes_per_zone: Annotated[int, KeepsAdr("search-3-nodes", "1 or more", lambda nodes: nodes >= 1)] = Field(
        default=1, ge=1, le=10, description="Data nodes in each of its zones, so that every zone has as many."
    )
    node_type: NodeType = Field(
        default="r7g.large.search",
        examples=["m7g.medium.search", "r6g.xlarge.search", "c7i.16xlarge.search"],
        description="Instance type of data nodes, one that is not burstable.",
    )
    volume_gib: int = Field(
        default=100,
        ge=10,
        le=1000,
        examples=[30, 1000],
        description="GiB of the gp3 volume of each data node, 10 to 1000; nodes of size medium take 300 at most.",
    )
    dedicated_masters: Annotated[bool, KeepsAdr("search-3-nodes", "true", bool)] = Field(
        default=True, description=f"Whether {_MASTERS} nodes do nothing but keep the cluster together."
    )
    master_type: NodeType = Field(
        default="m7g.medium.search",
        examples=["m7g.large.search", "c7g.large.search"],
        description="Instance type of these master nodes.",
    )
    index_shards: Annotated[int, KeepsAdr("search-shards-5", "5", lambda shards: shards == 5)] = Field(
        default=5, ge=1, le=100, description="Primary shards of each index that is made from now on."
    )
    index_replicas: Annotated[int, KeepsAdr("search-replicas-1", "1", lambda replicas: replicas == 1)] = Field(
        default=1, ge=0, le=2, description="Replicas of each shard; none where there is one node to be on."
    )
    event_days: int = Field(
        default=30, ge=1, le=365, description="Days that events can be searched and shown by dashboards."
    )
    audit_log_days: Annotated[
        RetentionDays, KeepsAdr("obs-retention-audit", "731 or more", lambda days: days >= 731)
    ] = Field(default=731, description="Days that the record of who did what in the domain is kept.")
    log_days: Annotated[RetentionDays, KeepsAdr("obs-default-retention-90", "90 or more", lambda days: days >= 90)] = (
        Field(default=90, description="Days that slow and application logs are kept.")
    )
    update_hour: int = Field(
        default=2, ge=0, le=23, description="Hour, in UTC, at which the ten hours begin in which AWS may update it."
    )
    create_service_linked_role: bool = Field(
        default=True,
        description=(
            "Whether the stack makes AWSServiceRoleForAmazonOpenSearchService, by which a domain gets into the VPC. An "
            "account has one: false where another stack, or the console, has made it."
        ),
    )
    events: EventSettings = Field(default=EventSettings(), description="The stream of events and its consumers.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse."""
        if ".medium." in self.node_type and self.volume_gib > _LARGEST_OF_MEDIUM:
            yield Conflict(
                ("volumeGib",), self.volume_gib, f"{_LARGEST_OF_MEDIUM} or less for nodeType {self.node_type}"
            )

    @property
    def masters(self) -> int:
        """How many dedicated master nodes there are."""
        return _MASTERS if self.dedicated_masters else 0
