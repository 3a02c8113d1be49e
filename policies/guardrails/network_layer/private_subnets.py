"""Clause net-private-subnets: what computes and what stores is out of the internet's reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.network_layer.group_rules import SECURITY_GROUP
from guardrails.placement import (
    ROUTE_TABLE,
    SUBNET,
    VPC,
    LeadsTo,
    UnplacedError,
    has_gateway_endpoint,
    holds_entry_points,
    is_placed,
    is_public_tier,
    leads_to,
    subnets_of,
    tier_of,
    tiers_of,
    unfollowed_subnets,
    zone,
)
from guardrails.reading import Properties


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a type of workload says which subnets it runs in."""

    property: str
    """Top-level property that refers to the subnets."""
    list: str
    """Path of the list of subnet ids."""
    required: bool = True
    """Whether it must be in subnets of the stack; without them it would land in the default VPC or have none."""
    beside: tuple[str, ...] = (SECURITY_GROUP,)
    """What else the property may refer to."""


_RUNS_TASKS = (
    SECURITY_GROUP,
    "aws:ecs/cluster:Cluster",
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:iam/role:Role",
    "aws:sqs/queue:Queue",
)

_WORKLOADS: Mapping[str, _Slot] = {
    "aws:apigatewayv2/vpcLink:VpcLink": _Slot("subnetIds", "subnetIds"),
    "aws:cloudwatch/eventTarget:EventTarget": _Slot(
        "ecsTarget", "ecsTarget.networkConfiguration.subnets", required=False, beside=_RUNS_TASKS
    ),
    "aws:ec2/instance:Instance": _Slot("subnetId", "subnetId"),
    "aws:ec2/networkInterface:NetworkInterface": _Slot("subnetId", "subnetId"),
    "aws:ecs/service:Service": _Slot("networkConfiguration", "networkConfiguration.subnets"),
    "aws:ecs/taskSet:TaskSet": _Slot("networkConfiguration", "networkConfiguration.subnets"),
    "aws:efs/mountTarget:MountTarget": _Slot("subnetId", "subnetId"),
    "aws:elasticache/serverlessCache:ServerlessCache": _Slot("subnetIds", "subnetIds"),
    "aws:elasticache/subnetGroup:SubnetGroup": _Slot("subnetIds", "subnetIds"),
    "aws:lambda/function:Function": _Slot("vpcConfig", "vpcConfig.subnetIds", required=False),
    "aws:mq/broker:Broker": _Slot("subnetIds", "subnetIds"),
    "aws:opensearch/domain:Domain": _Slot("vpcOptions", "vpcOptions.subnetIds"),
    "aws:rds/proxy:Proxy": _Slot("vpcSubnetIds", "vpcSubnetIds"),
    "aws:rds/proxyEndpoint:ProxyEndpoint": _Slot("vpcSubnetIds", "vpcSubnetIds"),
    "aws:rds/subnetGroup:SubnetGroup": _Slot("subnetIds", "subnetIds"),
    "aws:scheduler/schedule:Schedule": _Slot(
        "target", "target.ecsParameters.networkConfiguration.subnets", required=False, beside=_RUNS_TASKS
    ),
}

