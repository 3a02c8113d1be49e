"""Where subnets lead, followed through the graph: subnet, association, route table, route, gateway.

No id, name or tag is looked at. Every later layer is placed by the same functions, so that a database or a task in a
public subnet is found at the first preview.
"""

from collections.abc import Iterator
from enum import Enum

from guardrails.graph import Graph, Node
from guardrails.reading import MalformedError, UndecidedError, UnreadableError

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
NETWORK_ACL = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_NETWORK_ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
NETWORK_ACL_ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
NETWORK_ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENDPOINT_POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
ENDPOINT_ROUTE_TABLE = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"

ROUTE_TARGETS = (
    "gatewayId",
    "natGatewayId",
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "localGatewayId",
    "networkInterfaceId",
    "odbNetworkArn",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)
"""Properties of a route that say where it leads."""
_LOCAL = "local"


class LeadsTo(Enum):
    """The farthest place that a subnet's routes reach."""

    INTERNET = "the internet"
    NAT = "a NAT gateway"
    VPC = "nothing outside the VPC"


class UnplacedError(UnreadableError):
    """A subnet whose routes can't be followed; the message says where the trail ends."""


def leads_to(subnet: Node) -> LeadsTo:
    """Return where a subnet leads.

    :raises UnplacedError: where that doesn't follow from what the stack declares.
    """
    return subnet.once(_leads_to)


def _leads_to(subnet: Node) -> LeadsTo:
    reached = [_route_leads_to(route) for route in routes(subnet)]
    for place in (LeadsTo.INTERNET, LeadsTo.NAT):
        if place in reached:
            return place
    return LeadsTo.VPC


def route_tables(subnet: Node) -> list[Node]:
    """Return the route tables that a subnet is associated with."""
    associations = subnet.referrers("subnetId", ROUTE_TABLE_ASSOCIATION)
    if not associations:
        raise UnplacedError(
            f"subnet {subnet.name} has no route table of its own, so that the VPC's main table routes it"
        )
    tables = [association.refers("routeTableId", ROUTE_TABLE) for association in associations]
    if not all(tables):
        raise UnplacedError(f"subnet {subnet.name} is associated with a route table that this stack does not declare")
    return [table for found in tables for table in found]


def routes(subnet: Node) -> list[Node]:
    """Return the routes of a subnet."""
    return [route for table in route_tables(subnet) for route in table.referrers("routeTableId", ROUTE)]


def _route_leads_to(route: Node) -> LeadsTo:
    targets = [node for key in ROUTE_TARGETS for node in route.refers(key)]
    types = {node.type for node in targets}
    if INTERNET_GATEWAY in types:
        return LeadsTo.INTERNET
    try:
        literals = [text for key in ROUTE_TARGETS if not route.refers(key) and (text := known_text(route, key))]
    except MalformedError as error:
        raise UnplacedError(f"route {route.name}: {error}") from None
    if not types and set(literals) == {_LOCAL}:
        return LeadsTo.VPC
    if types == {NAT_GATEWAY} and len(targets) == 1 and not literals:
        return LeadsTo.NAT
    found = ", ".join(sorted({node.name for node in targets}) + sorted(literals)) or "something undecided"
    raise UnplacedError(f"route {route.name} leads to {found}, neither an internet nor a NAT gateway of this stack")


def known_text(node: Node, key: str) -> str | None:
    """Return a string, or ``None`` where it is absent or unknown."""
    try:
        return node.properties.text(key)
    except UndecidedError:
        return None


def default_gateways(subnet: Node, type_: str) -> list[Node]:
    """Return the gateways of a type that a subnet's default route leads to."""
    return [
        gateway
        for route in routes(subnet)
        if known_text(route, "destinationCidrBlock") == "0.0.0.0/0"
        for key in ROUTE_TARGETS
        for gateway in route.refers(key, type_)
    ]


def zone(subnet: Node) -> str:
    """Return the Availability Zone of a subnet, by name or id."""
    found = known_text(subnet, "availabilityZone") or known_text(subnet, "availabilityZoneId")
    if found is None:
        raise UnplacedError(f"subnet {subnet.name} names no Availability Zone that is known, so that AWS picks one")
    return found


