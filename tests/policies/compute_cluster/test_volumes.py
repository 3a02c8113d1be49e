from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, point
from tests.policies.compute_cluster.stack import (
    SERVICE,
    TASK,
    WORKER,
    WORKER_TASK,
    broken,
    nested,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_OWN, _DISKS = "task-volumes-own", "services-without-disks"
_FILES: dict[str, Any] = {
    "fileSystemId": UNKNOWN,
    "transitEncryption": "ENABLED",
    "authorizationConfig": {"accessPointId": UNKNOWN, "iam": "ENABLED"},
}


def _mounted(**changes: Any) -> Change:
    """Give tasks a file system of the stack, less what a change takes away."""
    files = {key: value for key, value in {**_FILES, **changes}.items() if value is not None}
    return chain(
        add("aws:efs/fileSystem:FileSystem", "files", {"encrypted": True}),
        point(TASK, "volumes", "files"),
        nested(TASK, "volumes.0", {"name": "files", "efsVolumeConfiguration": files}),
    )


ACCEPTED: dict[str, Change] = {
    "no volumes": edit(WORKER_TASK, volumes=[]),
    "file system of the stack": _mounted(),
    "nothing else, spelt out": edit(TASK, volumes=[{"name": "tmp", "configureAtLaunch": False, "hostPath": ""}]),
    "another empty volume": edit(TASK, volumes=[{"name": "tmp"}, {"name": "run"}]),
}

REJECTED: dict[str, Case] = {
    **broken(
        _OWN,
        TASK,
        "volumes",
        [{"name": "tmp", "hostPath": "/"}],
        [{"hostPath": UNKNOWN}],
        [{"name": "tmp", "dockerVolumeConfiguration": {"driver": "local"}}],
        [{"name": "tmp", "configureAtLaunch": True}],
        [{"name": "tmp", "fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-1"}}],
        [{"name": "tmp", "s3filesVolumeConfiguration": {"fileSystemArn": "x"}}],
        [{"name": "tmp", "efsVolumeConfiguration": {**_FILES, "fileSystemId": "fs-1"}}],
        [{"name": "tmp", "efsVolumeConfiguration": UNKNOWN}],
        UNKNOWN,
        [UNKNOWN],
        ["tmp"],
    ),
    "files in the clear": Case(_mounted(transitEncryption="DISABLED"), at(_OWN, TASK)),
    "files in the clear by default": Case(_mounted(transitEncryption=None), at(_OWN, TASK)),
    "files for whoever mounts them": Case(_mounted(authorizationConfig={"iam": "DISABLED"}), at(_OWN, TASK)),
    "files for whoever mounts them by default": Case(_mounted(authorizationConfig=None), at(_OWN, TASK)),
    **broken(_DISKS, SERVICE, "volumeConfiguration", {"name": "data"}, UNKNOWN),
    **broken(_DISKS, WORKER, "volumeConfiguration", {"name": "data"}),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
