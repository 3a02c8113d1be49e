"""Prod, or else its standby, has what the clause table says of the layers that are built, within every bound."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest
from google.protobuf import json_format

from guardrails.tokens import canonical
from preview.topology import Resource, Topology
from tests.mutation.mutants import is_inside_nothing
from tests.mutation.places import ABSENT, places
from tests.support.editing import edited
from tests.support.provider_defaults import default_of
from tests.support.recording import recorded
from tools.clauses import UNBUILT, Bound, Clause, Target, load_clauses, standing
from tools.generate_docs import guarded

BUILT = [clause for clause in load_clauses() if clause.layer not in UNBUILT and standing(clause, guarded()) == "kept"]


def _of(topology: Topology, target: Target) -> list[Resource]:
    return [
        resource
        for resource in topology.resources.values()
        if canonical(resource.type) == target.type and fnmatchcase(resource.name, target.glob)
    ]


def _strays(clause: Clause, topology: Topology, standby: Topology | None = None) -> list[str]:
    """Return where a stack, and else its standby, lacks what carries a clause, or has it beyond its bound."""
    found: list[str] = []
    for target, bounds in clause.fixes.items():
        holder = topology if _of(topology, target) or standby is None else standby
        resources = _of(holder, target)
        if not resources:
            found.append(f"{target}: no such resource")
        for resource in resources:
            inputs = json_format.MessageToDict(resource.inputs)
            for path, bound in bounds.items():
                found += [
                    f"{resource.name}: {place}"
                    for place in places(inputs, path)
                    if not is_inside_nothing(inputs, place)
                    and not _within(bound, _value(resource, path, place.value), _referred(holder, resource, place.key))
                ]
    return found


def _value(resource: Resource, path: str, value: Any) -> Any:
    return default_of(canonical(resource.type), path) if value is ABSENT else value


def _referred(topology: Topology, resource: Resource, key: str) -> set[str]:
    return {canonical(topology.resources[urn].type) for urn in resource.property_dependencies.get(key, ())}


def _within(bound: Bound, value: Any, referred: set[str]) -> bool:
    least, most = bound.minimum, bound.maximum
    checks: dict[str, Callable[[], bool]] = {
        "is": lambda: value == bound.is_,
        "range": lambda: value is not None and (least is None or value >= least) and (most is None or value <= most),
        "among": lambda: value in (bound.among or ()),
        "otherThan": lambda: value not in (bound.other_than or ()),
        "holds": lambda: all(any(_is(item, needed) for item in value or ()) for needed in bound.holds or ()),
        "pattern": lambda: bool(re.fullmatch(bound.pattern or "", value or "", re.DOTALL)),
        "absent": lambda: not value,
        "refers": lambda: bound.refers in referred,
    }
    # What is given is there, be it an empty list that says so; what is narrow, or a document, is as it is declared.
    return checks[bound.kind]() if bound.kind in checks else value not in (None, "")


def _is(item: Any, needed: Any) -> bool:
    return needed.items() <= item.items() if isinstance(needed, dict) else item == needed


_OFF_UNLESS_ASKED_FOR: dict[str, dict[str, Any]] = {
    clause: {"async": {"rabbitmq": {"enabled": True}}}
    for clause in ("async-rabbitmq-cluster-3", "async-rabbitmq-option")
}
"""What prod does without: the settings with which it has what carries a clause."""


@pytest.mark.parametrize("clause", BUILT, ids=lambda clause: clause.id)
def test_prod_has_what_the_table_says(clause: Clause) -> None:
    prod = recorded("prod", **_OFF_UNLESS_ASKED_FOR.get(clause.id, {}))
    assert _strays(clause, prod, recorded("prod-standby")) == []


def test_what_prod_has_beyond_a_bound_is_found() -> None:
    [clause] = [clause for clause in BUILT if clause.id == "db-backup-35d"]
    broken = edited(recorded("prod"), "database-primary", {"backupRetentionPeriod": 7})
    assert _strays(clause, broken) == ["database-primary: backupRetentionPeriod"]


def test_resource_that_is_not_there_is_found() -> None:
    [clause] = [clause for clause in BUILT if clause.id == "db-rds-proxy"]
    without_proxy = recorded("prod", database={"proxy": False})
    assert _strays(clause, without_proxy) == [
        "aws:rds/proxy:Proxy: no such resource",
        "aws:rds/proxyTarget:ProxyTarget: no such resource",
    ]
