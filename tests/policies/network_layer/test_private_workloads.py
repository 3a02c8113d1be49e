"""What runs in private subnets, and that nothing of it is reached from the internet."""

from guardrails.network_layer import private_subnets
from tests.policies.breaking import (
    DATA,
    ELSEWHERE,
    GROUP,
    PRIVATE,
    PUBLIC,
    Case,
    Change,
    add,
    at,
    cases,
    chain,
    drop,
    edit,
    ids,
    nest,
    other_stack,
)
from tests.policies.network_layer.judged import recorded, violations
from tests.support.editing import UNKNOWN

_SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
_CACHE_GROUP = "aws:elasticache/subnetGroup:SubnetGroup"
_A = "network-private-a"

_LISTS = {
    "aws:apigatewayv2/vpcLink:VpcLink": "subnetIds",
    "aws:cloudwatch/eventTarget:EventTarget": "ecsTarget.networkConfiguration.subnets",
    "aws:ecs/service:Service": "networkConfiguration.subnets",
    "aws:ecs/taskSet:TaskSet": "networkConfiguration.subnets",
    "aws:elasticache/serverlessCache:ServerlessCache": "subnetIds",
    _CACHE_GROUP: "subnetIds",
    "aws:lambda/function:Function": "vpcConfig.subnetIds",
    "aws:mq/broker:Broker": "subnetIds",
    "aws:opensearch/domain:Domain": "vpcOptions.subnetIds",
    "aws:rds/proxy:Proxy": "vpcSubnetIds",
    "aws:rds/proxyEndpoint:ProxyEndpoint": "vpcSubnetIds",
    _SUBNET_GROUP: "subnetIds",
    "aws:scheduler/schedule:Schedule": "target.ecsParameters.networkConfiguration.subnets",
}
_SINGLE = (
    "aws:ec2/instance:Instance",
    "aws:ec2/networkInterface:NetworkInterface",
    "aws:efs/mountTarget:MountTarget",
)
_OPTIONAL = (
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:lambda/function:Function",
    "aws:scheduler/schedule:Schedule",
)


def _in_list(type_: str, subnets: list[str], *more: str, listed: object = None) -> Change:
    """Put a workload into subnets; ``more`` is what else its property refers to."""
    path = _LISTS[type_]
    inputs = nest(path, ids(subnets) if listed is None else listed)
    return add(type_, "workload", inputs, **{path.split(".")[0]: [*subnets, *more]})


def _in_group(type_: str, name: object, **references: list[str]) -> Change:
    key = "dbSubnetGroupName" if ":rds/" in type_ else "subnetGroupName"
    return chain(
        _declared(_SUBNET_GROUP, "databases"),
        _declared(_CACHE_GROUP, "caches"),
        add(type_, "store", {} if name is None else {key: name}, **references),
    )


def _declared(type_: str, name: str) -> Change:
    return add(type_, name, {"name": name, "subnetIds": ids(DATA)}, subnetIds=DATA)


_STORES = {
    "aws:elasticache/cluster:Cluster": ("subnetGroupName", "caches"),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("subnetGroupName", "caches"),
    "aws:rds/cluster:Cluster": ("dbSubnetGroupName", "databases"),
    "aws:rds/instance:Instance": ("dbSubnetGroupName", "databases"),
}
_ADDRESSES = {
    "aws:cloudwatch/eventTarget:EventTarget": "ecsTarget.networkConfiguration.assignPublicIp",
    "aws:ecs/service:Service": "networkConfiguration.assignPublicIp",
    "aws:ecs/taskSet:TaskSet": "networkConfiguration.assignPublicIp",
    "aws:mq/broker:Broker": "publiclyAccessible",
    "aws:rds/clusterInstance:ClusterInstance": "publiclyAccessible",
    "aws:scheduler/schedule:Schedule": "target.ecsParameters.networkConfiguration.assignPublicIp",
}


