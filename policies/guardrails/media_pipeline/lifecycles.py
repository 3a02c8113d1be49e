"""Lifecycles of media's buckets: what grows old moves to cheaper storage, and what is read stays readable."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.media_pipeline.resources import KINDS, kind_of, rules_of
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.security_layer.log_archives import takes_trails
from guardrails.security_layer.resource_policies import BUCKET

_TIERING = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
_MASTERS, _RENDITIONS = "masters/", "renditions/"
_READ_AT_ONCE = {"videos": _RENDITIONS, "images": "", "documents": "", "analytics": ""}
"""Start of the names of what is read at any time, by bucket."""
_INSTANT = frozenset({"STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR"})
_ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_VIDEO_DAYS, _DEEP_DAYS, _YEAR = 90, 180, 365
_BACKUP_DAYS = 35


def _videos_archived(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if kind_of(bucket) != "videos":
        return
    rules = rules_of(bucket, graph)
    for prefix, storage_class in ((_MASTERS, "GLACIER"), (_RENDITIONS, "GLACIER_IR")):
        moving = [rule for rule in rules if rule.covers(prefix) and rule.moves]
        if len(moving) != 1 or moving[0].moves.get(storage_class) != _VIDEO_DAYS:
            yield f"no single rule moves {prefix} to {storage_class} after {_VIDEO_DAYS} days"
        for rule in moving:
            for other, days in rule.moves.items():
                if other != storage_class and not (other == "DEEP_ARCHIVE" and days is not None and days >= _DEEP_DAYS):
                    yield f"{rule.name} moves {prefix} to {other} as well"


def _readable(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    prefix = _READ_AT_ONCE.get(kind_of(bucket) or "")
    if prefix is None:
        return
    for rule in rules_of(bucket, graph):
        if rule.reaches(prefix) and (others := sorted(rule.moves.keys() - _INSTANT)):
            yield f"{rule.name} moves what is read at once to {', '.join(others)}"


def _images_tiered(node: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if node.type == _TIERING:
        yield "it moves objects to archive tiers, from which they take hours to read"
    elif kind_of(node) == "images":
        moves = [rule.moves for rule in rules_of(node, graph) if rule.covers()]
        if {"INTELLIGENT_TIERING": 0} not in moves:
            yield "no rule moves all images to INTELLIGENT_TIERING on the first day"


def _old_moved(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if kind_of(bucket) not in ("documents", "analytics"):
        return
    for rule in rules_of(bucket, graph):
        if rule.covers() and any(days is not None and days <= _YEAR for days in rule.moves.values()):
            return
    yield "no rule moves all that is a year old to cheaper storage"


def _in_glacier(bucket: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    audit = takes_trails(bucket, graph)
    if kind_of(bucket) != "backups" and not (audit and relaxations.flag("requireAuditLogs")):
        return
    for rule in rules_of(bucket, graph):
        days = [rule.moves[name] for name in _ARCHIVES if name in rule.moves]
        if rule.covers() and any(day is not None and day <= _YEAR for day in days):
            return
    yield f"no rule moves all of it to {' or '.join(sorted(_ARCHIVES))} within a year"


def _kept(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    kind = kind_of(bucket)
    if kind is None:
        return
    for rule in rules_of(bucket, graph):
        days = rule.properties.number("expiration.days")
        if rule.properties.given("expiration.date"):
            yield f"{rule.name} ends all objects on a date, whatever their age"
        elif days and not (kind == "backups" and days >= _BACKUP_DAYS):
            yield f"{rule.name} ends objects after {days:g} days"


LIFECYCLE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="videos-archived",
        title="Masters of videos move to Glacier after 90 days, and renditions to its instant class",
        clauses=("media-bucket-videos", "media-lifecycle-archive"),
        severity="medium",
        types=frozenset({BUCKET}),
        check=_videos_archived,
        remediation=(
            "Leave media.masterArchiveDays, renditionArchiveDays and renditionArchiveClass out, and "
            "masterDeepArchiveDays too, or set that to 180 or more."
        ),
    ),
    StackGuardrail(
        id="media-readable",
        title="Renditions, images, documents and exports stay in storage that is read at once",
        clauses=("media-bucket-videos", "media-bucket-images", "media-bucket-documents", "media-bucket-analytics"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_readable,
        remediation=f"Move them to {', '.join(sorted(_INSTANT))} only; players and pages can't wait for Glacier.",
    ),
    StackGuardrail(
        id="images-tiered",
        title="Images go to Intelligent-Tiering on the first day, without its archive tiers",
        clauses=("media-bucket-images", "media-lifecycle-archive"),
        severity="medium",
        types=frozenset({BUCKET, _TIERING}),
        check=_images_tiered,
        remediation="Declare a rule for all images with one transition to INTELLIGENT_TIERING after 0 days.",
    ),
    StackGuardrail(
        id="old-media-moved",
        title="Documents and exports that are a year old are in cheaper storage",
        clauses=("media-lifecycle-archive", "edge-s3-lifecycle-cost"),
        severity="low",
        types=frozenset({BUCKET}),
        check=_old_moved,
        controls=("S3.13",),
        remediation="Leave media.exportArchiveDays out, or set it to 365 or fewer.",
    ),
    StackGuardrail(
        id="archives-in-glacier",
        title="Backups and audit logs go to Glacier within a year",
        clauses=("dr-glacier-compliance", "media-bucket-backups"),
        severity="low",
        types=frozenset({BUCKET}),
        check=_in_glacier,
        options={
            "requireAuditLogs": Option({"type": "boolean"}, True, "Whether audit logs must go to Glacier too."),
        },
        remediation="Leave media.backupArchiveDays and security.auditArchiveDays out, or set them to 365 or fewer.",
    ),
    StackGuardrail(
        id="media-kept",
        title="Lifecycles delete no media, and backups not before those of the database",
        clauses=tuple(f"media-bucket-{kind}" for kind in KINDS),
        severity="high",
        types=frozenset({BUCKET}),
        check=_kept,
        remediation=f"Let only backups expire, after {_BACKUP_DAYS} days or more.",
    ),
)
