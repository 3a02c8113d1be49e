"""Clauses db-postgres-multi-az and dr-rpo-1h: whose data the database starts with, and that it keeps it."""

import re
from collections.abc import Iterable, Mapping

from guardrails.database_layer.parameters import parameter_groups, value_of
from guardrails.database_layer.resources import INSTANCE, PARAMETER_GROUP, is_replica
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, UnreadableError

_RESTORED = {
    "restoreToPointInTime.sourceDbInstanceAutomatedBackupsArn": "a backup",
    "snapshotIdentifier": "a snapshot",
}
_LEAST_PORT, _MOST_PORT = (
    1150,
    65_535,
)  # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
_OLDEST = 16  # major version; AWS ends standard support of older ones first
_ON: tuple[str | None, ...] = ("1", "on", "true", None)
_SAFE: Mapping[str, tuple[str | None, ...]] = {
    "autovacuum": _ON,
    "fsync": _ON,
    "full_page_writes": _ON,
    "row_security": _ON,
    "session_replication_role": ("origin", None),
    "synchronous_commit": ("on", "local", "remote_apply", "remote_write", None),
    "zero_damaged_pages": ("0", "off", "false", None),
}
"""Parameters that decide whether data is kept, whole and for those it is meant for; by default, all are."""


def _own_data(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    properties, accounts = instance.properties, own_accounts(instance)
    for path, what in _RESTORED.items():
        arn = (properties.text(path) or "").split(":")
        if len(arn) > 1 and (arn[0] != "arn" or len(arn) < 6 or arn[4] not in accounts):
            yield f"{path} is of another account, so that it starts from {what} that others wrote"
    if properties.given("s3Import"):
        yield "s3Import is given, so that it starts from whatever is in a bucket"


def _version(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if is_replica(instance.properties):
        return  # RDS gives it the version of what it copies
    version = instance.properties.text("engineVersion")
    major = (version or "").split(".")[0]
    if not major.isdecimal() or int(major) < _OLDEST:
        yield f"engineVersion is {version or 'not given'}, not {_OLDEST} or later"
    for group in parameter_groups(instance):
        family = _family(group)
        if major.isdecimal() and family and family != major:
            yield f"engineVersion is {version}, while {group.name} is of version {family}"


def _family(group: Node) -> str | None:
    """Return the version that parameters are of; database-parameter-family speaks of what is none."""
    try:
        found = re.fullmatch(r"postgres(\d+)", group.properties.text("family") or "")
    except UnreadableError:
        return None
    return found[1] if found else None


def _port(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (port := properties.number("port")) is not None and not _LEAST_PORT <= port <= _MOST_PORT:
        yield f"port is {port:g}, not {_LEAST_PORT} to {_MOST_PORT}"


def _safe(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for name, allowed in _SAFE.items():
        value = value_of(properties, name)
        if (value.lower() if value else value) not in allowed:
            yield f"{name} is {value}, not {allowed[0]}"


def _ciphers(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    found = re.findall(r"(?:^|[:, ])([A-Za-z0-9_+-]+)", value_of(properties, "ssl_ciphers") or "")
    if weak := [name for name in found if not name.startswith("-") and _WEAK.search(name)]:
        yield f"ssl_ciphers have {', '.join(weak)}, which are not strong"


_WEAK = re.compile(r"\b(ALL|COMPLEMENTOFALL|3?DES|EXP|EXPORT|LOW|MD5|MEDIUM|NULL|[ae]NULL|RC4)\b|CBC")


CONTENT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-own-data",
        title="A database starts empty, or from a snapshot or backup of its own account",
        clauses=("db-postgres-multi-az", "dr-rpo-1h"),
        severity="critical",
        types=frozenset({INSTANCE}),
        check=_own_data,
        remediation="Name a snapshot of this account; copy one of another first, and look at what is in it.",
    ),
    StackGuardrail(
        id="database-version",
        title="The database is of a version that AWS looks after, which is that of its parameters",
        clauses=("db-postgres-multi-az",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_version,
        controls=("rds_instance_deprecated_engine_version",),
        remediation="Leave database.majorVersion out, or set it to 16, 17 or 18.",
    ),
    ResourceGuardrail(
        id="database-port",
        title="It is known on which port databases listen",
        clauses=("db-postgres-multi-az",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_port,
        remediation="Set port to a number from 1150 to 65535, or leave it out for 5432.",
    ),
    ResourceGuardrail(
        id="database-keeps-data",
        title="What was committed is kept, whole, and only for those it is meant for",
        clauses=("dr-rpo-1h", "db-postgres-multi-az"),
        severity="critical",
        types=frozenset({PARAMETER_GROUP}),
        check=_safe,
        remediation="Leave the parameter out; by default, PostgreSQL keeps what was committed.",
    ),
    ResourceGuardrail(
        id="database-ciphers-strong",
        title="The database speaks TLS with strong ciphers only",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({PARAMETER_GROUP}),
        check=_ciphers,
        remediation="Leave ssl_ciphers out.",
    ),
)
