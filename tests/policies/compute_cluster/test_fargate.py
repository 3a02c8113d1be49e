from tests.policies.breaking import Case, Change, add, at, cases, edit
from tests.policies.compute_cluster.stack import (
    CAPACITY,
    SERVICE,
    STACK,
    TASK,
    WORKER,
    WORKER_TASK,
    broken,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_DEFAULT = "defaultCapacityProviderStrategies"
_TASKS, _SERVICES, _CLUSTERS, _SIZES = "tasks-on-fargate", "services-on-fargate", "clusters-on-fargate", "task-sizes"


def _size(cpu: object, memory: object) -> Change:
    return edit(TASK, cpu=cpu, memory=memory)


# Small tasks hold fewer reservations: that rule has tests of its own.
_LARGE = {
    "256 and 2048": _size("256", "2048"),
    "1024 and 2048": _size("1024", "2048"),
    "512 and 2048": _size("512", "2048"),
}

ACCEPTED: dict[str, Change] = {
    **_LARGE,
    "on demand by a strategy": edit(
        SERVICE, launchType=None, capacityProviderStrategies=[{"capacityProvider": "FARGATE", "weight": 1}]
    ),
    "no default strategy": edit(CAPACITY, defaultCapacityProviderStrategies=None),
    "no Spot in the cluster": edit(CAPACITY, capacityProviders=["FARGATE"]),
}

REJECTED: dict[str, Case] = {
    **broken(
        _TASKS, TASK, "requiresCompatibilities", None, [], ["EC2"], ["FARGATE", "EC2"], [UNKNOWN], UNKNOWN, "FARGATE"
    ),
    **broken(_TASKS, WORKER_TASK, "networkMode", None, "bridge", "host", UNKNOWN, 7),
    **broken(_SERVICES, SERVICE, "launchType", None, "EC2", "EXTERNAL", UNKNOWN, 7),
    **{
        f"worker on {value!r}": Case(
            edit(WORKER, capacityProviderStrategies=value),
            at(_SERVICES, WORKER) | at("containers-stop-in-30-seconds", WORKER_TASK),
        )
        for value in (None, [])
    },
    **{
        f"strategy {value!r}": Case(
            edit(SERVICE, launchType=None, capacityProviderStrategies=value), at(_SERVICES, SERVICE)
        )
        for value in (
            [{"capacityProvider": "servers"}],
            [{"capacityProvider": "FARGATE"}, {"capacityProvider": "servers"}],
            [{"weight": 1}],
        )
    },
    "unknown strategy": Case(
        edit(SERVICE, launchType=None, capacityProviderStrategies=[{"capacityProvider": UNKNOWN}]),
        at(_SERVICES, SERVICE) | at("spot-for-workers-only", SERVICE),
    ),
    "launch type beside a strategy": Case(edit(WORKER, launchType="FARGATE"), at(_SERVICES, WORKER)),
    **broken(_CLUSTERS, CAPACITY, "capacityProviders", ["FARGATE", "servers"], [UNKNOWN], UNKNOWN),
    **broken(
        _CLUSTERS, CAPACITY, _DEFAULT, [{"capacityProvider": "FARGATE_SPOT"}], [{"capacityProvider": UNKNOWN}], UNKNOWN
    ),
    "Spot beside the default": Case(
        edit(CAPACITY, **{_DEFAULT: [{"capacityProvider": "FARGATE"}, {"capacityProvider": "FARGATE_SPOT"}]}),
        at(_CLUSTERS, CAPACITY),
    ),
    **{
        type_: Case(add(type_, "more", {}), at("no-servers", "more"))
        for type_ in (
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
        )
    },
    **{
        type_: Case(add(type_, "more", {}), at("containers-run-by-services", "more"))
        for type_ in (
            "aws:apprunner/service:Service",
            "aws:ecs/daemon:Daemon",
            "aws:ecs/expressGatewayService:ExpressGatewayService",
            "aws:ecs/taskSet:TaskSet",
            "aws:lightsail/containerService:ContainerService",
        )
    },
    **{
        f"cpu {cpu!r} and memory {memory!r}": Case(_size(cpu, memory), at(_SIZES, TASK))
        for cpu, memory in (
            ("256", "4096"),
            ("512", "4096"),
            ("1024", "8192"),
            (None, "1024"),
            ("512", None),
            ("0.5 vCPU", "1024"),
            ("512", "1 GB"),
        )
    },
    **{
        f"unreadable cpu {cpu!r} and memory {memory!r}": Case(
            _size(cpu, memory), at(_SIZES, TASK) | at("containers-fit-their-task", TASK)
        )
        for cpu, memory in (("512", UNKNOWN), ("512", 1024))
    },
    **{
        f"unreadable cpu {cpu!r}": Case(
            edit(TASK, cpu=cpu),
            {(_SIZES, TASK), ("containers-fit-their-task", TASK), ("scaling-within-quota", STACK)},
        )
        for cpu in (UNKNOWN, 512)
    },
    "2 vCPUs": Case(_size("2048", "4096"), at(_SIZES, TASK) | at("scaling-within-quota", STACK)),
    "less memory than 512 units take": Case(
        _size("512", "512"), at(_SIZES, TASK) | at("containers-fit-their-task", TASK)
    ),
    "less memory than 1024 units take": Case(_size("1024", "1024"), at(_SIZES, TASK)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
