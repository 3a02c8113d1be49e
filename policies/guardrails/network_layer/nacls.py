"""Clause net-nacls-sgs, its network ACLs: one a tier, each as narrow as its tier allows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.placement import (
    DEFAULT_NETWORK_ACL,
    NETWORK_ACL,
    NETWORK_ACL_RULE,
    SUBNET,
    VPC,
    LeadsTo,
    has_gateway_endpoint,
    holds_entry_points,
    is_placed,
    is_public_tier,
    leads_to,
    network_acls_of,
    subnets_under,
    tiers_of,
)
from guardrails.reading import Properties, UndecidedError, UnreadableError

_ANYWHERE = IPv4Network("0.0.0.0/0")
_TCP = {"tcp", "6"}
_ALL_PROTOCOLS = {"-1", "all"}
_LAST_PORT = 65535
_EPHEMERAL = range(1024, _LAST_PORT + 1)
_HTTPS = range(443, 444)
_WEB_PORTS = (80, 443)
_REMOTE_DESKTOP = 3389


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule of an ACL; of those that match, the one with the lowest number decides."""

    number: float
    allows: bool
    inbound: bool
    protocol: str
    peer: IPv4Network | IPv6Network
    ports: range

    def __str__(self) -> str:
        protocol = "all protocols" if self.protocol in _ALL_PROTOCOLS else self.protocol
        return f"{protocol} {self.ports.start}-{self.ports.stop - 1} {_way(self.inbound)} {self.peer}"

    def within(self, blocks: list[IPv4Network]) -> bool:
        """Return whether the peer lies in one of ``blocks``."""
        return isinstance(self.peer, IPv4Network) and any(self.peer.subnet_of(block) for block in blocks)

    def passes(self, inbound: bool, port: int, peer: IPv4Network) -> bool | None:
        """Return whether TCP from all of ``peer`` passes here, or ``None`` where this rule leaves that open."""
        if self.inbound is not inbound or self.protocol not in _TCP | _ALL_PROTOCOLS or port not in self.ports:
            return None
        if not isinstance(self.peer, IPv4Network) or not self.peer.overlaps(peer):
            return None
        if not self.allows:
            return False
        return True if peer.subnet_of(self.peer) else None


def _way(inbound: bool) -> str:
    return "from" if inbound else "to"


def _entries(acl: Node) -> Iterator[_Entry]:
    """Yield the rules of an ACL, inline ones and those of their own."""
    for key in ("ingress", "egress"):
        try:
            blocks = acl.properties.blocks(key)
        except UndecidedError:
            continue  # AWS computes what isn't given inline; inputs-known speaks of what is
        for block in blocks:
            yield _entry(block, "action", "ruleNo", inbound=key == "ingress")
    for rule in acl.referrers("networkAclId", NETWORK_ACL_RULE):
        yield _entry(rule.properties, "ruleAction", "ruleNumber", inbound=not rule.properties.flag("egress"))


def _entry(rule: Properties, action: str, number: str, *, inbound: bool) -> _Entry:
    protocol = (rule.text("protocol") or "-1").lower()
    first, last = rule.number("fromPort"), rule.number("toPort")
    if protocol in _ALL_PROTOCOLS or first is None or last is None:
        first, last = 0, _LAST_PORT
    return _Entry(
        number=rule.number(number) or 0,
        allows=(rule.text(action) or "allow").lower() != "deny",
        inbound=inbound,
        protocol=protocol,
        peer=rule.network("cidrBlock") or rule.network("ipv6CidrBlock") or _ANYWHERE,
        ports=range(int(first), int(last) + 1),
    )


def _outside(acl: Node) -> Iterator[_Entry]:
    """Yield the rules that let peers outside the VPC through."""
    vpcs = _vpc_blocks(acl)
    return (entry for entry in _entries(acl) if entry.allows and not entry.within(vpcs))


def _vpc_blocks(acl: Node) -> list[IPv4Network]:
    blocks = [vpc.properties.network("cidrBlock") for vpc in acl.refers("vpcId", VPC)]
    if not blocks:
        raise UnreadableError("its VPC is not one of this stack, so that inside and outside can't be told apart")
    return [block for block in blocks if isinstance(block, IPv4Network)]


def _leads_outside(subnets: list[Node]) -> bool:
    return any(leads_to(subnet) is not LeadsTo.VPC or has_gateway_endpoint(subnet) for subnet in subnets)


