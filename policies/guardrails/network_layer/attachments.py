"""Routes, rules and associations are judged with what they are attached to, so that it must be of this stack."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.network_layer.group_rules import DEFAULT_SECURITY_GROUP, GROUP_RULES, SECURITY_GROUP
from guardrails.placement import (
    DEFAULT_NETWORK_ACL,
    ENDPOINT_POLICY,
    ENDPOINT_ROUTE_TABLE,
    NETWORK_ACL,
    NETWORK_ACL_ASSOCIATION,
    NETWORK_ACL_RULE,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)

_ATTACHED_TO: Mapping[str, tuple[str, tuple[str, ...]]] = {
    ENDPOINT_POLICY: ("vpcEndpointId", (VPC_ENDPOINT,)),
    ENDPOINT_ROUTE_TABLE: ("vpcEndpointId", (VPC_ENDPOINT,)),
    NETWORK_ACL_ASSOCIATION: ("subnetId", (SUBNET,)),
    NETWORK_ACL_RULE: ("networkAclId", (NETWORK_ACL, DEFAULT_NETWORK_ACL)),
    ROUTE: ("routeTableId", (ROUTE_TABLE,)),
    ROUTE_TABLE_ASSOCIATION: ("subnetId", (SUBNET,)),
    SECURITY_GROUP: ("vpcId", (VPC,)),  # of the account's default VPC where it is left out
    # A rule of the VPC's default group is default-security-group-closed's.
    **dict.fromkeys(GROUP_RULES, ("securityGroupId", (SECURITY_GROUP, DEFAULT_SECURITY_GROUP, VPC))),
}


def _attached(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    key, types = _ATTACHED_TO[node.type]
    if not node.refers(key, *types):
        yield f"{key} refers to no {types[0].rpartition(':')[2]} of this stack"


ATTACHMENT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="network-parts-attached",
        title="Routes, associations and rules are attached to what the stack declares",
        clauses=("net-private-subnets", "net-nacls-sgs"),
        severity="high",
        types=frozenset(_ATTACHED_TO),
        check=_attached,
        remediation="Pass the id of a resource that the stack declares.",
    ),
)
