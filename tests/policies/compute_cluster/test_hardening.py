from tests.policies.breaking import Case, Change, cases
from tests.policies.compute_cluster.stack import (
    APP,
    SIDECAR,
    TASK,
    WORKER_TASK,
    broken,
    broken_containers,
    container,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_CAPABILITIES = "linuxParameters.capabilities"

ACCEPTED: dict[str, Change] = {
    "not privileged by default": container(TASK, APP, "privileged", None),
    "user without a group": container(TASK, APP, "user", "1000"),
    "nothing added, spelt out": container(TASK, APP, f"{_CAPABILITIES}.add", []),
}

REJECTED: dict[str, Case] = {
    key: case
    for name in (APP, SIDECAR)
    for key, case in {
        **broken_containers("containers-read-only", name, "readonlyRootFilesystem", None, False, "true", 1),
        **broken_containers(
            "containers-not-root",
            name,
            "user",
            None,
            "",
            "0",
            "0:0",
            "1000:0",
            "0:1000",
            "00",
            "root",
            "app",
            "root:root",
            1000,
        ),
        **broken_containers("containers-unprivileged", name, "privileged", True, "false"),
        **broken_containers("containers-unprivileged", name, f"{_CAPABILITIES}.add", ["SYS_PTRACE"], ["ALL"], "ALL"),
        **broken_containers("containers-unprivileged", name, f"{_CAPABILITIES}.drop", None, [], ["NET_RAW"], "ALL"),
        **broken_containers("containers-unprivileged", name, "linuxParameters", None, {}),
    }.items()
} | {
    **broken("tasks-in-own-namespaces", TASK, "pidMode", "host", "task", UNKNOWN, 7),
    **broken("tasks-in-own-namespaces", WORKER_TASK, "ipcMode", "host", "task", "none", UNKNOWN, 7),
    **broken("tasks-in-own-namespaces", TASK, "enableFaultInjection", True, UNKNOWN, "false"),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
