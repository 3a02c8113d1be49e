"""Clause net-public-subnets: public subnets hold NAT gateways and load balancers, one NAT gateway a zone."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import (
    DEFAULT_NETWORK_ACL,
    INTERNET_GATEWAY,
    LOAD_BALANCER,
    NAT_GATEWAY,
    NETWORK_ACL,
    NETWORK_ACL_ASSOCIATION,
    ROUTE_TABLE_ASSOCIATION,
    SUBNET,
    VPC,
    LeadsTo,
    default_gateways,
    has_gateway_endpoint,
    is_internal,
    is_placed,
    is_public_tier,
    leads_to,
    tier_of,
    tiers_of,
    unfollowed_subnets,
    zone,
)
from guardrails.reading import Properties

_ADDRESS = "aws:ec2/eip:Eip"

_MAY_BE_PUBLIC = frozenset(
    {
        NAT_GATEWAY,
        LOAD_BALANCER,
        # What joins a subnet to the network around it runs nothing there.
        ROUTE_TABLE_ASSOCIATION,
        NETWORK_ACL,
        DEFAULT_NETWORK_ACL,
        NETWORK_ACL_ASSOCIATION,
        "aws:ec2/flowLog:FlowLog",
    }
)


def _public_subnets_reserved(resource: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not resource.type.startswith("aws:") or resource.type in _MAY_BE_PUBLIC:
        return
    for key in sorted(resource.references):
        for subnet in resource.refers(key, SUBNET):
            if is_public_tier(tier_of(subnet)):
                yield f"{key} refers to {subnet.name}, a public subnet"


def _nat_per_zone(vpc: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    mode = relaxations.text("natMode")
    if mode == "none":
        return
    tiers = [[subnet for subnet in tier if is_placed(subnet)] for tier in tiers_of(vpc, graph)]
    private = [tier for tier in tiers if any(_wants_nat(subnet) for subnet in tier)]
    if not private:
        yield "no subnet leads to a NAT gateway, so that tasks reach no third party"
    for subnet in (subnet for tier in private for subnet in tier if leads_to(subnet) is not LeadsTo.INTERNET):
        gateways = default_gateways(subnet, NAT_GATEWAY)
        if len(gateways) != 1:
            yield f"the default route of {subnet.name} leads to {len(gateways)} NAT gateways, not 1"
        elif mode == "perAz":
            zones = {zone(home) for home in gateways[0].refers("subnetId", SUBNET)}
            if zones != {zone(subnet)}:
                yield f"{subnet.name} leads to {gateways[0].name}, which is not in its zone: one zone's loss takes both"


def _wants_nat(subnet: Node) -> bool:
    return leads_to(subnet) is not LeadsTo.INTERNET and (
        leads_to(subnet) is LeadsTo.NAT or has_gateway_endpoint(subnet)
    )


def _nat_gateway_works(gateway: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (gateway.properties.text("connectivityType") or "public") != "public":
        yield "connectivityType is not public, so that it leads to no third party"
    if not gateway.refers("allocationId", _ADDRESS):
        yield "allocationId refers to no Elastic IP of this stack"
    for address in gateway.refers("allocationId", _ADDRESS):
        if others := [other.name for other in address.referrers("allocationId", NAT_GATEWAY) if other is not gateway]:
            yield f"{address.name} is taken by {', '.join(others)} too"
    homes = gateway.refers("subnetId", SUBNET)
    if len(homes) != 1:
        yield "subnetId refers to no subnet of this stack"
    for home in homes:
        if not _leads_anywhere(home):
            yield f"it is in {home.name}, whose default route does not lead to the internet"


def _leads_anywhere(subnet: Node) -> bool:
    """Return whether a subnet reaches all of the internet, not single blocks of it only."""
    return leads_to(subnet) is LeadsTo.INTERNET and bool(default_gateways(subnet, INTERNET_GATEWAY))


def _load_balancer_placed(balancer: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    subnets: list[Node] = []
    for key in ("subnets", "subnetMappings"):
        if found := balancer.refers(key, SUBNET):
            subnets += found
            yield from unfollowed_subnets(balancer, key, key, (_ADDRESS,))
    internal = is_internal(balancer)
    for subnet in subnets:
        if internal and leads_to(subnet) is LeadsTo.INTERNET:
            yield f"it is internal, while {subnet.name} leads to the internet"
        elif not internal and not _leads_anywhere(subnet):
            yield f"it is internet-facing, while the default route of {subnet.name} does not lead to the internet"
    if (zones := len({zone(subnet) for subnet in subnets})) < 2:
        yield f"its subnets of this stack span {zones} zones, not 2 or more"


def _address_unattached(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("instance", "networkInterface", "associateWithPrivateIp"):
        if properties.given(key):
            yield f"{key} is given, so that what is in a private subnet may get a public address"


PUBLIC_SUBNET_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="public-subnets-reserved",
        title="Public subnets hold NAT gateways and load balancers only",
        clauses=("net-public-subnets", "net-private-subnets"),
        severity="critical",
        types=frozenset(),
        check=_public_subnets_reserved,
        controls=("vpc_subnet_separate_private_public",),
        remediation="Pass private or data subnets instead.",
    ),
    StackGuardrail(
        id="nat-gateway-per-zone",
        title="Private subnets reach third parties through a NAT gateway in their own zone",
        clauses=("net-public-subnets",),
        severity="medium",
        types=frozenset({VPC}),
        check=_nat_per_zone,
        controls=("CKV2_AWS_35",),
        options={
            "natMode": Option(
                {"type": "string", "enum": ["perAz", "single", "none"]},
                "perAz",
                "Whether zones may share one NAT gateway, or have none.",
            )
        },
        remediation="Set network.natMode to perAz.",
    ),
    StackGuardrail(
        id="nat-gateways-public",
        title="NAT gateways have an address and are in public subnets",
        clauses=("net-public-subnets",),
        severity="medium",
        types=frozenset({NAT_GATEWAY}),
        check=_nat_gateway_works,
        remediation="Give the NAT gateway a public subnet of the stack and an Elastic IP.",
    ),
    ResourceGuardrail(
        id="addresses-for-gateways",
        title="Elastic IPs are taken by NAT gateways and load balancers only",
        clauses=("net-public-subnets", "net-private-subnets"),
        severity="critical",
        types=frozenset({_ADDRESS}),
        check=_address_unattached,
        remediation="Leave instance and networkInterface out, and let the NAT gateway name its address.",
    ),
    StackGuardrail(
        id="load-balancers-placed",
        title="Load balancers span two zones, in public subnets if they face the internet, else in private ones",
        clauses=("net-public-subnets",),
        severity="high",
        types=frozenset({LOAD_BALANCER}),
        check=_load_balancer_placed,
        controls=("ELB.13", "elbv2_is_in_multiple_az"),
        remediation="Pass the public subnets of the NetworkLayer, or its private ones to an internal load balancer.",
    ),
)
