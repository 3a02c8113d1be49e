"""What tasks may write to: empty volumes of their own, and file systems of the stack over TLS."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import SERVICE, TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
_EFS = "efsVolumeConfiguration"
_OTHERS = (
    "dockerVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "hostPath",
    "s3filesVolumeConfiguration",
)


def _own(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for volume in task.properties.blocks("volumes"):
        name = volume.text("name") or "without a name"
        for key in _OTHERS:
            if volume.given(key):
                yield f"volume {name} has {key}, so that what others wrote is in it"
        if volume.flag("configureAtLaunch"):
            yield f"volume {name} has configureAtLaunch, so that each service decides what is in it"
        if volume.given(_EFS):
            if not task.refers("volumes", _FILE_SYSTEM):
                yield f"volume {name} is of a file system that is not of this stack"
            if (encrypted := volume.text(f"{_EFS}.transitEncryption")) != "ENABLED":
                yield f"transitEncryption of volume {name} is {encrypted or 'not given'}, not ENABLED"
            if (asked := volume.text(f"{_EFS}.authorizationConfig.iam")) != "ENABLED":
                yield f"authorizationConfig.iam of volume {name} is {asked or 'not given'}, not ENABLED"


def _none(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.given("volumeConfiguration"):
        yield "volumeConfiguration is given, so that tasks have disks which nobody judges"


VOLUME_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="task-volumes-own",
        title="Volumes of tasks are empty ones of their own, or of a file system of the stack over TLS with IAM",
        clauses=("compute-fargate-only", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({TASK_DEFINITION}),
        check=_own,
        controls=("CKV_AWS_97",),
        remediation="Give volumes a name and no more.",
    ),
    ResourceGuardrail(
        id="services-without-disks",
        title="Services bring no disks of their own",
        clauses=("compute-fargate-only",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_none,
        remediation="Leave volumeConfiguration out; tasks keep nothing.",
    ),
)
