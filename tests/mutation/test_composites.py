from typing import Any

import pytest

from preview.topology import Resource, Topology
from tests.mutation.breakages import ALL_BREAKAGES
from tests.mutation.mutant import inputs_of
from tests.mutation.recorded_mutants import STACK, changed, recorded_mutants
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded


def _of(topology: Topology, name: str) -> Resource:
    return topology.resources[urn_of(topology, name)]


def _references(topology: Topology, name: str) -> dict[str, tuple[str, ...]]:
    references = _of(topology, name).property_dependencies
    return {key: tuple(topology.resources[urn].name for urn in urns) for key, urns in references.items()}


def test_a_further_resource_is_like_another() -> None:
    found = changed("together: second proxy of the primary")
    assert len(found.resources) == len(recorded(STACK).resources) + 3
    assert inputs_of(_of(found, "proxy")) == inputs_of(_of(found, "database-proxy-pool"))
    assert _references(found, "proxy") == _references(found, "database-proxy-pool")


def test_a_further_resource_refers_to_another_further_one() -> None:
    found = changed("together: second proxy of the primary")
    theirs = _references(found, "database-proxy-target")
    assert _references(found, "proxy-target") == {**theirs, "dbProxyName": ("proxy",)}
    assert inputs_of(_of(found, "proxy-target"))["dbProxyName"] == UNKNOWN


def test_a_list_of_references_has_as_many_ids() -> None:
    found = changed("together: tier in one zone")
    assert inputs_of(_of(found, "further-nacl"))["subnetIds"] == [UNKNOWN]
    assert _references(found, "further-nacl")["subnetIds"] == ("further-a",)


def test_a_value_refers_to_nothing() -> None:
    found = changed("together: replica of a database elsewhere")
    assert "replicateSourceDb" in _references(found, "database-analytics")
    assert "replicateSourceDb" not in _references(found, "replica")


@pytest.mark.parametrize("key", ["ingress", "egress"])
def test_a_property_is_the_same_as_in_another(key: str) -> None:
    found = changed("together: data tier that leads to the NAT gateways")
    rules = inputs_of(_of(found, "network-private-nacl"))[key]
    assert inputs_of(_of(found, "network-data-nacl"))[key] == rules
    assert inputs_of(_of(recorded(STACK), "network-data-nacl"))[key] != rules


def test_an_item_is_appended_to_a_list() -> None:
    def parameters(topology: Topology) -> list[Any]:
        return inputs_of(_of(topology, "database-primary-parameters"))["parameters"]

    *others, last = parameters(changed("together: parameter that allows TLS 1.0"))
    assert others == parameters(recorded(STACK))
    assert last["name"] == "ssl_min_protocol_version"


@pytest.mark.parametrize("name", [name for name, _ in ALL_BREAKAGES])
def test_every_breakage_is_one_of_a_recorded_stack(name: str) -> None:
    assert {f"together: {name}", f"prod-standby: together: {name}"} & recorded_mutants().keys()


def test_what_no_longer_waits_is_otherwise_the_same() -> None:
    name, first = "database-primary", "database-primary-postgresql-log"
    before, after = _of(recorded(STACK), name), _of(changed(f"{name}: not after {first}"), name)
    assert set(before.dependencies) - set(after.dependencies) == {urn_of(recorded(STACK), first)}
    assert (after.inputs, after.property_dependencies) == (before.inputs, before.property_dependencies)
