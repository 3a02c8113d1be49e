"""Clauses net-sg-*: which security groups let which others in.

A group is known by what is in it, through references: a database's group is what a database names. Names and tags have
no say. Until the stack has ECS services, theirs is the one group that the database's proxy lets in, or the database
where there is no proxy.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.network_layer.group_rules import GROUP_RULES, SECURITY_GROUP, GroupRule, read_rules
from guardrails.placement import LOAD_BALANCER, VPC_ENDPOINT
from guardrails.reading import UndecidedError, UnreadableError

_PEERS = ("referencedSecurityGroupId", "sourceSecurityGroupId", "ingress")

_DATABASES: Mapping[str, str] = {
    "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/instance:Instance": "vpcSecurityGroupIds",
}
_PROXIES: Mapping[str, str] = {
    "aws:rds/proxy:Proxy": "vpcSecurityGroupIds",
    "aws:rds/proxyEndpoint:ProxyEndpoint": "vpcSecurityGroupIds",
}
_CACHES: Mapping[str, str] = {
    "aws:elasticache/cluster:Cluster": "securityGroupIds",
    "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
    "aws:elasticache/serverlessCache:ServerlessCache": "securityGroupIds",
}
_BROKERS: Mapping[str, str] = {"aws:mq/broker:Broker": "securityGroups"}
_SEARCHES: Mapping[str, str] = {
    "aws:elasticsearch/domain:Domain": "vpcOptions.securityGroupIds",
    "aws:opensearch/domain:Domain": "vpcOptions.securityGroupIds",
}
_SERVICES: Mapping[str, str] = {
    "aws:ecs/service:Service": "networkConfiguration.securityGroups",
    "aws:ecs/taskSet:TaskSet": "networkConfiguration.securityGroups",
}
_FUNCTIONS: Mapping[str, str] = {"aws:lambda/function:Function": "vpcConfig.securityGroupIds"}
_PARAMETER = "aws:ssm/parameter:Parameter"
_BALANCERS: Mapping[str, str] = {LOAD_BALANCER: "securityGroups"}
_ENDPOINTS: Mapping[str, str] = {VPC_ENDPOINT: "securityGroupIds"}
_IN_GROUPS: Mapping[str, str] = {**_DATABASES, **_PROXIES, **_CACHES, **_BROKERS, **_SEARCHES, **_SERVICES}

_POSTGRES, _REDIS, _AMQPS, _HTTP, _HTTPS = 5432, 6379, 5671, 80, 443


@dataclass(frozen=True, slots=True)
class _Entry:
    """Who one rule of a security group lets in, and on which ports."""

    declared_by: Node
    rule: GroupRule
    groups: frozenset[Node]
    """Groups of the stack."""

    @property
    def strangers(self) -> list[str]:
        """What else it lets in, in words."""
        found = [str(block) for block in self.rule.blocks]
        if self.rule.prefix_list:
            found.append("a prefix list")
        return found or ([] if self.groups else ["a group of another stack"])

    @property
    def public(self) -> bool:
        """Whether it lets public addresses in, or what may be."""
        return self.rule.prefix_list or bool(self.rule.public_blocks)


def _rules(group: Node) -> list[Node]:
    """Return what declares rules of a group.

    Inline rules are read where they refer to groups; else the outputs don't tell them from rules of their own, and
    security-group-rules-separate speaks of them.
    """
    inline = [group] if group.refers("ingress") else []
    return [*inline, *group.referrers("securityGroupId", *sorted(GROUP_RULES))]


def _named(rule: Node) -> set[Node]:
    return {group for key in _PEERS for group in rule.refers(key, SECURITY_GROUP)}


def _read(group: Node, node: Node) -> list[_Entry]:
    return [
        _Entry(node, rule, frozenset(_named(node) | ({group} if rule.itself else set())))
        for rule in read_rules(node.type, node.properties, ["ingress"])
        if rule.ingress
    ]


def _entries(group: Node) -> list[_Entry]:
    return [entry for node in _rules(group) for entry in _read(group, node)]


def _callers(*groups: Node) -> set[Node]:
    """Return whom groups let in, or may let in by rules that can't be read."""
    found: set[Node] = set()
    for group in groups:
        for node in _rules(group):
            try:
                found.update(*(entry.groups for entry in _read(group, node)))
            except UnreadableError:
                found |= _named(node)  # its own group's guardrail says so
    return found


