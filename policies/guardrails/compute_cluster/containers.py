"""Reading container definitions: JSON inside a property, which the provider reads whatever the case of its keys."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.graph import Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import MalformedError, Properties, UnreadableError

_PATH = "containerDefinitions"
_KEYS = (
    "add",
    "capabilities",
    "command",
    "containerPort",
    "cpu",
    "dockerLabels",
    "drop",
    "entryPoint",
    "environment",
    "environmentFiles",
    "essential",
    "healthCheck",
    "image",
    "interval",
    "linuxParameters",
    "logConfiguration",
    "logDriver",
    "memory",
    "memoryReservation",
    "name",
    "options",
    "portMappings",
    "privileged",
    "readonlyRootFilesystem",
    "retries",
    "secretOptions",
    "secrets",
    "stopTimeout",
    "timeout",
    "user",
    "value",
    "valueFrom",
)
_SPELLINGS = {key.lower(): key for key in _KEYS}


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a task."""

    name: str
    properties: Properties
    """Its definition, by the names of ECS's API."""
    text: str
    """Its definition as JSON, less the environment."""
    keys: frozenset[str]
    """What its definition gives, in whatever spelling."""
    linux_keys: frozenset[str]
    """What its linuxParameters give."""

    @property
    def is_sidecar(self) -> bool:
        """Whether the task goes on without it."""
        return not self.properties.flag_or("essential", True)


def containers_of(properties: Properties) -> list[Container]:
    """Return the containers of a task definition.

    :raises UnreadableError: where they are unknown or not what ECS takes.
    """
    text = properties.text(_PATH)
    try:
        found: Any = json.loads(text or "", object_pairs_hook=_spelt)
    except ValueError:
        raise MalformedError(_PATH, (text or "")[:40], "a JSON list of containers") from None
    if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
        raise MalformedError(_PATH, (text or "")[:40], "a JSON list of containers")
    return [_container(item, f"{_PATH}[{index}]") for index, item in enumerate(found)]


def containers_in(task: Node) -> list[Container]:
    """Return the containers of a task definition of the graph, which many ask for.

    :raises UnreadableError: as :func:`containers_of`.
    """
    return task.once(_containers_in)


def _containers_in(task: Node) -> list[Container]:
    return containers_of(task.properties)


def _spelt(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, unless a key is there twice or isn't spelt as guardrails look for it."""
    keys = [key.lower() for key, _ in pairs]
    for key, _ in pairs:
        if keys.count(key.lower()) > 1:
            raise UnreadableError(f"{_PATH} has {key} twice in one object")
        if _SPELLINGS.get(key.lower(), key) != key:
            raise UnreadableError(f"{_PATH} spells {_SPELLINGS[key.lower()]} as {key}")
    return dict(pairs)


def _container(values: dict[str, Any], path: str) -> Container:
    properties = Properties(values, path)
    name = properties.text("name")
    if name is None:
        raise UnreadableError(f"{path} has no name")
    text = json.dumps({key: values[key] for key in values if key != "environment"})
    return Container(name, properties, text, _given(values), _given(values.get("linuxParameters")))


def _given(values: Any) -> frozenset[str]:
    pairs: Iterable[tuple[str, Any]] = values.items() if isinstance(values, dict) else ()
    return frozenset(key for key, value in pairs if value not in (None, False, "", [], {}))


def each_container(
    check: Callable[[Container], Iterable[str]],
) -> Callable[[str, Properties, Relaxations], Iterator[str]]:
    """Return a check of task definitions that asks ``check`` about each container."""

    def judge(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterator[str]:
        for container in containers_of(properties):
            for problem in check(container):
                yield f"container {container.name}: {problem}"

    return judge


def _readable(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    containers = containers_of(properties)
    names = [container.name for container in containers]
    if len(set(names)) != len(names):
        yield f"containers share a name: {', '.join(names)}"
    if all(container.is_sidecar for container in containers):
        yield "no container is essential, so that the task goes on when its service has ended"


CONTAINER_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="containers-readable",
        title="Containers of a task are known at preview, and one of them is the service",
        clauses=("compute-fargate-only", "dr-ecs-restart"),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_readable,
        remediation=(
            "Build containerDefinitions from names, tags and ARNs that are known at preview, spell its keys as the "
            "API of ECS does, and leave essential out for the service's own container."
        ),
    ),
)
