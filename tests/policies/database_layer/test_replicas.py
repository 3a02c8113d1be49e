from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, other_stack, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import PARAMETERS, PRIMARY, REPLICA, REPLICA_PARAMETERS, parameter
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_CONNECTIONS = "max_connections"
_TOO_FEW, _POOL = at("database-replica-connections", REPLICA), at("proxy-pool-bounded", "database-proxy-pool")

ACCEPTED: dict[str, Change] = {
    "as many connections": parameter(REPLICA_PARAMETERS, _CONNECTIONS, "500"),
    "more connections": parameter(REPLICA_PARAMETERS, _CONNECTIONS, "501"),
    "longer timeout": parameter(REPLICA_PARAMETERS, "statement_timeout", "86400000"),
}

REJECTED: dict[str, Case] = {
    "parameters of the primary": Case(
        point(REPLICA, "parameterGroupName", PARAMETERS), at("database-replica-parameters", REPLICA)
    ),
    "primary with parameters of the replica": Case(
        point(PRIMARY, "parameterGroupName", REPLICA_PARAMETERS),
        at("database-replica-parameters", REPLICA) | at("database-statement-timeout", REPLICA_PARAMETERS),
    ),
    **{
        f"{value!r} connections": Case(parameter(REPLICA_PARAMETERS, _CONNECTIONS, value), _TOO_FEW)
        for value in (None, "0", "499", "-1", "LEAST({DBInstanceClassMemory/9531392},5000)", UNKNOWN, 500)
    },
    "more connections of the primary": Case(
        chain(
            parameter(PARAMETERS, _CONNECTIONS, "501"),
        ),
        _TOO_FEW,
    ),
    **{
        f"{value!r} connections of the primary": Case(parameter(PARAMETERS, _CONNECTIONS, value), _TOO_FEW | _POOL)
        for value in (None, "many", UNKNOWN, 500)
    },
    "replica of another stack's database": Case(
        chain(other_stack, point(REPLICA, "replicateSourceDb", ELSEWHERE)),
        at("database-replica-source", REPLICA) | at("database-replica-apart", PRIMARY),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
