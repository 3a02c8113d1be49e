"""Where subnets lead, followed through the graph: subnet, association, route table, route, gateway.

No id, name or tag is looked at. Every later layer is placed by the same functions, so that a database or a task in a
public subnet is found at the first preview.
"""

from enum import Enum

from guardrails.graph import Graph, Node
from guardrails.reading import UndecidedError, UnreadableError

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
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENDPOINT_ROUTE_TABLE = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"

_ROUTE_TARGETS = (
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
    reached = [_route_leads_to(route) for table in route_tables(subnet) for route in routes(table)]
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
    tables = [table for association in associations for table in association.refers("routeTableId", ROUTE_TABLE)]
    if len(tables) < len(associations):
        raise UnplacedError(f"subnet {subnet.name} is associated with a route table that this stack does not declare")
    return tables


def routes(table: Node) -> list[Node]:
    """Return the routes of a route table."""
    return table.referrers("routeTableId", ROUTE)


def _route_leads_to(route: Node) -> LeadsTo:
    targets = [node for key in _ROUTE_TARGETS for node in route.refers(key)]
    types = {node.type for node in targets}
    if INTERNET_GATEWAY in types:
        return LeadsTo.INTERNET
    literals = {key: text for key in _ROUTE_TARGETS if (text := _known_text(route, key))}
    if not types and set(literals.values()) == {_LOCAL}:
        return LeadsTo.VPC
    if types == {NAT_GATEWAY} and len(targets) == 1:
        return LeadsTo.NAT
    found = ", ".join(sorted({node.name for node in targets}) or sorted(literals.values())) or "something undecided"
    raise UnplacedError(f"route {route.name} leads to {found}, neither an internet nor a NAT gateway of this stack")


def _known_text(node: Node, key: str) -> str | None:
    try:
        return node.properties.text(key)
    except UndecidedError:
        return None


def default_nat_gateways(subnet: Node) -> list[Node]:
    """Return the NAT gateways that a subnet's default route leads to."""
    return [
        gateway
        for table in route_tables(subnet)
        for route in routes(table)
        if _known_text(route, "destinationCidrBlock") == "0.0.0.0/0"
        for gateway in route.refers("natGatewayId", NAT_GATEWAY)
    ]


def zone(subnet: Node) -> str:
    """Return the Availability Zone of a subnet, by name or id."""
    found = subnet.properties.text("availabilityZone") or subnet.properties.text("availabilityZoneId")
    if found is None:
        raise UnplacedError(f"subnet {subnet.name} names no Availability Zone, so that AWS picks one")
    return found


def subnets_of(vpc: Node) -> list[Node]:
    """Return the subnets of a VPC."""
    return vpc.referrers("vpcId", SUBNET)


def network_acls_of(subnet: Node) -> list[Node]:
    """Return the network ACLs that a subnet is put under."""
    listed = subnet.referrers("subnetIds", NETWORK_ACL, DEFAULT_NETWORK_ACL)
    associated = [
        acl
        for association in subnet.referrers("subnetId", NETWORK_ACL_ASSOCIATION)
        for acl in association.refers("networkAclId", NETWORK_ACL, DEFAULT_NETWORK_ACL)
    ]
    return listed + associated


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
    acls = network_acls_of(subnet)
    return subnets_under(acls[0]) if acls else [subnet]


def is_placed(subnet: Node) -> bool:
    """Return whether it can be told where a subnet leads."""
    try:
        leads_to(subnet)
    except UnplacedError:
        return False
    return True


def is_public_tier(tier: list[Node]) -> bool:
    """Return whether a tier is meant to lead to the internet: it holds entry points, or all of it does lead there."""
    return any(hosts_entry_points(subnet) for subnet in tier) or all(
        is_placed(subnet) and leads_to(subnet) is LeadsTo.INTERNET for subnet in tier
    )


def hosts_entry_points(subnet: Node) -> bool:
    """Return whether a NAT gateway or a load balancer is put into a subnet, which is what makes a tier public."""
    return bool(
        subnet.referrers("subnetId", NAT_GATEWAY)
        or subnet.referrers("subnets", LOAD_BALANCER)
        or subnet.referrers("subnetMappings", LOAD_BALANCER)
    )


def has_gateway_endpoint(subnet: Node) -> bool:
    """Return whether a gateway endpoint is attached to a subnet's route tables."""
    return any(
        table.referrers("routeTableIds", VPC_ENDPOINT) or table.referrers("routeTableId", ENDPOINT_ROUTE_TABLE)
        for table in route_tables(subnet)
    )
