"""Clauses compute-autoscaling-cpu-mem-custom and cost-target-*: services grow and shrink by what they are asked."""

from collections.abc import Callable, Iterable

from guardrails.compute_cluster.resources import (
    SCALING_POLICY,
    SCALING_TARGET,
    SCHEDULED_ACTION,
    SERVICE,
    STACK,
    is_on_spot,
    resource_id,
    scaled_by,
    task_definitions,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties, UnreadableError

_ECS, _DIMENSION = "ecs", "ecs:service:DesiredCount"
TRACKING, STEP = "TargetTrackingScaling", "StepScaling"
_CONFIGURATION = "targetTrackingScalingPolicyConfiguration"
_PREDEFINED = f"{_CONFIGURATION}.predefinedMetricSpecification.predefinedMetricType"
_CUSTOM = f"{_CONFIGURATION}.customizedMetricSpecification"
_CPU, _MEMORY = "ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"
_VCPU_QUOTA = 256
_COOLDOWNS = {
    f"{_CONFIGURATION}.scaleOutCooldown": 300,
    f"{_CONFIGURATION}.scaleInCooldown": 3600,
    "stepScalingPolicyConfiguration.cooldown": 300,
}
"""Seconds that scaling waits at most after it has changed something."""


def _is_of_ecs(properties: Properties) -> bool:
    return properties.text("serviceNamespace") == _ECS


def _scaled(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    targets = scaled_by(service, graph, SCALING_TARGET)
    if len(targets) != 1:
        yield f"{len(targets)} scaling targets are about it, not 1"
    for target in targets:
        if service not in target.depends_on:
            yield f"{target.name} does not depend on it, so that it may be made first, which AWS refuses"
        least, most = (target.properties.number(key) for key in ("minCapacity", "maxCapacity"))
        if least is None or most is None or least >= most:
            yield f"{target.name} may hold {least} to {most} tasks, so that it never scales"


def _one_hand(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if scaled_by(service, graph, SCALING_TARGET) and "desiredCount" not in service.ignored:
        yield "changes to desiredCount are not ignored, so that an update takes back what scaling has done"


def _of_services(node: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _is_of_ecs(node.properties):
        namespace = node.properties.text("serviceNamespace")
        if namespace is None or (node.properties.text("resourceId") or "").startswith("service/"):
            yield f"serviceNamespace is {namespace or 'not given'}, not {_ECS}"
        return
    if (dimension := node.properties.text("scalableDimension")) != _DIMENSION:
        yield f"scalableDimension is {dimension or 'not given'}, not {_DIMENSION}"
    found = node.properties.text("resourceId")
    if found not in _resource_ids(graph):
        yield f"resourceId is {found or 'not given'}, no service of this stack"


def _resource_ids(graph: Graph) -> set[str]:
    found: set[str] = set()
    for service in graph.of_type(SERVICE):
        try:
            found.add(resource_id(service))
        except UnreadableError:
            continue  # services-scale speaks of it
    return found


def _not_suspended(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for kind in ("dynamicScalingIn", "dynamicScalingOut", "scheduledScaling"):
        if properties.flag(f"suspendedState.{kind}Suspended"):
            yield f"suspendedState.{kind}Suspended is true"


def _tracked(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    policies = [policy.properties for policy in scaled_by(service, graph, SCALING_POLICY)]
    tracking = [policy for policy in policies if policy.text("policyType") == TRACKING]
    metrics = [policy.text(_PREDEFINED) for policy in tracking]
    for what, count in (
        ("CPU", metrics.count(_CPU)),
        ("memory", metrics.count(_MEMORY)),
        ("a metric of its own", sum(policy.given(_CUSTOM) for policy in tracking)),
    ):
        if count != 1:
            yield f"{count} policies track {what}, not 1"


def _at(metric: str, wanted: float) -> Callable[[str, Properties, Relaxations], Iterable[str]]:
    def check(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
        if properties.text("policyType") == TRACKING and properties.text(_PREDEFINED) == metric:
            found = properties.number(f"{_CONFIGURATION}.targetValue")
            if found != wanted:
                yield f"targetValue is {'not given' if found is None else f'{found:g}'}, not {wanted:g}"

    return check


def _both_ways(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not _is_of_ecs(properties):
        return
    if (kind := properties.text("policyType") or STEP) not in (TRACKING, STEP):
        yield f"policyType is {kind}, not {TRACKING} or {STEP}"
    if properties.flag(f"{_CONFIGURATION}.disableScaleIn"):
        yield "disableScaleIn is true, so that what it adds is never taken away"


def _soon(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not _is_of_ecs(properties):
        return
    for path, most in _COOLDOWNS.items():
        seconds = properties.number(path)
        if seconds is not None and seconds > most:
            yield f"{path} is {seconds:g} seconds, not {most} or fewer"


def _within_quota(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    quota = relaxations.number("fargateVcpuQuota")
    # Spot has a quota of its own.
    units = sum(_most(service, graph) * _cpu(service) for service in graph.of_type(SERVICE) if not is_on_spot(service))
    if (needed := 2 * units / 1024) > quota:
        yield f"all services at their most need {needed:g} vCPUs while they are deployed, of which it has {quota:g}"


def _most(service: Node, graph: Graph) -> float:
    targets = scaled_by(service, graph, SCALING_TARGET)
    counts = [target.properties.number("maxCapacity") for target in targets]
    return max(count or 0 for count in counts or [service.properties.number("desiredCount")])


def _cpu(service: Node) -> int:
    units = [task.properties.text("cpu") or "" for task in task_definitions(service)]
    return max((int(text) for text in units if text.isdecimal()), default=0)  # task-sizes speaks of the others


SCALING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="services-scale",
        title="Every service has one scaling target, with room between its least and its most tasks",
        clauses=("compute-autoscaling-cpu-mem-custom", "edge-context-millions"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_scaled,
        remediation="Declare one scaling target for the service, made after it, and set maxTasks above the floor.",
    ),
    StackGuardrail(
        id="services-scaled-by-one-hand",
        title="Services that scale are not set back by an update",
        clauses=("compute-autoscaling-cpu-mem-custom",),
        severity="high",
        types=frozenset({SERVICE}),
        check=_one_hand,
        remediation="List desiredCount under ignoreChanges of the service.",
    ),
    StackGuardrail(
        id="scaling-of-services",
        title="Scaling is about services of the stack",
        clauses=("compute-autoscaling-cpu-mem-custom",),
        severity="medium",
        types=frozenset({SCALING_TARGET, SCALING_POLICY, SCHEDULED_ACTION}),
        check=_of_services,
        remediation="Set resourceId to service/<cluster>/<service> of the stack, by names that are given.",
    ),
    ResourceGuardrail(
        id="scaling-not-suspended",
        title="Scaling is not suspended",
        clauses=("compute-autoscaling-cpu-mem-custom",),
        severity="medium",
        types=frozenset({SCALING_TARGET}),
        check=_not_suspended,
        remediation="Leave suspendedState out.",
    ),
    StackGuardrail(
        id="services-track-load",
        title="Services scale by CPU, by memory and by a metric of their own",
        clauses=("compute-autoscaling-cpu-mem-custom",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_tracked,
        remediation="Declare one target tracking policy on each, the third with a customizedMetricSpecification.",
    ),
    ResourceGuardrail(
        id="scaling-cpu-70",
        title="CPU is tracked at 70 %",
        clauses=("cost-target-cpu-70",),
        severity="low",
        types=frozenset({SCALING_POLICY}),
        check=_at(_CPU, 70),
        remediation="Leave compute.services.<name>.scaling.cpuTarget out, or set it to 70.",
    ),
    ResourceGuardrail(
        id="scaling-memory-80",
        title="Memory is tracked at 80 %",
        clauses=("cost-target-mem-80",),
        severity="low",
        types=frozenset({SCALING_POLICY}),
        check=_at(_MEMORY, 80),
        remediation="Leave compute.services.<name>.scaling.memoryTarget out, or set it to 80.",
    ),
    ResourceGuardrail(
        id="scaling-both-ways",
        title="What scaling adds is taken away again",
        clauses=("cost-target-cpu-70", "cost-target-mem-80"),
        severity="low",
        types=frozenset({SCALING_POLICY}),
        check=_both_ways,
        remediation="Leave disableScaleIn out.",
    ),
    ResourceGuardrail(
        id="scaling-soon-again",
        title="Scaling waits five minutes at most before it adds more, and an hour before it takes away",
        clauses=("compute-autoscaling-cpu-mem-custom", "edge-context-millions"),
        severity="medium",
        types=frozenset({SCALING_POLICY}),
        check=_soon,
        remediation="Leave the cooldowns as components/compute_cluster/scaling.py has them.",
    ),
    StackGuardrail(
        id="scaling-within-quota",
        title="The account may run all services at their most, twice as during a deployment",
        clauses=("edge-context-millions",),
        severity="medium",
        types=frozenset({STACK}),
        check=_within_quota,
        options={
            "fargateVcpuQuota": Option(
                {"type": "integer", "minimum": 1}, _VCPU_QUOTA, "vCPUs on demand that the account may run on Fargate."
            )
        },
        remediation="Lower compute.services.<name>.maxTasks or cpu, or have the quota raised and say so here.",
    ),
)
