"""Buckets: private, versioned, encrypted, logged and tidied, each by a companion resource that must be there."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import LOAD_BALANCER
from guardrails.provider import are_apart, region_of
from guardrails.reading import Properties, UnreadableError
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import BUCKET

_ACL = "aws:s3/bucketAcl:BucketAcl"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_LOGGING = "aws:s3/bucketLogging:BucketLogging"
OBJECT_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
_PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

_PARTS = frozenset({ENCRYPTION, LIFECYCLE, _LOGGING, OBJECT_LOCK, _OWNERSHIP, _PUBLIC_ACCESS, _VERSIONING})
_BLOCKED = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_BALANCER_LOGS = ("accessLogs", "connectionLogs", "healthCheckLogs")
_DEFAULT = "applyServerSideEncryptionByDefault"
_INLINE = (
    "accelerationStatus",
    "acl",
    "corsRules",
    "grants",
    "lifecycleRules",
    "logging",
    "loggings",
    "objectLockConfiguration",
    "replicationConfiguration",
    "replicationConfigurations",
    "requestPayer",
    "serverSideEncryptionConfiguration",
    "serverSideEncryptionConfigurations",
    "versioning",
    "versionings",
    "website",
    "websites",
)
_NARROWS = (
    "prefix",
    "filter.prefix",
    "filter.tag",
    "filter.and",
    "filter.objectSizeGreaterThan",
    "filter.objectSizeLessThan",
)


class LonelyBucketError(UnreadableError):
    """A bucket that doesn't have exactly one companion of a type."""


def companions(bucket: Node, graph: Graph, type_: str) -> list[Node]:
    """Return the resources of a type that are of a bucket, however they got to know it."""
    return [node for node in graph.of_type(type_) if buckets_of(node, "bucket") == [bucket]]


def buckets_of(node: Node, key: str) -> list[Node]:
    """Return the buckets that a property leads to, through companions that hand on their own bucket."""
    found: list[Node] = []
    for target in node.refers(key):
        found += [target] if target.type == BUCKET else buckets_of(target, "bucket")
    return list(dict.fromkeys(found))


def companion(bucket: Node, graph: Graph, type_: str) -> Node:
    """Return the resource of a type that is of a bucket.

    :raises LonelyBucketError: where there is none, or more than one.
    """
    found = companions(bucket, graph, type_)
    if len(found) != 1:
        raise LonelyBucketError(
            f"{len(found) or 'no'} resources {type_.rpartition(':')[2]} of this stack are its, not 1"
        )
    return found[0]


def takes_logs(bucket: Node, graph: Graph) -> bool:
    """Return whether other buckets or load balancers log to a bucket."""
    return any(
        buckets_of(logging, "targetBucket") == [bucket] and buckets_of(logging, "bucket") != [bucket]
        for logging in graph.of_type(_LOGGING)
    ) or any(bucket in buckets_of(balancer, key) for balancer in graph.of_type(LOAD_BALANCER) for key in _BALANCER_LOGS)


