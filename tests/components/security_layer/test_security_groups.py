import pytest

from components.security_layer.security_groups import GROUPS, Ports, Row, table
from preview.topology import Topology
from tests.components.reading import inputs, names, references
from tests.support.recording import recorded

_ALL = {"east_west": True, "proxy": True, "direct_database": True, "lambda_database": True}


def _pairs(rows: tuple[Row, ...]) -> set[tuple[str, str, int]]:
    return {(row.caller, row.called, row.port) for row in rows}


_EVERYTHING = {
    ("internet", "alb", 80),
    ("internet", "alb", 443),
    ("alb", "ecs", 8443),
    ("ecs", "ecs", 8443),
    ("ecs", "rds-proxy", 5432),
    ("ecs", "rds", 5432),
    ("lambda", "rds-proxy", 5432),
    ("rds-proxy", "rds", 5432),
    ("ecs", "redis", 6379),
    ("ecs", "search", 443),
    ("lambda", "search", 443),
    ("ecs", "internet", 443),
    ("lambda", "internet", 443),
}


@pytest.mark.parametrize(
    ("off", "gone"),
    [
        ({}, set[tuple[str, str, int]]()),
        ({"east_west": False}, {("ecs", "ecs", 8443)}),
        ({"direct_database": False}, {("ecs", "rds", 5432)}),
        ({"lambda_database": False}, {("lambda", "rds-proxy", 5432)}),
        ({"proxy": False}, {("ecs", "rds-proxy", 5432), ("lambda", "rds-proxy", 5432), ("rds-proxy", "rds", 5432)}),
        (
            {"proxy": False, "direct_database": False},
            {("ecs", "rds-proxy", 5432), ("lambda", "rds-proxy", 5432), ("rds-proxy", "rds", 5432)},
        ),
    ],
)
def test_who_may_talk_to_whom(off: dict[str, bool], gone: set[tuple[str, str, int]]) -> None:
    assert _pairs(table(Ports(), **{**_ALL, **off})) == _EVERYTHING - gone


def test_ports_follow_the_settings() -> None:
    rows = table(Ports(postgres=6000), **_ALL)
    assert {row.port for row in rows if row.called in ("rds", "rds-proxy")} == {6000}


def _rules(topology: Topology, kind: str) -> set[tuple[str, str, int]]:
    """Return what the declared rules let pass: the group, its peer, and the port."""
    found: set[tuple[str, str, int]] = set()
    for name in names(topology, kind):
        if name.startswith("groups-"):
            rule, refers = inputs(topology, name), references(topology, name)
            assert rule["ipProtocol"] == "tcp"
            assert rule["fromPort"] == rule["toPort"]
            assert rule["description"]
            [group] = refers["securityGroupId"]
            peer = rule.get("cidrIpv4") or refers["referencedSecurityGroupId"][0]
            found.add((group.removeprefix("groups-"), peer.removeprefix("groups-"), rule["fromPort"]))
    return found


def test_each_row_is_a_rule_on_either_side() -> None:
    topology = recorded("prod")
    rows = table(Ports(), east_west=True, proxy=True, direct_database=True, lambda_database=False)

    def peer(name: str) -> str:
        return "0.0.0.0/0" if name == "internet" else name

    assert _rules(topology, "SecurityGroupIngressRule") == {
        (row.called, peer(row.caller), row.port) for row in rows if row.called != "internet"
    }
    assert _rules(topology, "SecurityGroupEgressRule") == {
        (row.caller, peer(row.called), row.port) for row in rows if row.caller != "internet"
    }


def test_groups_that_no_row_names_are_not_made() -> None:
    made = {f"groups-{group}" for group in GROUPS if group != "rabbitmq"}
    assert "groups-rabbitmq" not in names(recorded("prod"), "SecurityGroup")
    assert names(recorded("prod"), "SecurityGroup") >= made
    assert "groups-rds-proxy" not in names(recorded("dev"), "SecurityGroup")
