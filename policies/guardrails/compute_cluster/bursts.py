"""Clauses cost-scheduled-scaling and cost-step-scaling: what is foreseen, and what is sudden."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import (
    ALARM,
    SCALING_POLICY,
    SCALING_TARGET,
    SCHEDULED_ACTION,
    SERVICE,
    is_serving,
    scaled_by,
)
from guardrails.compute_cluster.scaling import STEP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties

_CONFIGURATION = "stepScalingPolicyConfiguration"
_ACTION = "scalableTargetAction"
_GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_MINUTE = 60
_UTC = "UTC"  # what AWS takes where it is left out
_ADDS = ("ChangeInCapacity", "PercentChangeInCapacity")


def _scheduled(service: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not relaxations.flag("required") or not is_serving(service):
        return
    actions = scaled_by(service, graph, SCHEDULED_ACTION)
    if len({action.properties.number(f"{_ACTION}.minCapacity") for action in actions}) < 2:
        yield f"{len(actions)} scheduled actions are about it, not one for peak hours and one for the others"


def _in_bounds(action: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    least, most = (action.properties.number(f"{_ACTION}.{key}") for key in ("minCapacity", "maxCapacity"))
    if least is None:
        yield f"{_ACTION}.minCapacity is not given"
        return
    wanted = action.properties.text("resourceId")
    for target in graph.of_type(SCALING_TARGET):
        if known_text(target, "resourceId") == wanted:
            top = target.properties.number("maxCapacity") or 0
            if not least < min(top, top if most is None else most):
                yield f"it asks for {least:g} tasks or more, which leaves no room below the most there may be"
            if most is not None and most < top:
                yield f"it takes the most that there may be down from {top:g} to {most:g}"


def _on_time(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if "/" not in (timezone := properties.text("timezone") or _UTC):
        yield f"timezone is {timezone}, by which nobody gets up or goes to bed"
    if not (schedule := properties.text("schedule") or "").startswith("cron("):
        yield f"schedule is {schedule or 'not given'}, not cron(...)"
    for key in ("startTime", "endTime"):
        if properties.given(key):
            yield f"{key} is given, so that it does not come for ever"


def _stepped(service: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not relaxations.flag("required") or not is_serving(service):
        return
    policies = scaled_by(service, graph, SCALING_POLICY)
    if not any((policy.properties.text("policyType") or STEP) == STEP for policy in policies):
        yield "no step scaling policy is about it"


def _only_out(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (properties.text("policyType") or STEP) != STEP:
        return
    if (kind := properties.text(f"{_CONFIGURATION}.adjustmentType")) not in _ADDS:
        yield f"adjustmentType is {kind or 'not given'}, not {' or '.join(_ADDS)}"
    steps = [step.number("scalingAdjustment") for step in properties.blocks(f"{_CONFIGURATION}.stepAdjustments")]
    if not steps or not all(step is not None and step > 0 for step in steps):
        yield "its steps don't all add tasks, so that it fights target tracking, which alone takes them away"


def _triggered(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (policy.properties.text("policyType") or STEP) != STEP:
        return
    alarms = policy.referrers("alarmActions", ALARM)
    if not alarms:
        yield "no alarm of this stack triggers it"
    for alarm in alarms:
        if (comparison := alarm.properties.text("comparisonOperator")) not in _GREATER:
            yield f"{alarm.name} triggers it by {comparison}, not when load rises"
        if alarm.properties.number("period") != _MINUTE or alarm.properties.number("evaluationPeriods") not in (
            1,
            2,
            3,
        ):
            yield f"{alarm.name} triggers it by other than 1 to 3 periods of {_MINUTE} seconds, and so too late"


BURST_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="services-scheduled",
        title="Services have more tasks in peak hours",
        clauses=("cost-scheduled-scaling",),
        severity="low",
        types=frozenset({SERVICE}),
        check=_scheduled,
        options={"required": Option({"type": "boolean"}, True, "Whether services must have scheduled actions.")},
        remediation="Leave compute.services.<name>.scaling.schedules out, or list a peak and what follows it.",
    ),
    StackGuardrail(
        id="scheduled-actions-leave-room",
        title="Scheduled actions leave scaling its room",
        clauses=("cost-scheduled-scaling",),
        severity="medium",
        types=frozenset({SCHEDULED_ACTION}),
        check=_in_bounds,
        remediation="Set minCapacity below the target's maxCapacity, and leave maxCapacity out or as it is.",
    ),
    ResourceGuardrail(
        id="scheduled-actions-on-time",
        title="Scheduled actions come again and again, at a time of people's own zone",
        clauses=("cost-scheduled-scaling",),
        severity="low",
        types=frozenset({SCHEDULED_ACTION}),
        check=_on_time,
        remediation="Give a cron expression, the timezone of those who make the load, and no startTime or endTime.",
    ),
    StackGuardrail(
        id="services-step-scaled",
        title="Services grow in steps when load rises suddenly",
        clauses=("cost-step-scaling",),
        severity="low",
        types=frozenset({SERVICE}),
        check=_stepped,
        options={"required": Option({"type": "boolean"}, True, "Whether services must have a step scaling policy.")},
        remediation="Leave compute.services.<name>.scaling.stepCpu out.",
    ),
    ResourceGuardrail(
        id="step-scaling-out-only",
        title="Step scaling adds tasks and leaves it to target tracking to take them away",
        clauses=("cost-step-scaling",),
        severity="medium",
        types=frozenset({SCALING_POLICY}),
        check=_only_out,
        remediation="Give steps that add a number or a percentage, and none that takes away or sets a number.",
    ),
    StackGuardrail(
        id="step-scaling-triggered",
        title="An alarm over a minute triggers step scaling",
        clauses=("cost-step-scaling",),
        severity="medium",
        types=frozenset({SCALING_POLICY}),
        check=_triggered,
        remediation="List the policy's ARN in alarmActions of an alarm on a metric that rises, over 60 seconds.",
    ),
)