_IN_SUBNET_GROUPS: Mapping[str, tuple[str, str]] = {
    "aws:elasticache/cluster:Cluster": ("subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "subnetGroupName",
        "aws:elasticache/subnetGroup:SubnetGroup",
    ),
    "aws:rds/cluster:Cluster": ("dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
    "aws:rds/instance:Instance": ("dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
}
# A member of one of these takes its subnets from it.
_INHERITS_SUBNETS = ("replicateSourceDb", "replicationGroupId")

_PUBLIC_ADDRESS: Mapping[str, tuple[str, ...]] = {
    SUBNET: ("mapPublicIpOnLaunch", "assignIpv6AddressOnCreation", "ipv6Native"),
    "aws:cloudwatch/eventTarget:EventTarget": ("ecsTarget.networkConfiguration.assignPublicIp",),
    "aws:ec2/instance:Instance": ("associatePublicIpAddress",),
    "aws:ecs/service:Service": ("networkConfiguration.assignPublicIp",),
    "aws:ecs/taskSet:TaskSet": ("networkConfiguration.assignPublicIp",),
    "aws:mq/broker:Broker": ("publiclyAccessible",),
    "aws:rds/cluster:Cluster": ("publiclyAccessible",),
    "aws:rds/clusterInstance:ClusterInstance": ("publiclyAccessible",),
    "aws:rds/instance:Instance": ("publiclyAccessible",),
    "aws:scheduler/schedule:Schedule": ("target.ecsParameters.networkConfiguration.assignPublicIp",),
}

_PROPAGATION = frozenset(
    {
        "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
        "aws:vpc/routeServerPropagation:RouteServerPropagation",
    }
)

_DEFAULT_NETWORK = frozenset(
    {
        "aws:ec2/defaultVpc:DefaultVpc",
        "aws:ec2/defaultSubnet:DefaultSubnet",
        "aws:ec2/defaultRouteTable:DefaultRouteTable",
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
    }
)


def _routes_followed(subnet: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    place = leads_to(subnet)  # raises where the trail ends
    zone(subnet)
    if not subnet.refers("vpcId", VPC):
        yield f"its VPC is not one of this stack, though it leads to {place.value}"


def _no_inline_routes(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if type_ in _PROPAGATION:
        yield "it adds routes to a table that this stack does not declare one by one"
    for key in ("routes", "propagatingVgws"):
        if properties.given(key):
            yield f"{key} are given inline, where no reference tells which route leads where; declare aws.ec2.Route"


def _internet_only_for_public_tier(subnet: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    try:
        leads = leads_to(subnet)
    except UnplacedError:
        return  # subnet-routes-followed says so
    tier = tier_of(subnet)
    if not is_public_tier(tier):
        if leads is LeadsTo.INTERNET:
            yield "leads to the internet, while other subnets under its network ACL do not"
    elif leads is not LeadsTo.INTERNET:
        yield f"leads to {leads.value}, while its tier holds NAT gateways or load balancers"
    elif not holds_entry_points(tier) and any(
        other != tier and is_public_tier(other) for vpc in subnet.refers("vpcId", VPC) for other in tiers_of(vpc, graph)
    ):
        yield "leads to the internet, in a second tier that does"


def _data_tier_isolated(vpc: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not any(_isolated(tier) for tier in tiers_of(vpc, graph)):
        yield "no tier of subnets leads to nothing outside the VPC; databases and caches belong in one"


def _isolated(tier: list[Node]) -> bool:
    placed = [subnet for subnet in tier if is_placed(subnet)]  # subnet-routes-followed speaks of the others
    return bool(placed) and not any(
        leads_to(subnet) is not LeadsTo.VPC or has_gateway_endpoint(subnet) for subnet in placed
    )


def _zones(vpc: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumZones")
    tiers = tiers_of(vpc, graph) or [subnets_of(vpc)]
    for tier in tiers:
        zones = sorted({zone(subnet) for subnet in tier})
        if len(zones) < minimum:
            names = ", ".join(subnet.name for subnet in tier) or "no subnets"
            yield f"{names} span {len(zones)} Availability Zones ({', '.join(zones)}), not {minimum:.0f}"


def _in_private_subnets(workload: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    slot = _WORKLOADS[workload.type]
    subnets = workload.refers(slot.property, SUBNET)
    if not subnets:
        if slot.required or workload.properties.given(slot.list):
            yield f"{slot.list} refers to no subnet of this stack"
        return
    if slot.list != "subnetId":
        yield from unfollowed_subnets(workload, slot.property, slot.list, slot.beside)
    for subnet in subnets:
        if leads_to(subnet) is LeadsTo.INTERNET:
            yield f"runs in {subnet.name}, which leads to the internet"


def _in_subnet_group(workload: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    key, group_type = _IN_SUBNET_GROUPS[workload.type]
    if workload.refers(key, group_type):
        return
    inherits = any(workload.refers(inherited, *_IN_SUBNET_GROUPS) for inherited in _INHERITS_SUBNETS)
    if inherits and not workload.references.get(key):
        return
    name = workload.properties.text(key)
    if name is None or name not in [group.properties.text("name") for group in graph.of_type(group_type)]:
        yield f"{key} names no subnet group of this stack; it would run in the default VPC or in unknown subnets"


def _no_public_address(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for path in _PUBLIC_ADDRESS[type_]:
        if properties.flag(path):
            yield f"{path} is true"


def _not_default(type_: str, _: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"{type_.rsplit(':', maxsplit=1)[-1]} adopts a part of the network that routes without being asked"


PRIVATE_SUBNET_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="subnet-routes-followed",
        title="Every route of every subnet can be followed to a gateway that the stack declares",
        clauses=("net-private-subnets", "net-public-subnets"),
        severity="high",
        types=frozenset({SUBNET}),
        check=_routes_followed,
        remediation=(
            "Associate the subnet with a route table of the stack, give it a zone, and let its routes lead to the "
            "stack's internet gateway or NAT gateways only."
        ),
    ),
    ResourceGuardrail(
        id="routes-declared-separately",
        title="Routes are resources of their own",
        clauses=("net-private-subnets",),
        severity="high",
        types=frozenset({ROUTE_TABLE, *_PROPAGATION}),
        check=_no_inline_routes,
        remediation="Replace inline and propagated routes by one aws.ec2.Route each.",
    ),
    StackGuardrail(
        id="internet-routes-for-public-tier-only",
        title="Only the tier of NAT gateways and load balancers leads to the internet",
        clauses=("net-private-subnets",),
        severity="critical",
        types=frozenset({SUBNET}),
        check=_internet_only_for_public_tier,
        controls=("CKV2_AWS_35", "vpc_subnet_separate_private_public"),
        remediation="Remove the route to the internet gateway, or the association with a table that has one.",
    ),
    StackGuardrail(
        id="data-tier-isolated",
        title="One tier of subnets leads to nothing outside the VPC",
        clauses=("net-private-subnets",),
        severity="high",
        types=frozenset({VPC}),
        check=_data_tier_isolated,
        remediation="Remove routes and gateway endpoints from the route table of the data subnets.",
    ),
    StackGuardrail(
        id="subnets-span-zones",
        title="Every tier of subnets spans three Availability Zones",
        clauses=("net-private-subnets", "compute-multi-az", "compute-az2-same", "compute-az3-same"),
        severity="high",
        types=frozenset({VPC}),
        check=_zones,
        controls=("vpc_subnet_different_az",),
        options={
            "minimumZones": Option(
                {"type": "integer", "minimum": 2, "maximum": 3}, 3, "Zones that each tier must span at least."
            )
        },
        remediation="List three letters under network.availabilityZones.",
    ),
    StackGuardrail(
        id="workloads-in-private-subnets",
        title="What computes or stores runs in subnets of the stack that don't lead to the internet",
        clauses=("net-private-subnets",),
        severity="critical",
        types=frozenset(_WORKLOADS),
        check=_in_private_subnets,
        controls=(
            "AwsSolutions-AEC1",
            "OpenSearch.2",
            "CKV_AWS_137",
            "AwsSolutions-OS1",
            "elasticache_cluster_uses_public_subnet",
        ),
        remediation="Pass the private or data subnets of the NetworkLayer, and nothing else.",
    ),
    StackGuardrail(
        id="databases-in-subnet-groups",
        title="Databases and caches name a subnet group of the stack",
        clauses=("net-private-subnets",),
        severity="critical",
        types=frozenset(_IN_SUBNET_GROUPS),
        check=_in_subnet_group,
        controls=("ElastiCache.7",),
        remediation="Name a subnet group that the stack declares in private or data subnets.",
    ),
    ResourceGuardrail(
        id="no-public-addresses",
        title="Nothing is given a public address on launch",
        clauses=("net-private-subnets",),
        severity="critical",
        types=frozenset(_PUBLIC_ADDRESS),
        check=_no_public_address,
        controls=(
            "EC2.15",
            "ECS.2",
            "RDS.2",
            "AwsSolutions-RDS8",
            "CIS 2.2.3",
            "CKV_AWS_130",
            "CKV_AWS_333",
            "CKV_AWS_17",
            "CKV_AWS_69",
            "vpc_subnet_no_public_ip_by_default",
            "ecs_service_no_assign_public_ip",
            "rds_instance_no_public_access",
            "mq_broker_not_publicly_accessible",
        ),
        remediation="Leave the property out; NAT gateways and load balancers bring their own addresses.",
    ),
    ResourceGuardrail(
        id="default-network-unused",
        title="Nothing of the account's or the VPC's default network is used",
        clauses=("net-private-subnets",),
        severity="high",
        types=_DEFAULT_NETWORK,
        check=_not_default,
        remediation="Declare a network part of the stack's own instead.",
    ),
)
