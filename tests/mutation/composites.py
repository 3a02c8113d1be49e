"""Changes of several properties or resources at once, each of which breaks one thing and nothing else.

What guardrails read apart is often declared together: a caller and a called group, a proxy and its target. A change of
one alone would be refused for the other's sake, and prove nothing of the guardrail that looks at both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from preview.topology import Resource, Topology
from tests.mutation.mutant import Change, Mutant, inputs_of, put, with_inputs
from tests.support.editing import UNKNOWN

_BALANCER_ELSEWHERE = "arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/other/50dc6c495c0c9188"
_FORWARD_TO_TWO = {"type": "forward", "forward": {"targetGroups": [{"arn": UNKNOWN}, {"arn": UNKNOWN}]}}
_ELSEWHERE = "arn:aws:rds:us-east-1:444455556666:db:of-another-stack"
_SUBNETS_OF_PRIVATE = ("network-private-a", "network-private-b", "network-private-c")
_TABLES_OF_PRIVATE = tuple(f"{subnet}-route-table" for subnet in _SUBNETS_OF_PRIVATE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A resource of the stack that is changed, or a further one."""

    name: str
    like: str = ""
    """The resource that a further one is like, but for what follows."""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties, and what they are; they refer to nothing unless ``refers`` says so."""
    refers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Properties, and the resources that they refer to, by ids that are not known yet."""
    appended: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Lists, and one more item of each."""
    same: Mapping[str, str] = field(default_factory=dict[str, str])
    """Properties, and the resource whose value they take."""


class _Composite(NamedTuple):
    name: str
    parts: tuple[_Part, ...]


_COMPOSITES = (
    _Composite(
        "two rules of one priority", (_Part(name="api-route-ai-rule", same={"priority": "api-route-auth-rule"}),)
    ),
    _Composite("two services of one name", (_Part(name="compute-ai-service", same={"name": "compute-auth-service"}),)),
    _Composite(
        "storage faster than its size allows",
        (_Part(name="database-primary", values={"allocatedStorage": 300, "iops": 4000}),),
    ),
    _Composite(
        "HTTP on port 443 and HTTPS on port 80",
        (
            _Part(name="api-load-balancer-http", values={"port": 443}),
            _Part(name="api-load-balancer-https", values={"port": 80}),
        ),
    ),
    _Composite(
        "listener of a load balancer elsewhere",
        (_Part(name="listener", like="api-load-balancer-http", values={"loadBalancerArn": _BALANCER_ELSEWHERE}),),
    ),
    _Composite(
        "rule that leads to two services",
        (
            _Part(
                name="rule",
                like="api-route-auth-rule",
                values={"priority": 1, "actions": [_FORWARD_TO_TWO]},
                refers={"actions": ("api-route-ai-blue", "api-route-auth-blue")},
            ),
        ),
    ),
    _Composite("target group of nobody", (_Part(name="target-group", like="api-route-auth-blue"),)),
    _Composite("more tasks than the quota", (_Part(name="compute-auth-scaling-target", values={"maxCapacity": 2000}),)),
    _Composite("windows that overlap", (_Part(name="database-primary", values={"backupWindow": "00:00-03:00"}),)),
    _Composite(
        "parameter that allows TLS 1.0",
        (
            _Part(
                name="database-primary-parameters",
                appended={"parameters": {"name": "ssl_min_protocol_version", "value": "TLSv1"}},
            ),
        ),
    ),
    _Composite(
        "provider of two accounts",
        (_Part(name="aws", values={"allowedAccountIds": '["444455556666", "999988887777"]'}),),
    ),
    _Composite(
        "inline rule between groups",
        (
            _Part(
                name="groups-lambda",
                values={"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "securityGroups": [UNKNOWN]}]},
                refers={"ingress": ("groups-ecs",)},
            ),
        ),
    ),
    _Composite(
        "functions that call services",
        (
            _Part(
                name="functions-to-services-ingress",
                like="groups-alb-to-ecs-8443-ingress",
                refers={"referencedSecurityGroupId": ("groups-lambda",)},
            ),
            _Part(
                name="functions-to-services-egress",
                like="groups-alb-to-ecs-8443-egress",
                refers={"securityGroupId": ("groups-lambda",)},
            ),
        ),
    ),
    _Composite(
        "second entrance",
        (
            _Part(name="entrance", like="groups-lambda"),
            _Part(
                name="entrance-ingress",
                like="groups-internet-to-alb-443-ingress",
                refers={"securityGroupId": ("entrance",)},
            ),
        ),
    ),
    _Composite(
        "private subnet that the main table routes",
        (
            _Part(name="private-d", like="network-private-a", values={"cidrBlock": "10.0.250.0/24"}),
            _Part(name="network-private-nacl", refers={"subnetIds": (*_SUBNETS_OF_PRIVATE, "private-d")}),
        ),
    ),
    _Composite(
        "private subnet that leads to the internet",
        (
            _Part(name="private-d", like="network-private-a", values={"cidrBlock": "10.0.250.0/24"}),
            _Part(name="network-private-nacl", refers={"subnetIds": (*_SUBNETS_OF_PRIVATE, "private-d")}),
            _Part(
                name="private-d-routes",
                like="network-private-a-routes",
                refers={"subnetId": ("private-d",), "routeTableId": ("network-public-route-table",)},
            ),
            _Part(
                name="network-endpoints-s3",
                refers={"routeTableIds": (*_TABLES_OF_PRIVATE, "network-public-route-table")},
            ),
        ),
    ),
    _Composite(
        "data tier that leads to the NAT gateways",
        (
            *(
                _Part(
                    name=f"network-data-{zone}-routes",
                    refers={"routeTableId": (f"network-private-{zone}-route-table",)},
                )
                for zone in "abc"
            ),
            _Part(name="network-data-nacl", same={"ingress": "network-private-nacl", "egress": "network-private-nacl"}),
        ),
    ),
    _Composite(
        "tier in one zone",
        (
            _Part(name="further-a", like="network-data-a", values={"cidrBlock": "10.0.250.0/24"}),
            _Part(name="further-a-routes", like="network-data-a-routes", refers={"subnetId": ("further-a",)}),
            _Part(name="further-nacl", like="network-data-nacl", refers={"subnetIds": ("further-a",)}),
        ),
    ),
    _Composite(
        "endpoint of what others run",
        (
            _Part(
                name="endpoint-of-others",
                like="network-endpoints-sts",
                values={"serviceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"},
            ),
        ),
    ),
    _Composite(
        "replica of a database elsewhere",
        (
            _Part(name="replica", like="database-analytics", values={"replicateSourceDb": _ELSEWHERE}),
            *(
                _Part(
                    name=f"replica-{metric}",
                    like=f"database-alarms-analytics-{metric}",
                    refers={"dimensions": ("replica",)},
                )
                for metric in ("CPUUtilization", "FreeStorageSpace", "ReplicaLag")
            ),
        ),
    ),
    _Composite(
        "second proxy of the primary",
        (
            _Part(name="proxy", like="database-proxy-pool"),
            _Part(name="proxy-targets", like="database-proxy-target-group", refers={"dbProxyName": ("proxy",)}),
            _Part(name="proxy-target", like="database-proxy-target", refers={"dbProxyName": ("proxy",)}),
        ),
    ),
    _Composite(
        "proxy of the replica",
        (
            _Part(name="proxy", like="database-proxy-pool"),
            _Part(name="proxy-targets", like="database-proxy-target-group", refers={"dbProxyName": ("proxy",)}),
            _Part(
                name="proxy-target",
                like="database-proxy-target",
                refers={"dbProxyName": ("proxy",), "dbInstanceIdentifier": ("database-analytics",)},
            ),
        ),
    ),
)

_OUT_OF_ORDER = (("database-primary", "database-primary-postgresql-log"),)
"""Resources that no longer wait for others, which no property of theirs refers to."""


def composites(topology: Topology) -> Iterator[Mutant]:
    """Yield a mutant for each composite, and one for each resource that no longer waits for another."""
    urns = {resource.name: urn for urn, resource in topology.resources.items()}
    for name, parts in _COMPOSITES:
        subject = urns[parts[0].like or parts[0].name]
        yield Mutant(f"together: {name}", "together", subject, (), False, _putting(parts))
    for name, first in _OUT_OF_ORDER:
        change = _hurrying(urns[name], urns[first])
        yield Mutant(f"{name}: not after {first}", "order of making", urns[name], (), False, change)


def _putting(parts: tuple[_Part, ...]) -> Change:
    def change(topology: Topology) -> Topology:
        for part in parts:
            topology = put(topology, _made(topology, part))
        return topology

    return change


def _made(topology: Topology, part: _Part) -> Resource:
    named = {resource.name: resource for resource in topology.resources.values()}
    old = _further(named[part.like], part.name) if part.like else named[part.name]
    inputs = inputs_of(old)
    changes: dict[str, Any] = {
        **{key: _ids(inputs.get(key), len(names)) for key, names in part.refers.items()},
        **{key: inputs_of(named[other])[key] for key, other in part.same.items()},
        **{key: [*inputs[key], item] for key, item in part.appended.items()},
        **part.values,
    }
    references = {
        **{key: urns for key, urns in old.property_dependencies.items() if key not in part.values},
        **{key: tuple(sorted(named[name].urn for name in names)) for key, names in part.refers.items()},
    }
    return with_inputs(old, {**inputs, **changes}, references)


def _further(resource: Resource, name: str) -> Resource:
    return replace(resource, urn="::".join((*resource.urn.split("::")[:-1], name)), name=name)


def _ids(now: Any, count: int) -> Any:
    """Return that many ids which are not known yet, in a list where there is one now."""
    return [UNKNOWN] * count if isinstance(now, list) else UNKNOWN


def _hurrying(urn: str, first: str) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        left = tuple(target for target in resource.dependencies if target != first)
        return put(topology, replace(resource, dependencies=left))

    return change