def _placed_under(acl: Node) -> list[Node]:
    return [subnet for subnet in subnets_under(acl) if is_placed(subnet)]


def _is_of_data_tier(acl: Node) -> bool:
    subnets = _placed_under(acl)
    return bool(subnets) and not _leads_outside(subnets) and not holds_entry_points(subnets)


def _one_acl(subject: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if subject.type == SUBNET:
        acls = network_acls_of(subject)
        if len(acls) != 1:
            yield f"it is under {len(acls)} network ACLs of this stack, not 1; without one AWS lets everything pass"
    elif (count := len(tiers_of(subject, graph))) < 3:
        yield f"its subnets are under {count} network ACLs, not one each for public, private and data"


def _data_tier(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if _is_of_data_tier(acl):
        for entry in _outside(acl):
            yield f"it allows {entry}, outside the VPC"


def _narrow(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if _is_of_data_tier(acl):
        return  # data-tier-acl-vpc-only is narrower
    subnets = subnets_under(acl)
    public = is_public_tier(subnets) or holds_entry_points(subnets)
    for entry in _outside(acl):
        web, answers = public or not entry.inbound, public or entry.inbound
        if entry.protocol not in _TCP:
            yield f"it allows {entry}, which is not TCP"
        elif entry.inbound and _REMOTE_DESKTOP in entry.ports:
            yield f"it allows {entry}, which opens remote desktop"
        elif _exceeds(entry.ports, web=web, answers=answers):
            allowed = " and ".join(word for word, passes in (("HTTP, HTTPS", web), ("answers", answers)) if passes)
            yield f"it allows {entry}; in its tier only {allowed} may pass there"


def _exceeds(ports: range, *, web: bool, answers: bool) -> bool:
    """Return whether a range holds more than web ports and ephemeral ones, as far as these are allowed."""
    privileged = range(ports.start, min(ports.stop, _EPHEMERAL.start))
    others = [port for port in privileged if not web or port not in _WEB_PORTS]
    return bool(others) or (ports.stop > _EPHEMERAL.start and not answers)


def _answers_pass(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for vpc in _vpc_blocks(acl):
        paths = [(True, vpc), (False, vpc)] if (subnets := _placed_under(acl)) else []
        if _leads_outside(subnets):
            paths.append((True, _ANYWHERE))
        if is_public_tier(subnets):
            paths.append((False, _ANYWHERE))
        for inbound, peer in paths:
            if port := _dropped(acl, inbound, peer, _EPHEMERAL):
                yield f"answers {_way(inbound)} {peer} on port {port} are dropped; network ACLs are stateless"


def _https_passes(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    subnets = _placed_under(acl)
    if not _leads_outside(subnets):
        return
    callers = [_ANYWHERE] if is_public_tier(subnets) else _vpc_blocks(acl)
    for inbound, peer in (*((True, caller) for caller in callers), (False, _ANYWHERE)):
        if _dropped(acl, inbound, peer, _HTTPS):
            yield f"HTTPS {_way(inbound)} {peer} is dropped"


def _dropped(acl: Node, inbound: bool, peer: IPv4Network, ports: range) -> int | None:
    """Return the first of ``ports``, remote desktop aside, on which TCP doesn't pass."""
    entries = sorted(_entries(acl), key=lambda entry: entry.number)
    edges = {
        ports.start,
        _REMOTE_DESKTOP + 1,
        *(edge for entry in entries for edge in (entry.ports.start, entry.ports.stop)),
    }
    for port in sorted(edge for edge in edges if edge in ports and edge != _REMOTE_DESKTOP):
        verdicts = (entry.passes(inbound, port, peer) for entry in entries)
        if not next((verdict for verdict in verdicts if verdict is not None), False):
            return port
    return None


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
        title="Across the VPC's border, network ACLs let pass calls to the web and their answers only",
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
        check=_answers_pass,
        remediation="Allow TCP 1024-65535, less 3389 from outside, in the direction that the message names.",
    ),
    StackGuardrail(
        id="network-acls-let-https-pass",
        title="Network ACLs let HTTPS into the public tier, to interface endpoints and out to the world",
        clauses=("net-nacls-sgs", "net-vpc-endpoints"),
        severity="medium",
        types=frozenset({NETWORK_ACL, DEFAULT_NETWORK_ACL}),
        check=_https_passes,
        remediation="Allow TCP 443 in the direction that the message names.",
    ),
)
