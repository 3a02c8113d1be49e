"""Clause dr-s3-crr: masters, images, documents and backups are replicated, all of them and encrypted."""

from collections.abc import Iterable, Iterator

from guardrails.grants import ROLE, not_granted
from guardrails.graph import Graph, Node
from guardrails.media_pipeline.resources import kind_of
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.observability_layer.resources import ALARM
from guardrails.observability_layer.watches import GREATER
from guardrails.placement import known_text
from guardrails.provider import is_far, own_accounts, region_of
from guardrails.reading import Properties
from guardrails.second_region.options import REQUIRED
from guardrails.security_layer.buckets import ENCRYPTION, OBJECT_LOCK, buckets_of, companion, companions
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import BUCKET

_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
_REPLICATED = {"videos": "masters/", "images": "", "documents": "", "backups": "", "files": ""}
"""Start of the names of what has to be replicated, by bucket: renditions can be encoded again."""
_FILES = "fitness-platform-files-"
_FAILURES = ("AWS/S3", "OperationsFailedReplication")
_NARROWS = ("filter.tag", "filter.and")
_IN_FORCE = (
    ("status", "what it is about is not replicated"),
    ("deleteMarkerReplication.status", "what is deleted here comes back there"),
    ("sourceSelectionCriteria.sseKmsEncryptedObjects.status", "S3 leaves out all that a key encrypts, which is all"),
    ("destination.metrics.status", "nobody sees what is late or has failed"),
)
_MINUTES = 15
_READS = ("s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersionForReplication", "kms:Decrypt")
_WRITES = ("s3:ReplicateObject", "s3:ReplicateDelete", "kms:Encrypt")
_READS_LOCKS = ("s3:GetObjectLegalHold", "s3:GetObjectRetention")


def _kind(bucket: Node) -> str | None:
    """Return what a bucket holds that is replicated: media, or static files."""
    name = bucket.properties.text("bucket") or ""
    return "files" if name.startswith(_FILES) else kind_of(bucket)


def _rules(replication: Node) -> Iterator[tuple[str, Properties]]:
    for rule in replication.properties.blocks("rules"):
        yield f"rule {rule.text('id')!r}", rule


