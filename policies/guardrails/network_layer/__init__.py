"""Guardrails of the clauses net-* and audit-vpc-flow-logs."""

from guardrails.model import Guardrail
from guardrails.network_layer.attachments import ATTACHMENT_GUARDRAILS
from guardrails.network_layer.endpoints import ENDPOINT_GUARDRAILS
from guardrails.network_layer.flow_logs import FLOW_LOG_GUARDRAILS
from guardrails.network_layer.known_inputs import KNOWN_INPUT_GUARDRAILS
from guardrails.network_layer.nacls import NACL_GUARDRAILS
from guardrails.network_layer.private_subnets import PRIVATE_SUBNET_GUARDRAILS
from guardrails.network_layer.public_subnets import PUBLIC_SUBNET_GUARDRAILS
from guardrails.network_layer.rule_pairs import RULE_PAIR_GUARDRAILS
from guardrails.network_layer.security_groups import SECURITY_GROUP_GUARDRAILS

NETWORK_GUARDRAILS: tuple[Guardrail, ...] = (
    *PRIVATE_SUBNET_GUARDRAILS,
    *ATTACHMENT_GUARDRAILS,
    *PUBLIC_SUBNET_GUARDRAILS,
    *ENDPOINT_GUARDRAILS,
    *NACL_GUARDRAILS,
    *SECURITY_GROUP_GUARDRAILS,
    *RULE_PAIR_GUARDRAILS,
    *FLOW_LOG_GUARDRAILS,
    *KNOWN_INPUT_GUARDRAILS,
)
