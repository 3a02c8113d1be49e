"""Clauses dr-failover-cross-region and dr-dns-ttl-60: when requests go to the second region, and when back."""

from collections.abc import Iterable

from guardrails.edge_layer.resources import DISTRIBUTION, FOLLOWING, HEALTH_CHECK, RECORD
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import ALARM
from guardrails.placement import known_text
from guardrails.provider import region_of, second_region

_CALCULATED, _FOLLOWS = FOLLOWING
_CHILDREN = "childHealthchecks"
_ASKING = ("HTTPS", "HTTPS_STR_MATCH")
_OF_READINESS = (
    ("statistic", "Minimum", "one task that can write speaks for all"),
    ("comparisonOperator", "LessThanThreshold", "it tells something else"),
    ("treatMissingData", "breaching", "a standby that says nothing is taken for ready"),
)


def _is_entry(record: Node, role: str) -> bool:
    """Return whether a record leads to a region, in a role; what leads to CloudFront leads to none."""
    roles = [policy.text("type") for policy in record.properties.blocks("failoverRoutingPolicies")]
    return roles == [role] and record.properties.given("aliases") and not record.refers("aliases", DISTRIBUTION)


def _gated(record: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _is_entry(record, "SECONDARY"):
        return
    checks = record.refers("healthCheckId", HEALTH_CHECK)
    if not any(known_text(check, "type") == _FOLLOWS for check in checks):
        yield "no health check of this stack that follows an alarm says that its database accepts writes"
    for check in checks:
        if check.properties.flag("invertHealthcheck"):
            yield f"{check.name} is inverted, so that requests come while the database accepts no writes"
        if (region := check.properties.text("cloudwatchAlarmRegion")) != region_of(record):
            yield f"{check.name} follows an alarm in {region}, and not in the region that it is about"


def _fenced(record: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _is_entry(record, "PRIMARY"):
        return
    checks = record.refers("healthCheckId", HEALTH_CHECK)
    every = [*checks, *(child for check in checks for child in check.refers(_CHILDREN, HEALTH_CHECK))]
    if not any(known_text(check, "type") in _ASKING for check in every):
        yield "no health check asks whether the region answers"
    second = second_region(graph)
    if second is None:
        return
    if not any(_waits(child, second) for check in checks for child in check.refers(_CHILDREN, HEALTH_CHECK)):
        yield f"requests come back by themselves once the region answers again, while {second} has newer data"


def _waits(check: Node, second: str) -> bool:
    """Return whether a check is healthy only while the database of the second region accepts no writes."""
    return (
        known_text(check, "type") == _FOLLOWS
        and check.properties.flag("invertHealthcheck")
        and check.properties.text("cloudwatchAlarmRegion") == second
        and bool(check.refers("cloudwatchAlarmName", ALARM))
    )


def _follows(check: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    type_ = check.properties.text("type")
    if type_ not in FOLLOWING:
        return
    if check.properties.flag("disabled"):
        yield "disabled is true, so that it counts as healthy"
    if type_ == _CALCULATED:
        yield from _all_children(check)
        return
    for key in ("cloudwatchAlarmName", "cloudwatchAlarmRegion"):
        if not check.properties.given(key):
            yield f"{key} is not given"
    if (status := check.properties.text("insufficientDataHealthStatus")) != "Unhealthy":
        yield f"insufficientDataHealthStatus is {status or 'not given'}, not Unhealthy, so that silence counts as ready"
    if check.properties.flag("invertHealthcheck") and not check.referrers(_CHILDREN, HEALTH_CHECK):
        yield "invertHealthcheck is true, and it is part of no other check"
    for record in check.referrers("healthCheckId", RECORD):
        if check.properties.flag("invertHealthcheck"):
            yield f"{record.name} goes by it alone, which is healthy while a standby waits"


def _all_children(check: Node) -> Iterable[str]:
    children = check.refers(_CHILDREN, HEALTH_CHECK)
    if len(children) < 2:
        yield f"{_CHILDREN} refer to {len(children)} health checks of this stack, not to two or more"
    if (needed := check.properties.number("childHealthThreshold")) != len(children):
        yield f"childHealthThreshold is {needed or 0:g}, not {len(children)}, so that it is healthy while one is not"
    if check.properties.flag("invertHealthcheck"):
        yield "invertHealthcheck is true, so that what is ill counts as healthy"


def _ready(check: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for alarm in check.refers("cloudwatchAlarmName", ALARM):
        properties = alarm.properties
        if properties.given("metricQueries"):
            yield f"{alarm.name} is on an expression, which Route 53 doesn't take"
        for key, wanted, otherwise in _OF_READINESS:
            if (found := properties.text(key)) != wanted:
                yield f"{key} of {alarm.name} is {found or 'not given'}, not {wanted}, so that {otherwise}"
        if (threshold := properties.number("threshold")) != 1:
            yield f"threshold of {alarm.name} is {threshold}, not 1, which tasks say once they can write"
        if (period := properties.number("period")) != 60:
            yield f"period of {alarm.name} is {period} seconds, not 60"
        if not 1 <= (periods := properties.number("evaluationPeriods") or 0) <= 5:
            yield f"{alarm.name} looks at {periods:g} minutes, not 1 to 5"
        if region_of(alarm) != check.properties.text("cloudwatchAlarmRegion"):
            yield f"{alarm.name} is in {region_of(alarm)}, where Route 53 doesn't look for it"


FAILOVER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="standby-serves-when-ready",
        title="Requests go to a standby only once its database accepts writes",
        clauses=("dr-failover-cross-region", "dr-dns-ttl-60"),
        severity="critical",
        types=frozenset({RECORD}),
        check=_gated,
        remediation="Give SECONDARY records the health check of components/region_entry.py.",
    ),
    StackGuardrail(
        id="primary-fenced",
        title="Requests go to a primary while it answers, and not while its standby has taken over",
        clauses=("dr-failover-cross-region", "edge-route53-dns-health", "dr-r53-region-health"),
        severity="critical",
        types=frozenset({RECORD}),
        check=_fenced,
        remediation="Give PRIMARY records the health checks of components/region_entry.py.",
    ),
    StackGuardrail(
        id="failover-checks-follow",
        title="Health checks that follow others need all of them, and take silence for illness",
        clauses=("dr-failover-cross-region", "edge-route53-dns-health"),
        severity="high",
        types=frozenset({HEALTH_CHECK}),
        check=_follows,
        remediation="Leave the health checks as components/region_entry.py has them.",
    ),
    StackGuardrail(
        id="readiness-measured",
        title="What says that a standby is ready is what all of its tasks say, each minute",
        clauses=("dr-failover-cross-region",),
        severity="high",
        types=frozenset({HEALTH_CHECK}),
        check=_ready,
        remediation="Leave the alarm as components/second_region/layer.py has it.",
    ),
)
