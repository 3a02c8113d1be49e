"""Clauses cost-spot-*: what may be interrupted runs at a lower price, and is told two minutes before."""

import json
from collections.abc import Iterable
from typing import Any

from guardrails.compute_cluster.resources import SERVICE, SIX, SPOT, is_on_spot, service_name
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import MalformedError, Properties, UndecidedError, as_texts

_RULE = "aws:cloudwatch/eventRule:EventRule"
_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
_REACHED = (
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:lambda/function:Function",
    "aws:sfn/stateMachine:StateMachine",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
)
_SOURCE, _DETAIL, _CODE = "aws.ecs", "ECS Task State Change", "SpotInterruption"


def _workers(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if SPOT not in [block.text("capacityProvider") for block in properties.blocks("capacityProviderStrategies")]:
        return
    if (name := service_name(properties)) in SIX:
        yield f"it is {name}, which people wait for"
    if properties.given("loadBalancers") or properties.given("serviceConnectConfiguration.services"):
        yield "others send it requests, which would be interrupted"


def _told(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_on_spot(service):
        return
    for rule in graph.of_type(_RULE):
        targets = [node for node in rule.referrers("rule", _TARGET) if node.refers("arn", *_REACHED)]
        if targets and _is_enabled(rule) and _catches(rule.properties):
            return
    yield "no event rule of this stack tells anything of it that its tasks are interrupted"


def _is_enabled(rule: Node) -> bool:
    properties = rule.properties
    try:
        state = properties.text("state")
    except UndecidedError:
        state = None  # AWS computes it where it is left out
    on_default_bus = known_text(rule, "eventBusName") in (None, "default")
    return state in (None, "ENABLED") and properties.flag_or("isEnabled", True) and on_default_bus


def _catches(properties: Properties) -> bool:
    text = properties.text("eventPattern")
    try:
        pattern: dict[str, Any] = json.loads(text or "{}")
        codes = pattern.get("detail", {}).get("stopCode")
    except (ValueError, AttributeError):
        raise MalformedError("eventPattern", text, "a JSON object") from None
    return (
        _SOURCE in as_texts(pattern.get("source", []))
        and _DETAIL in as_texts(pattern.get("detail-type", []))
        and (codes is None or _CODE in as_texts(codes))
    )


SPOT_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="spot-for-workers-only",
        title="Only what nobody waits for runs on Spot",
        clauses=("cost-spot-optional",),
        severity="high",
        types=frozenset({SERVICE}),
        check=_workers,
        remediation="Let the service run on FARGATE; workers are those that nothing sends requests to.",
    ),
    StackGuardrail(
        id="spot-interruptions-told",
        title="Interruptions of tasks on Spot reach something of the stack",
        clauses=("cost-spot-2min-notice",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_told,
        remediation=(
            "Declare an enabled event rule for ECS Task State Change with the stop code SpotInterruption, and a target "
            "of the stack."
        ),
    ),
)
