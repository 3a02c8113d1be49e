"""What the guardrails of compute have in common: types, what a service is, and how others refer to it."""

import re

from guardrails.graph import Graph, Node
from guardrails.placement import SUBNET, known_text, zone
from guardrails.reading import Properties, UndecidedError, UnreadableError

STACK = "pulumi:pulumi:Stack"
CLUSTER = "aws:ecs/cluster:Cluster"
SERVICE = "aws:ecs/service:Service"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
REPOSITORY = "aws:ecr/repository:Repository"
SCALING_TARGET = "aws:appautoscaling/target:Target"
SCALING_POLICY = "aws:appautoscaling/policy:Policy"
SCHEDULED_ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
NAMESPACE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
ROLE = "aws:iam/role:Role"
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")

SIX = ("api-gateway", "auth", "training", "content", "payment", "ai")
"""The services that the decision names."""

ROLLING, BLUE_GREEN = "ROLLING", "BLUE_GREEN"
SPOT = "FARGATE_SPOT"

_PHYSICAL_NAME = re.compile(r"fitness-platform-[a-z0-9]+-(?P<service>.+)")


def service_name(properties: Properties) -> str:
    """Return what a service is called less the prefix of its stack.

    :raises UnreadableError: where it has no name of the platform.
    """
    name = properties.text("name")
    found = _PHYSICAL_NAME.fullmatch(name or "")
    if found is None:
        raise UnreadableError(f"name is {name or 'not given'}, not fitness-platform-<environment>-<service>")
    return found["service"]


def is_behind_load_balancer(properties: Properties) -> bool:
    """Return whether requests reach a service from a load balancer."""
    return properties.given("loadBalancers")


def is_serving(service: Node) -> bool:
    """Return whether a service serves people: the six do, and so does what is behind a load balancer."""
    return is_behind_load_balancer(service.properties) or service_name(service.properties) in SIX


def is_on_spot(service: Node) -> bool:
    """Return whether tasks of a service may be interrupted."""
    try:
        return any(
            block.text("capacityProvider") == SPOT for block in service.properties.blocks("capacityProviderStrategies")
        )
    except UndecidedError:
        return False  # AWS computes it where it is left out; services-on-fargate speaks of what is given


def strategy_of(properties: Properties) -> str:
    """Return how a service is deployed."""
    return properties.text("deploymentConfiguration.strategy") or ROLLING


def is_blue_green(service: Node) -> bool:
    """Return whether a service has two sets of tasks during a deployment."""
    try:
        return strategy_of(service.properties) != ROLLING
    except UndecidedError:
        return False  # AWS computes it where it is left out; deployments-roll-back speaks of what is given


def task_definitions(service: Node) -> list[Node]:
    """Return the task definitions that a service refers to."""
    return service.refers("taskDefinition", TASK_DEFINITION)


def clusters_of(service: Node) -> list[Node]:
    """Return the clusters that a service refers to."""
    return service.refers("cluster", CLUSTER)


def zones_of(service: Node) -> set[str]:
    """Return the zones that tasks of a service may run in."""
    return {zone(subnet) for subnet in service.refers("networkConfiguration", SUBNET)}


def resource_id(service: Node) -> str:
    """Return what Application Auto Scaling calls a service.

    :raises UnreadableError: where that can't be told.
    """
    names = [name for cluster in clusters_of(service) if (name := cluster.properties.text("name"))]
    if len(names) != 1:
        raise UnreadableError("cluster refers to no cluster of this stack that has a name")
    return f"service/{names[0]}/{service.properties.text('name')}"


def scaled_by(service: Node, graph: Graph, type_: str) -> list[Node]:
    """Return the resources of Application Auto Scaling of one type that are about a service."""
    wanted = resource_id(service)
    return [node for node in graph.of_type(type_) if known_text(node, "resourceId") == wanted]
