"""Clauses obs-central-logging and obs-retention-app for functions: what they write is kept, and no more."""

from collections.abc import Iterable

from guardrails.functions.resources import FUNCTION, LOG_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_LEVELS = (None, "INFO", "WARN", "ERROR", "FATAL")
_NINETY_DAYS = 90


def _to_stack(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    groups = function.refers("loggingConfig", LOG_GROUP)
    if len(groups) != 1:
        yield "loggingConfig.logGroup refers to no log group of this stack, so that Lambda makes one that nobody knows"
    wanted = f"/aws/lambda/{function.properties.text('name')}"
    for group in groups:
        if (name := group.properties.text("name")) != wanted:
            yield f"loggingConfig.logGroup is {name or 'not given'}, not {wanted}"


def _readable(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (form := properties.text("loggingConfig.logFormat")) != "JSON":
        yield f"loggingConfig.logFormat is {form or 'not given'}, not JSON"
    if (level := properties.text("loggingConfig.applicationLogLevel")) not in _LEVELS:
        yield f"loggingConfig.applicationLogLevel is {level}, which writes what people sent"


def _kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    if group.referrers("loggingConfig", FUNCTION):
        days = group.properties.number("retentionInDays")
        if days and days < minimum:  # log-groups-expire speaks of none
            yield f"it keeps the log of a function for {days:g} days, not {minimum:g} or more"


LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="functions-log-to-stack",
        title="Each function logs to a log group of the stack that has its name",
        clauses=("obs-log-group-names", "obs-central-logging"),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_to_stack,
        remediation="Declare a log group /aws/lambda/<function>, and pass its name as loggingConfig.logGroup.",
    ),
    ResourceGuardrail(
        id="functions-log-readably",
        title="Functions log as JSON, and nothing meant for debugging",
        clauses=("obs-central-logging", "audit-pii-redaction"),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_readable,
        remediation="Set loggingConfig.logFormat to JSON, and applicationLogLevel to INFO.",
    ),
    StackGuardrail(
        id="function-logs-kept-90-days",
        title="Logs of functions are kept for 90 days or more",
        clauses=("obs-retention-app", "obs-default-retention-90"),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _NINETY_DAYS, "Days that logs of functions are kept at least."
            )
        },
        remediation="Leave logRetentionDays of the layer out, or set it to 90 or more.",
    ),
)
