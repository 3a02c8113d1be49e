import pytest

from tests.policies.breaking import Case, Change, add, at, cases, drop, edit, nest
from tests.policies.compute_cluster.stack import (
    PREFIX,
    SERVICE,
    STACK,
    TARGET,
    WORKER,
    WORKER_TARGET,
    broken,
    ignore,
    independent,
    nested,
    recorded,
    violations,
)
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN

_SCALE, _ONE_HAND, _OF_SERVICES, _SUSPENDED, _TRACK, _CPU, _MEMORY, _BOTH, _QUOTA = (
    "services-scale",
    "services-scaled-by-one-hand",
    "scaling-of-services",
    "scaling-not-suspended",
    "services-track-load",
    "scaling-cpu-70",
    "scaling-memory-80",
    "scaling-both-ways",
    "scaling-within-quota",
)
_POLICIES = {name: f"compute-auth-scaling-{name}" for name in ("cpu", "memory", "custom", "steps")}
_CONFIGURATION = "targetTrackingScalingPolicyConfiguration"
_METRIC = f"{_CONFIGURATION}.predefinedMetricSpecification.predefinedMetricType"

_NO_ROOM = at("scheduled-actions-leave-room", "compute-auth-scaling-peak", "compute-auth-scaling-off-peak")

ACCEPTED: dict[str, Change] = {
    "more ignored": ignore(SERVICE, "desiredCount", "tags"),
    "not suspended, spelt out": edit(TARGET, suspendedState={"dynamicScalingInSuspended": False}),
    "waits five minutes": nested(_POLICIES["cpu"], f"{_CONFIGURATION}.scaleOutCooldown", 300),
    "waits as long as AWS does": nested(_POLICIES["cpu"], f"{_CONFIGURATION}.scaleInCooldown", None),
    "scales in by default": nested(_POLICIES["cpu"], f"{_CONFIGURATION}.disableScaleIn", None),
    "another kind of thing that scales": add(
        "aws:appautoscaling/target:Target",
        "more",
        {
            "serviceNamespace": "dynamodb",
            "resourceId": "table/x",
            "scalableDimension": "dynamodb:table:ReadCapacityUnits",
        },
    ),
    "larger worker": edit(WORKER_TARGET, maxCapacity=20),
}

REJECTED: dict[str, Case] = {
    **{
        f"{key} {value!r}": Case(
            nested(_POLICIES["cpu"], f"{_CONFIGURATION}.{key}", value), at("scaling-soon-again", _POLICIES["cpu"])
        )
        for key, value in (
            ("scaleOutCooldown", 301),
            ("scaleOutCooldown", UNKNOWN),
            ("scaleInCooldown", 3601),
            ("scaleInCooldown", "60"),
        )
    },
    "steps an hour apart": Case(
        nested("compute-auth-scaling-steps", "stepScalingPolicyConfiguration.cooldown", 3600),
        at("scaling-soon-again", "compute-auth-scaling-steps"),
    ),
    "no target": Case(drop(TARGET), at(_SCALE, SERVICE)),
    "two targets": Case(copy(TARGET, "more"), at(_SCALE, SERVICE)),
    "made before the service": Case(independent(TARGET, SERVICE), at(_SCALE, SERVICE)),
    **{
        f"most {value!r}": Case(edit(TARGET, maxCapacity=value), at(_SCALE, SERVICE) | _NO_ROOM)
        for value in (None, 5, 6)
    },
    **{
        f"most {value!r}": Case(edit(TARGET, maxCapacity=value), at(_SCALE, SERVICE) | _NO_ROOM | at(_QUOTA, STACK))
        for value in (UNKNOWN, "30")
    },
    "worker of one size": Case(edit(WORKER_TARGET, maxCapacity=2), at(_SCALE, WORKER)),
    **{
        f"{name}: ignored {names}": Case(ignore(name, *names), at(_ONE_HAND, name))
        for name in (SERVICE, WORKER)
        for names in ((), ("tags",), ("desired_count",))
    },
    **{
        f"resource {value!r}": Case(edit(TARGET, resourceId=value), at(_OF_SERVICES, TARGET) | at(_SCALE, SERVICE))
        for value in (None, f"service/default/{PREFIX}-auth", f"service/{PREFIX}-cluster/chat", UNKNOWN)
    },
    **{
        f"policy {name} of nobody": Case(
            edit(policy, resourceId="service/x/y"), at(_OF_SERVICES, policy) | at(_TRACK, SERVICE)
        )
        for name, policy in _POLICIES.items()
        if name != "steps"
    },
    **broken(_OF_SERVICES, TARGET, "scalableDimension", None, "ecs:service:Other", UNKNOWN, 7),
    **{
        f"suspended {key} {value!r}": Case(edit(TARGET, suspendedState={key: value}), at(_SUSPENDED, TARGET))
        for key in ("dynamicScalingInSuspended", "dynamicScalingOutSuspended", "scheduledScalingSuspended")
        for value in (True, UNKNOWN, "true")
    },
    "suspended, who knows what": Case(edit(TARGET, suspendedState=UNKNOWN), at(_SUSPENDED, TARGET)),
    **{
        f"no policy on {name}": Case(drop(policy), at(_TRACK, SERVICE))
        for name, policy in _POLICIES.items()
        if name != "steps"
    },
    "two policies on CPU": Case(copy(_POLICIES["cpu"], "more"), at(_TRACK, SERVICE)),
    "worker without its own metric": Case(drop("compute-background-scaling-custom"), at(_TRACK, WORKER)),
    **{
        f"{policy} at {value!r}": Case(
            nested(_POLICIES[policy], f"{_CONFIGURATION}.targetValue", value), at(rule, _POLICIES[policy])
        )
        for rule, policy in ((_CPU, "cpu"), (_MEMORY, "memory"))
        for value in (None, 50, 75, 90, UNKNOWN, "70")
    },
    "requests to one target group": Case(
        edit(_POLICIES["custom"], **nest(_METRIC, "ALBRequestCountPerTarget")), at(_TRACK, SERVICE)
    ),
    "unknown metric": Case(
        nested(_POLICIES["cpu"], _METRIC, UNKNOWN),
        at(_TRACK, SERVICE) | at(_CPU, _POLICIES["cpu"]) | at(_MEMORY, _POLICIES["cpu"]),
    ),
    **{
        f"never in {value!r}": Case(
            nested(_POLICIES["cpu"], f"{_CONFIGURATION}.disableScaleIn", value), at(_BOTH, _POLICIES["cpu"])
        )
        for value in (True, UNKNOWN, "false")
    },
    "foreseen by AWS": Case(
        edit(_POLICIES["cpu"], policyType="PredictiveScaling"), at(_BOTH, _POLICIES["cpu"]) | at(_TRACK, SERVICE)
    ),
    "more than the quota": Case(edit(TARGET, maxCapacity=200), at(_QUOTA, STACK)),
}


@pytest.mark.parametrize(("quota", "enough"), [(181, True), (180, True), (179, False), (100, False)])
def test_quota_is_an_option(quota: int, enough: bool) -> None:
    found = violations(recorded("prod"), {_QUOTA: {"fargateVcpuQuota": quota}})
    assert found == (set() if enough else at(_QUOTA, STACK))


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
