"""Clause media-mediaconvert: jobs run, are paid by the minute, and somebody hears how each ended."""

import json
from collections.abc import Iterable
from typing import Any

from guardrails.functions.resources import PERMISSION, callers_of, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import own_accounts
from guardrails.reading import MalformedError, Properties, as_texts
from guardrails.security_layer.resource_policies import TOPIC

JOB_QUEUE = "aws:mediaconvert/queue:Queue"
_RULE = "aws:cloudwatch/eventRule:EventRule"
_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_SOURCE, _CHANGES, _ENDS = "aws.mediaconvert", "MediaConvert Job State Change", {"COMPLETE", "ERROR"}
_ENABLED = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_MOST = 10  # failed jobs that may go unnoticed in a period


def arns_of(queue: Node) -> set[str]:
    """Return the ARNs that a queue of MediaConvert may have."""
    region, name = queue.provider.text("region"), queue.properties.text("name")
    return {f"arn:aws:mediaconvert:{region}:{account}:queues/{name}" for account in own_accounts(queue)}


def json_of(text: str | None, path: str, kind: type) -> Any:
    """Return what a text of JSON holds.

    :raises MalformedError: where that is nothing of a kind.
    """
    try:
        found: Any = json.loads(text or "null")
    except ValueError:
        found = None
    if not isinstance(found, kind):
        raise MalformedError(path, text, "JSON of what it holds")
    return found


def _jobs_run(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (status := properties.text("status")) != "ACTIVE":
        yield f"status is {status or 'not given'}, not ACTIVE, so that jobs wait for ever"
    if (plan := properties.text("pricingPlan")) != "ON_DEMAND":
        yield f"pricingPlan is {plan or 'not given'}, not ON_DEMAND"


def _ends_told(queue: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    arns = arns_of(queue)
    missing = set(_ENDS)
    for rule in graph.of_type(_RULE):
        told = [one for target in rule.referrers("rule", _TARGET) for one in functions_of(target, "arn")]
        if any(_lets_rule_call(function, rule) and _tells(function, graph) for function in told) and _in_force(rule):
            missing -= _ends_in(rule.properties, arns)
    if missing:
        yield f"no function of this stack with a topic to tell hears of {' or '.join(sorted(missing))}"


def _lets_rule_call(function: Node, rule: Node) -> bool:
    return any(
        permission.properties.text("principal") == "events.amazonaws.com"
        and permission.refers("sourceArn", _RULE) == [rule]
        for permission in callers_of(function, "function", PERMISSION)
    )


def _tells(function: Node, graph: Graph) -> bool:
    """Return whether a function knows a topic of the stack by its ARN."""
    topics = {
        f"arn:aws:sns:{topic.provider.text('region')}:{account}:{topic.properties.text('name')}"
        for topic in graph.of_type(TOPIC)
        for account in own_accounts(topic)
    }
    return function.properties.texts_by_key("environment.variables").get("TOPIC_ARN") in topics


def _in_force(rule: Node) -> bool:
    on_default_bus = known_text(rule, "eventBusName") in (None, "default")
    return rule.properties.text("state") in _ENABLED and rule.properties.flag_or("isEnabled", True) and on_default_bus


def _ends_in(properties: Properties, arns: set[str]) -> set[str]:
    """Return with which ends of jobs of a queue an event pattern fits."""
    pattern = json_of(properties.text("eventPattern"), "eventPattern", dict)
    detail: Any = pattern.get("detail", {})
    if (
        _SOURCE not in as_texts(pattern.get("source", []))
        or _CHANGES not in as_texts(pattern.get("detail-type", []))
        or not isinstance(detail, dict)
        or pattern.keys() - {"source", "detail-type", "detail"}
        or detail.keys() - {"status", "queue"}
        or arns.isdisjoint(as_texts(detail.get("queue", sorted(arns))))
    ):
        return set()
    return _ENDS & set(as_texts(detail.get("status", [])))


def _failures_counted(queue: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not any(_counts(alarm, arns_of(queue)) for alarm in graph.of_type(_ALARM)):
        yield "no alarm of this stack tells that its jobs have failed"


def _counts(alarm: Node, arns: set[str]) -> bool:
    properties = alarm.properties
    threshold = properties.number("threshold")
    if (properties.text("namespace"), properties.text("metricName")) != ("AWS/MediaConvert", "JobsErroredCount"):
        return False
    return (
        properties.text("dimensions.Queue") in arns
        and properties.text("statistic") == "Sum"
        and properties.text("comparisonOperator") in _GREATER
        and threshold is not None
        and threshold <= _MOST
    )


JOB_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="encoding-queues-active",
        title="Queues of MediaConvert take jobs, and are paid by the minute",
        clauses=("media-mediaconvert",),
        severity="high",
        types=frozenset({JOB_QUEUE}),
        check=_jobs_run,
        remediation="Set status to ACTIVE and pricingPlan to ON_DEMAND.",
    ),
    StackGuardrail(
        id="encoding-ends-told",
        title="A function hears of each job that is done or has failed",
        clauses=("media-mediaconvert",),
        severity="medium",
        types=frozenset({JOB_QUEUE}),
        check=_ends_told,
        remediation="Declare an enabled event rule for COMPLETE and ERROR of the queue, with a function as its target.",
    ),
    StackGuardrail(
        id="encoding-failures-counted",
        title="An alarm tells of jobs that have failed",
        clauses=("media-mediaconvert",),
        severity="medium",
        types=frozenset({JOB_QUEUE}),
        check=_failures_counted,
        remediation="Declare an alarm on the sum of JobsErroredCount of the queue.",
    ),
)
