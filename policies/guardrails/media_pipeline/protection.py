"""Clause dr-s3-versioning-mfa-delete: versions, locks and denials stand in for MFA delete.

Only the root user can turn MFA delete on, and S3 then takes no lifecycle for the bucket.
"""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.media_pipeline.resources import kind_of
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, as_texts
from guardrails.security_layer.buckets import LIFECYCLE, OBJECT_LOCK, companion
from guardrails.security_layer.mfa import denies_without_mfa, has_exceptions
from guardrails.security_layer.resource_policies import BUCKET, BUCKET_POLICY

_LOCKED = ("documents", "backups")
_LOCK_MODES = ("GOVERNANCE", "COMPLIANCE")
_RETENTION = "rule.defaultRetention"
_LOCK_DAYS = _VERSION_DAYS = 30
_YEAR = 365
_OF_VERSIONS = frozenset({"s3:bypassgovernanceretention", "s3:deleteobjectversion"})
_OF_PROTECTION = frozenset(
    {
        "s3:deletebucketpolicy",
        "s3:putbucketobjectlockconfiguration",
        "s3:putbucketpolicy",
        "s3:putbucketversioning",
        "s3:putlifecycleconfiguration",
    }
)


def _locked(bucket: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if kind_of(bucket) not in _LOCKED or not relaxations.flag("requireLock"):
        return
    if not bucket.properties.flag("objectLockEnabled"):
        yield "objectLockEnabled is not true, so that it takes no locks"
    lock = companion(bucket, graph, OBJECT_LOCK)
    if (mode := lock.properties.text(f"{_RETENTION}.mode")) not in _LOCK_MODES:
        yield f"the mode of {lock.name} is {mode or 'not given'}, not {' or '.join(_LOCK_MODES)}"
    years = lock.properties.number(f"{_RETENTION}.years") or 0
    days = lock.properties.number(f"{_RETENTION}.days") or years * _YEAR
    if days < _LOCK_DAYS:
        yield f"{lock.name} keeps objects from being deleted for {days:g} days, not {_LOCK_DAYS} or more"


def _with_mfa(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if kind_of(bucket) is None:
        return
    policy = companion(bucket, graph, BUCKET_POLICY)
    arn, accounts = f"arn:aws:s3:::{bucket.properties.text('bucket')}", own_accounts(bucket)
    denied: dict[bool, set[str]] = {False: set(), True: set()}
    for statement in policy.properties.statements("policy"):
        if denies_without_mfa(statement, accounts):
            resources = set(as_texts(statement.get("Resource", [])))
            actions = {action.lower() for action in as_texts(statement.get("Action", []))}
            if resources & {f"{arn}/*", f"{arn}*"} and not has_exceptions(statement):
                denied[False] |= actions
            if resources & {arn, f"{arn}*"}:
                denied[True] |= actions
    for wanted, whole, what in (
        (_OF_VERSIONS, False, "deletes its versions"),
        (_OF_PROTECTION, True, "changes what protects them"),
    ):
        if missing := wanted - denied[whole]:
            yield f"{policy.name} doesn't deny whoever {what} without MFA: {', '.join(sorted(missing))}"


def _versions_kept(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for rule in properties.blocks("rules"):
        if rule.text("status") != "Disabled" and rule.given("noncurrentVersionExpiration"):
            days = rule.number("noncurrentVersionExpiration.noncurrentDays") or 0
            if days < _VERSION_DAYS:
                yield f"rule {rule.text('id')!r} deletes versions for good after {days:g} days, not {_VERSION_DAYS}"


PROTECTION_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="documents-and-backups-locked",
        title="No version of a document or a backup can be deleted early",
        clauses=("dr-s3-versioning-mfa-delete", "media-bucket-documents", "media-bucket-backups"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_locked,
        controls=("S3.15", "CKV_AWS_143", "s3_bucket_object_lock"),
        options={"requireLock": Option({"type": "boolean"}, True, "Whether documents and backups must be locked.")},
        remediation="Leave media.lockMode and media.lockDays out, or set them to GOVERNANCE or COMPLIANCE, and 30.",
    ),
    StackGuardrail(
        id="versions-deleted-with-mfa",
        title="Nobody deletes versions of media, or takes their protection off, without MFA",
        clauses=("dr-s3-versioning-mfa-delete", "media-versioning-critical"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_with_mfa,
        remediation=(
            "Let the bucket's policy deny everybody what deletes versions, and everybody but the role that deploys "
            "what changes their protection, where BoolIfExists aws:MultiFactorAuthPresent is false."
        ),
    ),
    ResourceGuardrail(
        id="versions-kept",
        title="What was overwritten or deleted can be brought back for 30 days",
        clauses=("media-versioning-critical", "dr-s3-versioning-mfa-delete"),
        severity="medium",
        types=frozenset({LIFECYCLE}),
        check=_versions_kept,
        remediation="Leave media.versionDays out, or set it to 30 or more.",
    ),
)
