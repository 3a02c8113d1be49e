from tests.policies.breaking import Case, Change, at, cases, chain, edit, point
from tests.policies.compute_cluster.stack import (
    APP,
    SERVICE,
    SIDECAR,
    TASK,
    WORKER,
    WORKER_TASK,
    broken_containers,
    container,
    recorded,
    violations,
)
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN

_CHECKED, _STOPPED, _FITS = (
    "containers-checked-every-30-seconds",
    "containers-stop-in-30-seconds",
    "containers-fit-their-task",
)
_JOB = "background"

ACCEPTED: dict[str, Change] = {
    "interval by default": container(TASK, APP, "healthCheck.interval", None),
    "timeout by default": container(TASK, APP, "healthCheck.timeout", None),
    "retries by default": container(TASK, APP, "healthCheck.retries", None),
    "two retries": container(TASK, APP, "healthCheck.retries", 2),
    "command without a shell": container(TASK, APP, "healthCheck.command", ["CMD", "/healthcheck"]),
    **{
        f"check by {line}": container(TASK, APP, "healthCheck.command", ["CMD-SHELL", line])
        for line in ("curl -f localhost && exit 0 || exit 1", "test -f /tmp/true", "curl -f localhost || exit 1;")
    },
    "sidecar without a check": container(TASK, SIDECAR, "healthCheck", None),
    "stop by default": container(TASK, APP, "stopTimeout", None),
    "worker stops by default": container(WORKER_TASK, _JOB, "stopTimeout", None),
    "worker stops in a minute": container(WORKER_TASK, _JOB, "stopTimeout", 60),
    "sidecar stops at once": container(TASK, SIDECAR, "stopTimeout", 2),
    "nothing reserved": container(TASK, APP, "memoryReservation", None),
    "all of the task": container(TASK, APP, "memoryReservation", 1024 - 128),
    "all of its CPU": container(TASK, APP, "cpu", 512),
    "a limit above the task's memory, with a reservation below": container(TASK, APP, "memory", 1024),
}

REJECTED: dict[str, Case] = {
    **broken_containers(_CHECKED, APP, "healthCheck", None, {}, {"command": []}, {"command": ["NONE"]}),
    **broken_containers(
        _CHECKED, APP, "healthCheck.command", None, [], ["CMD"], ["NONE"], ["curl", "x"], "CMD x", [1, 2]
    ),
    **broken_containers(
        _CHECKED,
        APP,
        "healthCheck.command",
        ["CMD-SHELL", "exit 0"],
        ["CMD-SHELL", "true"],
        ["CMD-SHELL", ":"],
        ["CMD-SHELL", "echo ok"],
        ["CMD-SHELL", "curl -f localhost || true"],
        ["CMD-SHELL", "curl -f localhost || exit 0"],
        ["CMD-SHELL", "curl -f localhost ; exit 0 ;"],
        ["CMD-SHELL", "curl -f localhost\n/bin/true"],
        ["CMD", "true"],
        ["CMD", "/usr/bin/true"],
        ["CMD", "sh", "-c", "exit 0"],
    ),
    **broken_containers(_CHECKED, APP, "healthCheck.interval", 5, 29, 31, 300, "30", True),
    **broken_containers(_CHECKED, APP, "healthCheck.timeout", 0, 30, 60, "5"),
    **broken_containers(_CHECKED, APP, "healthCheck.retries", 1, 4, 10, "3"),
    **broken_containers(_STOPPED, APP, "stopTimeout", 0, 2, 29, 31, 120, "30"),
    **broken_containers(_STOPPED, SIDECAR, "stopTimeout", 0, 31, 120),
    **broken_containers(_STOPPED, _JOB, "stopTimeout", 0, 29, 121, task=WORKER_TASK),
    "task definition of a worker and a service": Case(
        point(SERVICE, "taskDefinition", WORKER_TASK),
        at(_STOPPED, WORKER_TASK) | at("services-lead-to-containers", SERVICE),
    ),
    "worker that left Spot": Case(
        edit(WORKER, capacityProviderStrategies=[{"capacityProvider": "FARGATE", "weight": 1}]),
        at(_STOPPED, WORKER_TASK),
    ),
    "task definition that nothing uses": Case(
        copy(WORKER_TASK, "more"), at(_STOPPED, "more") | at("task-roles-apart", WORKER_TASK, "more")
    ),
    **broken_containers(_FITS, APP, "memoryReservation", 1024 - 128 + 1, 4096, "512"),
    **broken_containers(_FITS, APP, "cpu", 513, "512"),
    "limit without a reservation": Case(
        chain(container(TASK, APP, "memoryReservation", None), container(TASK, APP, "memory", 1024)), at(_FITS, TASK)
    ),
    "unknown stop of all": Case(
        edit(WORKER, capacityProviderStrategies=UNKNOWN),
        at(_STOPPED, WORKER_TASK) | at("services-on-fargate", WORKER) | at("spot-for-workers-only", WORKER),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
