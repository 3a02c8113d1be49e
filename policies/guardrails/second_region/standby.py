"""Clauses db-replica-cross-region and db-replica-regional-dr: a replica that can carry the platform once promoted."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, is_replica, source_elsewhere
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_DAYS = 35


def _whole(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if source_elsewhere(instance) is None:
        return
    properties = instance.properties
    if not properties.flag("multiAz"):
        yield "multiAz is not true, so that once promoted nothing takes over from it"
    if (days := properties.number("backupRetentionPeriod") or 0) != _DAYS:
        yield f"backups are kept for {days:g} days, not {_DAYS}, from the moment that it is promoted"
    if properties.flag_or("deleteAutomatedBackups", True):
        yield "deleteAutomatedBackups is not false, so that backups go with the database"
    if not (properties.text("backupWindow") or "").startswith("00:00-"):
        yield "backupWindow does not start at 00:00"


def _left_to_source(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not is_replica(properties):
        return
    for key in ("allocatedStorage", "dbName", "username", "password", "passwordWo", "snapshotIdentifier"):
        if properties.given(key):
            yield f"{key} is given, which a replica has from its source: AWS refuses it, or replaces the replica"


STANDBY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="standby-database-whole",
        title="A replica of another region's database has all that a primary has, for when it is promoted",
        clauses=("db-replica-regional-dr", "dr-failover-manual-replica", "dr-rto-2h"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_whole,
        controls=("RDS.5", "CKV_AWS_157", "RDS.11", "CKV_AWS_133"),
        remediation="Leave multiAz and backups of the database as production has them.",
    ),
    ResourceGuardrail(
        id="standby-database-follows",
        title="A replica takes storage, names and owner from its source",
        clauses=("db-replica-cross-region",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_left_to_source,
        remediation="Leave out what a replica has from its source.",
    ),
)
