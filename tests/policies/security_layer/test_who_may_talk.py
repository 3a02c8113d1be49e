from typing import Any

import pytest

from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.security_layer.judged import broken, recorded, refer
from tests.support.editing import UNKNOWN
from tests.support.judging import dev_config

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_EITHER = "aws:ec2/securityGroupRule:SecurityGroupRule"
_SPELLINGS = ("ingress rule", "rule of either kind", "inline")
_DATABASE, _CACHE, _SEARCH = "database-callers", "cache-callers", "search-callers"
_SERVICE, _ENTRANCE, _IN_GROUPS = "service-callers", "one-public-entrance", "workloads-in-own-groups"
_OPEN = "entrance-and-exit-open"
_ALB, _ECS, _LAMBDA = "groups-alb", "groups-ecs", "groups-lambda"
_RDS, _PROXY, _REDIS, _OPENSEARCH = "groups-rds", "groups-rds-proxy", "groups-redis", "groups-search"
_ENDPOINTS = "network-endpoints-security-group"
_TO_PROXY, _TO_RDS = "groups-ecs-to-rds-proxy-5432-ingress", "groups-ecs-to-rds-5432-ingress"


def _let(spelling: str, group: str, *sources: str, **rule: Any) -> Change:
    """Let other groups, or what ``rule`` names besides, into a group; ``rule`` is what the older resource takes."""
    given = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432, **rule}
    if spelling == "inline":
        return refer(group, "ingress", [{**given, "securityGroups": [UNKNOWN]}], *(sources or [_ECS]))
    peer = "referencedSecurityGroupId" if spelling == "ingress rule" else "sourceSecurityGroupId"
    inputs = {"securityGroupId": UNKNOWN, **({peer: UNKNOWN} if sources else {})}
    references = {"securityGroupId": [group], **({peer: sources} if sources else {})}
    if spelling == "rule of either kind":
        return add(_EITHER, "more", {"type": "ingress", **inputs, **given}, **references)
    names = {"protocol": "ipProtocol", "cidrBlocks": "cidrIpv4", "prefixListIds": "prefixListId"}
    single = {names.get(key, key): value[0] if isinstance(value, list) else value for key, value in given.items()}
    return add(_INGRESS, "more", {**inputs, **single}, **references)


def _service(name: str = "service", group: str = _ECS) -> Change:
    configuration = {"securityGroups": [UNKNOWN], "subnets": [UNKNOWN]}
    return add(
        "aws:ecs/service:Service",
        name,
        {"networkConfiguration": configuration},
        networkConfiguration=[group, "network-private-a"],
    )


def _balancer(group: str = _ALB) -> Change:
    return add("aws:alb/loadBalancer:LoadBalancer", "balancer", {"securityGroups": [UNKNOWN]}, securityGroups=[group])


_cache = add(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "cache",
    {"securityGroupIds": [UNKNOWN]},
    securityGroupIds=[_REDIS],
)
_domain = add(
    "aws:opensearch/domain:Domain",
    "search",
    {"vpcOptions": {"securityGroupIds": [UNKNOWN], "subnetIds": [UNKNOWN]}},
    vpcOptions=[_OPENSEARCH, "network-data-a"],
)
_filler = add(
    "aws:lambda/function:Function",
    "filler",
    {
        "environment": {"variables": {"SEARCH_URL_PARAMETER": "/search/url"}},
        "vpcConfig": {"securityGroupIds": [UNKNOWN], "subnetIds": [UNKNOWN]},
    },
    environment=["where"],
    vpcConfig=[_LAMBDA, "network-private-a"],
)
_where = add(
    "aws:ssm/parameter:Parameter",
    "where",
    {"name": "/search/url", "type": "SecureString", "keyId": UNKNOWN, "value": UNKNOWN},
    keyId=["security-secrets-key"],
    value=["search"],
)
_search = chain(_domain, _where, _filler)
_platform = chain(_balancer(), _service(), _cache, _search)
_no_database = drop("database-primary", "database-analytics", "database-proxy-pool")
_STORES = {_CACHE: (_REDIS, _cache, 6379), _SEARCH: (_OPENSEARCH, _search, 443)}

