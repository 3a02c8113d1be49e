"""Rules of security groups, read alike from the three ways to declare them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

from guardrails.reading import MalformedError, Properties

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_EITHER_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
GROUP_RULES = frozenset({_INGRESS_RULE, _EGRESS_RULE, _EITHER_RULE})
"""Rules that are resources of their own."""

_ALL_PROTOCOLS = {"-1", "all"}
_PRIVATE = [ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What one rule lets pass."""

    ingress: bool
    protocol: str
    ports: tuple[float | None, float | None]
    blocks: tuple[IPv4Network | IPv6Network, ...]
    prefix_list: bool
    """Whether it names a prefix list, whose blocks can't be seen."""
    itself: bool
    """Whether it names its own group by ``self``."""

    @property
    def all_protocols(self) -> bool:
        """Whether it lets everything pass."""
        return self.protocol in _ALL_PROTOCOLS

    @property
    def is_tcp(self) -> bool:
        """Whether it lets TCP pass and nothing else."""
        return self.protocol in ("tcp", "6")

    @property
    def public_blocks(self) -> list[IPv4Network | IPv6Network]:
        """Its CIDR blocks that do not lie within a private range."""
        return [block for block in self.blocks if not _is_private(block)]

    def admits_tcp(self, port: float) -> bool:
        """Return whether it lets TCP pass on a port."""
        first, last = self.ports
        return self.all_protocols or (self.is_tcp and first is not None and last is not None and first <= port <= last)

    def covers(self, block: IPv4Network | IPv6Network) -> bool:
        """Return whether one of its CIDR blocks holds all of another."""
        return any(
            block.version == own.version and block.subnet_of(own)  # pyright: ignore[reportArgumentType] same version
            for own in self.blocks
        )


def _is_private(block: IPv4Network | IPv6Network) -> bool:
    return any(
        block.version == private.version and block.subnet_of(private)  # pyright: ignore[reportArgumentType] same version
        for private in _PRIVATE
    )


def read_rules(
    type_: str, properties: Properties, inline: Sequence[str] = ("ingress", "egress")
) -> Iterator[GroupRule]:
    """Yield the rules that a security group or a rule of its own declares; ``type_`` is its canonical type.

    ``inline`` are the properties of a group to read. Among outputs, those that are not given are AWS's.
    """
    if type_ in (SECURITY_GROUP, DEFAULT_SECURITY_GROUP):
        for key in inline:
            for block in properties.blocks(key):
                yield _rule(block, "protocol", _listed(block), "prefixListIds", ingress=key == "ingress")
    elif type_ == _EITHER_RULE:
        ingress = properties.text("type") != "egress"
        yield _rule(properties, "protocol", _listed(properties), "prefixListIds", ingress=ingress)
    else:
        named = [text for key in ("cidrIpv4", "cidrIpv6") if (text := properties.text(key))]
        yield _rule(properties, "ipProtocol", named, "prefixListId", ingress=type_ == _INGRESS_RULE)


def _listed(rule: Properties) -> list[str]:
    return [text for key in ("cidrBlocks", "ipv6CidrBlocks") for text in rule.texts(key)]


def _rule(
    rule: Properties,
    protocol: Literal["protocol", "ipProtocol"],
    blocks: list[str],
    prefix_lists: Literal["prefixListIds", "prefixListId"],
    *,
    ingress: bool,
) -> GroupRule:
    return GroupRule(
        ingress=ingress,
        protocol=(rule.text(protocol) or "-1").lower(),
        ports=(rule.number("fromPort"), rule.number("toPort")),
        blocks=tuple(_block(text) for text in blocks),
        prefix_list=rule.given(prefix_lists),
        itself=rule.flag("self"),
    )


def _block(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise MalformedError("its peer", text, "a CIDR block") from None