def subnets_of(vpc: Node) -> list[Node]:
    """Return the subnets of a VPC."""
    return vpc.referrers("vpcId", SUBNET)


def network_acls_of(subnet: Node) -> list[Node]:
    """Return the network ACLs that a subnet is put under."""
    listed = subnet.referrers("subnetIds", NETWORK_ACL, DEFAULT_NETWORK_ACL)
    associated = [
        association.refers("networkAclId", NETWORK_ACL, DEFAULT_NETWORK_ACL)
        for association in subnet.referrers("subnetId", NETWORK_ACL_ASSOCIATION)
    ]
    if not all(associated):
        raise UnplacedError(f"subnet {subnet.name} is put under a network ACL that this stack does not declare")
    return listed + [acl for found in associated for acl in found]


def subnets_under(acl: Node) -> list[Node]:
    """Return the subnets that are put under a network ACL."""
    associated = [
        subnet
        for association in acl.referrers("networkAclId", NETWORK_ACL_ASSOCIATION)
        for subnet in association.refers("subnetId", SUBNET)
    ]
    return acl.refers("subnetIds", SUBNET) + associated


def tiers_of(vpc: Node, graph: Graph) -> list[list[Node]]:
    """Return the tiers of a VPC: subnets that share a network ACL are meant to be of one kind."""
    tiers: list[list[Node]] = []
    for acl in graph.of_type(NETWORK_ACL, DEFAULT_NETWORK_ACL):
        subnets = [subnet for subnet in subnets_under(acl) if vpc in subnet.refers("vpcId", VPC)]
        if subnets:
            tiers.append(subnets)
    return tiers


def tier_of(subnet: Node) -> list[Node]:
    """Return the subnets that share a network ACL with ``subnet``, itself included."""
    try:
        acls = network_acls_of(subnet)
    except UnplacedError:
        acls = []  # network-acl-per-tier says so
    return subnets_under(acls[0]) if acls else [subnet]


def is_placed(subnet: Node) -> bool:
    """Return whether it can be told where a subnet leads."""
    try:
        leads_to(subnet)
    except UnplacedError:
        return False
    return True


def is_public_tier(tier: list[Node]) -> bool:
    """Return whether a tier is meant to lead to the internet: all of it does, or a part and it holds entry points."""
    public = [subnet for subnet in tier if is_placed(subnet) and leads_to(subnet) is LeadsTo.INTERNET]
    return bool(public) and (len(public) == len(tier) or holds_entry_points(tier))


def holds_entry_points(tier: list[Node]) -> bool:
    """Return whether NAT gateways or load balancers that face the internet are put into a tier."""
    return any(
        subnet.referrers("subnetId", NAT_GATEWAY)
        or any(
            not is_internal(balancer)
            for key in ("subnets", "subnetMappings")
            for balancer in subnet.referrers(key, LOAD_BALANCER)
        )
        for subnet in tier
    )


def is_internal(balancer: Node) -> bool:
    """Return whether a load balancer is internal. Where that isn't given, AWS says no, and only at the update."""
    try:
        return balancer.properties.flag("internal")
    except UndecidedError:
        return False  # inputs-known speaks of what is given


def unfollowed_subnets(node: Node, key: str, path: str, also: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield how a list of subnets at ``path``, in the property ``key``, holds more than subnets of the stack.

    ``also`` are the types that the rest of the property may refer to.
    """
    strangers = [found.name for found in node.refers(key) if found.type not in (SUBNET, *also)]
    if strangers:
        yield f"{path} is made from {strangers[0]}, so that its subnets can't be followed"
    try:
        count = node.properties.length(path)
    except UndecidedError:
        return
    if count != (known := len(node.refers(key, SUBNET))):
        yield f"{path} lists {count} subnets, of which {known} are of this stack"


def has_gateway_endpoint(subnet: Node) -> bool:
    """Return whether a gateway endpoint is attached to a subnet's route tables."""
    return any(
        table.referrers("routeTableIds", VPC_ENDPOINT) or table.referrers("routeTableId", ENDPOINT_ROUTE_TABLE)
        for table in route_tables(subnet)
    )
