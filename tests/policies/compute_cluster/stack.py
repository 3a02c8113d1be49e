"""Compute and what it stands on, by name, and changes that many tests of it make."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from guardrails.compute_cluster import COMPUTE_GUARDRAILS
from guardrails.model import Guardrail
from preview.topology import Topology
from tests.policies.breaking import Case, Change, at, edit
from tests.policies.database_layer.stack import inputs_of
from tests.support import judging, recording
from tests.support.editing import edited, urn_of

ACCOUNT, REGION = "444455556666", "us-east-1"
PREFIX = "fitness-platform-prod"
SIX = ("ai", "api-gateway", "auth", "content", "payment", "training")
SERVICES = tuple(f"compute-{name}-service" for name in SIX)
CLUSTER, NAMESPACE, CAPACITY = "compute-cluster", "compute-namespace", "compute-capacity"

SERVICE, TASK, LOG = "compute-auth-service", "compute-auth-task-definition", "compute-auth-task-log"
APP, SIDECAR = "auth", "collector"
TARGET = "compute-auth-scaling-target"
EXECUTION_ROLE, TASK_ROLE = "compute-auth-task-roles-execution", "compute-auth-task-roles-task"
WORKER, WORKER_TASK = "compute-background-service", "compute-background-task-definition"
WORKER_TARGET = "compute-background-scaling-target"
BLUE, GREEN, RULE = "api-route-auth-blue", "api-route-auth-green", "api-route-auth-rule"
STACK = "fitness-platform-prod"

_APART = (
    "fitness-platform:api:LoadBalancerAlarms",
    "fitness-platform:api:OriginCertificate",
    "fitness-platform:api:WebAcl",
    "fitness-platform:async:AsyncLayer",
    "fitness-platform:cache:CacheLayer",
    "fitness-platform:database:DatabaseLayer",
    "fitness-platform:edge:EdgeLayer",
    "fitness-platform:media:MediaPipeline",
    "fitness-platform:network:FlowLogs",
    "fitness-platform:network:VpcEndpoints",
    "fitness-platform:observability:ObservabilityLayer",
    "fitness-platform:search:SearchLayer",
    "fitness-platform:security:LogArchive",
)

_QUEUE = "aws:sqs/queue:Queue"  # containers are told of them


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares, less what has nothing to do with compute: it would be judged every time."""
    topology = recording.recorded(stack, **sections)
    kept = {
        urn: found
        for urn, found in topology.resources.items()
        if found.type == _QUEUE or not any(type_.startswith(_APART) for type_ in urn.split("::")[2].split("$"))
    }
    return replace(topology, resources=kept)


def violations(
    topology: Topology, config: Mapping[str, Any] | None = None, of: Iterable[Guardrail] = COMPUTE_GUARDRAILS
) -> set[tuple[str, str]]:
    """Return which guardrails of compute a stack breaks, each with the name of the resource that does."""
    return judging.violations(topology, config, of)


def container(task: str, name: str, path: str, value: Any) -> Change:
    """Change what is at a dotted path of a container; ``None`` takes it out."""

    def change(topology: Topology) -> Topology:
        containers = json.loads(inputs_of(topology, task)["containerDefinitions"])
        [found] = [item for item in containers if item["name"] == name]
        *parents, key = path.split(".")
        for parent in parents:
            found = found.setdefault(parent, {})
        if value is None:
            found.pop(key, None)
        else:
            found[key] = value
        return edited(topology, task, {"containerDefinitions": json.dumps(containers)})

    return change


def broken_containers(guardrail: str, name: str, path: str, *found: Any, task: str = TASK) -> dict[str, Case]:
    """Return a case for each value in a container, all of which break one guardrail."""
    return {
        f"{task}: {name} {path} {value!r}": Case(container(task, name, path, value), at(guardrail, task))
        for value in found
    }


def nested(name: str, path: str, value: Any) -> Change:
    """Change what is at a dotted path of a property, references stay; ``None`` takes it out. Digits are indices."""

    def change(topology: Topology) -> Topology:
        key, *rest = path.split(".")
        holder: Any = {key: inputs_of(topology, name)[key]}
        found: Any = holder
        keys: list[Any] = [int(part) if part.isdecimal() else part for part in (key, *rest)]
        for part in keys[:-1]:
            found = found[part] if isinstance(part, int) else found.setdefault(part, {})
        if value is None:
            found.pop(keys[-1])
        else:
            found[keys[-1]] = value
        references = topology.resources[urn_of(topology, name)].property_dependencies
        changed = edited(topology, name, holder)
        resource = replace(changed.resources[urn_of(changed, name)], property_dependencies=references)
        return replace(changed, resources={**changed.resources, resource.urn: resource})

    return change


def broken(guardrail: str, name: str, path: str, *found: Any) -> dict[str, Case]:
    """Return a case for each value at a dotted path, all of which break one guardrail."""
    change = nested if "." in path else lambda name, path, value: edit(name, **{path: value})
    return {f"{name}: {path} {value!r}": Case(change(name, path, value), at(guardrail, name)) for value in found}


def ignore(name: str, *properties: str) -> Change:
    """Let changes to some properties be ignored, and to no others."""

    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn_of(topology, name)]
        options = {**resource.options, "ignoreChanges": list(properties)}
        return replace(topology, resources={**topology.resources, resource.urn: replace(resource, options=options)})

    return change


def independent(name: str, *of: str) -> Change:
    """Let a resource no longer wait for some others."""

    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn_of(topology, name)]
        gone = {urn_of(topology, other) for other in of}
        left = tuple(urn for urn in resource.dependencies if urn not in gone)
        return replace(topology, resources={**topology.resources, resource.urn: replace(resource, dependencies=left)})

    return change
