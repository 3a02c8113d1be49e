"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable

import pytest

from guardrails.async_layer import ASYNC_GUARDRAILS
from guardrails.async_layer.brokers import BROKER_GUARDRAILS
from preview.topology import Topology
from tests.policies.async_layer import test_dead_letters, test_processors, test_queues, test_tables
from tests.policies.async_layer.stack import recorded, violations
from tests.policies.breaking import Case, Change
from tests.policies.engine import as_shown, gathered
from tests.support.judging import diagnostics

_MODULES = (test_dead_letters, test_processors, test_queues, test_tables)
_ACCEPTED: dict[str, Change] = gathered(_MODULES, "ACCEPTED")
_REJECTED: dict[str, Case] = gathered(_MODULES, "REJECTED")


@as_shown
@pytest.mark.parametrize("name", _ACCEPTED)
def test_accepts(name: str, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(_ACCEPTED[name](recorded("prod")))) == set()


@as_shown
@pytest.mark.parametrize("name", _REJECTED)
def test_rejects(name: str, shown: Callable[[Topology], Topology]) -> None:
    case = _REJECTED[name]
    found = diagnostics(shown(case.change(recorded("prod"))), of=ASYNC_GUARDRAILS)
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    broken = {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations}
    apart = {guardrail.id for guardrail in BROKER_GUARDRAILS}  # prod has no broker; test_brokers breaks one
    assert {guardrail.id for guardrail in ASYNC_GUARDRAILS} - apart <= broken
