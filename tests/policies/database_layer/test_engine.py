"""Cases again, as the engine would show them: the verdict must be the same."""

from collections.abc import Callable

import pytest

from guardrails.database_layer import DATABASE_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.database_layer import (
    test_alarms,
    test_backup_plan,
    test_backups,
    test_contents,
    test_deletion,
    test_encryption,
    test_events,
    test_instances,
    test_logs,
    test_parameters,
    test_proxy,
    test_proxy_logins,
    test_replicas,
    test_storage,
    test_watching,
    test_zones,
)
from tests.policies.database_layer.judged import diagnostics, violations
from tests.policies.engine import first_preview, later_preview
from tests.policies.security_layer.judged import recorded

_MODULES = (
    test_alarms,
    test_backup_plan,
    test_backups,
    test_contents,
    test_deletion,
    test_encryption,
    test_events,
    test_instances,
    test_logs,
    test_parameters,
    test_proxy,
    test_proxy_logins,
    test_replicas,
    test_storage,
    test_watching,
    test_zones,
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

as_shown = pytest.mark.parametrize("shown", [first_preview, later_preview])


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
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    broken = {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations}
    assert {guardrail.id for guardrail in DATABASE_GUARDRAILS} <= broken
