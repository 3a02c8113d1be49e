"""Clusters: what they tell of their containers, and who may get into one."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import CLUSTER, KEYS, LOG_GROUP, SERVICE, clusters_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties

_COMMANDS = "configuration.executeCommandConfiguration"
_LOG = f"{_COMMANDS}.logConfiguration"


def _insights(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    values = [block.text("value") for block in properties.blocks("settings") if block.text("name") == _INSIGHTS]
    if values not in (["enabled"], ["enhanced"]):
        yield f"{_INSIGHTS} is {', '.join(map(str, values)) or 'not given'}, not enabled or enhanced"


_INSIGHTS = "containerInsights"


def _commands(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not service.properties.flag("enableExecuteCommand"):
        return
    clusters = clusters_of(service)
    if not clusters:
        yield "enableExecuteCommand is true, in no cluster of this stack"
    for cluster in clusters:
        for problem in _unrecorded(cluster, graph):
            yield f"enableExecuteCommand is true, while {cluster.name} {problem}"


def _unrecorded(cluster: Node, graph: Graph) -> Iterable[str]:
    properties = cluster.properties
    if properties.text(f"{_COMMANDS}.logging") != "OVERRIDE":
        yield "records no commands: its logging is not OVERRIDE"
    if not properties.flag(f"{_LOG}.cloudWatchEncryptionEnabled"):
        yield "doesn't insist on an encrypted log group: cloudWatchEncryptionEnabled is not true"
    name = properties.text(f"{_LOG}.cloudWatchLogGroupName")
    if name is None or not [group for group in graph.of_type(LOG_GROUP) if known_text(group, "name") == name]:
        yield "records them in no log group of this stack"
    if not (properties.given(f"{_COMMANDS}.kmsKeyId") and cluster.refers("configuration", *KEYS)):
        yield "doesn't encrypt sessions with a key of this stack"


CLUSTER_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="clusters-observed",
        title="Clusters have Container Insights",
        clauses=("obs-custom-metrics", "compute-autoscaling-cpu-mem-custom"),
        severity="medium",
        types=frozenset({CLUSTER}),
        check=_insights,
        controls=("ECS.12", "CKV_AWS_65", "AwsSolutions-ECS4", "ecs_cluster_container_insights_enabled"),
        remediation="Set containerInsights to enabled or enhanced under settings.",
    ),
    StackGuardrail(
        id="commands-in-containers-recorded",
        title="Nobody runs commands in containers without a record",
        clauses=("obs-central-logging", "enc-kms"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_commands,
        controls=("CKV_AWS_223", "CKV_AWS_224"),
        remediation=(
            "Leave enableExecuteCommand out, or let the cluster log sessions to an encrypted log group of the "
            "stack, with a key of the stack."
        ),
    ),
)
