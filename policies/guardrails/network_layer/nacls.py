"""Clause net-nacls-sgs, its network ACLs: one a tier, each as narrow as its tier allows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.placement import (
    DEFAULT_NETWORK_ACL,
    NETWORK_ACL,
    SUBNET,
    VPC,
    LeadsTo,
    has_gateway_endpoint,
    is_placed,
    is_public_tier,
    leads_to,
    network_acls_of,
    subnets_under,
    tiers_of,
)
from guardrails.reading import Properties, UndecidedError, UnreadableError

_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
_ANYWHERE = ip_network("0.0.0.0/0")
_TCP = {"tcp", "6"}
_ALL_PROTOCOLS = {"-1", "all"}
_LAST_PORT = 65535
_EPHEMERAL = range(1024, _LAST_PORT + 1)
_REMOTE_DESKTOP = 3389
_ADMIN_PORTS = (22, _REMOTE_DESKTOP)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule that lets traffic pass."""

    inbound: bool
    protocol: str
    peer: IPv4Network | IPv6Network
    ports: range

    def __str__(self) -> str:
        direction = "from" if self.inbound else "to"
        protocol = "all protocols" if self.protocol in _ALL_PROTOCOLS else self.protocol
        return f"{protocol} {self.ports.start}-{self.ports.stop - 1} {direction} {self.peer}"

    def within(self, vpcs: list[IPv4Network | IPv6Network]) -> bool:
        """Return whether the peer lies in the VPC."""
        return any(
            isinstance(self.peer, IPv4Network) and isinstance(vpc, IPv4Network) and self.peer.subnet_of(vpc)
            for vpc in vpcs
        )


def _entries(acl: Node) -> Iterator[_Entry]:
    """Yield what an ACL allows, by inline rules and by rules of their own."""
    separate = acl.referrers("networkAclId", _RULE)
    for key in ("ingress", "egress"):
        try:
            blocks = acl.properties.blocks(key)
        except UndecidedError:
            if not separate:
                raise
            continue  # the provider computes the list from the separate rules
        for block in blocks:
            if block.text("action") != "deny":
                yield _entry(block, key == "ingress")
    for rule in separate:
        if rule.properties.text("ruleAction") != "deny":
            yield _entry(rule.properties, not rule.properties.flag("egress"))


def _entry(block: Properties, inbound: bool) -> _Entry:
    protocol = (block.text("protocol") or "-1").lower()
    peer = block.network("cidrBlock") or block.network("ipv6CidrBlock") or _ANYWHERE
    first, last = block.number("fromPort"), block.number("toPort")
    if protocol in _ALL_PROTOCOLS or first is None or last is None:
        return _Entry(inbound, protocol, peer, range(_LAST_PORT + 1))
    return _Entry(inbound, protocol, peer, range(int(first), int(last) + 1))


def _vpc_blocks(acl: Node) -> list[IPv4Network | IPv6Network]:
    blocks = [vpc.properties.network("cidrBlock") for vpc in acl.refers("vpcId", VPC)]
    if not blocks:
        raise UnreadableError("its VPC is not one of this stack, so that inside and outside can't be told apart")
    return [block for block in blocks if block is not None]