def _key(path: str) -> str:
    return path.partition(".")[0]


def _groups_of(graph: Graph, users: Mapping[str, str]) -> set[Node]:
    """Return the security groups that resources of some types are in."""
    return {
        group
        for type_, path in users.items()
        for user in graph.of_type(type_)
        for group in user.refers(_key(path), SECURITY_GROUP)
    }


def _front_doors(graph: Graph) -> set[Node]:
    """Return the groups through which the database is reached: its proxies', or its own where there is none."""
    return _groups_of(graph, _PROXIES) or _groups_of(graph, _DATABASES)


def _service_groups(graph: Graph) -> set[Node]:
    """Return the groups of services: those that ECS services are in, or else whom the database lets in."""
    return _groups_of(graph, _SERVICES) or _callers(*_front_doors(graph)) - _front_doors(graph)


def _names(nodes: Iterable[Node]) -> str:
    return ", ".join(sorted(node.name for node in nodes))


def _only_groups(group: Node, allowed: set[Node]) -> Iterator[str]:
    """Yield whom a group lets in besides the groups that it may."""
    for entry in _entries(group):
        found = [*entry.strangers, *sorted(caller.name for caller in entry.groups - allowed)]
        if found:
            yield f"{entry.declared_by.name} lets {', '.join(found)} in, not only {_names(allowed) or 'services'}"


def _only_ports(group: Node, ports: set[float]) -> Iterator[str]:
    for entry in _entries(group):
        if not entry.rule.is_tcp or entry.rule.ports not in [(port, port) for port in ports]:
            listed = ", ".join(f"{port:g}" for port in sorted(ports))
            yield f"{entry.declared_by.name} lets more through than TCP on port {listed}"


def _not_by_way_of_public(group: Node) -> Iterator[str]:
    for caller in sorted(_callers(group), key=lambda node: node.name):
        if _is_entrance(caller):
            yield f"it lets {caller.name} in, which lets public addresses in"


def _ports(graph: Graph, users: Mapping[str, str], default: int, group: Node | None = None) -> set[float]:
    """Return the ports of resources of some types, of those in ``group`` if given."""
    found: set[float] = set()
    for user in graph.of_type(*users):
        if group is None or group in user.refers(_key(users[user.type])):
            try:
                found.add(user.properties.number("port") or default)
            except UndecidedError:
                found.add(default)  # AWS computes it where it is left out
    return found