def _addressed(type_: str, value: object) -> Change:
    """Give a workload in private subnets a value for its public address."""
    inputs = nest(_ADDRESSES[type_], value)
    if type_ not in _LISTS:
        return add(type_, "workload", inputs)
    path = _LISTS[type_]
    owner = nest(path, ids(PRIVATE))
    if "." in path:
        block = inputs
        for key in path.split(".")[:-1]:
            block = block[key]
        block["subnets"] = ids(PRIVATE)
        owner = inputs
    return add(type_, "workload", owner | inputs, **{path.split(".")[0]: PRIVATE})


ACCEPTED: dict[str, Change] = {
    "function without a VPC": add("aws:lambda/function:Function", "workload", {}),
    "function without a VPC, spelt out": _in_list("aws:lambda/function:Function", [], listed=[]),
    "event target that runs no task": add("aws:cloudwatch/eventTarget:EventTarget", "workload", {"arn": "arn:x"}),
    "workload in data subnets": _in_list("aws:opensearch/domain:Domain", DATA, GROUP),
    "task set off with its role and definition": chain(
        add("aws:ecs/taskDefinition:TaskDefinition", "task", {}),
        _in_list("aws:scheduler/schedule:Schedule", PRIVATE, GROUP, "task", "network-flow-logs-role"),
    ),
    "list of subnets not known as a whole": _in_list("aws:ecs/service:Service", PRIVATE, GROUP, listed=UNKNOWN),
    "replica in its source's subnets": chain(
        _in_group("aws:rds/instance:Instance", UNKNOWN, dbSubnetGroupName=["databases"]),
        add("aws:rds/instance:Instance", "replica", {"replicateSourceDb": UNKNOWN}, replicateSourceDb=["store"]),
    ),
    "node in its replication group's subnets": chain(
        _in_group("aws:elasticache/replicationGroup:ReplicationGroup", "caches"),
        add("aws:elasticache/cluster:Cluster", "node", {"replicationGroupId": UNKNOWN}, replicationGroupId=["store"]),
    ),
    **{f"{type_} in private subnets": _in_list(type_, PRIVATE) for type_ in _LISTS},
    **{
        f"{type_} in a private subnet": add(type_, "workload", {"subnetId": UNKNOWN}, subnetId=[_A])
        for type_ in _SINGLE
    },
    **{
        f"{type_} in a group by reference": _in_group(type_, UNKNOWN, **{key: [group]})
        for type_, (key, group) in _STORES.items()
    },
    **{f"{type_} in a group by name": _in_group(type_, group) for type_, (_, group) in _STORES.items()},
    **{f"{type_} without public address": _addressed(type_, False) for type_ in _ADDRESSES},
}

