"""Guardrails of the load balancer: lb-*, its part of api-waf, and how it routes around what is ill."""

from guardrails.api_layer.balancers import BALANCER_GUARDRAILS
from guardrails.api_layer.certificates import CERTIFICATE_GUARDRAILS
from guardrails.api_layer.listeners import LISTENER_GUARDRAILS
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
)
