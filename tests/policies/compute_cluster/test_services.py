from typing import Any

import pytest

from tests.policies.breaking import ELSEWHERE, PRIVATE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import (
    APP,
    CLUSTER,
    PREFIX,
    SERVICE,
    SERVICES,
    STACK,
    TARGET,
    TASK,
    WORKER,
    WORKER_TARGET,
    broken,
    container,
    nested,
    recorded,
    violations,
)
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN, repointed

_DECLARED, _NAMED, _ENOUGH, _ZONES = (
    "services-declared",
    "services-named",
    "services-two-tasks-a-zone",
    "services-span-zones",
)
_OFF_PEAK = "compute-auth-scaling-off-peak"
_LEADS = "services-lead-to-containers"
_NETWORK = "networkConfiguration"
_SCALING = {
    ("scaling-of-services", f"compute-auth-scaling-{name}")
    for name in ("target", "cpu", "memory", "custom", "steps", "peak", "off-peak")
}
# What a service is called is what scaling is told.
_MISNAMED = (
    {
        (rule, SERVICE)
        for rule in (_NAMED, "services-scale", "services-track-load", "services-scheduled", "services-step-scaled")
    }
    | _SCALING
    | at(_DECLARED, STACK)
)
_UNNAMED = (
    _MISNAMED | at(_ENOUGH, SERVICE) | at("services-scaled-by-one-hand", SERVICE) | at("scaling-within-quota", STACK)
)


def _in(name: str, *subnets: str) -> Change:
    """Put a service into some subnets only."""
    return lambda topology: repointed(topology, name, _NETWORK, [*subnets, "groups-ecs"])


ACCEPTED: dict[str, Change] = {
    "more tasks": edit(SERVICE, desiredCount=20),
    "worker with one task": chain(edit(WORKER, desiredCount=1), edit(WORKER_TARGET, minCapacity=1)),
    **{f"platform {value}": edit(SERVICE, platformVersion=value) for value in (None, "LATEST", "1.4.0")},
    "scheduling by default": edit(SERVICE, schedulingStrategy=None),
    **{f"grace of {seconds} seconds": edit(SERVICE, healthCheckGracePeriodSeconds=seconds) for seconds in (30, 300)},
    "worker without grace": edit(WORKER, healthCheckGracePeriodSeconds=None),
    "subnets in another order": _in(SERVICE, *reversed(PRIVATE)),
}

