"""The drill that takes one Availability Zone away."""

import re
from collections.abc import Callable, Iterator

from preview.drill.findings import Fact, Findings, Prerequisite
from preview.drill.recorded import Item, Recorded, referrers

_SUBNET = "aws:ec2/subnet:Subnet"
_NAT = "aws:ec2/natGateway:NatGateway"
_ROUTE = "aws:ec2/route:Route"
_TABLE = "aws:ec2/routeTable:RouteTable"
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_SERVICE = "aws:ecs/service:Service"
_TARGET = "aws:appautoscaling/target:Target"
_INSTANCE = "aws:rds/instance:Instance"
_CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
_SEARCH = "aws:opensearch/domain:Domain"
_LEAST_ZONES, _LEAST_TASKS = 2, 2
_PLACED = (
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "subnetIds"),
    ("aws:rds/proxy:Proxy", "vpcSubnetIds"),
    ("aws:lambda/function:Function", "vpcConfig"),
)
"""What has an address in each zone, and the input that says in which subnets."""


def _letter(subnet: Item) -> str:
    zone = str(subnet.get("availabilityZone"))
    return zone[-1] if re.fullmatch(r"[a-z0-9-]+[0-9][a-z]", zone) else "?"


def _has_zones(item: Item, key: str) -> bool:
    """Return whether something is in zones at all, unlike gateway endpoints and functions outside the network."""
    return item.get("vpcEndpointType") == "Interface" or bool(item.get(key))


def zones_of(stack: Recorded) -> set[str]:
    """Return the letters of the zones that a stack is in."""
    return {_letter(subnet) for subnet in stack.of(_SUBNET)}


class _Loss:
    """A stack without one of its zones."""

    def __init__(self, stack: Recorded, zone: str) -> None:
        self.stack, self.zone = stack, zone

    def left(self, item: Item, key: str) -> set[str]:
        """Return the zones that something is in by its subnets, less the lost one."""
        return {_letter(subnet) for subnet in item.refers(key, _SUBNET)} - {self.zone}

    def left_of_group(self, item: Item, key: str, group: str) -> set[str]:
        """Return the same for what is in a group of subnets."""
        return {zone for found in item.refers(key, group) for zone in self.left(found, "subnetIds")}

    def gateways(self) -> Iterator[str]:
        """Yield zones that lose their way out with another one."""
        routes, associations = self.stack.of(_ROUTE), self.stack.of(_ASSOCIATION)
        for nat in self.stack.of(_NAT):
            if self.left(nat, "subnetId"):
                continue
            for route in referrers(routes, "natGatewayId", nat):
                for table in route.refers("routeTableId", _TABLE):
                    for association in referrers(associations, "routeTableId", table):
                        for subnet in association.refers("subnetId", _SUBNET):
                            if _letter(subnet) != self.zone:
                                yield f"{subnet.name} goes out by {nat.name}, which is lost"

    def balancers(self) -> Iterator[str]:
        """Yield load balancers that AWS would not keep up."""
        found = self.stack.of(_BALANCER)
        yield from () if found else ("there is no load balancer",)
        for balancer in found:
            if len(zones := self.left(balancer, "subnets")) < _LEAST_ZONES:
                yield f"{balancer.name} is left with {len(zones)} zones"

    def services(self) -> Iterator[str]:
        """Yield services with too few zones or tasks."""
        least = {str(target.get("resourceId")): target.get("minCapacity", 0) for target in self.stack.of(_TARGET)}
        found = self.stack.of(_SERVICE)
        yield from () if found else ("there are no services",)
        for service in found:
            zones = self.left(service, "networkConfiguration")
            all_zones = len({_letter(s) for s in service.refers("networkConfiguration", _SUBNET)})
            if len(zones) < _LEAST_ZONES:
                yield f"{service.name} is left with {len(zones)} zones"
                continue
            name = f"/{service.get('name')}"
            tasks = max((count for id_, count in least.items() if id_.endswith(name)), default=0)
            if service.get("loadBalancers") and tasks // all_zones < _LEAST_TASKS:
                yield f"{service.name} is left with {tasks // all_zones} tasks in each zone, not {_LEAST_TASKS}"

    def databases(self) -> Iterator[str]:
        """Yield databases that nothing takes over from."""
        found = [item for item in self.stack.of(_INSTANCE) if not self._follows(item)]
        yield from () if found else ("there is no database",)
        for database in found:
            zones = self.left_of_group(database, "dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup")
            if database.get("multiAz") is not True:
                yield f"{database.name} has no standby"
            elif not zones:
                yield f"{database.name} is left with no zone"

    @staticmethod
    def _follows(database: Item) -> bool:
        """Return whether a database is a replica of one of the same stack, which may be lost."""
        return bool(database.refers("replicateSourceDb", _INSTANCE))

    def caches(self) -> Iterator[str]:
        """Yield caches of which shards would be lost."""
        found = self.stack.of(_CACHE)
        yield from () if found else ("there is no cache",)
        for cache in found:
            if not (cache.get("multiAzEnabled") is True and cache.get("automaticFailoverEnabled") is True):
                yield f"{cache.name} does not fail over between zones"
            elif cache.get("replicasPerNodeGroup", 0) < 1:
                yield f"{cache.name} has shards without a replica"
            elif not self.left_of_group(cache, "subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"):
                yield f"{cache.name} is left with no zone"

    def searches(self) -> Iterator[str]:
        """Yield search domains that lose shards or their masters."""
        found = self.stack.of(_SEARCH)
        yield from () if found else ("there is no search domain",)
        for domain in found:
            if domain.get("clusterConfig.zoneAwarenessEnabled") is not True:
                yield f"{domain.name} is in one zone"
            elif len(self.left(domain, "vpcOptions")) < _LEAST_ZONES:
                yield f"{domain.name} is left with one zone, so that its nodes can't agree on a master"

    def placed(self) -> Iterator[str]:
        """Yield endpoints, proxies and functions that are nowhere any more."""
        for type_, key in _PLACED:
            for item in self.stack.of(type_):
                if _has_zones(item, key) and not self.left(item, key):
                    yield f"{item.name} is left with no zone"


