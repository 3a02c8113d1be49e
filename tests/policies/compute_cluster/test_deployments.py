from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import (
    BLUE,
    GREEN,
    PREFIX,
    RULE,
    SERVICE,
    SERVICES,
    WORKER,
    broken,
    ignore,
    nested,
    recorded,
    violations,
)
from tests.policies.database_layer.stack import refer
from tests.support.editing import UNKNOWN

_CONTROLLER, _BACK, _ALARMS, _COLOURS, _BAKED, _PAIRED, _LEFT, _CAPACITY = (
    "deployments-by-ecs",
    "deployments-roll-back",
    "deployment-alarms-of-stack",
    "services-blue-green",
    "deployments-bake-15-minutes-at-most",
    "blue-green-paired",
    "blue-green-traffic-left-alone",
    "deployments-keep-capacity",
)
_STRATEGY, _ADVANCED = "deploymentConfiguration.strategy", "loadBalancers.0.advancedConfiguration"
_ERRORS, _UNHEALTHY = "compute-auth-alarms-TargetErrors", "compute-auth-alarms-UnhealthyTargets"
_ROLE = "compute-traffic-role"
_breaker = {"enable": True, "rollback": True}
_rolling = chain(
    edit(SERVICE, deploymentConfiguration={"strategy": "ROLLING"}, deploymentCircuitBreaker=_breaker),
    nested(SERVICE, _ADVANCED, None),
)

_HOOK = {"hookTargetArn": UNKNOWN, "roleArn": UNKNOWN, "lifecycleStages": ["PRE_SCALE_UP"]}


_with_own_hook = chain(
    add("aws:lambda/function:Function", "hook", {"name": "hook"}),
    point(SERVICE, "deploymentConfiguration", "hook"),
    nested(
        SERVICE,
        "deploymentConfiguration",
        {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "10", "lifecycleHooks": [_HOOK]},
    ),
)

ACCEPTED: dict[str, Change] = {
    "hook of the stack": _with_own_hook,
    "controller by default": edit(SERVICE, deploymentController=None),
    "rolling by default": edit(WORKER, deploymentConfiguration=None),
    "alarms of a rolling one": edit(WORKER, alarms={"enable": True, "rollback": True, "alarmNames": []}),
    "circuit breaker off": edit(SERVICE, deploymentCircuitBreaker={"enable": False, "rollback": False}),
    **{f"{text} minutes": nested(SERVICE, "deploymentConfiguration.bakeTimeInMinutes", text) for text in ("5", "15")},
    "capacity by default": edit(SERVICE, deploymentMinimumHealthyPercent=None, deploymentMaximumPercent=None),
    "half of a worker": edit(WORKER, deploymentMinimumHealthyPercent=50, deploymentMaximumPercent=150),
    "more ignored": ignore(RULE, "actions", "tags"),
    "one alarm for both": edit(
        SERVICE, alarms={"enable": True, "rollback": True, "alarmNames": [f"{PREFIX}-auth-TargetErrors"]}
    ),
}

