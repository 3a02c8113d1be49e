"""Clause audit-pgaudit, its logs: they leave the database, and are kept where nobody rewrites them."""

from collections.abc import Iterable, Iterator

from guardrails.database_layer.resources import INSTANCE, LOG_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties, UnreadableError

_LOGS = ("postgresql", "upgrade")
_PREFIX = "/aws/rds/instance/"
_PROXY_PREFIX = "/aws/rds/proxy/"
_PROXY = "aws:rds/proxy:Proxy"
_TWO_YEARS = 731  # the first period that CloudWatch Logs accepts beyond 730 days


def _exported(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    exported = properties.texts("enabledCloudwatchLogsExports")
    if missing := [log for log in _LOGS if log not in exported]:
        yield f"enabledCloudwatchLogsExports lacks {' and '.join(missing)}"


def _declared(instance: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for name, groups in _log_groups(instance, graph):
        if not groups:
            yield f"no log group of this stack is named {name}, so that RDS makes one that keeps everything forever"


def _proxy_declared(proxy: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    name = f"{_PROXY_PREFIX}{proxy.properties.text('name')}"
    if not [group for group in graph.of_type(LOG_GROUP) if _name(group) == name]:
        yield f"no log group of this stack is named {name}, so that RDS makes one that keeps everything forever"


def _before(instance: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for _name, groups in _log_groups(instance, graph):
        for group in groups:
            if group not in instance.depends_on:
                yield f"it does not depend on {group.name}, so that RDS may make that log group first"


def _kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    if not (_name(group) or "").startswith(_PREFIX):
        return
    days = group.properties.number("retentionInDays")
    if days and days < minimum:  # log-groups-expire speaks of what is not set
        yield f"it keeps logs of a database for {days:g} days, not {minimum:g}"


def _log_groups(instance: Node, graph: Graph) -> Iterator[tuple[str, list[Node]]]:
    """Yield the name of the log group of each exported log, and the log groups that have it."""
    identifier = instance.properties.text("identifier")
    if identifier is None:
        raise UnreadableError("identifier is not given, so that its log groups can't be named beforehand")
    for log in instance.properties.texts("enabledCloudwatchLogsExports"):
        name = f"{_PREFIX}{identifier}/{log}"
        yield name, [group for group in graph.of_type(LOG_GROUP) if _name(group) == name]


def _name(group: Node) -> str | None:
    try:
        return group.properties.text("name")
    except UnreadableError:
        return None  # no log group of a database, whose names are given


LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="database-logs-exported",
        title="Logs of databases, which the audit is in, go to CloudWatch Logs",
        clauses=("audit-pgaudit",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_exported,
        controls=("RDS.9", "RDS.36", "CKV_AWS_129", "rds_instance_integration_cloudwatch_logs"),
        remediation="List postgresql and upgrade under enabledCloudwatchLogsExports.",
    ),
    StackGuardrail(
        id="proxy-log-group-declared",
        title="The log group of the database's proxy is part of the stack",
        clauses=("audit-pgaudit", "obs-default-retention-90"),
        severity="medium",
        types=frozenset({_PROXY}),
        check=_proxy_declared,
        remediation="Declare an aws.cloudwatch.LogGroup named /aws/rds/proxy/ and the proxy's name.",
    ),
    StackGuardrail(
        id="database-log-groups-declared",
        title="Log groups of databases are part of the stack",
        clauses=("audit-pgaudit",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_declared,
        remediation="Declare a log group /aws/rds/instance/<identifier>/<log> for each log that is exported.",
    ),
    StackGuardrail(
        id="database-log-groups-first",
        title="Log groups of databases are there before RDS would make them",
        clauses=("audit-pgaudit",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_before,
        remediation="Let the instance depend on its log groups.",
    ),
    StackGuardrail(
        id="database-logs-kept-two-years",
        title="Logs of databases, which the audit is in, are kept for two years",
        clauses=("audit-pgaudit", "obs-retention-audit"),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_kept,
        controls=("CKV_AWS_338",),
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _TWO_YEARS, "Days that logs of databases are kept at least."
            )
        },
        remediation="Leave database.auditLogDays out, or set it to 731 or more.",
    ),
)
