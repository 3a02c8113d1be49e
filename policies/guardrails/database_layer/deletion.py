"""Clause db-manual-snapshots: nothing takes the database away at once, or without a last snapshot."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, is_replica
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail
from guardrails.reading import Properties


def _protected(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.flag("requireProtection") and not properties.flag("deletionProtection"):
        yield "deletionProtection is not true"


def _final_snapshot(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if is_replica(properties):
        return  # AWS takes none of a replica
    if properties.flag("skipFinalSnapshot"):
        yield "skipFinalSnapshot is true"
    if not properties.given("finalSnapshotIdentifier"):
        yield "finalSnapshotIdentifier is not given, so that no last snapshot can be taken"


def _changes_wait(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("applyImmediately"):
        yield "applyImmediately is true, so that changes restart it during the day"


def _not_declared(_type: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield "it is one snapshot forever, and goes with the stack that it should outlive"


DELETION_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="database-deletion-protected",
        title="AWS refuses to delete databases",
        clauses=("db-manual-snapshots",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_protected,
        controls=("RDS.8", "CKV_AWS_293", "AwsSolutions-RDS10", "rds_instance_deletion_protection"),
        options={
            "requireProtection": Option({"type": "boolean"}, True, "Whether databases must be protected."),
        },
        remediation="Leave database.deletionProtection out, or set it to true.",
    ),
    ResourceGuardrail(
        id="database-final-snapshot",
        title="A last snapshot is taken before the primary is deleted",
        clauses=("db-manual-snapshots",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_final_snapshot,
        remediation="Leave skipFinalSnapshot out, and name the last snapshot by finalSnapshotIdentifier.",
    ),
    ResourceGuardrail(
        id="database-changes-wait",
        title="Changes to databases wait for the maintenance window",
        clauses=("db-maintenance-window",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_changes_wait,
        remediation="Leave applyImmediately out.",
    ),
    ResourceGuardrail(
        id="database-snapshots-not-declared",
        title="Snapshots are not part of the stack",
        clauses=("db-manual-snapshots",),
        severity="medium",
        types=frozenset({"aws:rds/snapshot:Snapshot"}),
        check=_not_declared,
        remediation="Take the snapshot by hand or by AWS Backup, and leave it out of the program.",
    ),
)
