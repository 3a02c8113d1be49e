"""Guardrails of the way in: api-* of the REST API, lb-* of the load balancer, and the web ACL of both."""

from guardrails.api_layer.balancers import BALANCER_GUARDRAILS
from guardrails.api_layer.certificates import CERTIFICATE_GUARDRAILS
from guardrails.api_layer.listeners import LISTENER_GUARDRAILS
from guardrails.api_layer.rest_apis import REST_API_GUARDRAILS
from guardrails.api_layer.rest_domains import DOMAIN_GUARDRAILS
from guardrails.api_layer.rest_integrations import INTEGRATION_GUARDRAILS
from guardrails.api_layer.rest_logs import LOG_GUARDRAILS
from guardrails.api_layer.rest_operations import OPERATION_GUARDRAILS
from guardrails.api_layer.rest_stages import STAGE_GUARDRAILS
from guardrails.api_layer.rules import RULE_GUARDRAILS
from guardrails.api_layer.target_groups import TARGET_GROUP_GUARDRAILS
from guardrails.api_layer.web_acls import WEB_ACL_GUARDRAILS
from guardrails.model import Guardrail

API_GUARDRAILS: tuple[Guardrail, ...] = (
    *BALANCER_GUARDRAILS,
    *LISTENER_GUARDRAILS,
    *CERTIFICATE_GUARDRAILS,
    *RULE_GUARDRAILS,
    *TARGET_GROUP_GUARDRAILS,
    *WEB_ACL_GUARDRAILS,
    *REST_API_GUARDRAILS,
    *OPERATION_GUARDRAILS,
    *INTEGRATION_GUARDRAILS,
    *STAGE_GUARDRAILS,
    *LOG_GUARDRAILS,
    *DOMAIN_GUARDRAILS,
)
