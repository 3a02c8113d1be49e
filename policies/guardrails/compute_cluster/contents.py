"""What a container brings besides its image: nothing that swaps what runs in it, or whom it talks to."""

from collections.abc import Iterable, Mapping

from guardrails.compute_cluster.containers import Container, each_container
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties
from guardrails.unsafe_variables import is_unsafe

_JUDGED = frozenset(
    {
        "cpu",
        "dependsOn",
        "dockerLabels",
        "environment",
        "environmentFiles",
        "essential",
        "healthCheck",
        "image",
        "interactive",
        "linuxParameters",
        "logConfiguration",
        "memory",
        "memoryReservation",
        "mountPoints",
        "name",
        "portMappings",
        "privileged",
        "pseudoTerminal",
        "readonlyRootFilesystem",
        "restartPolicy",
        "secrets",
        "startTimeout",
        "stopTimeout",
        "user",
    }
)
"""Parts of a definition that other guardrails judge, or that harm nobody."""
_LINUX = frozenset({"capabilities", "initProcessEnabled", "tmpfs"})
_SWAPPED = "so that something else runs than was built, scanned and reviewed"
_MISLED = "so that a name leads elsewhere than the VPC says"
_WHY: Mapping[str, str] = {
    "command": _SWAPPED,
    "dnsSearchDomains": _MISLED,
    "dnsServers": _MISLED,
    "entryPoint": _SWAPPED,
    "extraHosts": _MISLED,
    "firelensConfiguration": "so that logs go where its configuration sends them",
    "repositoryCredentials": "so that its image comes from a registry of others",
    "ulimits": "so that it may be too few open files to serve; Fargate gives 65535",
    "workingDirectory": _SWAPPED,
}


def _as_built(container: Container) -> Iterable[str]:
    for key in sorted(container.keys - _JUDGED):
        yield f"{key} is given, {_WHY.get(key, 'which no guardrail looks at')}"
    for key in sorted(container.linux_keys - _LINUX):
        yield f"linuxParameters.{key} is given, which no guardrail looks at"


def _protected(container: Container) -> Iterable[str]:
    for entry in container.properties.blocks("environment"):
        name, value = entry.text("name") or "", entry.text("value") or ""
        if is_unsafe(name, value):
            yield f"environment has {name}, which lets it talk in the clear or to whoever answers"


def _linux(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (system := properties.text("runtimePlatform.operatingSystemFamily")) not in ("LINUX", None):
        yield f"runtimePlatform.operatingSystemFamily is {system}, not LINUX, for which containers are hardened"
    if properties.given("proxyConfiguration"):
        yield "proxyConfiguration is given, so that a container of it stands between the others and the network"


CONTENT_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="containers-as-built",
        title="Containers run what is in their image, and are given only what guardrails look at",
        clauses=("dr-ecr-immutable", "compute-fargate-only"),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_as_built),
        remediation="Leave it out; what a container starts with belongs into its image, where it is scanned.",
    ),
    ResourceGuardrail(
        id="container-connections-protected",
        title="No variable of a container takes TLS or the check of certificates away",
        clauses=("enc-transit-tls12",),
        severity="critical",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_protected),
        remediation="Leave the variable out; PGSSLMODE is require, verify-ca or verify-full.",
    ),
    ResourceGuardrail(
        id="tasks-on-linux",
        title="Tasks run on Linux, and talk to the network themselves",
        clauses=("compute-fargate-only",),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_linux,
        remediation="Set operatingSystemFamily to LINUX, and leave proxyConfiguration out.",
    ),
)
