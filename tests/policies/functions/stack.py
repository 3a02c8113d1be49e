"""Names in the compliant prod stack, and what the guardrails of functions say of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardrails.functions import FUNCTION_GUARDRAILS
from preview.topology import Topology
from tests.support import judging, recording

ACCOUNT, REGION, OTHER_ACCOUNT = "444455556666", "us-east-1", "999988887777"
STACK = "fitness-platform-prod"
_EMAIL = "async-email-processor"
FUNCTION, ALIAS, LOG, ROLE = f"{_EMAIL}-function", f"{_EMAIL}-alias", f"{_EMAIL}-log", f"{_EMAIL}-role"
POLICY, SOURCE = f"{_EMAIL}-does-its-work", "async-email-source"
ERRORS, THROTTLES = f"{_EMAIL}-Errors", f"{_EMAIL}-Throttles"
NAME = "fitness-platform-prod-email-processor"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
OTHER_FUNCTION, OTHER_ALIAS = "async-health-metrics-processor-function", "async-health-metrics-processor-alias"
OTHER_ROLE, OTHER_LOG = "async-health-metrics-processor-role", "async-health-metrics-processor-log"
WARM, WARM_FUNCTION = "async-payment-webhooks-processor-warm", "async-payment-webhooks-processor-function"
KEY, LETTERS = "security-secrets-key", "async-email-dead-letters-queue"

_KEPT = ("pulumi:", "fitness-platform:async:", "fitness-platform:security:SecurityLayer")


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less what has nothing to do with functions."""
    topology = recording.recorded(stack, **sections)
    kept = {urn: found for urn, found in topology.resources.items() if urn.split("::")[2].startswith(_KEPT)}
    return replace(topology, resources=kept)


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails of functions a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, FUNCTION_GUARDRAILS)
