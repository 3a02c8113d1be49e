"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from guardrails.compute_cluster import COMPUTE_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.compute_cluster import (
    test_bursts,
    test_clusters,
    test_containers,
    test_contents,
    test_deployments,
    test_discovery,
    test_fargate,
    test_hardening,
    test_health,
    test_images,
    test_logs,
    test_roles,
    test_scaling,
    test_secrets,
    test_services,
    test_spot,
    test_tracing,
    test_volumes,
)
from tests.policies.compute_cluster.stack import recorded, violations
from tests.policies.engine import Eye
from tests.support.judging import diagnostics

_MODULES = (
    test_bursts,
    test_clusters,
    test_containers,
    test_contents,
    test_deployments,
    test_discovery,
    test_fargate,
    test_hardening,
    test_health,
    test_images,
    test_logs,
    test_roles,
    test_scaling,
    test_secrets,
    test_services,
    test_spot,
    test_tracing,
    test_volumes,
)
_ACCEPTED: dict[str, Change] = {
    f"{module.__name__.rpartition('.test_')[2]}: {name}": change
    for module in _MODULES
    for name, change in module.ACCEPTED.items()
}
_REJECTED: dict[str, Case] = {
    f"{module.__name__.rpartition('.test_')[2]}: {name}": case
    for module in _MODULES
    for name, case in module.REJECTED.items()
}

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "aws:appautoscaling/policy:Policy": {"policyType": "StepScaling"},
    "aws:appautoscaling/scheduledAction:ScheduledAction": {"timezone": "UTC"},
    "aws:cloudwatch/eventRule:EventRule": {"eventBusName": "default", "forceDestroy": False},
    "aws:ecr/repository:Repository": {"imageTagMutability": "MUTABLE"},
    "aws:ecs/service:Service": {
        "deploymentMaximumPercent": 200,
        "deploymentMinimumHealthyPercent": 100,
        "enableEcsManagedTags": False,
        "enableExecuteCommand": False,
        "schedulingStrategy": "REPLICA",
        "waitForSteadyState": False,
    },
    "aws:ecs/taskDefinition:TaskDefinition": {"skipDestroy": False, "trackLatest": False},
}

# What AWS computes where it is left out, as it is once the stack is deployed.
_COMPUTED: Mapping[str, Mapping[str, Any]] = {
    "aws:appautoscaling/target:Target": {"roleArn": "arn:aws:iam::1:role/x", "suspendedState": {}},
    "aws:cloudwatch/eventRule:EventRule": {"state": "ENABLED"},
    "aws:ecs/cluster:Cluster": {"settings": [{"name": "containerInsights", "value": "disabled"}]},
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {"capacityProviders": ["FARGATE"]},
    "aws:ecs/service:Service": {
        "availabilityZoneRebalancing": "ENABLED",
        "deploymentConfiguration": {"strategy": "ROLLING"},
        "iamRole": "arn:aws:iam::1:role/x",
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
    },
    "aws:ecs/taskDefinition:TaskDefinition": {"enableFaultInjection": False, "networkMode": "awsvpc"},
    "aws:iam/role:Role": {"inlinePolicies": [{"name": "start-tasks"}], "managedPolicyArns": ["arn:aws:iam::1:x"]},
}


_first, _later = (Eye(deployed=deployed, defaults=_DEFAULTS, computed=_COMPUTED) for deployed in (False, True))

as_shown = pytest.mark.parametrize("shown", [_first, _later])


@as_shown
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_recorded_stacks_get_the_same_verdict(stack: str, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(recorded(stack))) == violations(recorded(stack))


@as_shown
@pytest.mark.parametrize("name", _ACCEPTED)
def test_accepts(name: str, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(_ACCEPTED[name](recorded("prod")))) == set()


@as_shown
@pytest.mark.parametrize("name", _REJECTED)
def test_rejects(name: str, shown: Callable[[Topology], Topology]) -> None:
    case = _REJECTED[name]
    found = diagnostics(shown(case.change(recorded("prod"))), of=COMPUTE_GUARDRAILS)
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    broken = {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations}
    assert broken == {guardrail.id for guardrail in COMPUTE_GUARDRAILS}
