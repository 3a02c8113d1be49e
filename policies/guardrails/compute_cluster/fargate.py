"""Clause compute-fargate-only: nobody manages servers."""

from collections.abc import Iterable, Mapping

from guardrails.compute_cluster.resources import SERVICE, SPOT, TASK_DEFINITION
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
_FARGATE = "FARGATE"
_SIZES: Mapping[int, tuple[int, ...]] = {256: (512, 1024, 2048), 512: (1024, 2048), 1024: (2048,)}

_SERVERS = frozenset(
    {
        "aws:autoscaling/group:Group",
        "aws:batch/computeEnvironment:ComputeEnvironment",
        "aws:ec2/fleet:Fleet",
        "aws:ec2/instance:Instance",
        "aws:ec2/launchConfiguration:LaunchConfiguration",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ec2/spotFleetRequest:SpotFleetRequest",
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
        "aws:ecs/capacityProvider:CapacityProvider",
        "aws:eks/cluster:Cluster",
        "aws:eks/fargateProfile:FargateProfile",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:elasticbeanstalk/environment:Environment",
        "aws:emr/cluster:Cluster",
        "aws:lightsail/instance:Instance",
    }
)
_OTHER_WAYS = frozenset(
    {
        "aws:apprunner/service:Service",
        "aws:ecs/daemon:Daemon",
        "aws:ecs/expressGatewayService:ExpressGatewayService",
        "aws:ecs/taskSet:TaskSet",
        "aws:lightsail/containerService:ContainerService",
    }
)


def _task(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (found := properties.texts("requiresCompatibilities")) != [_FARGATE]:
        yield f"requiresCompatibilities is {', '.join(found) or 'not given'}, not {_FARGATE}"
    if (mode := properties.text("networkMode")) != "awsvpc":
        yield f"networkMode is {mode or 'not given'}, not awsvpc"


def _service(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    launch_type = properties.text("launchType")
    providers = [block.text("capacityProvider") for block in properties.blocks("capacityProviderStrategies")]
    if launch_type is None and not providers:
        yield "neither launchType nor capacityProviderStrategies is given, so that it would need servers"
    if launch_type is not None and providers:
        yield "launchType is given beside capacityProviderStrategies, which AWS refuses"
    if launch_type not in (_FARGATE, None):
        yield f"launchType is {launch_type}, not {_FARGATE}"
    yield from _only_fargate("capacityProviderStrategies name", providers)


def _cluster(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield from _only_fargate("capacityProviders name", properties.texts("capacityProviders"))
    default = properties.blocks("defaultCapacityProviderStrategies")
    if others := sorted({str(name) for block in default if (name := block.text("capacityProvider")) != _FARGATE}):
        yield f"defaultCapacityProviderStrategies name {', '.join(others)}, for whatever names nothing itself"


def _only_fargate(what: str, providers: Iterable[str | None]) -> Iterable[str]:
    if others := sorted({str(name) for name in providers if name not in (_FARGATE, SPOT)}):
        yield f"{what} {', '.join(others)}, not only {_FARGATE} and {SPOT}"


def _server(type_: str, _: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"it is a {_kind(type_)}, which brings servers or a cluster of them to manage"


def _other_way(type_: str, _: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"it is a {_kind(type_)}, which runs containers past what is asked of services and their tasks"


def _kind(type_: str) -> str:
    return type_.removeprefix("aws:").partition("/")[0] + " " + type_.rpartition(":")[2]


def _size(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    cpu, memory = properties.text("cpu"), properties.text("memory")
    allowed = _SIZES.get(int(cpu)) if cpu and cpu.isdecimal() else None
    if allowed is None:
        yield f"cpu is {cpu or 'not given'}, not {', '.join(map(str, _SIZES))} units"
    elif not memory or not memory.isdecimal() or int(memory) not in allowed:
        yield f"memory is {memory or 'not given'}, not {', '.join(map(str, allowed))} MiB as {cpu} units of CPU take"


FARGATE_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="tasks-on-fargate",
        title="Tasks are made for Fargate",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_task,
        remediation="Set requiresCompatibilities to FARGATE alone, and networkMode to awsvpc.",
    ),
    ResourceGuardrail(
        id="services-on-fargate",
        title="Services run on Fargate and say so themselves",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({SERVICE}),
        check=_service,
        remediation="Set launchType to FARGATE, or list FARGATE or FARGATE_SPOT in capacityProviderStrategies.",
    ),
    ResourceGuardrail(
        id="clusters-on-fargate",
        title="Clusters have Fargate's capacity, and on demand by default",
        clauses=("compute-fargate-only", "cost-spot-optional"),
        severity="high",
        types=frozenset({_CAPACITY}),
        check=_cluster,
        remediation="List FARGATE and FARGATE_SPOT, and let the default strategy name FARGATE alone.",
    ),
    ResourceGuardrail(
        id="no-servers",
        title="No servers, and no clusters of them, are part of the stack",
        clauses=("compute-fargate-only",),
        severity="high",
        types=_SERVERS,
        check=_server,
        remediation="Run it as a service of the ComputeCluster.",
    ),
    ResourceGuardrail(
        id="containers-run-by-services",
        title="Containers are run by ECS services",
        clauses=("compute-fargate-only",),
        severity="medium",
        types=_OTHER_WAYS,
        check=_other_way,
        remediation="Run it as a service of the ComputeCluster.",
    ),
    ResourceGuardrail(
        id="task-sizes",
        title="Tasks have 256 to 1024 units of CPU and 512 to 2048 MiB, in a pair that Fargate has",
        clauses=("compute-cpu-range", "compute-memory-range"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_size,
        remediation="Set compute.services.<name>.cpu and memoryMib to a pair that the reference lists.",
    ),
)
