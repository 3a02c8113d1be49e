"""Clauses obs-central-logging, obs-log-group-names and obs-retention-app: what containers write is kept."""

from collections.abc import Iterable

from guardrails.compute_cluster.containers import Container, containers_in, each_container
from guardrails.compute_cluster.resources import LOG_GROUP, TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import region_of

_OPTIONS = "logConfiguration.options"
_PREFIX = "/aws/ecs/"
_NINETY_DAYS = 90


def _written(container: Container) -> Iterable[str]:
    properties = container.properties
    if (driver := properties.text("logConfiguration.logDriver")) != "awslogs":
        yield f"logConfiguration.logDriver is {driver or 'not given'}, not awslogs"
    if (mode := properties.text(f"{_OPTIONS}.mode")) != "non-blocking":
        yield f"mode of its logs is {mode or 'not given'}, not non-blocking: it would stop when logs can't be written"
    if (creates := properties.text(f"{_OPTIONS}.awslogs-create-group")) not in (None, "false"):
        yield f"awslogs-create-group is {creates}, which makes log groups that keep everything forever"
    if properties.text(f"{_OPTIONS}.awslogs-stream-prefix") is None:
        yield "awslogs-stream-prefix is not given, which Fargate needs"


def _declared(task: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for container in containers_in(task):
        name, region = _destination(container)
        if region != region_of(task):
            yield f"container {container.name}: awslogs-region is {region or 'not given'}, not {region_of(task)}"
        elif not [group for group in graph.of_type(LOG_GROUP) if _is(group, name, region)]:
            yield f"container {container.name}: awslogs-group is {name or 'not given'}, no log group of this stack"
        elif name and not name.startswith(_PREFIX):
            yield f"container {container.name}: awslogs-group is {name}, not {_PREFIX}<service>"


def _destination(container: Container) -> tuple[str | None, str | None]:
    options = (f"{_OPTIONS}.awslogs-group", f"{_OPTIONS}.awslogs-region")
    name, region = (container.properties.text(option) for option in options)
    return name, region


def _is(group: Node, name: str | None, region: str | None) -> bool:
    return name is not None and known_text(group, "name") == name and region_of(group) == region


def _kept(task: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    groups = {
        group.urn: group
        for container in containers_in(task)
        for group in graph.of_type(LOG_GROUP)
        if _is(group, *_destination(container))
    }
    for group in groups.values():
        days = group.properties.number("retentionInDays")
        if days and days < minimum:  # log-groups-expire speaks of what is not set
            yield f"{group.name} keeps logs of its containers for {days:g} days, not {minimum:g}"


LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="containers-log-without-blocking",
        title="Containers write logs to CloudWatch Logs and go on when they can't",
        clauses=("obs-central-logging",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_written),
        controls=(
            "ECS.9",
            "AwsSolutions-ECS7",
            "ecs_task_definitions_logging_enabled",
            "ecs_task_definitions_logging_block_mode",
        ),
        remediation=(
            "Set logDriver to awslogs, mode to non-blocking and awslogs-stream-prefix; leave awslogs-create-group out."
        ),
    ),
    StackGuardrail(
        id="containers-log-to-stack",
        title="Log groups of containers are part of the stack",
        clauses=("obs-log-group-names", "obs-central-logging"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_declared,
        remediation="Set awslogs-group and awslogs-region to a log group /aws/ecs/<service> that the stack declares.",
    ),
    StackGuardrail(
        id="container-logs-kept-90-days",
        title="Logs of containers are kept for 90 days",
        clauses=("obs-retention-app", "obs-default-retention-90"),
        severity="medium",
        types=frozenset({TASK_DEFINITION}),
        check=_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _NINETY_DAYS, "Days that logs of containers are kept at least."
            )
        },
        remediation="Leave compute.logRetentionDays out, or set it to 90 or more.",
    ),
)