_HELD_PORTS: dict[str, dict[str, Any]] = {
    "another port": {"fromPort": 22, "toPort": 22},
    "a range of ports": {"fromPort": 5432, "toPort": 5433},
    "every port": {"fromPort": 0, "toPort": 65535},
    "no ports": {"fromPort": None, "toPort": None},
    "UDP": {"protocol": "udp"},
    "every protocol": {"protocol": "-1"},
    "unknown protocol": {"protocol": UNKNOWN},
    "unknown port": {"toPort": UNKNOWN},
    "malformed port": {"toPort": "5432"},
}
_PRIVATE, _PREFIX_LIST = {"cidrBlocks": ["10.0.0.0/16"]}, {"prefixListIds": ["pl-1"]}
_PUBLIC = {"cidrBlocks": ["0.0.0.0/0"]}

ACCEPTED: dict[str, Change] = {
    "whole platform": _platform,
    "services without a load balancer's rule": chain(_service(), drop("groups-alb-to-ecs-8443-ingress")),
    "two services in one group": chain(_platform, _service("another")),
    "no way past the proxy": drop(_TO_RDS),
    "port left to its default": edit("database-primary", port=None),
    "protocol by number": edit(_TO_PROXY, ipProtocol="6"),
    **{
        f"services again, {spelling}": chain(_platform, _let(spelling, group, _ECS, fromPort=port, toPort=port))
        for spelling in _SPELLINGS
        for group, port in ((_RDS, 5432), (_PROXY, 5432), (_REDIS, 6379), (_OPENSEARCH, 443), (_ECS, 9000))
    },
    **{f"load balancer, {spelling}": chain(_platform, _let(spelling, _ECS, _ALB)) for spelling in _SPELLINGS},
    "services to each other by self": chain(_platform, _let("rule of either kind", _ECS, self=True)),
    "egress to anywhere": add(_EGRESS, "more", {"ipProtocol": "tcp", "cidrIpv4": "0.0.0.0/0"}, securityGroupId=[_RDS]),
    "egress of the older kind": chain(_let("rule of either kind", _RDS, **_PUBLIC), edit("more", type="egress")),
    "private addresses elsewhere": _let("ingress rule", _LAMBDA, **_PRIVATE),
    "cache without a database": chain(_no_database, _cache),
    "cache on a port of its own": chain(
        _cache, edit("cache", port=7000), edit("groups-ecs-to-redis-6379-ingress", fromPort=7000, toPort=7000)
    ),
    "member of a replication group": chain(
        _cache,
        add("aws:elasticache/cluster:Cluster", "member", {"replicationGroupId": UNKNOWN}, replicationGroupId=["cache"]),
    ),
    "one more address of the load balancer": _let("ingress rule", _ALB, fromPort=80, toPort=80, **_PREFIX_LIST),
}


