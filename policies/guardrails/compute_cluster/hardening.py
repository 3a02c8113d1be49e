"""What a container could do to its host and to others, had somebody taken it over."""

import re
from collections.abc import Iterable

from guardrails.compute_cluster.containers import Container, each_container
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_USER = re.compile(r"(?P<user>[0-9]+)(:(?P<group>[0-9]+))?")


def _read_only(container: Container) -> Iterable[str]:
    if not container.properties.flag("readonlyRootFilesystem"):
        yield "readonlyRootFilesystem is not true"


def _not_root(container: Container) -> Iterable[str]:
    user = container.properties.text("user")
    found = _USER.fullmatch(user or "")
    if found is None or 0 in (int(found["user"]), int(found["group"] or 1)):
        yield f"user is {user or 'not given'}, not a number other than 0"


def _unprivileged(container: Container) -> Iterable[str]:
    properties = container.properties
    if properties.flag("privileged"):
        yield "privileged is true"
    if added := properties.texts("linuxParameters.capabilities.add"):
        yield f"linuxParameters.capabilities.add has {', '.join(added)}"
    if "ALL" not in properties.texts("linuxParameters.capabilities.drop"):
        yield "linuxParameters.capabilities.drop has no ALL"


def _own_namespaces(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("pidMode", "ipcMode"):
        if mode := properties.text(key):
            yield f"{key} is {mode}, so that containers see what is not theirs"
    if properties.flag("enableFaultInjection"):
        yield "enableFaultInjection is true, so that a container can break its task's network"


HARDENING_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="containers-read-only",
        title="Containers can't write to their root filesystem",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_read_only),
        controls=("ECS.5", "CKV_AWS_336", "ecs_task_definitions_containers_readonly_access"),
        remediation="Set readonlyRootFilesystem to true, and mount a volume where the container must write.",
    ),
    ResourceGuardrail(
        id="containers-not-root",
        title="Containers run as a user that is not root",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_not_root),
        remediation="Set user to a number other than 0, such as 1000:1000. What a name stands for, the image decides.",
    ),
    ResourceGuardrail(
        id="containers-unprivileged",
        title="Containers have no privileges and no capabilities",
        clauses=("compute-fargate-only",),
        severity="critical",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_unprivileged),
        controls=("ECS.4", "CKV_AWS_334", "ecs_task_definitions_no_privileged_containers"),
        remediation="Leave privileged and capabilities.add out, and drop ALL.",
    ),
    ResourceGuardrail(
        id="tasks-in-own-namespaces",
        title="Tasks share no namespaces of processes",
        clauses=("compute-fargate-only",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_own_namespaces,
        controls=("ECS.3", "CKV_AWS_335", "ecs_task_definitions_host_namespace_not_shared"),
        remediation="Leave pidMode, ipcMode and enableFaultInjection out.",
    ),
)
