"""Clauses obs-default-retention-90 and obs-retention-error: every log group has a purpose, and is kept as that asks.

Containers, functions, caches, databases and flow logs have guardrails of their own for how long theirs are kept.
"""

import json
import re
from collections.abc import Iterable, Iterator

from guardrails.compute_cluster.containers import containers_in
from guardrails.compute_cluster.resources import CLUSTER, TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import LOG_GROUP
from guardrails.placement import known_text

_REST_API = "aws:apigateway/restApi:RestApi"
_NINETY, _HALF_A_YEAR = 90, 180
_PURPOSES = tuple(
    re.compile(pattern)
    for pattern in (
        "/aws/apigateway/.+",
        "/aws/cloudtrail/.+",
        "/aws/ecs/.+",
        "/aws/elasticache/.+",
        "/aws/events/.+",
        "/aws/kinesisfirehose/.+",
        "/aws/lambda/.+",
        "/aws/opensearch/.+",
        "/aws/rds/(instance|proxy)/.+",
        "/aws/route53/.+",
        "/aws/vendedlogs/.+",
        "/aws/vpc/flow-logs/.+",
        "API-Gateway-Execution-Logs_.+",
        "aws-waf-logs-.+",
    )
)
_ERRORS = re.compile(r"/aws/ecs/[^/]+/errors")
_OTHERS = re.compile(
    r"/aws/ecs/containerinsights/.+|/aws/ecs/[^/]+/metrics|/aws/(events|kinesisfirehose|vendedlogs)/.+"
    r"|/aws/rds/proxy/.+"
)
_EMF_GROUP = re.compile(r'\\*"log_group_name\\*": *\\*"([^"\\]+)')


def is_of_errors(name: str) -> bool:
    """Return whether a log group is one of errors."""
    return _ERRORS.fullmatch(name) is not None


def _purpose(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    name = known_text(group, "name")
    if group.refers("name", _REST_API):
        return  # its name has the id of the API in it
    if name is None or not any(pattern.fullmatch(name) for pattern in _PURPOSES):
        yield f"its name is {name or 'not known'}, which tells nobody what is in it and how long that is kept"


def _errors_kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if is_of_errors(known_text(group, "name") or ""):
        yield from _too_short(group, relaxations.number("minimumDays"))


def _others_kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if _OTHERS.fullmatch(known_text(group, "name") or ""):
        yield from _too_short(group, relaxations.number("minimumDays"))


def _too_short(group: Node, least: float) -> Iterator[str]:
    days = group.properties.number("retentionInDays")
    if days and days < least:  # log-groups-expire speaks of what is not set
        yield f"it is kept for {days:g} days, not {least:g}"


def _declared(node: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    declared = {known_text(group, "name") for group in graph.of_type(LOG_GROUP)}
    for name in _written_by(node):
        if name not in declared:
            yield f"no log group of this stack is named {name}, so that one is made that keeps everything forever"


def _written_by(node: Node) -> Iterator[str]:
    """Yield the log groups that AWS would make for a cluster's insights and a collector for its metrics."""
    if node.type == CLUSTER:
        if any(
            setting.text("name") == "containerInsights" and setting.text("value") != "disabled"
            for setting in node.properties.blocks("settings")
        ):
            yield f"/aws/ecs/containerinsights/{node.properties.text('name')}/performance"
        return
    for container in containers_in(node):
        for variable in container.properties.blocks("environment"):
            yield from dict.fromkeys(_EMF_GROUP.findall(json.dumps(variable.text("value") or "")))


LOG_GROUP_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="log-groups-have-purpose",
        title="The name of each log group tells what is in it",
        clauses=("obs-default-retention-90", "obs-log-group-names"),
        severity="low",
        types=frozenset({LOG_GROUP}),
        check=_purpose,
        remediation="Name the log group as AWS does for its service, such as /aws/ecs/<service>.",
    ),
    StackGuardrail(
        id="error-logs-kept-180-days",
        title="Errors are kept for 180 days",
        clauses=("obs-retention-error",),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_errors_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _HALF_A_YEAR, "Days that errors are kept at least."
            )
        },
        remediation="Leave observability.errorLogDays out, or set it to 180 or more.",
    ),
    StackGuardrail(
        id="other-logs-kept-90-days",
        title="Logs of events, proxies and clusters are kept for 90 days",
        clauses=("obs-default-retention-90",),
        severity="low",
        types=frozenset({LOG_GROUP}),
        check=_others_kept,
        options={
            "minimumDays": Option({"type": "integer", "minimum": 1}, _NINETY, "Days that such logs are kept at least.")
        },
        remediation="Leave the layer's setting for days of logs out, or set it to 90 or more.",
    ),
    StackGuardrail(
        id="cluster-logs-declared",
        title="Log groups of a cluster's insights and of collectors' metrics are part of the stack",
        clauses=("obs-central-logging", "obs-default-retention-90"),
        severity="medium",
        types=frozenset({CLUSTER, TASK_DEFINITION}),
        check=_declared,
        remediation="Declare the log group, with a key and a retention period.",
    ),
)
