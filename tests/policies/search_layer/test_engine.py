"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable

import pytest

from guardrails.search_layer import SEARCH_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.engine import as_shown, gathered
from tests.policies.search_layer import (
    test_access,
    test_consumers,
    test_contents,
    test_domains,
    test_logs,
    test_streams,
    test_watching,
)
from tests.policies.search_layer.stack import recorded, violations
from tests.support.judging import diagnostics

_MODULES = (test_access, test_consumers, test_contents, test_domains, test_logs, test_streams, test_watching)
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
    found = diagnostics(shown(case.change(recorded("prod"))), of=SEARCH_GUARDRAILS)
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    broken = {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations}
    assert {guardrail.id for guardrail in SEARCH_GUARDRAILS} <= broken
