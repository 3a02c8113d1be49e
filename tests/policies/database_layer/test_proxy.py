import pytest

from tests.policies.breaking import PRIVATE, Case, Change, at, cases, chain, drop, edit, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import (
    KEY,
    PARAMETERS,
    PRIMARY,
    REPLICA,
    REPLICA_PARAMETERS,
    copy,
    not_of_stack,
    parameter,
    values,
)
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_PROXY, _TARGET, _POOL = "database-proxy-pool", "database-proxy-target", "database-proxy-target-group"
_PROXIED, _LEADS, _BOUNDED = (
    at("database-proxied", PRIMARY),
    at("proxy-targets-primary", _PROXY),
    at("proxy-pool-bounded", _PROXY),
)
_second_proxy = chain(
    copy(_PROXY, "second"),
    copy(_POOL, "second-pool"),
    point("second-pool", "dbProxyName", "second"),
    copy(_TARGET, "second-target"),
)


def _percent(percent: object) -> Change:
    return edit(_POOL, connectionPoolConfig={"maxConnectionsPercent": percent})


def _connections(count: int, percent: int) -> Change:
    return chain(
        *(parameter(group, "max_connections", str(count)) for group in (PARAMETERS, REPLICA_PARAMETERS)),
        _percent(percent),
    )


ACCEPTED: dict[str, Change] = {
    "statements not logged by default": edit(_PROXY, debugLogging=None),
    "two subnets": point(_PROXY, "vpcSubnetIds", *PRIVATE[:2]),
    **{f"{percent} % of 500": _percent(percent) for percent in (50, 60)},
    "all of 300": _connections(300, 100),
    "rounded down to 300": _connections(601, 50),
    "rounded down to 250": _connections(501, 50),
}

REJECTED: dict[str, Case] = {
    "no target": Case(drop(_TARGET), _PROXIED | _LEADS),
    "two targets of two proxies": Case(chain(_second_proxy, point("second-target", "dbProxyName", "second")), _PROXIED),
    "second proxy that leads nowhere": Case(
        chain(_second_proxy, drop("second-target")), at("proxy-targets-primary", "second")
    ),
    "target of a literal proxy": Case(edit(_TARGET, dbProxyName="x"), _PROXIED | _LEADS),
    **{
        f"target of {value!r}": Case(edit(_TARGET, dbInstanceIdentifier=value), _PROXIED | _LEADS)
        for value in (None, "x", UNKNOWN)
    },
    "target of the replica": Case(point(_TARGET, "dbInstanceIdentifier", REPLICA), _PROXIED | _LEADS),
    "second target, of the replica": Case(
        chain(copy(_TARGET, "more"), point("more", "dbInstanceIdentifier", REPLICA)), _LEADS
    ),
    **values("proxy-postgres", _PROXY, "engineFamily", None, "MYSQL", "postgresql", UNKNOWN, 7),
    **values("proxy-tls-required", _PROXY, "requireTls", None, False, UNKNOWN, "true"),
    **values("proxy-statements-not-logged", _PROXY, "debugLogging", True, UNKNOWN, "false"),
    "one subnet": Case(point(_PROXY, "vpcSubnetIds", PRIVATE[0]), at("proxy-spans-subnets", _PROXY)),
    **not_of_stack("proxy-secrets-of-stack", _PROXY, "auths", KEY),
    # the pool
    "no pool": Case(drop(_POOL), _BOUNDED),
    "pool of a literal proxy": Case(edit(_POOL, dbProxyName="x"), _BOUNDED),
    **{
        f"pool {value!r}": Case(edit(_POOL, connectionPoolConfig=value), _BOUNDED)
        for value in (None, {}, {"maxIdleConnectionsPercent": 30})
    },
    **{
        f"pool {value!r}": Case(edit(_POOL, connectionPoolConfig=value), _BOUNDED | at("proxy-sessions-apart", _POOL))
        for value in (UNKNOWN, "60")
    },
    **{f"percent {value!r}": Case(_percent(value), _BOUNDED) for value in (0, 49, 61, 100, UNKNOWN, "60", True)},
    "all of 301": Case(_connections(301, 100), _BOUNDED),
    "all of 249": Case(_connections(249, 100), _BOUNDED),
    "60 % of the most": Case(_connections(5000, 60), _BOUNDED),
    "rounded down to 249": Case(_connections(499, 50), _BOUNDED),
    "rounded down to 301": Case(_connections(603, 50), _BOUNDED),
}


@pytest.mark.parametrize(("required", "expected"), [(True, _PROXIED), (False, set())])
def test_proxy_is_an_option(required: bool, expected: set[tuple[str, str]]) -> None:
    topology = recorded("prod", database={"proxy": False})
    assert violations(topology, {"database-proxied": {"requireProxy": required}}) == expected


def test_second_proxy_is_none() -> None:
    topology = chain(_second_proxy, point("second-target", "dbProxyName", "second"))(recorded("prod"))
    assert violations(topology, {"database-proxied": {"requireProxy": False}}) == _PROXIED


@pytest.mark.parametrize(("percent", "accepted"), [(10, True), (9, False), (60, True), (61, False)])
def test_connections_are_an_option(percent: int, accepted: bool) -> None:
    found = violations(_percent(percent)(recorded("prod")), {"proxy-pool-bounded": {"minimumConnections": 50}})
    assert found == (set() if accepted else _BOUNDED)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
