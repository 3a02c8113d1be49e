"""Clause audit-cloudtrail-2y: one trail of everything, which nobody can rewrite or stop unseen."""

from collections.abc import Iterable

from guardrails.grants import ROLE, not_granted
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.observability_layer.resources import KEYS, LOG_GROUP, STACK, TWO_YEARS, not_writable
from guardrails.reading import Properties
from guardrails.security_layer.log_archives import TRAIL

_SERVICE = "cloudtrail.amazonaws.com"
_DELIVERS = ("logs:CreateLogStream", "logs:PutLogEvents")
_ALL_OBJECTS = ("arn:aws:s3", "arn:aws:s3:::", "arn:aws:lambda", "arn:aws:dynamodb")


def _declared(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    trails = graph.of_type(TRAIL)
    if len(trails) > 1:
        yield f"it has {len(trails)} trails, of which each but the first costs for every call"
    elif not trails and relaxations.flag("required"):
        yield "it has no trail"


def _everything(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag_or("enableLogging", True):
        yield "enableLogging is false, so that it records nothing"
    if not properties.flag("isMultiRegionTrail"):
        yield "isMultiRegionTrail is not true, so that calls in other regions are not recorded"
    if not properties.flag_or("includeGlobalServiceEvents", True):
        yield "includeGlobalServiceEvents is false, so that calls of IAM are not recorded"
    if properties.flag("isOrganizationTrail"):
        yield "isOrganizationTrail is true, which is the organization's to declare"
    if properties.given("advancedEventSelectors"):
        yield "advancedEventSelectors are given, which may leave calls out"
    selectors = properties.blocks("eventSelectors")
    if selectors and not any(_takes_all(selector) for selector in selectors):
        yield "no event selector takes all calls"


def _takes_all(selector: Properties) -> bool:
    return (
        selector.flag_or("includeManagementEvents", True)
        and selector.text("readWriteType") in (None, "All")
        and not selector.texts("excludeManagementEventSources")
    )


def _bounded(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for selector in properties.blocks("eventSelectors"):
        for resource in selector.blocks("dataResources"):
            if wide := [value for value in resource.texts("values") if value in _ALL_OBJECTS]:
                yield f"it records what is done to every object of {', '.join(wide)}, which costs more than they do"


def _validated(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("enableLogFileValidation"):
        yield "enableLogFileValidation is not true, so that files can be changed or lost unseen"


def _encrypted(trail: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not trail.refers("kmsKeyId", *KEYS):
        yield "kmsKeyId refers to no key of this stack"


def _archived(trail: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    yield from not_writable(trail, graph, _SERVICE)
    if trail.properties.given("s3KeyPrefix"):
        yield "s3KeyPrefix is given, below which the archive lets no trail write"


def _logged(trail: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    groups = trail.refers("cloudWatchLogsGroupArn", LOG_GROUP)
    roles = trail.refers("cloudWatchLogsRoleArn", ROLE)
    if not groups:
        yield "cloudWatchLogsGroupArn refers to no log group of this stack"
    if not roles:
        yield "cloudWatchLogsRoleArn refers to no role of this stack, without which nothing is delivered"
    for role in roles:
        if missing := not_granted(role, _DELIVERS):
            yield f"no policy of {role.name} allows {' and '.join(missing)}"
    least = relaxations.number("minimumDays")
    for group in groups:
        days = group.properties.number("retentionInDays")
        if days and days < least:  # log-groups-expire speaks of what is not set
            yield f"{group.name} keeps it for {days:g} days, not {least:g}"


TRAIL_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="trail-declared",
        title="The stack has one audit trail",
        clauses=("audit-cloudtrail-2y",),
        severity="high",
        types=frozenset({STACK}),
        check=_declared,
        options={
            "required": Option(
                {"type": "boolean"}, True, "Whether the stack must have a trail, or the organization has."
            )
        },
        remediation="Leave observability.trail out, or set it to true.",
    ),
    ResourceGuardrail(
        id="trails-record-everything",
        title="Trails record every call in every region",
        clauses=("audit-cloudtrail-2y",),
        severity="critical",
        types=frozenset({TRAIL}),
        check=_everything,
        controls=(
            "CloudTrail.1",
            "CloudTrail.3",
            "CIS 3.1",
            "CKV_AWS_67",
            "CKV_AWS_251",
            "cloudtrail_multi_region_enabled",
        ),
        remediation="Declare the trail as components/observability_layer/audit_trail.py does.",
    ),
    ResourceGuardrail(
        id="trail-data-events-bounded",
        title="Trails record what is done to objects of named buckets only",
        clauses=("audit-cloudtrail-2y",),
        severity="low",
        types=frozenset({TRAIL}),
        check=_bounded,
        remediation="Name the buckets whose objects need it.",
    ),
    ResourceGuardrail(
        id="trails-validated",
        title="Files of trails can be checked for changes",
        clauses=("audit-cloudtrail-2y",),
        severity="high",
        types=frozenset({TRAIL}),
        check=_validated,
        controls=("CloudTrail.4", "CIS 3.2", "CKV_AWS_36", "cloudtrail_log_file_validation_enabled"),
        remediation="Set enableLogFileValidation to true.",
    ),
    StackGuardrail(
        id="trails-encrypted",
        title="Trails are encrypted with a key of the stack",
        clauses=("audit-cloudtrail-2y", "enc-kms"),
        severity="high",
        types=frozenset({TRAIL}),
        check=_encrypted,
        controls=("CloudTrail.2", "CIS 3.5", "CKV_AWS_35", "cloudtrail_kms_encryption_enabled"),
        remediation="Pass the ARN of the SecurityLayer's archive key as kmsKeyId.",
    ),
    StackGuardrail(
        id="trails-archived",
        title="Trails are written to a bucket of the stack that lets them in",
        clauses=("audit-cloudtrail-2y",),
        severity="high",
        types=frozenset({TRAIL}),
        check=_archived,
        controls=("CloudTrail.6", "CloudTrail.7"),
        remediation="Pass the SecurityLayer's audit log bucket as s3BucketName.",
    ),
    StackGuardrail(
        id="trails-logged",
        title="Trails reach a log group of the stack, which keeps them for two years",
        clauses=("audit-cloudtrail-2y", "obs-retention-audit"),
        severity="high",
        types=frozenset({TRAIL}),
        check=_logged,
        controls=("CloudTrail.5", "CIS 3.4", "CKV2_AWS_10", "cloudtrail_cloudwatch_logging_enabled"),
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, TWO_YEARS, "Days that the log group of a trail is kept at least."
            )
        },
        remediation="Give the trail a log group and a role that may write to it; leave observability.trailLogDays out.",
    ),
)
