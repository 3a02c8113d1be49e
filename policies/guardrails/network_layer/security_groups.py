"""Clause net-nacls-sgs, its security groups: rules of their own, described, and never open to the world at large."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import VPC
from guardrails.reading import MalformedError, Properties

_SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_EITHER_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_RULES = frozenset({_INGRESS_RULE, _EGRESS_RULE, _EITHER_RULE})

_PRIVATE = [ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_UNIQUE_LOCAL = ip_network("fc00::/7")
_ALL_PROTOCOLS = {"-1", "all"}
_WEB_PORTS = (80, 443)
_PROVIDER_DESCRIPTIONS = {"Managed by Pulumi", "Managed by Terraform"}


def _is_private(block: IPv4Network | IPv6Network) -> bool:
    if isinstance(block, IPv4Network):
        return any(isinstance(private, IPv4Network) and block.subnet_of(private) for private in _PRIVATE)
    return isinstance(_UNIQUE_LOCAL, IPv6Network) and block.subnet_of(_UNIQUE_LOCAL)


def _public_peers(rule: Properties, *, lists: bool) -> Iterator[str]:
    """Yield the CIDR blocks of a rule that are not private."""
    texts = (
        [text for key in ("cidrBlocks", "ipv6CidrBlocks") for text in rule.texts(key)]
        if lists
        else [text for key in ("cidrIpv4", "cidrIpv6") if (text := rule.text(key))]
    )
    for text in texts:
        try:
            block = ip_network(text, strict=False)
        except ValueError:
            raise MalformedError("cidrBlocks", text, "a CIDR block") from None
        if not _is_private(block):
            yield text


def _open_rule(rule: Properties, peers: Iterable[str], protocol: str, *, ingress: bool) -> Iterator[str]:
    for peer in peers:
        ports = (rule.number("fromPort"), rule.number("toPort"))
        if protocol in _ALL_PROTOCOLS:
            yield f"it allows all protocols {'from' if ingress else 'to'} {peer}"
        elif ingress and (protocol not in ("tcp", "6") or ports not in [(port, port) for port in _WEB_PORTS]):
            span = "-".join(f"{port:.0f}" for port in ports if port is not None)
            yield f"it allows {protocol} {span or 'any port'} from {peer}, a public address: only HTTP and HTTPS may"


def _not_open(type_: str, properties: Properties) -> Iterable[str]:
    if type_ in (_SECURITY_GROUP, _DEFAULT_GROUP):
        for key in ("ingress", "egress"):
            for block in properties.blocks(key):
                protocol = (block.text("protocol") or "-1").lower()
                yield from _open_rule(block, _public_peers(block, lists=True), protocol, ingress=key == "ingress")
    elif type_ == _EITHER_RULE:
        protocol = (properties.text("protocol") or "-1").lower()
        ingress = properties.text("type") != "egress"
        yield from _open_rule(properties, _public_peers(properties, lists=True), protocol, ingress=ingress)
    else:
        protocol = (properties.text("ipProtocol") or "-1").lower()
        yield from _open_rule(
            properties, _public_peers(properties, lists=False), protocol, ingress=type_ == _INGRESS_RULE
        )


def _separate_rules(_type: str, properties: Properties) -> Iterable[str]:
    for key in ("ingress", "egress"):
        if properties.given(key):
            yield f"{key} rules are given inline, where they fight with rules of their own and with each other's order"


def _described(_type: str, properties: Properties) -> Iterable[str]:
    description = properties.text("description")
    if description is None or description in _PROVIDER_DESCRIPTIONS:
        yield "it has no description of its own"


def _default_group_closed(vpc: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    groups = vpc.referrers("vpcId", _DEFAULT_GROUP)
    if not groups:
        yield "its default security group is not adopted, so that it lets its members talk to each other and to anyone"
    for holder in (vpc, *groups):
        for rule in holder.referrers("securityGroupId", *sorted(_RULES)):
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
        types=frozenset({_SECURITY_GROUP, _DEFAULT_GROUP}),
        check=_separate_rules,
        remediation="Declare an aws.vpc.SecurityGroupIngressRule or EgressRule for each rule.",
    ),
    ResourceGuardrail(
        id="security-groups-described",
        title="Security groups and their rules say what they are for",
        clauses=("net-nacls-sgs",),
        severity="low",
        types=frozenset({_SECURITY_GROUP, *_RULES}),
        check=_described,
        controls=("CKV_AWS_23",),
        remediation="Give it a description.",
    ),
    ResourceGuardrail(
        id="security-groups-not-open",
        title="Security groups let in nothing but HTTP and HTTPS from public addresses, and nothing with all protocols",
        clauses=("net-nacls-sgs", "net-sg-alb"),
        severity="critical",
        types=frozenset({_SECURITY_GROUP, _DEFAULT_GROUP, *_RULES}),
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
        remediation="Name a security group or a private block as the peer, and the ports that it needs.",
    ),
)
