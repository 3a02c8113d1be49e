"""Names of the REST API in the compliant prod stack, and changes of its document."""

import json
from collections.abc import Callable
from typing import Any

from preview.topology import Topology
from tests.policies.breaking import Case, Change, at
from tests.policies.database_layer.stack import inputs_of
from tests.support.editing import edited
from tests.support.recording import recorded

API, STAGE, DEPLOYMENT, LIMITS = "api-rest-definition", "api-rest-stage", "api-rest-deployment", "api-rest-limits"
ACCESS_LOG, EXECUTION_LOG, STAGE_ACL = "api-rest-access-log", "api-rest-execution-log", "api-rest-stage-web-acl"
PERMISSION, LOG_ACCOUNT, LOG_ROLE = "api-rest-may-ask", "api-log-writer-account", "api-log-writer-role"
DOMAIN, MAPPING, RECORD = "api-domain-name", "api-domain-mapping", "edge-origin-primary"
DOMAIN_CERTIFICATE, DOMAIN_VALIDATION = "api-domain-certificate-request", "api-domain-certificate-issued"
INTEGRATION = "x-amazon-apigateway-integration"

OWN, INTERNAL, LOGIN = "/api/{proxy+}", "/internal/{service}/{proxy+}", "/api/auth/login"


def document() -> dict[str, Any]:
    """Return the document of the API."""
    found: dict[str, Any] = json.loads(inputs_of(recorded("prod"), API)["body"])
    return found


def rewritten(change: Callable[[dict[str, Any]], Any]) -> Change:
    """Change the document, in place."""

    def made(topology: Topology) -> Topology:
        found = json.loads(inputs_of(topology, API)["body"])
        change(found)
        return edited(topology, API, {"body": json.dumps(found)})

    return made


def written(*place: str, value: Any) -> Change:
    """Put a value at a place of the document; ``None`` takes out what is there."""

    def change(found: dict[str, Any]) -> None:
        *parents, key = place
        for parent in parents:
            found = found.setdefault(parent, {})
        if value is None:
            found.pop(key, None)
        else:
            found[key] = value

    return rewritten(change)


def broken_document(guardrail: str, *place: str, values: tuple[Any, ...]) -> dict[str, Case]:
    """Return a case for each value at a place of the document, all of which break one guardrail."""
    return {f"{' '.join(place)} {value!r}": Case(written(*place, value=value), at(guardrail, API)) for value in values}
