"""Clauses obs-retention-audit, obs-central-logging and search-dash-performance: what a search domain writes down."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import UnreadableError, as_texts
from guardrails.search_layer.resources import DOMAIN, LOG_GROUP, LOG_POLICY, arns

_AUDIT = "AUDIT_LOGS"
_LOGS = (_AUDIT, "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS")
_TWO_YEARS, _NINETY_DAYS = 731, 90
_WRITES = ("logs:CreateLogStream", "logs:PutLogEvents")


def _groups(domain: Node, graph: Graph) -> Iterator[tuple[str, str, Node | None]]:
    """Yield the type of each log that is on, the ARN that it goes to, and the log group of this stack which has it."""
    for option in domain.properties.blocks("logPublishingOptions"):
        kind = option.text("logType") or "a log"
        if option.flag_or("enabled", True):
            arn = (option.text("cloudwatchLogGroupArn") or "").removesuffix(":*")
            yield kind, arn, next((group for group in graph.of_type(LOG_GROUP) if arn in _arns_of(group)), None)


def _arns_of(group: Node) -> set[str]:
    return arns(group, "logs", f"log-group:{known_text(group, 'name')}")


def _published(domain: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    found = list(_groups(domain, graph))
    if missing := [log for log in _LOGS if log not in [kind for kind, _, _ in found]]:
        yield f"logPublishingOptions have no {', '.join(missing)}"
    for kind, arn, group in found:
        if group is None:
            yield f"{kind} go to {arn or 'no log group'}, which this stack does not declare"
        elif group not in domain.depends_on:
            yield f"it does not wait for {group.name}, where its {kind} go"


def _writable(domain: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    policies = [policy for policy in graph.of_type(LOG_POLICY) if policy in domain.depends_on]
    statements = [statement for policy in policies for statement in _statements(policy)]
    name = domain.properties.text("domainName")
    for kind, arn, _group in _groups(domain, graph):
        lacking = [
            action
            for action in _WRITES
            if not any(
                _lets_write(statement, action, arn, arns(domain, "es", f"domain/{name}")) for statement in statements
            )
        ]
        if lacking:
            yield f"no policy of logs that it waits for allows it {', '.join(lacking)} for its {kind}"


def _statements(policy: Node) -> list[dict[str, Any]]:
    try:
        return policy.properties.statements("policyDocument")
    except UnreadableError:
        return []  # resource-policies-scoped says so


def _lets_write(statement: dict[str, Any], action: str, arn: str, domains: set[str]) -> bool:
    principal, conditions = statement.get("Principal"), statement.get("Condition", {})
    own = [arn for keys in conditions.values() for key, arn in keys.items() if key.lower() == "aws:sourcearn"]
    return (
        statement.get("Effect") == "Allow"
        and isinstance(principal, dict)
        and "es.amazonaws.com" in as_texts(principal.get("Service", []))
        and action in as_texts(statement.get("Action", []))
        and any(fnmatchcase(f"{arn}:log-stream:x", pattern) for pattern in as_texts(statement.get("Resource", [])))
        and all(any(fnmatchcase(one, pattern) for pattern in as_texts(value) for one in domains) for value in own)
    )


def _kept(domain: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    for kind, _, group in _groups(domain, graph):
        minimum = relaxations.number("minimumAuditDays" if kind == _AUDIT else "minimumDays")
        days = group.properties.number("retentionInDays") if group else None
        if group and days and days < minimum:  # log-groups-expire speaks of what is not set
            yield f"{group.name} keeps its {kind} for {days:g} days, not {minimum:g}"


LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="search-logs-published",
        title="Search domains log who did what, what was slow and what failed, to log groups of the stack",
        clauses=("obs-central-logging", "obs-retention-audit", "search-dash-performance"),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_published,
        controls=(
            "OpenSearch.4",
            "OpenSearch.5",
            "CKV_AWS_84",
            "CKV_AWS_317",
            "AwsSolutions-OS9",
            "opensearch_service_domains_audit_logging_enabled",
            "opensearch_service_domains_cloudwatch_logging_enabled",
        ),
        remediation="Let logPublishingOptions have all four types of logs, each with the ARN of a group of the stack.",
    ),
    StackGuardrail(
        id="search-logs-writable",
        title="Search domains may write their logs",
        clauses=("obs-central-logging", "search-dash-performance"),
        severity="medium",
        types=frozenset({DOMAIN}),
        check=_writable,
        remediation="Declare a LogResourcePolicy that lets es.amazonaws.com write to its groups, and wait for it.",
    ),
    StackGuardrail(
        id="search-logs-kept",
        title="Search domains' audit logs are kept for two years, and their others for 90 days",
        clauses=("obs-retention-audit", "obs-default-retention-90"),
        severity="medium",
        types=frozenset({DOMAIN}),
        check=_kept,
        options={
            "minimumAuditDays": Option(
                {"type": "integer", "minimum": 1}, _TWO_YEARS, "Days that audit logs are kept at least."
            ),
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _NINETY_DAYS, "Days that the other logs are kept at least."
            ),
        },
        remediation="Leave search.auditLogDays and search.logDays out.",
    ),
)