def _one_acl(subject: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if subject.type == SUBNET:
        acls = network_acls_of(subject)
        if len(acls) != 1:
            yield f"it is under {len(acls)} network ACLs of this stack, not 1; without one AWS lets everything pass"
    elif (count := len(tiers_of(subject, graph))) < 3:
        yield f"its subnets are under {count} network ACLs, not one each for public, private and data"


def _data_tier(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    subnets = [subnet for subnet in subnets_under(acl) if is_placed(subnet)]
    if not subnets or any(leads_to(subnet) is not LeadsTo.VPC or has_gateway_endpoint(subnet) for subnet in subnets):
        return
    vpcs = _vpc_blocks(acl)
    for entry in _entries(acl):
        if not entry.within(vpcs):
            yield f"it allows {entry}, outside the VPC"


def _narrow(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    vpcs = _vpc_blocks(acl)
    subnets = subnets_under(acl)
    doors = (80, 443) if subnets and is_public_tier(subnets) else ()
    for entry in _entries(acl):
        if entry.within(vpcs):
            continue
        if entry.protocol not in _TCP:
            yield f"it allows {entry}, which is not TCP"
        elif entry.inbound and any(port in entry.ports for port in _ADMIN_PORTS):
            yield f"it allows {entry}, which opens SSH or remote desktop"
        elif entry.inbound and any(port < _EPHEMERAL.start and port not in doors for port in _ends(entry.ports)):
            yield f"it allows {entry}; from outside only answers may come in" + (
                ", and HTTP and HTTPS" if doors else ""
            )


def _ends(ports: range) -> Iterable[int]:
    """Return enough of a range to tell whether all of it is allowed: privileged ports are judged one by one."""
    return ports if len(ports) < _EPHEMERAL.start else (ports.start, ports.stop - 1)


def _return_ports(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    subnets = [subnet for subnet in subnets_under(acl) if is_placed(subnet)]
    if not subnets:
        return
    entries = list(_entries(acl))
    outside = any(leads_to(subnet) is not LeadsTo.VPC or has_gateway_endpoint(subnet) for subnet in subnets)
    for vpc in _vpc_blocks(acl):
        for inbound, peer in ((True, vpc), (False, vpc), *(((True, _ANYWHERE),) if outside else ())):
            if missing := _uncovered(entries, inbound, peer):
                way = "from" if inbound else "to"
                yield f"answers {way} {peer} on port {missing} are dropped; network ACLs are stateless"


def _uncovered(entries: list[_Entry], inbound: bool, peer: IPv4Network | IPv6Network) -> int | None:
    """Return the first ephemeral port, remote desktop aside, that no rule lets pass."""
    port = _EPHEMERAL.start
    spans = sorted(
        (entry.ports.start, entry.ports.stop)
        for entry in entries
        if entry.inbound is inbound
        and entry.protocol in _TCP | _ALL_PROTOCOLS
        and type(entry.peer) is type(peer)
        and peer.subnet_of(entry.peer)  # pyright: ignore[reportArgumentType] same version, see above
    )
    for start, stop in spans:
        port = port + 1 if port == _REMOTE_DESKTOP else port
        if start <= port < stop:
            port = stop
    return port if port <= _LAST_PORT else None


NACL_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="network-acl-per-tier",
        title="Every subnet is under one network ACL, and each of the three tiers has its own",
        clauses=("net-nacls-sgs",),
        severity="high",
        types=frozenset({SUBNET, VPC}),
        check=_one_acl,
        remediation="List the subnet under the network ACL of its tier.",
    ),
    StackGuardrail(
        id="data-tier-acl-vpc-only",
        title="The data tier's network ACL lets only the VPC through",
        clauses=("net-nacls-sgs", "net-private-subnets"),
        severity="critical",
        types=frozenset({NETWORK_ACL, DEFAULT_NETWORK_ACL}),
        check=_data_tier,
        remediation="Bound every rule of the data tier to the VPC's CIDR block.",
    ),
    StackGuardrail(
        id="network-acls-narrow",
        title="From outside the VPC, network ACLs let in answers only, and web traffic to the public tier",
        clauses=("net-nacls-sgs",),
        severity="high",
        types=frozenset({NETWORK_ACL, DEFAULT_NETWORK_ACL}),
        check=_narrow,
        controls=("EC2.21", "CIS 5.2", "CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352"),
        remediation="Take the rule out, or narrow it to TCP, to the tier's ports and to the peers that need it.",
    ),
    StackGuardrail(
        id="network-acls-let-answers-pass",
        title="Network ACLs let answers pass in both directions",
        clauses=("net-nacls-sgs",),
        severity="medium",
        types=frozenset({NETWORK_ACL, DEFAULT_NETWORK_ACL}),
        check=_return_ports,
        remediation="Allow TCP 1024-65535, less 3389 from outside, in the direction that the message names.",
    ),
)
