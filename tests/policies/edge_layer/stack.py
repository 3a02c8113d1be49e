"""Names in the compliant prod stack, and what the guardrails of the edge say of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardrails.edge_layer import EDGE_GUARDRAILS
from preview.topology import Topology
from tests.support import judging, recording

APP, VIDEO = "edge-app-distribution", "edge-video-distribution"
BOTH = (APP, VIDEO)
CERTIFICATE, ISSUED = "edge-certificate-request", "edge-certificate-issued"
ACL, REGIONAL_ACL = "edge-web-acl-rules", "api-web-acl-rules"
ACCESS, VIDEO_ACCESS, FILES = "edge-app-access", "edge-video-access", "edge-files-bucket"
ROUTER, KEYS, KEY = "edge-app-router", "edge-video-keys", "edge-video-key-2026-11"
PAGES, PUBLIC, MANIFESTS, ASSETS = (
    "edge-cache-pages",
    "edge-cache-public-api",
    "edge-cache-manifests",
    "edge-cache-assets",
)
PAGE_HEADERS, VIDEO_HEADERS = "edge-headers-pages", "edge-headers-video"
PRIMARY, HEALTH, VIDEO_HEALTH = "edge-origin-primary", "edge-origin-health", "edge-video-health"
VIDEO_PRIMARY, VIDEO_SECONDARY = "edge-video-primary", "edge-video-secondary"
SOURCE, DELIVERY, DESTINATION = "edge-access-logs-app", "edge-access-logs-app-delivery", "edge-access-logs-archive"

_ABOUT = (
    "fitness-platform:edge:",
    "fitness-platform:entry:",
    "fitness-platform:api:OriginCertificate",
    "fitness-platform:api:PublicLoadBalancer",
    "fitness-platform:api:RestDomain",
    "fitness-platform:api:WebAcl",
    "fitness-platform:security:",
    "fitness-platform:storage:PrivateBucket",
    "aws:s3/bucket:Bucket",
    "aws:apigateway/domainName:DomainName",
    "aws:route53/record:Record",
    "pulumi:providers:aws",
)


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less what has nothing to do with the edge: it would be judged every time."""
    topology = recording.recorded(stack, **sections)
    kept = {
        urn: found
        for urn, found in topology.resources.items()
        if any(type_.startswith(_ABOUT) for type_ in urn.split("::")[2].split("$"))
    }
    return replace(topology, resources=kept)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of the edge a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, EDGE_GUARDRAILS)
