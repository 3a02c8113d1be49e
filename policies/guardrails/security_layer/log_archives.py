"""Clauses obs-retention-api-access and obs-retention-audit: archives keep logs for as long as was decided.

Which archive is which follows from who writes to it, never from its name: buckets and load balancers write access logs,
trails and AWS Config write audit logs.
"""

from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.reading import UnreadableError, as_texts
from guardrails.security_layer.buckets import LIFECYCLE, OBJECT_LOCK, buckets_of, companion, companions, takes_logs
from guardrails.security_layer.resource_policies import BUCKET, BUCKET_POLICY

TRAIL = "aws:cloudtrail/trail:Trail"
DELIVERY_CHANNEL = "aws:cfg/deliveryChannel:DeliveryChannel"
_TRAILS, _CONFIG = "cloudtrail.amazonaws.com", "config.amazonaws.com"
_ACCESS_DAYS = 30
_TWO_YEARS = 731
_YEAR = 365
_LONGEST_LOCK = 10 * _YEAR + 3  # with leap days
_LOCK_MODES = ("GOVERNANCE", "COMPLIANCE")
_RETENTION = "rule.defaultRetention"


def _lock_ends(lock: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    days = lock.properties.number(f"{_RETENTION}.days") or 0
    years = lock.properties.number(f"{_RETENTION}.years") or 0
    if (total := days + years * _YEAR) > _LONGEST_LOCK:
        yield f"what is written is locked for {total:g} days, not {_LONGEST_LOCK} or fewer, for whoever regrets it"


def takes_trails(bucket: Node, graph: Graph) -> bool:
    """Return whether a trail of the stack writes to a bucket, or the bucket's policy lets trails do so."""
    return _is_written(bucket, graph, TRAIL, _TRAILS)


def _takes_records(bucket: Node, graph: Graph) -> bool:
    """Return the same of what AWS Config records, which it delivers to no bucket with a lock."""
    return _is_written(bucket, graph, DELIVERY_CHANNEL, _CONFIG)


def _is_written(bucket: Node, graph: Graph, writer: str, service: str) -> bool:
    return any(bucket in buckets_of(node, "s3BucketName") for node in graph.of_type(writer)) or any(
        _lets_in(service, statement.get("Principal"))
        for policy in companions(bucket, graph, BUCKET_POLICY)
        for statement in _statements(policy)
        if statement.get("Effect") != "Deny"
    )


def _statements(policy: Node) -> list[dict[str, Any]]:
    try:
        return policy.properties.statements("policy")
    except UnreadableError:
        return []  # resource-policies-scoped refuses what can't be read


def _lets_in(service: str, principal: object) -> bool:
    return isinstance(principal, dict) and service in as_texts(principal.get("Service"))


def _expires_early(bucket: Node, graph: Graph, least: float) -> Iterable[str]:
    for lifecycle in companions(bucket, graph, LIFECYCLE):
        for rule in lifecycle.properties.blocks("rules"):
            if rule.text("status") == "Disabled":
                continue
            name = f"{rule.text('id') or 'a rule'} of {lifecycle.name}"
            days = rule.number("expiration.days")
            if rule.given("expiration.date"):
                yield f"{name} ends all objects on a date, whatever their age"
            elif days and days < least:
                yield f"{name} ends objects after {days:g} days, not {least:g} or more"


def _access_logs_kept(bucket: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if takes_logs(bucket, graph):
        yield from _expires_early(bucket, graph, relaxations.number("minimumDays"))


def _audit_logs_kept(bucket: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if takes_trails(bucket, graph) or _takes_records(bucket, graph):
        yield from _expires_early(bucket, graph, relaxations.number("minimumDays"))


def _audit_logs_locked(bucket: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not relaxations.flag("requireLock") or not takes_trails(bucket, graph):
        return
    lock, least = companion(bucket, graph, OBJECT_LOCK), relaxations.number("minimumDays")
    if (mode := lock.properties.text(f"{_RETENTION}.mode")) not in _LOCK_MODES:
        yield f"the mode of {lock.name} is {mode or 'not given'}, not {' or '.join(_LOCK_MODES)}"
    years = lock.properties.number(f"{_RETENTION}.years") or 0
    days = lock.properties.number(f"{_RETENTION}.days") or years * _YEAR
    if days < least:
        yield f"{lock.name} keeps objects from being deleted for {days:g} days, not {least:g} or more"


def _least(days: int, what: str) -> Option:
    return Option({"type": "integer", "minimum": 1}, days, f"Days that {what} at least.")


LOG_ARCHIVE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="access-logs-kept",
        title="Access logs are kept for 30 days",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({BUCKET}),
        check=_access_logs_kept,
        options={"minimumDays": _least(_ACCESS_DAYS, "access logs are kept")},
        remediation="Leave security.accessLogDays out, or set it to 30 or more.",
    ),
    StackGuardrail(
        id="audit-logs-kept-two-years",
        title="Audit logs are kept for two years",
        clauses=("obs-retention-audit",),
        severity="medium",
        types=frozenset({BUCKET}),
        check=_audit_logs_kept,
        options={"minimumDays": _least(_TWO_YEARS, "audit logs are kept")},
        remediation="Leave security.auditLogDays out, or set it to 731 or more.",
    ),
    StackGuardrail(
        id="audit-logs-locked",
        title="Nobody can delete audit logs early",
        clauses=("obs-retention-audit",),
        severity="high",
        types=frozenset({BUCKET}),
        check=_audit_logs_locked,
        options={
            "requireLock": Option({"type": "boolean"}, True, "Whether audit logs must be locked."),
            "minimumDays": _least(_TWO_YEARS, "audit logs are locked"),
        },
        remediation="Leave security.auditLockMode out, or set it to GOVERNANCE or COMPLIANCE.",
    ),
    StackGuardrail(
        id="object-locks-end",
        title="Objects are locked for ten years at most",
        clauses=("obs-retention-audit", "dr-s3-versioning-mfa-delete"),
        severity="medium",
        types=frozenset({OBJECT_LOCK}),
        check=_lock_ends,
        remediation="Set the default retention of the lock to what the decision asks for.",
    ),
)
