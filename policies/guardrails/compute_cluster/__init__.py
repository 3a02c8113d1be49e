"""Guardrails of compute: compute-*, cost-target-*, cost-spot-*, cost-*-scaling, dr-blue-green and dr-ecr-immutable."""

from guardrails.compute_cluster.bursts import BURST_GUARDRAILS
from guardrails.compute_cluster.clusters import CLUSTER_GUARDRAILS
from guardrails.compute_cluster.containers import CONTAINER_GUARDRAILS
from guardrails.compute_cluster.contents import CONTENT_GUARDRAILS
from guardrails.compute_cluster.deployments import DEPLOYMENT_GUARDRAILS
from guardrails.compute_cluster.discovery import DISCOVERY_GUARDRAILS
from guardrails.compute_cluster.fargate import FARGATE_GUARDRAILS
from guardrails.compute_cluster.hardening import HARDENING_GUARDRAILS
from guardrails.compute_cluster.health import HEALTH_GUARDRAILS
from guardrails.compute_cluster.images import IMAGE_GUARDRAILS
from guardrails.compute_cluster.logs import LOG_GUARDRAILS
from guardrails.compute_cluster.roles import ROLE_GUARDRAILS
from guardrails.compute_cluster.scaling import SCALING_GUARDRAILS
from guardrails.compute_cluster.secrets import SECRET_GUARDRAILS
from guardrails.compute_cluster.services import SERVICE_GUARDRAILS
from guardrails.compute_cluster.spot import SPOT_GUARDRAILS
from guardrails.compute_cluster.tracing import TRACING_GUARDRAILS
from guardrails.compute_cluster.volumes import VOLUME_GUARDRAILS
from guardrails.model import Guardrail

COMPUTE_GUARDRAILS: tuple[Guardrail, ...] = (
    *FARGATE_GUARDRAILS,
    *CONTAINER_GUARDRAILS,
    *CONTENT_GUARDRAILS,
    *VOLUME_GUARDRAILS,
    *HEALTH_GUARDRAILS,
    *HARDENING_GUARDRAILS,
    *LOG_GUARDRAILS,
    *SECRET_GUARDRAILS,
    *IMAGE_GUARDRAILS,
    *SERVICE_GUARDRAILS,
    *DEPLOYMENT_GUARDRAILS,
    *DISCOVERY_GUARDRAILS,
    *SCALING_GUARDRAILS,
    *BURST_GUARDRAILS,
    *SPOT_GUARDRAILS,
    *TRACING_GUARDRAILS,
    *CLUSTER_GUARDRAILS,
    *ROLE_GUARDRAILS,
)