def _private(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    block = companion(bucket, graph, _PUBLIC_ACCESS)
    if off := [key for key in _BLOCKED if not block.properties.flag(key)]:
        yield f"{', '.join(off)} of {block.name} are not true"


def _without_acls(node: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if node.type == _ACL:
        yield "it is an access control list, which buckets of the stack don't have"
        return
    controls = companion(node, graph, _OWNERSHIP)
    if (found := controls.properties.text("rule.objectOwnership")) != "BucketOwnerEnforced":
        yield f"objectOwnership of {controls.name} is {found}, not BucketOwnerEnforced"


def _versioned(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    versioning = companion(bucket, graph, _VERSIONING)
    if (found := versioning.properties.text("versioningConfiguration.status")) != "Enabled":
        yield f"the status of {versioning.name} is {found}, not Enabled"


def _encrypted(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    encryption = companion(bucket, graph, ENCRYPTION)
    expected = "AES256" if takes_logs(bucket, graph) else "aws:kms"
    rules = encryption.properties.blocks("rules")
    if not rules:
        yield f"{encryption.name} has no rules"
    for rule in rules:
        if (found := rule.text(f"{_DEFAULT}.sseAlgorithm")) != expected:
            why = ", since logs reach no bucket with a key of its own" if expected == "AES256" else ""
            yield f"{encryption.name} encrypts with {found}, not {expected}{why}"
        elif expected == "aws:kms":
            if not (rule.given(f"{_DEFAULT}.kmsMasterKeyId") and encryption.refers("rules", KEY, REPLICA_KEY)):
                yield f"kmsMasterKeyId of {encryption.name} refers to no key of this stack"
            if not rule.flag("bucketKeyEnabled"):
                yield f"bucketKeyEnabled of {encryption.name} is not true, so that each object costs calls to the key"


def _logged(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if takes_logs(bucket, graph):
        return
    logging = companion(bucket, graph, _LOGGING)
    targets = buckets_of(logging, "targetBucket")
    if len(targets) != 1 or targets == [bucket]:
        yield f"targetBucket of {logging.name} refers to no other bucket of this stack"
    elif are_apart(targets[0], bucket):
        yield f"{targets[0].name} is in another region, where S3 logs no access to it"


def _has_lifecycle(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    companion(bucket, graph, LIFECYCLE)
    return ()


def _uploads_aborted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not any(_aborts_all(rule) for rule in properties.blocks("rules")):
        yield "no enabled rule aborts all incomplete multipart uploads, which cost what whole objects do"


def _aborts_all(rule: Properties) -> bool:
    return (
        rule.text("status") == "Enabled"
        and bool(rule.number("abortIncompleteMultipartUpload.daysAfterInitiation"))
        and not any(rule.given(path) for path in _NARROWS)
    )


def _of_stack(part: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    buckets = buckets_of(part, "bucket")
    if len(buckets) != 1:
        yield "bucket refers to no bucket of this stack"
    elif are_apart(part, buckets[0]):
        yield f"it is in {region_of(part)}, and its bucket in {region_of(buckets[0])}"


def _separate(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if given := [key for key in _INLINE if properties.given(key)]:
        yield f"{', '.join(given)} given inline, where it fights with a resource of its own"


def _not_emptied(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("forceDestroy"):
        yield "forceDestroy is true, so that all objects go with it"


BUCKET_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="buckets-private",
        title="Every bucket blocks public access in all four ways",
        clauses=("media-public-access-blocked",),
        severity="critical",
        types=frozenset({BUCKET}),
        check=_private,
        controls=(
            "S3.1",
            "S3.8",
            "CIS 2.1.4",
            "CKV2_AWS_6",
            "CKV_AWS_53",
            "CKV_AWS_54",
            "CKV_AWS_55",
            "CKV_AWS_56",
            "AwsSolutions-S2",
            "s3_bucket_level_public_access_block",
        ),
        remediation="Declare an aws.s3.BucketPublicAccessBlock for the bucket with all four set.",
    ),
    StackGuardrail(
        id="buckets-without-acls",
        title="No bucket has an access control list",
        clauses=("media-public-access-blocked",),
        severity="high",
        types=frozenset({BUCKET, _ACL}),
        check=_without_acls,
        controls=("S3.12", "CKV2_AWS_65", "s3_bucket_acl_prohibited"),
        remediation="Declare aws.s3.BucketOwnershipControls with BucketOwnerEnforced, and no aws.s3.BucketAcl.",
    ),
    StackGuardrail(
        id="buckets-versioned",
        title="Every bucket keeps the versions of its objects",
        clauses=("dr-s3-versioning-mfa-delete", "media-versioning-critical"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_versioned,
        controls=("S3.14", "CKV_AWS_21", "s3_bucket_object_versioning"),
        remediation="Declare an aws.s3.BucketVersioning for the bucket with status Enabled.",
    ),
    StackGuardrail(
        id="buckets-encrypted",
        title="Every bucket encrypts with a key of the stack, or with S3's own where access logs are delivered",
        clauses=("enc-rest-s3", "media-encryption-aes256", "enc-kms"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_encrypted,
        controls=("S3.17", "CKV_AWS_145", "s3_bucket_kms_encryption"),
        remediation="Declare a BucketServerSideEncryptionConfiguration with a SecurityLayer key and a bucket key.",
    ),
    StackGuardrail(
        id="buckets-logged",
        title="Access to every bucket is logged to another bucket of the stack in the same region",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({BUCKET}),
        check=_logged,
        controls=("S3.9", "CKV_AWS_18", "AwsSolutions-S1", "s3_bucket_server_access_logging_enabled"),
        remediation="Declare an aws.s3.BucketLogging to the access log bucket of the SecurityLayer or SecondRegion.",
    ),
    StackGuardrail(
        id="buckets-have-lifecycle",
        title="Every bucket has a lifecycle",
        clauses=("edge-s3-lifecycle-cost", "media-lifecycle-archive"),
        severity="low",
        types=frozenset({BUCKET}),
        check=_has_lifecycle,
        controls=("S3.10", "S3.13", "CKV2_AWS_61", "s3_bucket_lifecycle_enabled"),
        remediation="Declare an aws.s3.BucketLifecycleConfiguration for the bucket.",
    ),
    ResourceGuardrail(
        id="uploads-aborted",
        title="Lifecycles abort multipart uploads that nobody completes",
        clauses=("edge-s3-lifecycle-cost",),
        severity="low",
        types=frozenset({LIFECYCLE}),
        check=_uploads_aborted,
        controls=("CKV_AWS_300",),
        remediation="Add an enabled rule for all objects with abortIncompleteMultipartUpload.",
    ),
    ResourceGuardrail(
        id="bucket-settings-separate",
        title="Settings of buckets are resources of their own",
        clauses=("media-public-access-blocked", "enc-rest-s3"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_separate,
        remediation="Declare the resource that is named like the property instead.",
    ),
    StackGuardrail(
        id="bucket-settings-of-stack",
        title="Settings of buckets are of buckets that the stack declares, in their region",
        clauses=("media-public-access-blocked", "enc-rest-s3"),
        severity="high",
        types=_PARTS,
        check=_of_stack,
        remediation="Pass the id of a bucket of the stack, and the region that it is in.",
    ),
    ResourceGuardrail(
        id="buckets-not-emptied",
        title="A bucket that holds objects can't be destroyed",
        clauses=("dr-s3-versioning-mfa-delete",),
        severity="high",
        types=frozenset({BUCKET}),
        check=_not_emptied,
        remediation="Leave forceDestroy out.",
    ),
)
