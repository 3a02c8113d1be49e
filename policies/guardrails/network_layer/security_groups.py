"""Clause net-nacls-sgs, its security groups: rules of their own, described, and never open to the world at large."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.network_layer.group_rules import (
    DEFAULT_SECURITY_GROUP,
    GROUP_RULES,
    SECURITY_GROUP,
    GroupRule,
    read_rules,
)
from guardrails.placement import VPC
from guardrails.reading import Properties

_WEB_PORTS = (80, 443)
_PROVIDER_DESCRIPTIONS = {"Managed by Pulumi", "Managed by Terraform"}


def _not_open(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for rule in read_rules(type_, properties):
        way = "from" if rule.ingress else "to"
        public = [str(block) for block in rule.public_blocks]
        if rule.prefix_list:
            public.append("a prefix list")
        if rule.all_protocols:
            yield f"it allows all protocols {way} {', '.join(public) or 'its peers'}"
        elif rule.ingress and public and not _is_web(rule):
            span = "-".join(f"{port:.0f}" for port in rule.ports if port is not None) or "any port"
            yield (
                f"it allows {rule.protocol} {span} from {', '.join(public)}: "
                "from public addresses only HTTP and HTTPS may come in"
            )
        elif not rule.ingress and public and not (rule.is_tcp and rule.ports[0] == rule.ports[1] is not None):
            yield f"it allows more than TCP on one port to {', '.join(public)}"


def _is_web(rule: GroupRule) -> bool:
    return rule.is_tcp and rule.ports in [(port, port) for port in _WEB_PORTS]


def _separate_rules(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("ingress", "egress"):
        if properties.given(key):
            yield f"{key} rules are given inline, where they fight with rules of their own and with each other's order"


def _described(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    description = properties.text("description")
    if description is None or description in _PROVIDER_DESCRIPTIONS:
        yield "it has no description of its own"


def _default_group_closed(vpc: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    groups = vpc.referrers("vpcId", DEFAULT_SECURITY_GROUP)
    if not groups:
        yield "its default security group is not adopted, so that it lets its members talk to each other and to anyone"
    for holder in (vpc, *groups):
        for rule in holder.referrers("securityGroupId", *sorted(GROUP_RULES)):
            yield f"{rule.name} is a rule of its default security group, which has none"


SECURITY_GROUP_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="default-security-group-closed",
        title="The default security group of every VPC is adopted and has no rules",
        clauses=("net-nacls-sgs",),
        severity="high",
        types=frozenset({VPC}),
        check=_default_group_closed,
        controls=("EC2.2", "CIS 5.5", "CKV2_AWS_12", "ec2_securitygroup_default_restrict_traffic"),
        remediation="Declare an aws.ec2.DefaultSecurityGroup without rules for the VPC.",
    ),
    ResourceGuardrail(
        id="security-group-rules-separate",
        title="Rules of security groups are resources of their own",
        clauses=("net-nacls-sgs",),
        severity="medium",
        types=frozenset({SECURITY_GROUP, DEFAULT_SECURITY_GROUP}),
        check=_separate_rules,
        remediation="Declare an aws.vpc.SecurityGroupIngressRule or EgressRule for each rule.",
    ),
    ResourceGuardrail(
        id="security-groups-described",
        title="Security groups and their rules say what they are for",
        clauses=("net-nacls-sgs",),
        severity="low",
        types=frozenset({SECURITY_GROUP, *GROUP_RULES}),
        check=_described,
        controls=("CKV_AWS_23", "AwsSolutions-EC27"),
        remediation="Give it a description.",
    ),
    ResourceGuardrail(
        id="security-groups-not-open",
        title="Security groups let in only HTTP and HTTPS from public addresses, and out to them one port a rule",
        clauses=("net-nacls-sgs", "net-sg-alb"),
        severity="critical",
        types=frozenset({SECURITY_GROUP, DEFAULT_SECURITY_GROUP, *GROUP_RULES}),
        check=_not_open,
        controls=(
            "EC2.13",
            "EC2.14",
            "EC2.18",
            "EC2.19",
            "CIS 5.3",
            "CIS 5.4",
            "CKV_AWS_24",
            "CKV_AWS_25",
            "CKV_AWS_277",
            "CKV_AWS_382",
            "ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports",
        ),
        remediation="Name a security group or a private block as the peer, and the protocol and ports that it needs.",
    ),
)
