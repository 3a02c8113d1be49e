import json

from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import PREFIX, SERVICE, WORKER, nested, recorded, violations
from tests.support.editing import UNKNOWN

_WORKERS, _TOLD = "spot-for-workers-only", "spot-interruptions-told"
_RULE, _TARGET = "compute-spot-rule", "compute-spot-to-log"
_SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
_BROKEN = at(_TOLD, WORKER)


def _pattern(**changes: object) -> Change:
    pattern = {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {"stopCode": ["SpotInterruption"]},
    } | {key.replace("_", "-"): value for key, value in changes.items()}
    return edit(_RULE, eventPattern=json.dumps({key: value for key, value in pattern.items() if value is not None}))


ACCEPTED: dict[str, Change] = {
    "all of Spot": edit(WORKER, capacityProviderStrategies=_SPOT),
    "all that stops": _pattern(detail=None),
    "all of it, and of one cluster": _pattern(detail={"clusterArn": ["x"]}),
    "more sources": _pattern(source=["aws.ec2", "aws.ecs"]),
    "enabled, spelt out": edit(_RULE, state="ENABLED"),
    "default bus, spelt out": edit(_RULE, eventBusName="default"),
    "told to a topic": point(_TARGET, "arn", "security-alerts-warning"),
}

REJECTED: dict[str, Case] = {
    "service on Spot": Case(edit(SERVICE, launchType=None, capacityProviderStrategies=_SPOT), at(_WORKERS, SERVICE)),
    "service partly on Spot": Case(
        edit(
            SERVICE,
            launchType=None,
            capacityProviderStrategies=[
                {"capacityProvider": "FARGATE", "base": 6},
                {"capacityProvider": "FARGATE_SPOT", "weight": 0},
            ],
        ),
        at(_WORKERS, SERVICE),
    ),
    "worker that others call": Case(
        nested(WORKER, "serviceConnectConfiguration.services", [{"portName": "app"}]),
        at(_WORKERS, WORKER) | at("services-lead-to-containers", WORKER) | at("services-found-by-own-name", WORKER),
    ),
    "further service on Spot": Case(
        edit(SERVICE, name=f"{PREFIX}-chat", launchType=None, capacityProviderStrategies=_SPOT),
        at(_WORKERS, SERVICE)
        | at("services-declared", "fitness-platform-prod")
        | {
            (rule, SERVICE)
            for rule in (
                "services-found-by-own-name",
                "services-scale",
                "services-scheduled",
                "services-step-scaled",
                "services-track-load",
            )
        }
        | {
            ("scaling-of-services", f"compute-auth-scaling-{name}")
            for name in ("target", "cpu", "memory", "custom", "steps", "peak", "off-peak")
        },
    ),
    "no rule": Case(drop(_RULE), _BROKEN),
    "no target": Case(drop(_TARGET), _BROKEN),
    **{
        f"target {value!r}": Case(edit(_TARGET, arn=value), _BROKEN)
        for value in (None, "arn:aws:sns:us-east-1:1:x", UNKNOWN)
    },
    "target of another stack": Case(chain(other_stack, point(_TARGET, "arn", ELSEWHERE)), _BROKEN),
    "target of another rule": Case(edit(_TARGET, rule="x"), _BROKEN),
    **{
        f"{key} {value!r}": Case(edit(_RULE, **{key: value}), _BROKEN)
        for key, value in (
            ("state", "DISABLED"),
            ("isEnabled", False),
            ("isEnabled", UNKNOWN),
            ("eventBusName", "other"),
            ("eventPattern", None),
            ("eventPattern", UNKNOWN),
            ("eventPattern", "{"),
            ("eventPattern", "[]"),
            ("eventPattern", '{"detail": 7}'),
        )
    },
    **{
        f"pattern {changes!r}": Case(_pattern(**changes), _BROKEN)
        for changes in (
            {"source": ["aws.ec2"]},
            {"source": None},
            {"detail_type": ["EC2 Spot Instance Interruption Warning"]},
            {"detail_type": None},
            {"detail": {"stopCode": ["TerminationNotice"]}},
            {"detail": {"stopCode": []}},
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_nothing_on_spot_needs_no_rule() -> None:
    on_demand = edit(WORKER, capacityProviderStrategies=[{"capacityProvider": "FARGATE", "weight": 1}])
    topology = chain(on_demand, drop(_RULE))(recorded("prod"))
    assert violations(topology) == at("containers-stop-in-30-seconds", "compute-background-task-definition")
