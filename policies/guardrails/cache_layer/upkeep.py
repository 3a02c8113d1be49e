"""Clauses cache-snapshots-daily and cache-snapshot-35d: snapshots, and changes that wait for their time."""

from collections.abc import Iterable

from guardrails.cache_layer.resources import REPLICATION_GROUP
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail
from guardrails.reading import Properties
from guardrails.windows import overlap

_DAYS = 35  # the longest that ElastiCache has


def _kept(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    least = relaxations.number("minimumDays")
    days = properties.number("snapshotRetentionLimit") or 0
    if not least <= days <= _DAYS:
        wanted = f"{least:g}" if least == _DAYS else f"{least:g} to {_DAYS}"
        yield f"snapshotRetentionLimit is {days:g} days, not {wanted}"


def _windows(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("snapshotWindow", "maintenanceWindow"):
        if properties.text(key) is None:
            yield f"{key} is not given, so that AWS picks one"
    yield from overlap(properties, "snapshotWindow", "maintenanceWindow")


def _final(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text("finalSnapshotIdentifier") is None:
        yield "finalSnapshotIdentifier is not given, so that no last snapshot is taken"


def _changes_wait(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("applyImmediately"):
        yield "applyImmediately is true, so that changes replace nodes during the day"


def _upgraded(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag_or("autoMinorVersionUpgrade", True):
        yield "autoMinorVersionUpgrade is false"


UPKEEP_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="cache-snapshots-kept",
        title="Snapshots of the cache are kept for 35 days",
        clauses=("cache-snapshot-35d", "cache-snapshots-daily"),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_kept,
        controls=("ElastiCache.1", "CKV_AWS_134", "elasticache_redis_cluster_backup_enabled"),
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1, "maximum": _DAYS}, _DAYS, "Days that snapshots are kept at least."
            )
        },
        remediation="Leave cache.snapshotRetentionDays out, or set it to 35.",
    ),
    ResourceGuardrail(
        id="cache-windows-apart",
        title="Snapshots of the cache are taken at a set time, and not during maintenance",
        clauses=("cache-snapshots-daily",),
        severity="low",
        types=frozenset({REPLICATION_GROUP}),
        check=_windows,
        remediation="Let cache.snapshotWindow end before cache.maintenanceWindow starts.",
    ),
    ResourceGuardrail(
        id="cache-final-snapshot",
        title="A last snapshot of the cache is taken before it is deleted",
        clauses=("cache-snapshots-daily",),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_final,
        remediation="Set finalSnapshotIdentifier.",
    ),
    ResourceGuardrail(
        id="cache-changes-wait",
        title="Changes to the cache wait for its maintenance",
        clauses=("cache-multi-az-failover",),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_changes_wait,
        remediation="Leave applyImmediately out.",
    ),
    ResourceGuardrail(
        id="cache-upgraded",
        title="Minor versions of the cache are kept current by AWS",
        clauses=("cache-multi-az-failover",),
        severity="medium",
        types=frozenset({REPLICATION_GROUP}),
        check=_upgraded,
        controls=("ElastiCache.2", "elasticache_redis_cluster_auto_minor_version_upgrades"),
        remediation="Leave autoMinorVersionUpgrade out, or set it to true.",
    ),
)