REJECTED: dict[str, Case] = {
    "hook of others": Case(
        nested(SERVICE, "deploymentConfiguration.lifecycleHooks", [_HOOK]), at("deployment-hooks-of-stack", SERVICE)
    ),
    "hooks that are unknown": Case(
        nested(SERVICE, "deploymentConfiguration.lifecycleHooks", UNKNOWN), at("deployment-hooks-of-stack", SERVICE)
    ),
    **{
        f"controller {value!r}": Case(edit(SERVICE, deploymentController={"type": value}), at(_CONTROLLER, SERVICE))
        for value in ("CODE_DEPLOY", "EXTERNAL", UNKNOWN, 7)
    },
    **{
        f"alarms {value!r}": Case(edit(SERVICE, alarms=value), at(_BACK, SERVICE) | at(_ALARMS, SERVICE))
        for value in (None, {}, UNKNOWN, {"enable": True, "rollback": True})
    },
    **{
        f"alarms.{key} {value!r}": Case(nested(SERVICE, f"alarms.{key}", value), at(_BACK, SERVICE))
        for key in ("enable", "rollback")
        for value in (None, False, UNKNOWN, "true")
    },
    **{
        f"names {value!r}": Case(nested(SERVICE, "alarms.alarmNames", value), at(_ALARMS, SERVICE) | at(_BACK, SERVICE))
        for value in ([], None, [UNKNOWN], UNKNOWN, "x")
    },
    **{
        f"names {value!r}": Case(nested(SERVICE, "alarms.alarmNames", value), at(_ALARMS, SERVICE))
        for value in (["x"], [f"{PREFIX}-auth-TargetErrors", "x"], [f"{PREFIX}-ai-TargetErrors"])
    },
    "alarms missing": Case(drop(_ERRORS, _UNHEALTHY), at(_ALARMS, SERVICE)),
    "alarm of an unknown name": Case(edit(_ERRORS, name=UNKNOWN), at(_ALARMS, SERVICE)),
    "alarms that watch one group": Case(
        chain(*(refer(name, "metricQueries", BLUE) for name in (_ERRORS, _UNHEALTHY))), at(_ALARMS, SERVICE)
    ),
    "alarms that watch nothing of it": Case(
        chain(*(edit(name, metricQueries=[], metricName="CPUUtilization") for name in (_ERRORS, _UNHEALTHY))),
        at(_ALARMS, SERVICE),
    ),
    "circuit breaker of a blue-green one": Case(edit(SERVICE, deploymentCircuitBreaker=_breaker), at(_BACK, SERVICE)),
    "unknown circuit breaker of a blue-green one": Case(
        edit(SERVICE, deploymentCircuitBreaker={"enable": UNKNOWN}), at(_BACK, SERVICE)
    ),
    **{
        f"circuit breaker {value!r}": Case(edit(WORKER, deploymentCircuitBreaker=value), at(_BACK, WORKER))
        for value in (None, {}, UNKNOWN, {"enable": True}, {"rollback": True}, {"enable": True, "rollback": False})
    },
    **{
        f"strategy {value!r}": Case(nested(SERVICE, _STRATEGY, value), at(_BACK, SERVICE) | at(_COLOURS, SERVICE))
        for value in ("CANARY", "LINEAR")
    },
    **{
        f"strategy {value!r}": Case(
            nested(SERVICE, _STRATEGY, value),
            {(rule, SERVICE) for rule in (_BACK, _COLOURS, _PAIRED)},
        )
        for value in (None, "ROLLING")
    },
    "unknown strategy": Case(
        nested(SERVICE, _STRATEGY, UNKNOWN), {(rule, SERVICE) for rule in (_BACK, _COLOURS, _BAKED, _PAIRED)}
    ),
    "rolling": Case(_rolling, at(_COLOURS, SERVICE)),
    "rolling without a circuit breaker": Case(
        chain(_rolling, edit(SERVICE, deploymentCircuitBreaker=None)), at(_COLOURS, SERVICE) | at(_BACK, SERVICE)
    ),
    **broken(
        _BAKED,
        SERVICE,
        "deploymentConfiguration.bakeTimeInMinutes",
        None,
        "",
        "0",
        "4",
        "16",
        "1440",
        "ten",
        UNKNOWN,
        10,
    ),
    "no pair": Case(nested(SERVICE, _ADVANCED, None), at(_PAIRED, SERVICE)),
    **{
        f"pair without {key}": Case(nested(SERVICE, f"{_ADVANCED}.{key}", None), at(_PAIRED, SERVICE))
        for key in ("alternateTargetGroupArn", "productionListenerRule", "roleArn")
    },
    "one group twice": Case(refer(SERVICE, "loadBalancers", BLUE, RULE, _ROLE), at(_PAIRED, SERVICE)),
    "no rule": Case(refer(SERVICE, "loadBalancers", BLUE, GREEN, _ROLE), at(_PAIRED, SERVICE)),
    "no role": Case(refer(SERVICE, "loadBalancers", BLUE, GREEN, RULE), at(_PAIRED, SERVICE)),
    "group of another stack": Case(
        chain(other_stack, refer(SERVICE, "loadBalancers", BLUE, ELSEWHERE, RULE, _ROLE)), at(_PAIRED, SERVICE)
    ),
    "group of another service": Case(
        refer(SERVICE, "loadBalancers", BLUE, "api-route-ai-green", RULE, _ROLE),
        at(_PAIRED, SERVICE) | at(_ALARMS, SERVICE),
    ),
    "rule of another service": Case(
        refer(SERVICE, "loadBalancers", BLUE, GREEN, "api-route-ai-rule", _ROLE), at(_PAIRED, SERVICE)
    ),
    "rule of another service beside its own": Case(
        refer(SERVICE, "loadBalancers", BLUE, GREEN, RULE, "api-route-ai-rule", _ROLE), at(_PAIRED, SERVICE)
    ),
    "rule that leads to one group": Case(refer(RULE, "actions", BLUE), at(_PAIRED, SERVICE)),
    **{
        f"ignored {names}": Case(ignore(RULE, *names), at(_LEFT, RULE))
        for names in ((), ("tags",), ("action",), ("actions[0].forward.stickiness",))
    },
    **broken(_CAPACITY, SERVICE, "deploymentMinimumHealthyPercent", 0, 50, 99, UNKNOWN, "100"),
    **broken(_CAPACITY, WORKER, "deploymentMinimumHealthyPercent", 0, 49, 101, UNKNOWN),
    **broken(_CAPACITY, SERVICE, "deploymentMaximumPercent", 100, 149, 201, 400, UNKNOWN, "200"),
}


def test_any_strategy_is_an_option() -> None:
    topology = _rolling(recorded("prod"))
    assert violations(topology, {_COLOURS: {"strategy": "any"}}) == set()


def test_every_service_is_judged() -> None:
    topology = chain(*(nested(name, "alarms.rollback", False) for name in SERVICES))(recorded("prod"))
    assert violations(topology) == {(_BACK, name) for name in SERVICES}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
