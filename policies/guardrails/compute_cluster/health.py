"""Clauses compute-container-healthcheck-30s and compute-graceful-shutdown-30s: how containers live and end."""

import re
from collections.abc import Iterable, Sequence

from guardrails.compute_cluster.containers import Container, containers_in, containers_of, each_container
from guardrails.compute_cluster.resources import SERVICE, TASK_DEFINITION, is_on_spot
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_INTERVAL, _TIMEOUT, _RETRIES = 30, 5, 3  # what ECS takes where they are left out
_SUCCEEDS = re.compile(r"(^|\|\||;|\n)\s*(:|/?(usr/)?(bin/)?(true|echo( [^;&|]*)?)|exit 0)\s*;?\s*$")
"""The end of a command of a shell that succeeds whatever came before it."""
_STOP, _LONGEST_STOP = 30, 120  # seconds; 30 is what Fargate takes where it is left out


def _checked(container: Container) -> Iterable[str]:
    if container.is_sidecar:
        return
    properties = container.properties
    command = properties.texts("healthCheck.command")
    if len(command) < 2 or command[0] not in ("CMD", "CMD-SHELL"):
        yield "healthCheck.command is no command"
    elif _SUCCEEDS.search(_as_shell(command)):
        yield f"healthCheck.command is {' '.join(command[1:])}, which always succeeds"
    if (interval := _or(properties, "healthCheck.interval", _INTERVAL)) != _INTERVAL:
        yield f"healthCheck.interval is {interval:g} seconds, not {_INTERVAL}"
    if not 2 <= (timeout := _or(properties, "healthCheck.timeout", _TIMEOUT)) < _INTERVAL:
        yield f"healthCheck.timeout is {timeout:g} seconds, not 2 or more and less than {_INTERVAL}"
    if not 2 <= (retries := _or(properties, "healthCheck.retries", _RETRIES)) <= 3:
        yield f"healthCheck.retries is {retries:g}, not 2 or 3"


def _as_shell(command: Sequence[str]) -> str:
    words = command[3:] if command[0] == "CMD" and command[2:3] == ["-c"] else command[1:]
    return " ".join(words)


def _or(properties: Properties, path: str, default: float) -> float:
    found = properties.number(path)
    return default if found is None else found


def _stopped(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    services = task.referrers("taskDefinition", SERVICE)
    longest = _LONGEST_STOP if services and all(is_on_spot(service) for service in services) else _STOP
    for container in containers_in(task):
        seconds = _or(container.properties, "stopTimeout", _STOP)
        if not _STOP <= seconds <= longest and not (container.is_sidecar and 0 < seconds <= longest):
            allowed = f"{_STOP}" if longest == _STOP else f"{_STOP} to {longest}"
            yield f"container {container.name}: stopTimeout is {seconds:g} seconds, not {allowed}"


def _fits(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key, reserved in (("cpu", _reserved_cpu), ("memory", _reserved_memory)):
        total = properties.text(key)
        needed = sum(reserved(container.properties) for container in containers_of(properties))
        if total and total.isdecimal() and needed > int(total):  # task-sizes speaks of what is no number
            yield f"containers reserve {needed:g} of {key}, of which the task has {total}"


def _reserved_cpu(container: Properties) -> float:
    return _or(container, "cpu", 0)


def _reserved_memory(container: Properties) -> float:
    return _or(container, "memoryReservation", _or(container, "memory", 0))


HEALTH_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="containers-checked-every-30-seconds",
        title="The health of service containers is checked every 30 seconds",
        clauses=("compute-container-healthcheck-30s", "dr-ecs-restart"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_checked),
        remediation=(
            "Give the container a healthCheck with a command, an interval of 30, a shorter timeout and 2 or 3 retries."
        ),
    ),
    StackGuardrail(
        id="containers-stop-in-30-seconds",
        title="Containers have 30 seconds to end, and those on Spot up to 120",
        clauses=("compute-graceful-shutdown-30s", "cost-spot-2min-notice"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_stopped,
        remediation="Set stopTimeout to 30, or to 30 to 120 where only services on Spot use the task definition.",
    ),
    ResourceGuardrail(
        id="containers-fit-their-task",
        title="What containers reserve is in their task",
        clauses=("compute-memory-range", "compute-cpu-range"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_fits,
        remediation="Raise compute.services.<name>.memoryMib, or let containers reserve less.",
    ),
)