REJECTED: dict[str, Case] = {
    "a service is missing": Case(drop(SERVICE), at(_DECLARED, STACK) | _SCALING),
    **{
        f"name {value!r}": Case(edit(SERVICE, name=value), _MISNAMED)
        for value in (None, "", "auth", "fitness-platform-auth")
    },
    **{f"name {value!r}": Case(edit(SERVICE, name=value), _UNNAMED) for value in (UNKNOWN, 7)},
    **{
        f"cluster {value!r}": Case(
            edit(SERVICE, cluster=value),
            {
                (rule, SERVICE)
                for rule in (
                    "services-of-stack",
                    _ENOUGH,
                    "services-scale",
                    "services-scaled-by-one-hand",
                    "services-track-load",
                    "services-scheduled",
                    "services-step-scaled",
                )
            }
            | _SCALING
            | at("scaling-within-quota", STACK),
        )
        for value in (None, "default", UNKNOWN)
    },
    **{
        f"task definition {value!r}": Case(edit(SERVICE, taskDefinition=value), at("services-of-stack", SERVICE))
        for value in (None, "auth:1", UNKNOWN)
    },
    "task definition of another stack": Case(
        chain(other_stack, point(SERVICE, "taskDefinition", ELSEWHERE)), at("services-of-stack", SERVICE)
    ),
    **{key: case for name in SERVICES for key, case in broken(_ENOUGH, name, "desiredCount", 5).items()},
    **broken(_ENOUGH, SERVICE, "desiredCount", None, 0, 1, 3, UNKNOWN, "6"),
    **broken(_ENOUGH, WORKER, "desiredCount", None, 0, UNKNOWN),
    **{
        f"least of scaling {value!r}": Case(edit(TARGET, minCapacity=value), at(_ENOUGH, SERVICE))
        for value in (0, 1, 3, 5)
    },
    **{
        f"undecided least of scaling {value!r}": Case(
            edit(TARGET, minCapacity=value), at(_ENOUGH, SERVICE) | at("services-scale", SERVICE)
        )
        for value in (None, UNKNOWN, "6")
    },
    "worker that scales to nothing": Case(edit(WORKER_TARGET, minCapacity=0), at(_ENOUGH, WORKER)),
    **{
        f"least off peak {value!r}": Case(
            nested(_OFF_PEAK, "scalableTargetAction.minCapacity", value), at(_ENOUGH, SERVICE)
        )
        for value in (0, 1, 5)
    },
    "two subnets": Case(_in(SERVICE, *PRIVATE[:2]), at(_ZONES, SERVICE)),
    "three subnets of two zones": Case(
        edit(PRIVATE[2], availabilityZone="us-east-1b"),
        {(_ZONES, name) for name in (*SERVICES, WORKER)},
    ),
    "unknown zone": Case(
        edit(PRIVATE[2], availabilityZone=UNKNOWN),
        {(rule, name) for rule in (_ZONES, _ENOUGH) for name in (*SERVICES, WORKER)},
    ),
    **{
        f"no network {value!r}": Case(edit(SERVICE, networkConfiguration=value), at(_ZONES, SERVICE))
        for value in (None, {"subnets": ["subnet-1"]}, UNKNOWN)
    },
    **broken("services-rebalanced", SERVICE, "availabilityZoneRebalancing", None, "DISABLED", "enabled", UNKNOWN, 7),
    **broken("services-on-current-platform", WORKER, "platformVersion", "1.3.0", "latest", UNKNOWN, 7),
    **broken("services-restart-tasks", SERVICE, "forceDelete", True, UNKNOWN, "false"),
    **broken("services-restart-tasks", SERVICE, "schedulingStrategy", "DAEMON", UNKNOWN, 7),
    **broken("services-restart-tasks", SERVICE, "healthCheckGracePeriodSeconds", None, 0, 29, 301, 3600, UNKNOWN, "60"),
    **{
        f"loadBalancers {key} {value!r}": Case(nested(SERVICE, f"loadBalancers.0.{key}", value), at(_LEADS, SERVICE))
        for key, value in (
            ("containerName", "content"),
            ("containerName", None),
            ("containerName", UNKNOWN),
            ("containerPort", 8080),
            ("containerPort", None),
            ("containerPort", "8443"),
            ("containerPort", UNKNOWN),
        )
    },
    **{
        f"portMappings {value!r}": Case(container(TASK, APP, "portMappings", value), at(_LEADS, SERVICE))
        for value in (None, [], [{"name": "app", "containerPort": 8080}], [{"containerPort": 8443}], "8443")
    },
    **{
        f"offered port {value!r}": Case(
            nested(SERVICE, "serviceConnectConfiguration.services.0.portName", value), at(_LEADS, SERVICE)
        )
        for value in ("http", UNKNOWN, 7)
    },
}


def test_required_services_are_an_option() -> None:
    topology = drop(SERVICE)(recorded("prod"))
    allowed: dict[str, Any] = {_DECLARED: {"required": ["ai", "api-gateway", "content", "payment", "training"]}}
    assert not {found for found in violations(topology, allowed) if found[0] == _DECLARED}
    assert at(_DECLARED, STACK) <= violations(recorded("prod"), {_DECLARED: {"required": ["chat"]}})


def test_two_of_one_name() -> None:
    topology = copy(SERVICE, "more")(recorded("prod"))
    assert (_DECLARED, STACK) in violations(topology)


def test_a_further_service_behind_the_load_balancer_has_the_same_floor() -> None:
    topology = edit(SERVICE, name=f"{PREFIX}-chat", desiredCount=5)(recorded("prod"))
    assert (_ENOUGH, SERVICE) in violations(topology)


@pytest.mark.parametrize(("count", "enough"), [(3, True), (2, False)])
def test_tasks_are_an_option(count: int, enough: bool) -> None:
    topology = edit(SERVICE, desiredCount=count)(recorded("prod"))
    assert violations(topology, {_ENOUGH: {"minimumPerZone": 1}}) == (set() if enough else at(_ENOUGH, SERVICE))


def test_zones_are_an_option() -> None:
    two: Change = chain(*(_in(name, *PRIVATE[:2]) for name in (*SERVICES, WORKER)))
    topology = two(recorded("prod"))
    assert violations(topology) == {(_ZONES, name) for name in (*SERVICES, WORKER)}
    assert violations(topology, {_ZONES: {"minimumZones": 2}}) == set()
    uneven = chain(two, _in(SERVICE, *PRIVATE))(recorded("prod"))
    assert violations(uneven, {_ZONES: {"minimumZones": 2}}) == {
        (_ZONES, name) for name in (*SERVICES, WORKER) if name != SERVICE
    }


def test_cluster_is_of_the_stack() -> None:
    assert ("services-of-stack", SERVICE) in violations(drop(CLUSTER)(recorded("prod")))


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
