"""Clause net-nacls-sgs: rules between security groups stand in pairs, as a caller needs both to get through."""

from collections.abc import Iterable, Iterator

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.network_layer.group_rules import GROUP_RULES, SECURITY_GROUP, GroupRule, read_rules

_PEERS = ("referencedSecurityGroupId", "sourceSecurityGroupId")


def _owners(node: Node) -> list[Node]:
    return node.refers("securityGroupId", SECURITY_GROUP)


def _peers(node: Node) -> list[Node]:
    return [group for key in _PEERS for group in node.refers(key, SECURITY_GROUP)]


def _rules(node: Node) -> list[GroupRule]:
    return list(read_rules(node.type, node.properties))


def _counterparts(node: Node) -> Iterator[GroupRule]:
    """Yield the rules of the groups that a rule names which name its own group."""
    owners = _owners(node)
    for peer in _peers(node):
        for other in peer.referrers("securityGroupId", *sorted(GROUP_RULES)):
            if any(group in owners for group in _peers(other)):
                yield from _rules(other)


def _in_pairs(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _peers(node):
        return
    for rule in _rules(node):
        if not any(
            (other.ingress, other.protocol, other.ports) == (not rule.ingress, rule.protocol, rule.ports)
            for other in _counterparts(node)
        ):
            own, peer = (", ".join(sorted(group.name for group in found)) for found in (_owners(node), _peers(node)))
            caller, called = (peer, own) if rule.ingress else (own, peer)
            missing = f"no rule lets {caller} call out to {called}" if rule.ingress else f"{called} does not let it in"
            ports = "-".join(f"{port:g}" for port in dict.fromkeys(rule.ports) if port is not None)
            yield f"it is for calls of {caller} to {called} by {rule.protocol} {ports}, but {missing}".rstrip()


RULE_PAIR_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="security-group-rules-in-pairs",
        title="What one security group may call lets it in, and the reverse",
        clauses=("net-nacls-sgs", "net-sg-ecs", "net-sg-rds", "net-sg-redis"),
        severity="medium",
        types=GROUP_RULES,
        check=_in_pairs,
        remediation="Add a row to the table of SecurityGroups, which makes both rules, and no single rule.",
    ),
)