REJECTED: dict[str, Case] = {
    # the database and its proxy
    **{
        f"{source} in {group}, {spelling}": Case(_let(spelling, group, source), at(_DATABASE, group))
        for group in (_RDS, _PROXY)
        for source in (_LAMBDA, _REDIS, group)
        for spelling in _SPELLINGS
    },
    **{
        f"database in its proxy, {spelling}": Case(_let(spelling, _PROXY, _RDS), at(_DATABASE, _PROXY))
        for spelling in _SPELLINGS
    },
    **{
        f"load balancer in the database, {spelling}": Case(_let(spelling, _RDS, _ALB), at(_DATABASE, _RDS))
        for spelling in _SPELLINGS
    },
    **{
        f"load balancer in the proxy, {spelling}": Case(
            _let(spelling, _PROXY, _ALB), at(_DATABASE, _PROXY) | at(_SERVICE, _ALB)
        )
        for spelling in _SPELLINGS
    },
    **{
        f"{what} in {group}, {spelling}": Case(_let(spelling, group, _ECS, **rule), at(_DATABASE, group))
        for group in (_RDS, _PROXY)
        for what, rule in {**_HELD_PORTS, "private addresses": _PRIVATE}.items()
        for spelling in _SPELLINGS
    },
    **{
        f"{what} in {group}, {spelling}": Case(
            _let(spelling, group, _ECS, **rule), at(_DATABASE, group, _RDS) | at(_ENTRANCE, group, _ALB)
        )
        for group in (_RDS, _PROXY)
        for what, rule in {"public addresses": _PUBLIC, "prefix list": _PREFIX_LIST}.items()
        for spelling in _SPELLINGS
    },
    **{
        f"{group} lets itself in by self, {spelling}": Case(_let(spelling, group, self=True), at(_DATABASE, group))
        for group in (_RDS, _PROXY)
        for spelling in _SPELLINGS[1:]
    },
    "inline rules not known yet": Case(point(_RDS, "ingress", _ECS), at(_DATABASE, _RDS)),
    "literal group in the database": Case(edit(_TO_RDS, referencedSecurityGroupId="sg-1"), at(_DATABASE, _RDS)),
    "group of another stack in the database": Case(
        chain(other_stack, point(_TO_RDS, "referencedSecurityGroupId", ELSEWHERE)), at(_DATABASE, _RDS)
    ),
    "nobody in the proxy": Case(drop(_TO_PROXY), at(_DATABASE, _RDS, _PROXY)),
    "functions in the proxy, services past it": Case(
        point(_TO_PROXY, "referencedSecurityGroupId", _LAMBDA), at(_DATABASE, _RDS)
    ),
    "database on another port": Case(
        chain(edit("database-primary", port=5433), edit("database-analytics", port=5433)), at(_DATABASE, _RDS)
    ),
    "services in another group": Case(_service(group=_LAMBDA), at(_DATABASE, _RDS, _PROXY)),
    "functions, beside services": Case(chain(_platform, _let("ingress rule", _PROXY, _LAMBDA)), at(_DATABASE, _PROXY)),
    # caches and search domains
    "database on a port that nobody is let in by": Case(edit("database-analytics", port=5433), at(_DATABASE, _RDS)),
    "functions that call nobody outside": Case(
        chain(_platform, drop("groups-lambda-to-internet-443-egress")), at(_OPEN, _LAMBDA)
    ),
    "functions that are not told where to search": Case(
        chain(_platform, edit("filler", environment=None)), at(_SEARCH, _OPENSEARCH)
    ),
    "functions that are told where something else is": Case(
        chain(_platform, edit("where", value="elsewhere")), at(_SEARCH, _OPENSEARCH)
    ),
    **{
        f"{what} in {group}, {spelling}": Case(
            chain(store, _let(spelling, group, *sources, **{"fromPort": port, "toPort": port, **rule})),
            at(guardrail, group),
        )
        for guardrail, (group, store, port) in _STORES.items()
        for what, sources, rule in (
            ("functions", [_LAMBDA], {}),
            ("load balancer", [_ALB], {}),
            ("itself", [group], {}),
            ("another port", [_ECS], {"toPort": port + 1}),
            ("UDP", [_ECS], {"protocol": "udp"}),
            ("unknown port", [_ECS], {"fromPort": UNKNOWN}),
            ("private addresses", [_ECS], _PRIVATE),
        )
        for spelling in _SPELLINGS
        if (guardrail, what) != (_SEARCH, "functions")  # which fill it, once they are told where it is
    },
    **{
        f"nobody in {group}": Case(
            chain(store, drop(f"groups-ecs-to-{group[7:]}-{port}-ingress")), at(guardrail, group)
        )
        for guardrail, (group, store, port) in _STORES.items()
    },
    "cache on another port": Case(chain(_cache, edit("cache", port=7000)), at(_CACHE, _REDIS)),
    "cache with a malformed port": Case(chain(_cache, edit("cache", port="6379")), at(_CACHE, _REDIS)),
    "functions in a cache without a database": Case(
        chain(_no_database, _cache, _let("ingress rule", _REDIS, _LAMBDA, fromPort=6379, toPort=6379)),
        at(_CACHE, _REDIS),
    ),
    "functions instead of services in a cache": Case(
        chain(_cache, point("groups-ecs-to-redis-6379-ingress", "referencedSecurityGroupId", _LAMBDA)),
        at(_CACHE, _REDIS),
    ),
    # services
    **{
        f"functions in services, {spelling}": Case(chain(_platform, _let(spelling, _ECS, _LAMBDA)), at(_SERVICE, _ECS))
        for spelling in _SPELLINGS
    },
    **{
        f"private addresses in services, {spelling}{which}": Case(
            chain(platform, _let(spelling, _ECS, _ECS, **_PRIVATE)), at(_SERVICE, _ECS)
        )
        for which, platform in {"": _platform, ", before there are any": chain()}.items()
        for spelling in _SPELLINGS
    },
    **{
        f"public addresses in services, {spelling}": Case(
            _let(spelling, _ECS, _ECS, fromPort=443, toPort=443, **_PUBLIC),
            at(_SERVICE, _ECS) | at(_DATABASE, _RDS, _PROXY) | at(_ENTRANCE, _ECS, _ALB),
        )
        for spelling in _SPELLINGS
    },
    "literal group in services": Case(
        edit("groups-alb-to-ecs-8443-ingress", referencedSecurityGroupId="sg-1"), at(_SERVICE, _ECS)
    ),
    "services without a load balancer": Case(_service(), at(_SERVICE, _ECS)),
    # load balancers
    **{
        f"two entrances, {spelling}": Case(
            _let(spelling, _ENDPOINTS, _ECS, fromPort=443, toPort=443, **rule), at(_ENTRANCE, _ENDPOINTS, _ALB)
        )
        for rule in (_PUBLIC, {"cidrBlocks": ["203.0.113.7/32"]}, _PREFIX_LIST)
        for spelling in _SPELLINGS
    },
    "load balancers in another group": Case(_balancer(_LAMBDA), at(_ENTRANCE, _ALB) | at(_OPEN, _LAMBDA)),
    **{
        f"entrance shut on {port}": Case(
            chain(_balancer(), drop(f"groups-internet-to-alb-{port}-ingress")), at(_OPEN, _ALB)
        )
        for port in (80, 443)
    },
    "entrance for some": Case(
        chain(_balancer(), edit("groups-internet-to-alb-443-ingress", cidrIpv4="10.0.0.0/8")), at(_OPEN, _ALB)
    ),
    "services that call nobody": Case(chain(_platform, drop("groups-ecs-to-internet-443-egress")), at(_OPEN, _ECS)),
    # what is in them
    **{
        f"groups of the primary {value!r}": Case(
            edit("database-primary", vpcSecurityGroupIds=value), at(_IN_GROUPS, "database-primary")
        )
        for value in (None, [], ["sg-1"], UNKNOWN, [UNKNOWN], "sg-1")
    },
    "groups of the primary, of another stack": Case(
        chain(other_stack, point("database-primary", "vpcSecurityGroupIds", ELSEWHERE)),
        at(_IN_GROUPS, "database-primary"),
    ),
    "literal group of the primary beside": Case(
        refer("database-primary", "vpcSecurityGroupIds", [UNKNOWN, "sg-1"], _RDS), at(_IN_GROUPS, "database-primary")
    ),
    "default group of the VPC": Case(
        point("database-primary", "vpcSecurityGroupIds", "network-default-security-group"),
        at(_IN_GROUPS, "database-primary"),
    ),
    "malformed groups of the primary": Case(
        refer("database-primary", "vpcSecurityGroupIds", "sg-1", _RDS), at(_IN_GROUPS, "database-primary")
    ),
    "proxy without groups": Case(
        edit("database-proxy-pool", vpcSecurityGroupIds=None),
        at(_IN_GROUPS, "database-proxy-pool") | at(_DATABASE, _RDS),
    ),
    **{
        f"{type_} without groups": Case(add(type_, "more", {}), at(_IN_GROUPS, "more"))
        for type_ in (
            "aws:rds/cluster:Cluster",
            "aws:rds/proxyEndpoint:ProxyEndpoint",
            "aws:elasticache/cluster:Cluster",
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "aws:elasticache/serverlessCache:ServerlessCache",
            "aws:elasticsearch/domain:Domain",
            "aws:opensearch/domain:Domain",
            "aws:ecs/service:Service",
            "aws:ecs/taskSet:TaskSet",
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("more", [chain(), _platform])
def test_functions_may_reach_the_proxy_by_option(more: Change) -> None:
    topology = chain(more, _let("ingress rule", _PROXY, _LAMBDA))(recorded("prod"))
    config = {_DATABASE: {"extraSources": 1}}
    assert broken(topology, config) == set()
    one_more = add(
        _INGRESS,
        "one more",
        {"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "securityGroupId": UNKNOWN},
        securityGroupId=[_PROXY],
        referencedSecurityGroupId=[_REDIS],
    )
    assert broken(one_more(topology), config) == at(_DATABASE, _PROXY)


def test_functions_may_not_reach_the_database_itself_by_option() -> None:
    topology = chain(_platform, _let("ingress rule", _RDS, _LAMBDA))(recorded("prod"))
    assert broken(topology, {_DATABASE: {"extraSources": 1}}) == at(_DATABASE, _RDS)


def test_without_a_proxy_one_group_reaches_the_database() -> None:
    dev = recorded("dev")
    assert broken(dev, dev_config()) == set()
    for source in (_LAMBDA, _RDS):
        assert broken(_let("ingress rule", _RDS, source)(dev), dev_config()) == at(_DATABASE, _RDS)
    assert broken(drop(_TO_RDS)(dev), dev_config()) == at(_DATABASE, _RDS)
