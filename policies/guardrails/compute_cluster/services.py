"""Clauses compute-service-*, compute-multi-az and dr-ecs-restart: which services there are, and how many of each."""

from collections.abc import Iterable

from guardrails.compute_cluster.containers import containers_in
from guardrails.compute_cluster.resources import (
    SCALING_TARGET,
    SCHEDULED_ACTION,
    SERVICE,
    SIX,
    STACK,
    clusters_of,
    is_behind_load_balancer,
    is_serving,
    scaled_by,
    service_name,
    task_definitions,
    zones_of,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties, UnreadableError

_GRACE = (30, 300)  # seconds
_PLATFORMS = ("LATEST", "1.4.0", None)  # the latest is what AWS takes where it is left out


def _declared(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    names: list[str] = []
    for service in graph.of_type(SERVICE):
        try:
            names.append(service_name(service.properties))
        except UnreadableError:
            continue  # services-named speaks of it
    for name in relaxations.texts("required"):
        if names.count(name) != 1:
            yield f"{names.count(name)} services are called {name}, not 1"


def _named(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    service_name(properties)  # raises where it has no name of the platform
    return ()


def _of_stack(service: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not clusters_of(service):
        yield "cluster refers to no cluster of this stack"
    if not task_definitions(service):
        yield "taskDefinition refers to no task definition of this stack, whose containers can be judged"


def _enough(service: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    zones = len(zones_of(service))
    floor = int(relaxations.number("minimumPerZone")) * zones if is_serving(service) else 1
    counts = [("desiredCount", service.properties.number("desiredCount"))]
    counts += [
        (f"minCapacity of {target.name}", target.properties.number("minCapacity"))
        for target in scaled_by(service, graph, SCALING_TARGET)
    ]
    counts += [
        (f"minCapacity of {action.name}", least)
        for action in scaled_by(service, graph, SCHEDULED_ACTION)
        if (least := action.properties.number("scalableTargetAction.minCapacity")) is not None
    ]
    for what, count in counts:
        if count is None or count < floor:
            found = "not given" if count is None else f"{count:g}"
            yield f"{what} is {found}, not {floor} or more in {zones} zones"


def _zones(service: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumZones")
    zones = zones_of(service)
    everywhere = {zone for other in graph.of_type(SERVICE) for zone in zones_of(other)}
    if len(zones) < minimum:
        yield f"it is in {len(zones)} zones ({', '.join(sorted(zones))}), not {minimum:g}"
    elif missing := sorted(everywhere - zones):
        yield f"it is not in {', '.join(missing)}, as other services are"


def _rebalanced(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (found := properties.text("availabilityZoneRebalancing")) != "ENABLED":
        yield f"availabilityZoneRebalancing is {found or 'not given'}, not ENABLED"


def _platform(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (found := properties.text("platformVersion")) not in _PLATFORMS:
        yield f"platformVersion is {found}, not LATEST or 1.4.0"


def _restarted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (strategy := properties.text("schedulingStrategy")) not in ("REPLICA", None):
        yield f"schedulingStrategy is {strategy}, not REPLICA"
    if properties.flag("forceDelete"):
        yield "forceDelete is true, so that it goes while tasks still answer requests"
    if is_behind_load_balancer(properties):
        least, most = _GRACE
        seconds = properties.number("healthCheckGracePeriodSeconds")
        if seconds is None or not least <= seconds <= most:
            found = "not given" if seconds is None else f"{seconds:g} seconds"
            yield f"healthCheckGracePeriodSeconds is {found}, not {least} to {most}"


def _ports(service: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for task in task_definitions(service):
        mappings = [
            (container.name, mapping)
            for container in containers_in(task)
            for mapping in container.properties.blocks("portMappings")
        ]
        ports = {(name, mapping.number("containerPort")) for name, mapping in mappings}
        for balancer in service.properties.blocks("loadBalancers"):
            name, port = balancer.text("containerName"), balancer.number("containerPort")
            if (name, port) not in ports:
                yield f"loadBalancers lead to {name} on port {port or 0:g}, which {task.name} doesn't have"
        named = {mapping.text("name") for _, mapping in mappings}
        for offered in service.properties.blocks("serviceConnectConfiguration.services"):
            if (name := offered.text("portName")) not in named:
                yield f"serviceConnectConfiguration offers {name}, a port that {task.name} doesn't name"


SERVICE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="services-declared",
        title="The six services of the decision are there, once each",
        clauses=tuple(f"compute-service-{name}" for name in SIX),
        severity="high",
        types=frozenset({STACK}),
        check=_declared,
        options={
            "required": Option(
                {"type": "array", "items": {"type": "string"}}, list(SIX), "Services that must be there, by name."
            )
        },
        remediation="Set compute.imageTag, or imageDigest of each service: without an image there is no service.",
    ),
    ResourceGuardrail(
        id="services-named",
        title="Services have names of the platform",
        clauses=("obs-log-group-names",),
        severity="low",
        types=frozenset({SERVICE}),
        check=_named,
        remediation="Name the service fitness-platform-<environment>-<service>.",
    ),
    StackGuardrail(
        id="services-of-stack",
        title="Services run task definitions of the stack, in a cluster of it",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({SERVICE}),
        check=_of_stack,
        remediation="Pass a cluster and a task definition that the stack declares.",
    ),
    StackGuardrail(
        id="services-two-tasks-a-zone",
        title="Services have two tasks for each zone at any time, and never none",
        clauses=(*(f"compute-service-{name}" for name in SIX), "compute-multi-az", "cost-scheduled-scaling"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_enough,
        options={
            "minimumPerZone": Option(
                {"type": "integer", "minimum": 1, "maximum": 2}, 2, "Tasks that a service must have for each zone."
            )
        },
        remediation="Leave compute.services.<name>.minPerAz out, or set it to 2 or more, in schedules too.",
    ),
    StackGuardrail(
        id="services-span-zones",
        title="Services run in three zones, and all in the same",
        clauses=("compute-multi-az", "compute-az2-same", "compute-az3-same"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_zones,
        options={
            "minimumZones": Option(
                {"type": "integer", "minimum": 2, "maximum": 3}, 3, "Zones that each service must be in at least."
            )
        },
        remediation="Pass all private subnets of the NetworkLayer.",
    ),
    ResourceGuardrail(
        id="services-rebalanced",
        title="Services spread over zones again after one was lost",
        clauses=("compute-multi-az",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_rebalanced,
        remediation="Set availabilityZoneRebalancing to ENABLED; left out, it stays whatever it was.",
    ),
    ResourceGuardrail(
        id="services-on-current-platform",
        title="Services run on the latest platform of Fargate",
        clauses=("compute-fargate-only",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_platform,
        controls=("ECS.10", "CKV_AWS_332"),
        remediation="Leave platformVersion out, or set it to LATEST.",
    ),
    ResourceGuardrail(
        id="services-restart-tasks",
        title="Services restart what ends, and give what starts 30 to 300 seconds",
        clauses=("dr-ecs-restart", "dr-alb-unhealthy-routing"),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_restarted,
        remediation="Leave schedulingStrategy and forceDelete out, and set healthCheckGracePeriodSeconds to 30 to 300.",
    ),
    StackGuardrail(
        id="services-lead-to-containers",
        title="Load balancers and Service Connect lead to ports that containers have",
        clauses=("lb-tg-per-service", "compute-cloud-map"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_ports,
        remediation="Name a container of the task, and a port that its portMappings have.",
    ),
)
