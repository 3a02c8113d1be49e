"""Events that nobody waits for: what fails is kept, and alarms tell of errors and throttles."""

from collections.abc import Iterable, Mapping

from guardrails.functions.resources import FUNCTION, PERMISSION, QUEUE, callers_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_WAIT = frozenset(
    {"apigateway.amazonaws.com", "cognito-idp.amazonaws.com", "elasticloadbalancing.amazonaws.com"}
    | {"secretsmanager.amazonaws.com"}
)
"""Services that wait for the function's answer, and tell their own caller when it fails."""
_GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_MOST: Mapping[str, float] = {"Errors": 10, "Throttles": 10}
"""How many of each may go unnoticed in a period."""


def _kept(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    callers = callers_of(function, "function", PERMISSION)
    hurried = sorted({caller.properties.text("principal") or "somebody" for caller in callers} - _WAIT)
    if hurried and not function.refers("deadLetterConfig", QUEUE):
        yield f"{', '.join(hurried)} calls it without waiting, and deadLetterConfig refers to no queue of this stack"


def _watched(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    alarms = function.referrers("dimensions", _ALARM)
    for metric, most in _MOST.items():
        if not any(_tells(alarm, metric, most) for alarm in alarms):
            yield f"no alarm of this stack tells of its {metric.lower()}"


def _tells(alarm: Node, metric: str, most: float) -> bool:
    properties = alarm.properties
    threshold = properties.number("threshold")
    return (
        (properties.text("namespace"), properties.text("metricName")) == ("AWS/Lambda", metric)
        and properties.given("dimensions.FunctionName")
        and properties.text("statistic") == "Sum"
        and properties.text("comparisonOperator") in _GREATER
        and threshold is not None
        and threshold <= most
    )


FAILURE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="functions-keep-failed-events",
        title="What a function failed to handle is kept where nobody waits for its answer",
        clauses=("async-dlq",),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_kept,
        controls=("CKV_AWS_116", "awslambda_function_no_dead_letter_queue"),
        remediation="Pass a queue of dead letters as failed_events of the function.",
    ),
    StackGuardrail(
        id="functions-watched",
        title="Alarms tell of errors and throttles of each function",
        clauses=("obs-central-logging", "async-lambda-sqs-processors"),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_watched,
        remediation="Make it by components/python_function.py, which declares both.",
    ),
)
