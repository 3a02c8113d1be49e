"""Clauses compute-rollback, dr-blue-green and dr-app-rto-15min: a deployment that fails takes itself back."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import (
    ALARM,
    BLUE_GREEN,
    LISTENER_RULE,
    ROLE,
    ROLLING,
    SERVICE,
    TARGET_GROUP,
    is_behind_load_balancer,
    is_blue_green,
    strategy_of,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties

_LEAST_BAKE, _MOST_BAKE = 5, 15  # minutes
_ADVANCED = "advancedConfiguration"
_FUNCTION = "aws:lambda/function:Function"
_PAIRED = ("alternateTargetGroupArn", "productionListenerRule", "roleArn")


def _by_ecs(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (controller := properties.text("deploymentController.type")) not in ("ECS", None):
        yield f"deploymentController is {controller}, not ECS"


def _rolled_back(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (strategy := strategy_of(properties)) not in (ROLLING, BLUE_GREEN):
        yield f"deploymentConfiguration.strategy is {strategy}, not {ROLLING} or {BLUE_GREEN}"
    guard, other = "deploymentCircuitBreaker", "alarms"
    if strategy != ROLLING:
        guard, other = other, guard
        if properties.flag(f"{other}.enable"):
            yield f"{other} is enabled, which ECS heeds in {ROLLING} deployments only"
        if not properties.texts("alarms.alarmNames"):
            yield "alarms name none"
    for flag in ("enable", "rollback"):
        if not properties.flag(f"{guard}.{flag}"):
            yield f"{guard}.{flag} is not true, so that a failed {strategy} deployment is not taken back"


def _alarmed(service: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    named = service.properties.texts("alarms.alarmNames")
    alarms = {known_text(alarm, "name"): alarm for alarm in graph.of_type(ALARM)}
    if strangers := [name for name in named if name not in alarms]:
        yield f"alarms name {', '.join(strangers)}, no alarm of this stack"
    watched = {
        group
        for name in named
        if name in alarms
        for key in ("metricQueries", "dimensions")
        for group in alarms[name].refers(key, TARGET_GROUP)
    }
    if is_blue_green(service) and (missed := set(service.refers("loadBalancers", TARGET_GROUP)) - watched):
        yield f"its alarms don't watch {', '.join(sorted(group.name for group in missed))}"


def _both_colours(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.text("strategy") == "any" or not is_behind_load_balancer(properties):
        return
    if (strategy := strategy_of(properties)) != BLUE_GREEN:
        yield f"deploymentConfiguration.strategy is {strategy}, not {BLUE_GREEN}"


def _baked(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if strategy_of(properties) == ROLLING:
        return
    minutes = properties.text("deploymentConfiguration.bakeTimeInMinutes") or ""
    if not minutes.isdecimal() or not _LEAST_BAKE <= int(minutes) <= _MOST_BAKE:
        yield f"bakeTimeInMinutes is {minutes or 'not given'}, not {_LEAST_BAKE} to {_MOST_BAKE}"


def _paired(service: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    shifts = is_blue_green(service)
    balancers = service.properties.blocks("loadBalancers")
    for balancer in balancers:
        if not shifts and balancer.given(_ADVANCED):
            yield f"{_ADVANCED} is given, which {ROLLING} deployments don't take"
        if shifts and (missing := [key for key in _PAIRED if not balancer.given(f"{_ADVANCED}.{key}")]):
            yield f"{_ADVANCED} has no {', '.join(missing)}"
    if not (shifts and balancers):
        return
    groups, rules, roles = (service.refers("loadBalancers", type_) for type_ in (TARGET_GROUP, LISTENER_RULE, ROLE))
    if len(groups) != 2 * len(balancers):
        yield f"loadBalancers refer to {len(groups)} target groups of this stack, not {2 * len(balancers)}"
    if not rules or not roles:
        yield "loadBalancers refer to no listener rule and role of this stack"
    for rule in rules:
        if not set(rule.refers("actions", TARGET_GROUP)) >= set(groups):
            yield f"{rule.name} doesn't lead to both of its target groups"


def _own_hooks(service: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not service.properties.is_known("deploymentConfiguration"):
        return  # AWS computes what is left out; what is given and not known is refused for its strategy
    hooks = service.properties.blocks("deploymentConfiguration.lifecycleHooks")
    functions = service.refers("deploymentConfiguration", _FUNCTION)
    if len(hooks) > len(functions):
        yield f"{len(hooks)} lifecycleHooks call {len(functions)} functions of this stack, so that others hold it up"


def _traffic_left(rule: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    services = [service for service in rule.referrers("loadBalancers", SERVICE) if is_blue_green(service)]
    if services and "actions" not in rule.ignored:
        yield f"changes to actions are not ignored, so that an update takes back what {services[0].name} deployed"


def _capacity(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    least, most = (properties.number(f"deployment{key}Percent") for key in ("MinimumHealthy", "Maximum"))
    needed = 100 if is_behind_load_balancer(properties) else 50
    if least is not None and not needed <= least <= 100:
        yield f"deploymentMinimumHealthyPercent is {least:g}, not {needed} or more"
    if most is not None and not 150 <= most <= 200:
        yield f"deploymentMaximumPercent is {most:g}, not 150 to 200"


DEPLOYMENT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="deployment-hooks-of-stack",
        title="Only functions of the stack are asked whether a deployment goes on",
        clauses=("dr-blue-green", "compute-rollback"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_own_hooks,
        remediation="Leave lifecycleHooks out, or pass the ARN of a function of the stack as hookTargetArn.",
    ),
    ResourceGuardrail(
        id="deployments-by-ecs",
        title="ECS itself deploys services",
        clauses=("dr-blue-green", "compute-rollback"),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_by_ecs,
        remediation="Leave deploymentController out.",
    ),
    ResourceGuardrail(
        id="deployments-roll-back",
        title="A deployment that fails is taken back without being asked",
        clauses=("compute-rollback", "dr-blue-green"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_rolled_back,
        remediation=(
            "Enable the circuit breaker with rollback where the strategy is ROLLING, and alarms with rollback where it "
            "is BLUE_GREEN."
        ),
    ),
    StackGuardrail(
        id="deployment-alarms-of-stack",
        title="Alarms that take a deployment back are part of the stack and watch the service",
        clauses=("compute-rollback", "dr-blue-green"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_alarmed,
        remediation="Name alarms that the stack declares on metrics of both target groups, under names that are given.",
    ),
    ResourceGuardrail(
        id="services-blue-green",
        title="Services behind the load balancer are deployed blue-green",
        clauses=("dr-blue-green",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_both_colours,
        options={
            "strategy": Option(
                {"type": "string", "enum": ["blueGreen", "any"]}, "blueGreen", "How services may be deployed."
            )
        },
        remediation="Leave compute.deploymentStrategy out, or set it to blueGreen.",
    ),
    ResourceGuardrail(
        id="deployments-bake-15-minutes-at-most",
        title="A blue-green deployment can be taken back at once for 5 to 15 minutes",
        clauses=("dr-app-rto-15min",),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_baked,
        remediation="Leave compute.bakeMinutes out, or set it to 5 to 15.",
    ),
    StackGuardrail(
        id="blue-green-paired",
        title="A blue-green service has two target groups, a rule that leads to both, and a role that shifts traffic",
        clauses=("dr-blue-green", "lb-tg-per-service"),
        severity="high",
        types=frozenset({SERVICE}),
        check=_paired,
        remediation=(
            "Give advancedConfiguration with another target group, a listener rule that forwards to both, and a role; "
            "leave it out where the strategy is ROLLING."
        ),
    ),
    StackGuardrail(
        id="blue-green-traffic-left-alone",
        title="An update doesn't take back the traffic that a deployment has shifted",
        clauses=("dr-blue-green",),
        severity="high",
        types=frozenset({LISTENER_RULE}),
        check=_traffic_left,
        remediation="List actions under ignoreChanges of the listener rule.",
    ),
    ResourceGuardrail(
        id="deployments-keep-capacity",
        title="Deployments leave services as many tasks as they need",
        clauses=("dr-blue-green", "compute-rollback"),
        severity="medium",
        types=frozenset({SERVICE}),
        check=_capacity,
        remediation="Leave deploymentMinimumHealthyPercent and deploymentMaximumPercent out.",
    ),
)