def _database_callers(group: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    databases, proxies = _groups_of(graph, _DATABASES), _groups_of(graph, _PROXIES)
    if group not in databases | proxies:
        return
    if group in databases & proxies:
        yield "the database and its proxy are both in it, so that whoever calls the one may call the other"
    doors = _front_doors(graph)
    if group in doors:
        limit = 1 + int(relaxations.number("extraSources"))
        callers = _callers(*doors) - doors
        services = _groups_of(graph, _SERVICES)
        if not 1 <= len(callers) <= limit:
            yield f"{_names(callers) or 'nobody'} may reach the database, not {limit} group{'s' * (limit > 1)}"
        if services and not callers & services:
            yield f"services, which are in {_names(services)}, may not reach the database"
        allowed = callers
    else:
        allowed = proxies | _service_groups(graph)
        if proxies and not _callers(group) & proxies:
            yield f"the database's proxy, which is in {_names(proxies)}, may not reach it"
        direct = _callers(group) - proxies
        if len(direct) > 1:
            yield f"{_names(direct)} may reach the database past its proxy, not 1 group"
    yield from _only_groups(group, allowed - {group})
    if group in databases:
        ports = _ports(graph, _DATABASES, _POSTGRES, group)
        yield from _only_ports(group, ports)
        if shut := [f"{port:g}" for port in ports if not any(one.rule.admits_tcp(port) for one in _entries(group))]:
            yield f"nobody is let in on port {', '.join(sorted(shut))}, on which a database in it listens"
    else:
        yield from _only_ports(group, _ports(graph, _DATABASES, _POSTGRES) | {_POSTGRES})
    yield from _not_by_way_of_public(group)


def _store_callers(
    group: Node, graph: Graph, users: Mapping[str, str], port: int, besides: Iterable[Node] = ()
) -> Iterator[str]:
    """Yield who reaches a store other than services, and the groups that may ``besides``."""
    if group not in _groups_of(graph, users):
        return
    callers = _callers(group) - set(besides)
    if len(callers) != 1:
        yield f"{_names(callers) or 'nobody'} may reach it, not 1 group"
    yield from _only_groups(group, (_service_groups(graph) or callers) - {group} | set(besides))
    yield from _only_ports(group, _ports(graph, users, port, group))
    yield from _not_by_way_of_public(group)


def _cache_callers(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    return _store_callers(group, graph, _CACHES, _REDIS)


def _broker_callers(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    return _store_callers(group, graph, _BROKERS, _AMQPS)


def _search_callers(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    functions = {
        found
        for domain in graph.of_type(*_SEARCHES)
        for parameter in domain.referrers("value", _PARAMETER)
        for function in parameter.referrers("environment", *_FUNCTIONS)
        for found in function.refers("vpcConfig", SECURITY_GROUP)
    }
    return _store_callers(group, graph, _SEARCHES, _HTTPS, functions - _groups_of(graph, _BALANCERS))


def _service_callers(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    services = _groups_of(graph, _SERVICES)
    if group in services:
        yield from _only_groups(group, services | _groups_of(graph, _BALANCERS))
    elif group in _callers(*_front_doors(graph)) - _front_doors(graph):
        for entry in _entries(group):
            if entry.strangers:
                yield f"{entry.declared_by.name} lets {', '.join(entry.strangers)} in, while it may reach the database"


def _one_entrance(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _is_entrance(group):
        return
    if others := [other for other in graph.of_type(SECURITY_GROUP) if other is not group and _is_entrance(other)]:
        yield f"it lets public addresses in, and so does {_names(others)}"
    balancers = _groups_of(graph, _BALANCERS)
    if balancers and group not in balancers:
        yield f"it lets public addresses in, while load balancers are in {_names(balancers)}"


def _closed_to_addresses(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    """Of groups that hold something else than databases, caches, search domains and services, which have their own."""
    balancers = _groups_of(graph, _BALANCERS)
    if group in _groups_of(graph, _IN_GROUPS) or (not balancers and _is_entrance(group)):
        return
    if group in balancers:
        yield from _only_ports(group, {_HTTP, _HTTPS})
    elif group in _groups_of(graph, _ENDPOINTS):
        yield from _only_ports(group, {_HTTPS})
    else:
        for entry in _entries(group):
            if entry.strangers:
                yield f"{entry.declared_by.name} lets {', '.join(entry.strangers)} in, and not a group of this stack"


def _stores_call_nobody(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if group not in _groups_of(graph, {**_DATABASES, **_PROXIES, **_CACHES, **_SEARCHES, **_ENDPOINTS}):
        return
    for node in group.referrers("securityGroupId", *sorted(GROUP_RULES)):
        for rule in read_rules(node.type, node.properties):
            if not rule.ingress and (rule.prefix_list or rule.public_blocks):
                yield f"{node.name} lets what keeps data call public addresses"


def _is_entrance(group: Node) -> bool:
    try:
        return any(entry.public for entry in _entries(group))
    except UnreadableError:
        return False  # security-groups-not-open says so


def _in_own_groups(user: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    path = _IN_GROUPS[user.type]
    known = len(user.refers(_key(path), SECURITY_GROUP))
    if user.refers("replicationGroupId"):
        return  # a member takes its group from there
    if not known:
        yield f"{path} refers to no security group of this stack"
        return
    try:
        count = user.properties.length(path)
    except UndecidedError:
        return
    if count != known:
        yield f"{path} lists {count} security groups, of which {known} are of this stack"


def _works(group: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if group in _groups_of(graph, _BALANCERS):
        entries = _entries(group)
        for port in (_HTTP, _HTTPS):
            if not any(entry.public and entry.rule.admits_tcp(port) for entry in entries):
                yield f"the load balancer is in it, and it lets nobody in from outside on port {port}"
    callers = {"services": _SERVICES, "functions": _FUNCTIONS}
    within = " and ".join(what for what, types in callers.items() if group in _groups_of(graph, types))
    if within and not any(
        not rule.ingress and rule.admits_tcp(_HTTPS) and rule.public_blocks
        for node in group.referrers("securityGroupId", *sorted(GROUP_RULES))
        for rule in read_rules(node.type, node.properties)
    ):
        yield f"{within} are in it, and it lets them call nobody by HTTPS: neither services of AWS nor others"


WHO_MAY_TALK_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="workloads-in-own-groups",
        title="Services, databases, caches and search domains are in security groups of the stack and in no others",
        clauses=("net-sg-rds", "net-sg-redis", "net-sg-ecs"),
        severity="critical",
        types=frozenset(_IN_GROUPS),
        check=_in_own_groups,
        remediation="Pass groups of SecurityGroups, and nothing else.",
    ),
    StackGuardrail(
        id="database-callers",
        title="The database lets in its proxy and the group of services, and the proxy that group only",
        clauses=("net-sg-rds",),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_database_callers,
        options={
            "extraSources": Option(
                {"type": "integer", "minimum": 0, "maximum": 1},
                0,
                "Groups besides that of services which may reach the database: its proxy, or itself without one.",
            )
        },
        remediation="Add no rows that call rds or rds-proxy to the table of SecurityGroups.",
    ),
    StackGuardrail(
        id="cache-callers",
        title="The cache lets in the group of services only",
        clauses=("net-sg-redis",),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_cache_callers,
        remediation="Add no rows that call redis to the table of SecurityGroups.",
    ),
    StackGuardrail(
        id="broker-callers",
        title="The broker lets in the group of services only",
        clauses=("async-rabbitmq-option", "net-nacls-sgs"),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_broker_callers,
        remediation="Add no rows that call rabbitmq to the table of SecurityGroups.",
    ),
    StackGuardrail(
        id="search-callers",
        title="The search domain lets in the group of services, and that of functions which are told where it is",
        clauses=("net-nacls-sgs",),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_search_callers,
        remediation="Add no rows that call search to the table of SecurityGroups, other than from ecs and lambda.",
    ),
    StackGuardrail(
        id="service-callers",
        title="Services let in load balancers and each other, and whoever reaches the database lets no addresses in",
        clauses=("net-sg-ecs", "net-sg-rds"),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_service_callers,
        remediation="Add no rows that call ecs to the table of SecurityGroups, other than from alb and ecs.",
    ),
    StackGuardrail(
        id="entrance-and-exit-open",
        title="The load balancer is reached on ports 80 and 443, and services and functions call out by HTTPS",
        clauses=("net-sg-alb", "net-sg-ecs"),
        severity="medium",
        types=frozenset({SECURITY_GROUP}),
        check=_works,
        remediation="Leave the rows of internet in the table of SecurityGroups as they are.",
    ),
    StackGuardrail(
        id="groups-let-in-groups",
        title="Load balancers let in HTTP and HTTPS, endpoints HTTPS, and all other groups let in groups of the stack",
        clauses=("net-nacls-sgs", "net-sg-alb"),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_closed_to_addresses,
        controls=("EC2.18", "EC2.19", "CKV_AWS_260"),
        remediation="Name the group of whoever calls in place of addresses, and the one port that it calls.",
    ),
    StackGuardrail(
        id="stores-call-nobody",
        title="Databases, caches, search domains and endpoints call no public addresses",
        clauses=("net-nacls-sgs", "net-sg-rds", "net-sg-redis"),
        severity="high",
        types=frozenset({SECURITY_GROUP}),
        check=_stores_call_nobody,
        controls=("CKV_AWS_382",),
        remediation="Take the rule out: what keeps data answers and never asks.",
    ),
    StackGuardrail(
        id="one-public-entrance",
        title="One security group lets public addresses in, that of load balancers",
        clauses=("net-sg-alb",),
        severity="critical",
        types=frozenset({SECURITY_GROUP}),
        check=_one_entrance,
        remediation="Let public addresses in through the load balancer's group only.",
    ),
)
