"""Cases again, as the engine would show them: the verdict must be the same.

Those of security groups are left out, since nearly all of them are decided by inputs alone.
"""

from collections.abc import Callable

import pytest

from guardrails.network_layer import NETWORK_GUARDRAILS
from guardrails.network_layer.rule_pairs import RULE_PAIR_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.engine import first_preview, later_preview
from tests.policies.network_layer import (
    test_attachments,
    test_endpoints,
    test_flow_logs,
    test_nacls,
    test_private_subnets,
    test_private_workloads,
    test_public_subnets,
    test_security_groups,
)
from tests.policies.network_layer.judged import diagnostics, recorded, violations

_MODULES = (
    test_attachments,
    test_endpoints,
    test_flow_logs,
    test_nacls,
    test_private_subnets,
    test_private_workloads,
    test_public_subnets,
)
_ACCEPTED: dict[str, Change] = {
    f"{module.__name__.rpartition('_')[2]}: {name}": change
    for module in _MODULES
    for name, change in getattr(module, "ACCEPTED", {}).items()
}
_REJECTED: dict[str, Case] = {
    f"{module.__name__.rpartition('_')[2]}: {name}": case
    for module in _MODULES
    for name, case in module.REJECTED.items()
}

as_shown = pytest.mark.parametrize("shown", [first_preview, later_preview])


@as_shown
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_recorded_stacks_get_the_same_verdict(stack: str, shown: Callable[[Topology], Topology]) -> None:
    topology = recorded(stack)
    assert diagnostics(shown(topology)) == diagnostics(topology)


@as_shown
@pytest.mark.parametrize("name", _ACCEPTED)
def test_accepts(name: str, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(_ACCEPTED[name](recorded("prod")))) == set()


@as_shown
@pytest.mark.parametrize("name", _REJECTED)
def test_rejects(name: str, shown: Callable[[Topology], Topology]) -> None:
    case = _REJECTED[name]
    found = diagnostics(shown(case.change(recorded("prod"))))
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert all(one.message for one in found)
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    every_case = [*_REJECTED.values(), *test_security_groups.REJECTED.values()]
    broken = {guardrail for case in every_case for guardrail, _ in case.violations}
    in_pairs = {guardrail.id for guardrail in RULE_PAIR_GUARDRAILS}  # tested where there are pairs
    assert broken == {guardrail.id for guardrail in NETWORK_GUARDRAILS} - in_pairs
