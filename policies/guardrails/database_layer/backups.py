"""Clauses db-backup-35d, db-backup-window and db-maintenance-window: RDS's own backups, and when it restarts."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, is_replica
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail
from guardrails.reading import Properties
from guardrails.windows import overlap

_DAYS = 35  # the longest that RDS has


def _kept(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if is_replica(properties):
        return
    minimum = relaxations.number("minimumDays")
    days = properties.number("backupRetentionPeriod") or 0
    if not minimum <= days <= _DAYS:
        wanted = f"{minimum:g}" if minimum == _DAYS else f"{minimum:g} to {_DAYS}"
        yield f"backups are kept for {days:g} days, not {wanted}"


def _outlive(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not is_replica(properties) and properties.flag_or("deleteAutomatedBackups", True):
        yield "deleteAutomatedBackups is not false, so that backups go with the database"


def _tagged(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("copyTagsToSnapshot"):
        yield "copyTagsToSnapshot is not true"


def _backup_window(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if is_replica(properties):
        return
    window = properties.text("backupWindow") or "not given"
    if not window.startswith("00:00-"):
        yield f"backupWindow is {window}, and does not start at 00:00"


def _maintenance_window(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    window = properties.text("maintenanceWindow") or "not given"
    if not window.lower().startswith("sun:02:00-"):
        yield f"maintenanceWindow is {window}, and does not start on Sunday at 02:00"


def _apart(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield from overlap(properties, "backupWindow", "maintenanceWindow")


BACKUP_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="database-backups-kept",
        title="The database can be restored to any time of the last 35 days",
        clauses=("db-backup-35d", "dr-db-daily-snapshots", "dr-rpo-1h"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_kept,
        controls=("RDS.11", "CKV_AWS_133", "AwsSolutions-RDS13", "rds_instance_backup_enabled"),
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1, "maximum": _DAYS}, _DAYS, "Days that backups are kept at least."
            )
        },
        remediation="Leave database.backupRetentionDays out, or set it to 35.",
    ),
    ResourceGuardrail(
        id="database-backups-outlive",
        title="Backups outlive the database that they are of",
        clauses=("db-backup-35d",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_outlive,
        remediation="Set deleteAutomatedBackups to false; AWS deletes them by default.",
    ),
    ResourceGuardrail(
        id="database-snapshots-tagged",
        title="Snapshots have the tags of their database",
        clauses=("db-backup-35d",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_tagged,
        controls=("RDS.17", "CKV2_AWS_60", "rds_instance_copy_tags_to_snapshots"),
        remediation="Set copyTagsToSnapshot to true.",
    ),
    ResourceGuardrail(
        id="database-backup-window",
        title="Backups of the primary start at 00:00 UTC",
        clauses=("db-backup-window",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_backup_window,
        remediation="Leave database.backupWindow out, or let it start at 00:00.",
    ),
    ResourceGuardrail(
        id="database-maintenance-window",
        title="Maintenance of databases starts on Sunday at 02:00 UTC",
        clauses=("db-maintenance-window",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_maintenance_window,
        remediation="Leave database.maintenanceWindow out, or let it start at sun:02:00.",
    ),
    ResourceGuardrail(
        id="database-windows-apart",
        title="Backups are not taken during maintenance",
        clauses=("db-backup-window", "db-maintenance-window"),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_apart,
        remediation="Let database.backupWindow end before database.maintenanceWindow starts.",
    ),
)
