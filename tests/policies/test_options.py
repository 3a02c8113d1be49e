from dataclasses import replace
from typing import Any

import pytest

from guardrails.options import OPTION_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import at, edit
from tests.support.editing import urn_of
from tests.support.judging import dev_config, violations
from tests.support.recording import recorded

_PROTECTED, _IGNORED = "stateful-resources-protected", "changes-not-ignored"
_STATEFUL = [
    "security-data-key",
    "database-primary",
    "security-audit-logs-bucket",
    "database-owner-secret",
    "network-flow-logs-group",
    "observability-trail-all",
]


def _with_options(topology: Topology, name: str, options: dict[str, Any]) -> Topology:
    urn = urn_of(topology, name)
    resource = replace(topology.resources[urn], options={**topology.resources[urn].options, **options})
    return replace(topology, resources={**topology.resources, urn: resource})


def _broken(topology: Topology, config: dict[str, Any] | None = None) -> set[tuple[str, str]]:
    return violations(topology, config, OPTION_GUARDRAILS)


def test_prod_keeps_them() -> None:
    assert _broken(recorded("prod")) == set()


def test_dev_protects_nothing_by_its_config() -> None:
    assert _broken(recorded("dev"), dev_config()) == set()
    assert {guardrail for guardrail, _ in _broken(recorded("dev"))} == {_PROTECTED}


@pytest.mark.parametrize("name", _STATEFUL)
def test_what_keeps_data_is_protected(name: str) -> None:
    topology = _with_options(recorded("prod"), name, {"protect": False})
    assert _broken(topology) == at(_PROTECTED, name)
    assert _broken(topology, {_PROTECTED: {"requireProtection": False}}) == set()


@pytest.mark.parametrize("name", ["network-vpc", "database-primary", "database", "aws"])
@pytest.mark.parametrize("paths", [["tags"], ["*", "policy"]])
def test_nothing_is_ignored(name: str, paths: list[str]) -> None:
    assert _broken(_with_options(recorded("prod"), name, {"ignoreChanges": paths})) == at(_IGNORED, name)


@pytest.mark.parametrize(("days", "found"), [(90, set[tuple[str, str]]()), (731, None), (0, None), (None, None)])
def test_logs_that_are_kept_for_long_are_protected(days: int | None, found: set[tuple[str, str]] | None) -> None:
    name = "database-proxy-log"
    topology = edit(name, retentionInDays=days)(recorded("prod"))
    assert _broken(topology) == (at(_PROTECTED, name) if found is None else found)


def test_nothing_to_ignore_is_fine() -> None:
    assert _broken(_with_options(recorded("prod"), "network-vpc", {"ignoreChanges": []})) == set()
