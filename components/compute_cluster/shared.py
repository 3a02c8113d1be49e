"""What all services and workers of a cluster share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.backing import Backing
from components.compute_cluster.settings import ComputeSettings
from components.compute_cluster.variables import DatabaseAccess
from components.naming import Naming


@dataclass(frozen=True, slots=True)
class SharedParts:
    """The cluster, and where and with what its tasks run."""

    settings: ComputeSettings
    naming: Naming
    cluster_name: str
    cluster_arn: pulumi.Input[str]
    capacity: pulumi.Resource
    """The cluster's capacity providers: what runs on them waits for this."""
    namespace_arn: pulumi.Input[str]
    """Where services find each other."""
    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets, one in each zone."""
    group_id: pulumi.Input[str]
    """Security group of all tasks."""
    zones: int
    """How many zones the subnets are in."""
    port: int
    """TCP port of all containers that listen."""
    database: DatabaseAccess
    backings: Sequence[Backing]
    """What tasks may use beside it."""
    metrics_log_group: str
    """Name of the log group that metrics go through."""
    secret_key_aliases: Sequence[str]
    """Aliases of the keys that encrypt what tasks read at their start."""
    needs: Sequence[pulumi.Resource]
    """What must be there before any task starts."""
    log_key_arn: pulumi.Input[str]
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    protect: bool
    """Whether logs are protected from deletion."""
