from dataclasses import replace
from typing import Any

from preview.topology import Topology
from tests.policies.breaking import Case, Change, at, cases, edit, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import amend, inputs_of, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN, edited, urn_of

_PROXY, _POOL = "database-proxy-pool", "database-proxy-target-group"
_LOGINS, _END, _APART = "proxy-logins", "proxy-clients-end", "proxy-sessions-apart"
_STRANGERS = {"authScheme": "SECRETS", "secretArn": "arn:aws:secretsmanager:us-east-1:999988887777:secret:x"}


def _login(**changes: Any) -> Change:
    return amend(_PROXY, "auths", changes)


def _pool(**changes: Any) -> Change:
    return lambda topology: edited(
        topology, _POOL, {"connectionPoolConfig": {**inputs_of(topology, _POOL)["connectionPoolConfig"], **changes}}
    )


def _with_a_stranger(topology: Topology) -> Topology:
    [own] = inputs_of(topology, _PROXY)["auths"]
    resource = topology.resources[urn_of(topology, _PROXY)]
    changed = edited(topology, _PROXY, {"auths": [own, _STRANGERS]})
    kept = replace(changed.resources[resource.urn], property_dependencies=resource.property_dependencies)
    return replace(changed, resources={**changed.resources, resource.urn: kept})


ACCEPTED: dict[str, Change] = {
    "password type, spelt out": _login(clientPasswordAuthType="POSTGRES_SCRAM_SHA_256"),
    "scheme by default": _login(authScheme=None),
    "idle by default": edit(_PROXY, idleClientTimeout=None),
    "idle for a minute": edit(_PROXY, idleClientTimeout=60),
    "idle for an hour": edit(_PROXY, idleClientTimeout=3600),
    "no filters, spelt out": _pool(sessionPinningFilters=[], initQuery=""),
}

REJECTED: dict[str, Case] = {
    **{
        f"login {key} {value!r}": Case(_login(**{key: value}), at(_LOGINS, _PROXY))
        for key, value in (
            ("authScheme", "NONE"),
            ("authScheme", UNKNOWN),
            ("clientPasswordAuthType", "POSTGRES_MD5"),
            ("clientPasswordAuthType", "MYSQL_NATIVE_PASSWORD"),
            ("clientPasswordAuthType", UNKNOWN),
            ("clientPasswordAuthType", 7),
        )
    },
    "as the owner": Case(point(_PROXY, "auths", "database-owner-secret"), at(_LOGINS, _PROXY)),
    "a stranger's login too": Case(_with_a_stranger, at(_LOGINS, _PROXY)),
    **values(_END, _PROXY, "idleClientTimeout", 1, 59, 3601, 28800, UNKNOWN, "1800"),
    **{
        f"pool {key} {value!r}": Case(_pool(**{key: value}), at(_APART, _POOL))
        for key, value in (
            ("initQuery", "SET row_security=off"),
            ("initQuery", UNKNOWN),
            ("sessionPinningFilters", ["EXCLUDE_VARIABLE_SETS"]),
            ("sessionPinningFilters", UNKNOWN),
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
