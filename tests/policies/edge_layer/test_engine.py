"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable

import pytest

from guardrails.edge_layer import EDGE_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.edge_layer import (
    test_caching,
    test_distributions,
    test_headers,
    test_logs,
    test_names,
    test_origins,
    test_rates,
    test_shield,
    test_strangers,
)
from tests.policies.edge_layer.stack import recorded, violations
from tests.policies.engine import Eye, first_preview
from tests.support.judging import diagnostics

_MODULES = (
    test_caching,
    test_distributions,
    test_headers,
    test_logs,
    test_names,
    test_origins,
    test_rates,
    test_shield,
    test_strangers,
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

as_shown = pytest.mark.parametrize("shown", [first_preview, Eye(deployed=True, reference="id-1")])


@as_shown
@pytest.mark.parametrize("name", _ACCEPTED)
def test_accepts(name: str, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(_ACCEPTED[name](recorded("prod")))) == set()


@as_shown
@pytest.mark.parametrize("name", _REJECTED)
def test_rejects(name: str, shown: Callable[[Topology], Topology]) -> None:
    case = _REJECTED[name]
    found = diagnostics(shown(case.change(recorded("prod"))), of=EDGE_GUARDRAILS)
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    broken = {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations}
    assert {guardrail.id for guardrail in EDGE_GUARDRAILS} <= broken