def _replicated(bucket: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    prefix = _REPLICATED.get(_kind(bucket) or "")
    if prefix is None or is_far(bucket) or not relaxations.flag("required"):
        return
    replication = companion(bucket, graph, _REPLICATION)
    if not any(_covers(rule, prefix) for _, rule in _rules(replication)):
        yield f"no enabled rule of {replication.name} is about all {prefix or 'objects'}"


def _covers(rule: Properties, prefix: str) -> bool:
    own = rule.text("filter.prefix") or rule.text("prefix") or ""
    return (
        rule.text("status") == "Enabled" and prefix.startswith(own) and not any(rule.given(path) for path in _NARROWS)
    )


def _complete(_type: str, properties: Properties, _: Relaxations) -> Iterable[str]:
    for rule in properties.blocks("rules"):
        for path, otherwise in _IN_FORCE:
            if rule.text(path) != "Enabled":
                yield f"{path} of rule {rule.text('id')!r} is not Enabled, so that {otherwise}"


def _elsewhere(replication: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for name, rule in _rules(replication):
        replica = _destination(rule, graph)
        kinds = [_kind(bucket) for bucket in buckets_of(replication, "bucket")]
        if replica is None or not is_far(replica):
            target = rule.text("destination.bucket")
            yield f"{name} copies to {target}, which is no bucket of this stack in another region"
        elif [_kind(replica)] != kinds:
            yield f"{name} copies to {replica.name}, which is for other objects"
        owner = rule.text("destination.account")
        if owner is not None and owner not in own_accounts(replication):
            yield f"{name} hands copies to account {owner}"


def _destination(rule: Properties, graph: Graph) -> Node | None:
    """Return the bucket of the stack that a rule copies to."""
    arn = rule.text("destination.bucket")
    found = [one for one in graph.of_type(BUCKET) if f"arn:aws:s3:::{known_text(one, 'bucket')}" == arn]
    return found[0] if len(found) == 1 else None


def _encrypted(replication: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    keys = set(replication.refers("rules", KEY, REPLICA_KEY))
    for name, rule in _rules(replication):
        if not rule.given("destination.encryptionConfiguration.replicaKmsKeyId") or not keys:
            yield f"replicaKmsKeyId of {name} refers to no key of this stack"
        elif (replica := _destination(rule, graph)) is not None:
            own = companion(replica, graph, ENCRYPTION).refers("rules", KEY, REPLICA_KEY)
            if not keys <= set(own):
                yield f"{name} encrypts copies with another key than {replica.name} has"


def _watched(replication: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    sources = [known_text(bucket, "bucket") for bucket in buckets_of(replication, "bucket")]
    for name, rule in _rules(replication):
        wanted = {
            "SourceBucket": sources[0] if sources else None,
            "DestinationBucket": (rule.text("destination.bucket") or "").removeprefix("arn:aws:s3:::"),
            "RuleId": rule.text("id"),
        }
        if not any(_tells(alarm, replication, wanted) for alarm in graph.of_type(ALARM)):
            yield f"no alarm of this stack tells that {name} fails to copy"


def _tells(alarm: Node, replication: Node, wanted: dict[str, str | None]) -> bool:
    properties = alarm.properties
    return (
        (known_text(alarm, "namespace"), known_text(alarm, "metricName")) == _FAILURES
        and {key: known_text(alarm, f"dimensions.{key}") for key in wanted} == wanted
        and region_of(alarm) == region_of(replication)
        and properties.text("comparisonOperator") in GREATER
        and properties.text("statistic") == "Sum"
        and properties.number("threshold") in (0, 1)
    )


def _in_time(replication: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if "documents" not in [kind_of(bucket) for bucket in buckets_of(replication, "bucket")]:
        return
    for name, rule in _rules(replication):
        if rule.text("destination.replicationTime.status") != "Enabled":
            yield f"replicationTime of {name} is not Enabled, so that S3 promises no time"
        elif (found := rule.number("destination.replicationTime.time.minutes")) != _MINUTES:
            yield f"replicationTime of {name} is {found} minutes, not {_MINUTES}"


def _allowed(replication: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    roles = replication.refers("role", ROLE)
    if not roles:
        yield "role refers to no role of this stack"
    locked = any(companions(bucket, graph, OBJECT_LOCK) for bucket in buckets_of(replication, "bucket"))
    for role in roles:
        if missing := not_granted(role, (*_READS, *_WRITES, *(_READS_LOCKS if locked else ()))):
            yield f"{role.name} may not do {', '.join(missing)}, so that nothing is replicated"


REPLICATION_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="media-replicated",
        title="Masters, images, documents, backups and static files are replicated",
        clauses=("dr-s3-crr",),
        severity="high",
        types=frozenset({BUCKET}),
        check=_replicated,
        controls=("S3.7", "CKV_AWS_144", "s3_bucket_cross_region_replication"),
        options=REQUIRED,
        remediation="Give standby.region, and leave standby.replicated out.",
    ),
    ResourceGuardrail(
        id="replication-complete",
        title="Rules of replication are in force, for what keys encrypt and for deletions too, and are measured",
        clauses=("dr-s3-crr",),
        severity="high",
        types=frozenset({_REPLICATION}),
        check=_complete,
        remediation="Set the status to Enabled.",
    ),
    StackGuardrail(
        id="replicas-elsewhere",
        title="Replicas are in a bucket for the same, of the stack and its account, in another region",
        clauses=("dr-s3-crr", "media-public-access-blocked"),
        severity="critical",
        types=frozenset({_REPLICATION}),
        check=_elsewhere,
        remediation="Name the bucket's replica by its ARN, and leave destination.account out.",
    ),
    StackGuardrail(
        id="replicas-encrypted",
        title="Replicas are encrypted with the key of the bucket that they are in",
        clauses=("dr-s3-crr", "enc-rest-s3", "enc-kms"),
        severity="high",
        types=frozenset({_REPLICATION}),
        check=_encrypted,
        remediation="Pass the ARN of the replica's key as destination.encryptionConfiguration.replicaKmsKeyId.",
    ),
    StackGuardrail(
        id="documents-replicated-in-time",
        title="S3 promises to replicate documents within 15 minutes",
        clauses=("dr-rpo-1h", "dr-s3-crr"),
        severity="medium",
        types=frozenset({_REPLICATION}),
        check=_in_time,
        remediation="Leave standby.timeControl out, or set it to true.",
    ),
    StackGuardrail(
        id="replication-watched",
        title="Somebody is told when objects are not replicated",
        clauses=("dr-s3-crr", "dr-rpo-1h"),
        severity="medium",
        types=frozenset({_REPLICATION}),
        check=_watched,
        remediation="Leave the alarm as components/bucket_replication.py has it.",
    ),
    StackGuardrail(
        id="replication-allowed",
        title="Replication has a role of the stack that may read what it copies, and write and encrypt copies",
        clauses=("dr-s3-crr",),
        severity="high",
        types=frozenset({_REPLICATION}),
        check=_allowed,
        remediation="Pass the role of components/bucket_replication.py, with all that its policy allows.",
    ),
)
