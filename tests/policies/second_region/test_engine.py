"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable

import pytest

from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.engine import first_preview, later_preview
from tests.policies.second_region import test_copies, test_failover, test_replication
from tests.policies.second_region.judged import IDS, JUDGED, broken
from tests.support.judging import diagnostics
from tests.support.recording import recorded

_MODULES = (test_copies, test_replication)
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

_FAILOVER = {**test_failover.REJECTED, **test_failover.STANDBY_REJECTED}

as_shown = pytest.mark.parametrize("shown", [first_preview, later_preview])


@as_shown
@pytest.mark.parametrize("name", _ACCEPTED)
def test_accepts(name: str, shown: Callable[[Topology], Topology]) -> None:
    assert broken(shown(_ACCEPTED[name](recorded("prod")))) == set()


@as_shown
@pytest.mark.parametrize("name", _REJECTED)
def test_rejects(name: str, shown: Callable[[Topology], Topology]) -> None:
    case = _REJECTED[name]
    found = diagnostics(shown(case.change(recorded("prod"))), of=JUDGED)
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    rejected = [*_REJECTED.values(), *_FAILOVER.values()]
    assert {guardrail for case in rejected for guardrail, _ in case.violations} >= IDS