REJECTED: dict[str, Case] = {
    # workloads
    **{
        f"{type_} with a public subnet among private ones": Case(
            _in_list(type_, [*PRIVATE[:2], PUBLIC[2]]),
            at("workloads-in-private-subnets", "workload") | at("public-subnets-reserved", "workload"),
        )
        for type_ in _LISTS
    },
    **{
        f"{type_} in a public subnet": Case(
            add(type_, "workload", {"subnetId": UNKNOWN}, subnetId=PUBLIC[:1]),
            at("workloads-in-private-subnets", "workload") | at("public-subnets-reserved", "workload"),
        )
        for type_ in _SINGLE
    },
    **{
        f"{type_} in a literal subnet": Case(
            add(type_, "workload", {"subnetId": "subnet-1"}), at("workloads-in-private-subnets", "workload")
        )
        for type_ in _SINGLE
    },
    **{
        f"{type_} with subnets {what}": Case(
            chain(other_stack, _in_list(type_, subnets, *more, listed=listed)),
            at("workloads-in-private-subnets", "workload"),
        )
        for type_ in _LISTS
        for what, subnets, more, listed in (
            ("that are literals", [], [], ["subnet-1", "subnet-2"]),
            ("and a literal", PRIVATE[:2], [], [UNKNOWN, UNKNOWN, "subnet-1"]),
            ("of another stack", [], [ELSEWHERE], UNKNOWN),
            ("and one of another stack", PRIVATE[:2], [ELSEWHERE], [UNKNOWN] * 3),
            ("made from another stack too", PRIVATE, [ELSEWHERE], UNKNOWN),
            ("unknown", [], [], UNKNOWN),
            ("malformed", PRIVATE, [], "subnet-1"),
        )
    },
    **{
        f"{type_} without subnets": Case(add(type_, "workload", {}), at("workloads-in-private-subnets", "workload"))
        for type_ in (*_LISTS, *_SINGLE)
        if type_ not in _OPTIONAL
    },
    "workload in a subnet that can't be followed": Case(
        chain(drop("network-private-a-routes"), _in_list("aws:ecs/service:Service", PRIVATE)),
        at("subnet-routes-followed", _A) | at("workloads-in-private-subnets", "workload"),
    ),
    # databases and caches
    **{
        f"{type_} {what}": Case(
            chain(other_stack, _in_group(type_, name, **{key: refers} if refers else {})),
            at("databases-in-subnet-groups", "store"),
        )
        for type_, (key, _) in _STORES.items()
        for what, name, refers in (
            ("without a group", None, None),
            ("in the default group", "default", None),
            ("in a group of another stack", UNKNOWN, [ELSEWHERE]),
            ("in an unknown group", UNKNOWN, None),
            ("in a malformed group", 7, None),
        )
    },
    "replica of a literal": Case(
        _in_group("aws:rds/instance:Instance", None, replicateSourceDb=[]), at("databases-in-subnet-groups", "store")
    ),
    "replica of another stack's database": Case(
        chain(other_stack, _in_group("aws:rds/instance:Instance", None, replicateSourceDb=[ELSEWHERE])),
        at("databases-in-subnet-groups", "store"),
    ),
    "replica in a group of its own, of another stack": Case(
        chain(
            other_stack,
            _in_group("aws:rds/instance:Instance", "databases"),
            add(
                "aws:rds/instance:Instance",
                "replica",
                {"replicateSourceDb": UNKNOWN, "dbSubnetGroupName": UNKNOWN},
                replicateSourceDb=["store"],
                dbSubnetGroupName=[ELSEWHERE],
            ),
        ),
        at("databases-in-subnet-groups", "replica"),
    ),
    "member of a global replication group": Case(
        chain(
            add("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", "world", {}),
            _in_group("aws:elasticache/replicationGroup:ReplicationGroup", None, globalReplicationGroupId=["world"]),
        ),
        at("databases-in-subnet-groups", "store"),
    ),
    # public addresses
    **{
        f"{key} {value}": Case(edit(_A, **{key: value}), at("no-public-addresses", _A))
        for key in ("mapPublicIpOnLaunch", "assignIpv6AddressOnCreation", "ipv6Native")
        for value in (True, UNKNOWN, "false")
    },
    **{
        f"{type_} with a public address {value}": Case(_addressed(type_, value), at("no-public-addresses", "workload"))
        for type_ in _ADDRESSES
        for value in (True, UNKNOWN, "false")
    },
    "instance with a public address": Case(
        add(
            "aws:ec2/instance:Instance",
            "workload",
            {"subnetId": UNKNOWN, "associatePublicIpAddress": True},
            subnetId=[_A],
        ),
        at("no-public-addresses", "workload"),
    ),
    **{
        f"{type_} with a public address": Case(
            chain(
                _declared(_SUBNET_GROUP, "databases"),
                add(type_, "store", {"dbSubnetGroupName": "databases", "publiclyAccessible": True}),
            ),
            at("no-public-addresses", "store"),
        )
        for type_ in ("aws:rds/cluster:Cluster", "aws:rds/instance:Instance")
    },
    # the default network
    **{
        type_: Case(add(type_, "given", {}), at("default-network-unused", "given"))
        for type_ in (
            "aws:ec2/defaultVpc:DefaultVpc",
            "aws:ec2/defaultSubnet:DefaultSubnet",
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_every_type_of_workload_is_tried() -> None:
    assert set(vars(private_subnets)["_WORKLOADS"]) == {*_LISTS, *_SINGLE}
