"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable

import pytest

from guardrails.cache_layer import CACHE_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.cache_layer import (
    test_encryption,
    test_kinds,
    test_memory,
    test_standby,
    test_upkeep,
    test_use,
    test_users,
    test_watching,
)
from tests.policies.cache_layer.stack import recorded, violations
from tests.policies.engine import as_shown, gathered

_MODULES = (
    test_encryption,
    test_kinds,
    test_memory,
    test_standby,
    test_upkeep,
    test_use,
    test_users,
    test_watching,
)
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
    assert violations(shown(case.change(recorded("prod")))) == case.violations


def test_every_guardrail_is_broken_by_a_case() -> None:
    broken = {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations}
    assert {guardrail.id for guardrail in CACHE_GUARDRAILS} <= broken
