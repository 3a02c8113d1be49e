"""Clause compute-cloud-map: services find each other by names that are private to the VPC."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import (
    BLUE_GREEN,
    LOG_GROUP,
    NAMESPACE,
    ROLLING,
    SERVICE,
    is_behind_load_balancer,
    service_name,
    strategy_of,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import VPC, known_text
from guardrails.provider import region_of
from guardrails.reading import Properties, UnreadableError

_CONNECT = "serviceConnectConfiguration"
_LOG = f"{_CONNECT}.logConfiguration"
_OTHER_NAMESPACES = frozenset(
    {
        "aws:servicediscovery/httpNamespace:HttpNamespace",
        "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",
    }
)


def _connected(service: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    properties = service.properties
    if not properties.flag(f"{_CONNECT}.enabled"):
        yield f"{_CONNECT}.enabled is not true"
    elif not (properties.given(f"{_CONNECT}.namespace") and service.refers(_CONNECT, NAMESPACE)):
        yield f"{_CONNECT}.namespace refers to no private namespace of this stack"
    elif is_behind_load_balancer(properties) and not properties.blocks(f"{_CONNECT}.services"):
        yield f"{_CONNECT}.services are not given, so that others don't find it"


def _own_name(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.given("vpcLatticeConfigurations"):
        yield "vpcLatticeConfigurations are given, by which others reach it past the load balancer"
    try:
        name = service_name(properties)
    except UnreadableError:
        return  # services-named says so
    for offer in properties.blocks(f"{_CONNECT}.services"):
        aliases = [alias.text("dnsName") for alias in offer.blocks("clientAlias")]
        found_as = offer.text("discoveryName") or offer.text("portName")  # which ECS takes where it is left out
        if others := sorted({found for found in (found_as, *aliases) if found and found != name}):
            yield f"it is found as {', '.join(others)}, not as {name}, so that it gets what is said to others"
        if offer.given("tls"):
            yield "tls is given, with a certificate authority that is not of this stack"


def _connect_logs(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not service.properties.given(_CONNECT):
        return  # services-connected says so
    if (driver := service.properties.text(f"{_LOG}.logDriver")) != "awslogs":
        yield f"{_LOG}.logDriver is {driver or 'not given'}, not awslogs"
    name, region = (service.properties.text(f"{_LOG}.options.awslogs-{key}") for key in ("group", "region"))
    if region != region_of(service):
        yield f"awslogs-region is {region or 'not given'}, not {region_of(service)}"
    elif not [group for group in graph.of_type(LOG_GROUP) if name and known_text(group, "name") == name]:
        yield f"awslogs-group is {name or 'not given'}, no log group of this stack"


def _one(namespace: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not namespace.refers("vpc", VPC):
        yield "vpc refers to no VPC of this stack"
    if others := [other.name for other in graph.of_type(NAMESPACE) if other is not namespace]:
        yield f"it is not the only namespace: {', '.join(others)}"


def _not_private(type_: str, _: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"it is a {type_.rpartition(':')[2]}, whose names are not private to the VPC"


def _unregistered(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.given("serviceRegistries") and strategy_of(properties) != ROLLING:
        yield f"serviceRegistries are given beside {BLUE_GREEN}: their names lead to both sets of tasks at once"


DISCOVERY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="services-connected",
        title="Services find each other by Service Connect",
        clauses=("compute-cloud-map",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_connected,
        remediation="Enable serviceConnectConfiguration with the stack's namespace, and offer the service's port.",
    ),
    ResourceGuardrail(
        id="services-found-by-own-name",
        title="Services are found by their own name, and by no other way than Service Connect",
        clauses=("compute-cloud-map",),
        severity="high",
        types=frozenset({SERVICE}),
        check=_own_name,
        remediation="Set discoveryName and clientAlias.dnsName to the service's name; leave tls and VPC Lattice out.",
    ),
    StackGuardrail(
        id="service-connect-logged",
        title="What stands between services logs to a log group of the stack",
        clauses=("obs-central-logging", "compute-cloud-map"),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_connect_logs,
        remediation="Set logDriver to awslogs, and awslogs-group to the log group of the service.",
    ),
    StackGuardrail(
        id="one-private-namespace",
        title="There is one namespace, and it is private to the stack's VPC",
        clauses=("compute-cloud-map",),
        severity="medium",
        types=frozenset({NAMESPACE}),
        check=_one,
        remediation="Declare one PrivateDnsNamespace, for the VPC of the NetworkLayer.",
    ),
    ResourceGuardrail(
        id="namespaces-private",
        title="Names of services are not public",
        clauses=("compute-cloud-map",),
        severity="medium",
        types=_OTHER_NAMESPACES,
        check=_not_private,
        remediation="Declare a PrivateDnsNamespace instead.",
    ),
    ResourceGuardrail(
        id="no-registries-with-blue-green",
        title="What is deployed blue-green is not found by DNS alone",
        clauses=("compute-cloud-map", "dr-blue-green"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_unregistered,
        remediation="Leave serviceRegistries out; Service Connect registers the service.",
    ),
)
