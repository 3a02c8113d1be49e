"""Services and workers on Fargate."""

from components.compute_cluster.layer import ComputeArgs, ComputeCluster
from components.compute_cluster.limits import name_conflicts, size_conflicts
from components.compute_cluster.settings import ComputeSettings

__all__ = ["ComputeArgs", "ComputeCluster", "ComputeSettings", "name_conflicts", "size_conflicts"]
