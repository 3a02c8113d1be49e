"""Names in the compliant prod stack, and what the guardrails of the load balancer say of it."""

from collections.abc import Mapping
from typing import Any

from guardrails.api_layer import API_GUARDRAILS
from preview.topology import Topology
from tests.support import judging

ALB = "api-load-balancer-alb"
HTTP, HTTPS = "api-load-balancer-http", "api-load-balancer-https"
CERTIFICATE, VALIDATION, ORIGIN = "api-certificate-request", "api-certificate-issued", "edge-origin-services-primary"
BLUE, GREEN, RULE, SERVICE = (
    "api-route-auth-blue",
    "api-route-auth-green",
    "api-route-auth-rule",
    "compute-auth-service",
)
OTHER_BLUE, OTHER_GREEN, OTHER_RULE = "api-route-ai-blue", "api-route-ai-green", "api-route-ai-rule"
OTHER_SERVICE = "compute-ai-service"
ACL, ASSOCIATION, LOGGING, ACL_LOG = (
    "api-web-acl-rules",
    "api-web-acl-association",
    "api-web-acl-logging",
    "api-web-acl-log",
)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of the load balancer a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, API_GUARDRAILS)