_PREREQUISITES: tuple[tuple[str, str, Callable[[_Loss], Iterator[str]]], ...] = (
    ("way-out", "The other zones reach the internet by gateways of their own", _Loss.gateways),
    ("load-balancer", "The load balancer is in two zones", _Loss.balancers),
    ("services", "Services run in two zones, two tasks in each", _Loss.services),
    ("database", "A standby in another zone takes over within two minutes", _Loss.databases),
    ("cache", "Each shard has a replica in another zone, which takes over", _Loss.caches),
    ("search", "Search has a copy of each shard, and a majority of masters", _Loss.searches),
    ("placed", "Endpoints, the proxy and functions have addresses in other zones", _Loss.placed),
)


def zone_loss(stack: Recorded, zone: str) -> Findings:
    """Take a zone away from a stack, and return what remains."""
    loss = _Loss(stack, zone)
    subnets = [subnet for subnet in stack.of(_SUBNET) if _letter(subnet) == zone]
    replicas = [item for item in stack.of(_INSTANCE) if str(item.get("availabilityZone")).endswith(zone)]
    lost = [*(Fact(subnet.name, "lost") for subnet in subnets)]
    lost += [Fact(replica.name, "lost until its zone is back; it serves analytics alone") for replica in replicas]
    return Findings(
        title=f"{stack.name} loses zone {stack.region}{zone}",
        facts=(
            ("Gone", lost),
            ("Left", [Fact("zones", ", ".join(sorted(zones_of(stack) - {zone})) or "none")]),
        ),
        prerequisites=[Prerequisite(id_, needed, tuple(check(loss))) for id_, needed, check in _PREREQUISITES],
    )
