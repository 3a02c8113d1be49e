"""Clauses audit-pgaudit, enc-transit-tls12 and db-statement-timeout: what PostgreSQL is told by parameters."""

import re
from collections.abc import Callable, Iterable

from guardrails.database_layer.resources import INSTANCE, PARAMETER_GROUP, primaries
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties, UnreadableError

_TIMEOUT = "300000"  # five minutes
_CLASSES = frozenset({"ddl", "role"})
_MORE_CLASSES = frozenset({"write", "function", "misc", "misc_set"})
_NOT_WEAKENED: dict[str, tuple[str | None, ...]] = {
    "ssl_min_protocol_version": ("TLSv1.2", "TLSv1.3", None),  # TLSv1.2 by default
    "password_encryption": ("scram-sha-256", None),
    "rds.accepted_password_auth_method": ("scram", "md5+scram", None),  # both by default
}
_VALUES_LOGGED: dict[str, tuple[str | None, ...]] = {
    "log_statement": ("none", "ddl", None),  # none by default
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0", None),  # none by default
    "pgaudit.log_parameter": ("0", "off", None),
}

_Check = Callable[[str, Properties, Relaxations], Iterable[str]]


def parameter_groups(instance: Node) -> list[Node]:
    """Return the parameter groups that an instance refers to."""
    return instance.refers("parameterGroupName", PARAMETER_GROUP)


def value_of(properties: Properties, name: str) -> str | None:
    """Return the value that a parameter group gives a parameter."""
    found = _parameter(properties, name)
    return found.text("value") if found else None


def number_of(group: Node, name: str) -> int:
    """Return the number that a parameter group gives a parameter.

    :raises UnreadableError: where it gives none.
    """
    value = value_of(group.properties, name)
    if value is None or not value.isdecimal():
        raise UnreadableError(f"{name} is {value or 'not given'} in {group.name}, not a number")
    return int(value)


def _parameter(properties: Properties, name: str) -> Properties | None:
    found = [block for block in properties.blocks("parameters") if (block.text("name") or "").lower() == name]
    if len(found) > 1:
        raise UnreadableError(f"parameters give {name} {len(found)} times")
    return found[0] if found else None


def _listed(value: str | None) -> set[str]:
    return {item.strip().lower() for item in (value or "").split(",") if item.strip()}


def _in_group_of_stack(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not parameter_groups(instance):
        yield "parameterGroupName refers to no parameter group of this stack"


def _family(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    family = properties.text("family") or "not given"
    if not re.fullmatch(r"postgres\d+", family):
        yield f"family is {family}, not that of a version of PostgreSQL"


def _has(name: str, expected: str) -> _Check:
    def check(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
        if (value := value_of(properties, name)) != expected:
            yield f"{name} is {value or 'not given'}, not {expected}"

    return check


def _not_weakened(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for name, allowed in _NOT_WEAKENED.items():
        if (value := value_of(properties, name)) not in allowed:
            yield f"{name} is {value}, not {allowed[0]}"


def _audit_loaded(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    libraries = _parameter(properties, "shared_preload_libraries")
    if libraries is None or "pgaudit" not in _listed(libraries.text("value")):
        yield "shared_preload_libraries lacks pgaudit"
    elif (method := libraries.text("applyMethod") or "immediate") != "pending-reboot":
        yield f"applyMethod of shared_preload_libraries is {method}, which AWS refuses; it is pending-reboot"


def _audit_classes(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    value = value_of(properties, "pgaudit.log")
    found = _listed(value)
    if missing := _CLASSES - found:
        yield f"pgaudit.log is {value or 'not given'}, without {' and '.join(sorted(missing))}"
    if excess := found - _CLASSES - _MORE_CLASSES:
        yield f"pgaudit.log has {', '.join(sorted(excess))} in it, which audits all reading or takes classes out"


def _values_not_logged(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for name, allowed in _VALUES_LOGGED.items():
        if (value := value_of(properties, name)) not in allowed:
            yield f"{name} is {value or 'not given'}, not {allowed[0]}, so that logs have people's data in them"


def _slow_logged(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    value = value_of(properties, "log_min_duration_statement")
    if value is None or not value.isdecimal():
        yield f"log_min_duration_statement is {value or 'not given'}, so that slow statements go unseen"


def _timeout(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not primaries(group.referrers("parameterGroupName", INSTANCE)):
        return  # analytics may take longer
    if (value := value_of(group.properties, "statement_timeout")) != _TIMEOUT:
        yield f"statement_timeout is {value or 'not given'}, not {_TIMEOUT}"


PARAMETER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-parameter-groups",
        title="Databases have a parameter group of the stack",
        clauses=("audit-pgaudit", "enc-transit-tls12"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_in_group_of_stack,
        remediation="Declare a parameter group, and pass its name; nothing can be set in the default one.",
    ),
    ResourceGuardrail(
        id="database-parameter-family",
        title="Parameter groups are of a version of PostgreSQL",
        clauses=("db-postgres-multi-az",),
        severity="low",
        types=frozenset({PARAMETER_GROUP}),
        check=_family,
        remediation="Set family to postgres and the major version.",
    ),
    ResourceGuardrail(
        id="database-tls-forced",
        title="Databases refuse connections without TLS",
        clauses=("enc-transit-tls12",),
        severity="critical",
        types=frozenset({PARAMETER_GROUP}),
        check=_has("rds.force_ssl", "1"),
        controls=("RDS.38", "CKV2_AWS_69", "rds_instance_transport_encrypted"),
        remediation="Set rds.force_ssl to 1.",
    ),
    ResourceGuardrail(
        id="database-connections-strong",
        title="The database speaks TLS 1.2 or later, and keeps passwords as SCRAM verifiers",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_not_weakened,
        remediation="Leave ssl_min_protocol_version, password_encryption and the accepted password methods out.",
    ),
    ResourceGuardrail(
        id="database-audit-loaded",
        title="Databases load pgaudit",
        clauses=("audit-pgaudit",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_audit_loaded,
        remediation="Add pgaudit to shared_preload_libraries, with the apply method pending-reboot.",
    ),
    ResourceGuardrail(
        id="database-audit-classes",
        title="Changes of schema and of roles are audited, and reading is not",
        clauses=("audit-pgaudit",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_audit_classes,
        remediation="Leave database.pgauditLog out, or keep ddl and role in it.",
    ),
    ResourceGuardrail(
        id="database-audit-role",
        title="What touches sensitive tables is audited by grants to rds_pgaudit",
        clauses=("audit-pgaudit",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_has("pgaudit.role", "rds_pgaudit"),
        remediation="Set pgaudit.role to rds_pgaudit.",
    ),
    ResourceGuardrail(
        id="database-values-not-logged",
        title="Values of statements, which may be people's data, are not logged",
        clauses=("audit-pgaudit",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_values_not_logged,
        remediation="Set log_parameter_max_length to 0.",
    ),
    ResourceGuardrail(
        id="database-slow-statements-logged",
        title="Slow statements are logged",
        clauses=("db-statement-timeout",),
        severity="low",
        types=frozenset({PARAMETER_GROUP}),
        check=_slow_logged,
        controls=("CKV2_AWS_30",),
        remediation="Set log_min_duration_statement to milliseconds.",
    ),
    StackGuardrail(
        id="database-statement-timeout",
        title="Statements on the primary end after five minutes",
        clauses=("db-statement-timeout",),
        severity="medium",
        types=frozenset({PARAMETER_GROUP}),
        check=_timeout,
        remediation="Leave database.statementTimeoutMs out, or set it to 300000.",
    ),
)
