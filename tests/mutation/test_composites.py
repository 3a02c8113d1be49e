from typing import Any

import pytest

from preview.topology import Resource, Topology
from tests.mutation.mutant import inputs_of
from tests.mutation.recorded_mutants import STACK, recorded_mutants
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded


def _changed(mutant: str) -> Topology:
    return recorded_mutants()[mutant].change(recorded(STACK))


def _of(topology: Topology, name: str) -> Resource:
    return topology.resources[urn_of(topology, name)]


def _references(topology: Topology, name: str) -> dict[str, tuple[str, ...]]:
    references = _of(topology, name).property_dependencies
    return {key: tuple(topology.resources[urn].name for urn in urns) for key, urns in references.items()}


def test_a_further_resource_is_like_another() -> None:
    changed = _changed("together: second proxy of the primary")
    assert len(changed.resources) == len(recorded(STACK).resources) + 3
    assert inputs_of(_of(changed, "proxy")) == inputs_of(_of(changed, "database-proxy-pool"))
    assert _references(changed, "proxy") == _references(changed, "database-proxy-pool")


def test_a_further_resource_refers_to_another_further_one() -> None:
    changed = _changed("together: second proxy of the primary")
    theirs = _references(changed, "database-proxy-target")
    assert _references(changed, "proxy-target") == {**theirs, "dbProxyName": ("proxy",)}
    assert inputs_of(_of(changed, "proxy-target"))["dbProxyName"] == UNKNOWN


def test_a_list_of_references_has_as_many_ids() -> None:
    changed = _changed("together: tier in one zone")
    assert inputs_of(_of(changed, "further-nacl"))["subnetIds"] == [UNKNOWN]
    assert _references(changed, "further-nacl")["subnetIds"] == ("further-a",)


def test_a_value_refers_to_nothing() -> None:
    changed = _changed("together: replica of a database elsewhere")
    assert "replicateSourceDb" in _references(changed, "database-analytics")
    assert "replicateSourceDb" not in _references(changed, "replica")


@pytest.mark.parametrize("key", ["ingress", "egress"])
def test_a_property_is_the_same_as_in_another(key: str) -> None:
    changed = _changed("together: data tier that leads to the NAT gateways")
    rules = inputs_of(_of(changed, "network-private-nacl"))[key]
    assert inputs_of(_of(changed, "network-data-nacl"))[key] == rules
    assert inputs_of(_of(recorded(STACK), "network-data-nacl"))[key] != rules


def test_an_item_is_appended_to_a_list() -> None:
    def parameters(topology: Topology) -> list[Any]:
        return inputs_of(_of(topology, "database-primary-parameters"))["parameters"]

    *others, last = parameters(_changed("together: parameter that allows TLS 1.0"))
    assert others == parameters(recorded(STACK))
    assert last["name"] == "ssl_min_protocol_version"


def test_what_no_longer_waits_is_otherwise_the_same() -> None:
    name, first = "database-primary", "database-primary-postgresql-log"
    before, after = _of(recorded(STACK), name), _of(_changed(f"{name}: not after {first}"), name)
    assert set(before.dependencies) - set(after.dependencies) == {urn_of(recorded(STACK), first)}
    assert (after.inputs, after.property_dependencies) == (before.inputs, before.property_dependencies)
