from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import (
    INSTANCES,
    KEY,
    PARAMETERS,
    PRIMARY,
    REPLICA_PARAMETERS,
    copy,
    not_of_stack,
    parameter,
    values,
)
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_GROUPS = (PARAMETERS, REPLICA_PARAMETERS)
_LIBRARIES = "shared_preload_libraries"
_EVERY_PARAMETER_RULE = {
    rule: at(rule, PARAMETERS)
    for rule in (
        "database-tls-forced",
        "database-audit-loaded",
        "database-audit-classes",
        "database-audit-role",
        "database-values-not-logged",
        "database-slow-statements-logged",
        "database-statement-timeout",
    )
}
# What is not known of one parameter could be any of them, and the number that the pool and the replica are held to.
_UNREADABLE = (
    {pair for pairs in _EVERY_PARAMETER_RULE.values() for pair in pairs}
    | at("database-replica-connections", "database-analytics")
    | at("proxy-pool-bounded", "database-proxy-pool")
)


_STRONG = "database-connections-strong"
_WITHOUT_ONE = {(rule, PARAMETERS) for rule in (_STRONG, "database-ciphers-strong", "database-keeps-data")}
"""What holds where a parameter is not given."""


def _broken(guardrail: str, name: str, *found: object) -> dict[str, Case]:
    return {
        f"{group}: {name} {value!r}": Case(parameter(group, name, value), at(guardrail, group))
        for group in _GROUPS
        for value in found
    }


def _once_more(name: str) -> Change:
    return parameter(PARAMETERS, "more", "0", name=name)


ACCEPTED: dict[str, Change] = {
    **{f"postgres{version}": edit(REPLICA_PARAMETERS, family=f"postgres{version}") for version in (16, 18)},
    **{
        f"libraries {value!r}": parameter(PARAMETERS, _LIBRARIES, value)
        for value in ("pgaudit", "pgaudit,pg_stat_statements", "pg_stat_statements, pgaudit ,auto_explain")
    },
    **{
        f"classes {value!r}": parameter(PARAMETERS, "pgaudit.log", value)
        for value in ("role,ddl", "ddl, role, write", "DDL,ROLE", "ddl,role,function,misc,misc_set")
    },
    "name in upper case": parameter(PARAMETERS, "statement_timeout", "300000", name="STATEMENT_TIMEOUT"),
    "no values on errors by default": parameter(PARAMETERS, "log_parameter_max_length_on_error", None),
    "no audited values, spelt out": parameter(PARAMETERS, "pgaudit.log_parameter", "0"),
    **{
        f"{name} {value}": parameter(PARAMETERS, name, value)
        for name, value in (
            ("ssl_min_protocol_version", "TLSv1.2"),
            ("ssl_min_protocol_version", "TLSv1.3"),
            ("password_encryption", "scram-sha-256"),
            ("rds.accepted_password_auth_method", "scram"),
            ("log_statement", "ddl"),
        )
    },
    "all statements timed": parameter(PARAMETERS, "log_min_duration_statement", "0"),
    "replica with the same timeout": parameter(REPLICA_PARAMETERS, "statement_timeout", "300000"),
    "replica without timeout": parameter(REPLICA_PARAMETERS, "statement_timeout", None),
    "parameter that no rule is about": parameter(PARAMETERS, "work_mem", UNKNOWN),
    "group that nothing uses, without timeout": chain(
        copy(PARAMETERS, "more"), parameter("more", "statement_timeout", "0")
    ),
}

REJECTED: dict[str, Case] = {
    **{
        key: case
        for name in INSTANCES
        for key, case in not_of_stack("database-parameter-groups", name, "parameterGroupName", KEY).items()
    },
    "default group": Case(
        edit(PRIMARY, parameterGroupName="default.postgres17"), at("database-parameter-groups", PRIMARY)
    ),
    **{
        key: case
        for group in _GROUPS
        for key, case in values(
            "database-parameter-family",
            group,
            "family",
            None,
            "mysql8.0",
            "aurora-postgresql17",
            "postgres",
            "postgres9.6",
            UNKNOWN,
            7,
        ).items()
    },
    **_broken("database-tls-forced", "rds.force_ssl", None, "0", "", UNKNOWN, 1),
    **_broken("database-audit-loaded", _LIBRARIES, None, "", "pg_stat_statements", "pgaudit2", UNKNOWN, 7),
    **{
        f"libraries applied {method!r}": Case(
            parameter(PARAMETERS, _LIBRARIES, "pgaudit", applyMethod=method), at("database-audit-loaded", PARAMETERS)
        )
        for method in ("immediate", "", UNKNOWN, 7)
    },
    **_broken(
        "database-audit-classes",
        "pgaudit.log",
        None,
        "none",
        "ddl",
        "role,write",
        "all",
        "all,ddl,role",
        "read,ddl,role",
        "ddl,role,-ddl",
        "ddl role",
        UNKNOWN,
        7,
    ),
    **_broken("database-audit-role", "pgaudit.role", None, "rds_pgaudit2", UNKNOWN, 7),
    **_broken(_STRONG, "ssl_min_protocol_version", "TLSv1", "TLSv1.1", UNKNOWN, 1.2),
    **_broken(_STRONG, "password_encryption", "md5", UNKNOWN),
    **_broken(_STRONG, "rds.accepted_password_auth_method", "md5", UNKNOWN),
    **_broken("database-values-not-logged", "log_statement", "all", "mod", UNKNOWN),
    **_broken("database-values-not-logged", "log_parameter_max_length", None, "-1", "1", "128", UNKNOWN, 0),
    **_broken("database-values-not-logged", "log_parameter_max_length_on_error", "-1", "1", UNKNOWN),
    **_broken("database-values-not-logged", "pgaudit.log_parameter", "1", "on", UNKNOWN),
    **_broken("database-slow-statements-logged", "log_min_duration_statement", None, "-1", UNKNOWN, 5000),
    **{
        f"timeout {value!r}": Case(
            parameter(PARAMETERS, "statement_timeout", value), at("database-statement-timeout", PARAMETERS)
        )
        for value in (None, "0", "299999", "300001", "3600000", "5min", UNKNOWN, 300000)
    },
    **{
        f"{name} given twice": Case(_once_more(name), at(guardrail, PARAMETERS))
        for name, guardrail in (
            ("rds.force_ssl", "database-tls-forced"),
            ("statement_timeout", "database-statement-timeout"),
            ("pgaudit.log", "database-audit-classes"),
        )
    },
    **{
        f"parameters {value!r}": Case(edit(PARAMETERS, parameters=value), _UNREADABLE | _WITHOUT_ONE)
        for value in (UNKNOWN, "rds.force_ssl=1")
    },
    "no parameters": Case(edit(PARAMETERS, parameters=None), _UNREADABLE),
    "parameter with an unknown name": Case(
        parameter(PARAMETERS, "more", "1", name=UNKNOWN), _UNREADABLE | _WITHOUT_ONE
    ),
    "group of the primary, shared with another instance": Case(
        chain(
            copy(PARAMETERS, "more"),
            point(PRIMARY, "parameterGroupName", "more"),
            parameter("more", "rds.force_ssl", "0"),
        ),
        at("database-tls-forced", "more"),
    ),
    "empty group": Case(
        add("aws:rds/parameterGroup:ParameterGroup", "more", {"family": "postgres17"}),
        {(rule, "more") for rule in _EVERY_PARAMETER_RULE if rule != "database-statement-timeout"},
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
