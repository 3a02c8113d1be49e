"""AWS Config: what the account's resources are like is recorded, all of it, and kept."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.observability_layer.resources import KEYS, STACK, not_writable
from guardrails.placement import known_text
from guardrails.provider import own_accounts
from guardrails.reading import Properties
from guardrails.security_layer.buckets import OBJECT_LOCK, buckets_of, companions
from guardrails.security_layer.log_archives import DELIVERY_CHANNEL

_RECORDER = "aws:cfg/recorder:Recorder"
_STATUS = "aws:cfg/recorderStatus:RecorderStatus"
_BY_NAME = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
_LINKED_ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
_SERVICE = "config.amazonaws.com"


def _declared(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not graph.of_type(_RECORDER) and relaxations.flag("required"):
        yield "it has no recorder of AWS Config"


def _everything(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag_or("recordingGroup.allSupported", True):
        yield "recordingGroup.allSupported is false, so that some types are not recorded"
    if not properties.flag("recordingGroup.includeGlobalResourceTypes"):
        yield "recordingGroup.includeGlobalResourceTypes is not true, so that IAM is not recorded"
    for key in ("exclusionByResourceTypes", "resourceTypes", "recordingStrategies"):
        if properties.given(f"recordingGroup.{key}"):
            yield f"recordingGroup.{key} are given, which may leave types out"


def _runs(recorder: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    statuses = recorder.referrers("name", _STATUS)
    if not any(status.properties.flag("isEnabled") for status in statuses):
        yield "no RecorderStatus of this stack turns it on"
    channels = graph.of_type(DELIVERY_CHANNEL)
    if not any(channel in status.depends_on for status in statuses for channel in channels):
        yield "nothing turns it on once a delivery channel is there, without which AWS refuses to"


def _by_name(recorder: Node) -> set[str]:
    return {f"arn:aws:iam::{account}:role/{_BY_NAME}" for account in own_accounts(recorder)}


def _role(recorder: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    roles = recorder.refers("roleArn", _LINKED_ROLE)
    if not roles and known_text(recorder, "roleArn") in _by_name(recorder):
        return  # an account has it once, and another stack has declared it
    if not any(role.properties.text("awsServiceName") == _SERVICE for role in roles):
        yield f"roleArn refers to no service-linked role of {_SERVICE} of this stack"


def _delivered(channel: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    yield from not_writable(channel, graph, _SERVICE)
    for bucket in buckets_of(channel, "s3BucketName"):
        if bucket.properties.flag("objectLockEnabled") or companions(bucket, graph, OBJECT_LOCK):
            yield f"{bucket.name} has a lock, and AWS Config delivers to no such bucket"
    if channel.properties.given("s3KeyPrefix"):
        yield "s3KeyPrefix is given, below which the archive lets nobody write"
    if not channel.refers("s3KmsKeyArn", *KEYS):
        yield "s3KmsKeyArn refers to no key of this stack"


RECORDER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="config-recorder-declared",
        title="The account has a recorder of AWS Config",
        clauses=("audit-cloudtrail-2y",),
        severity="medium",
        types=frozenset({STACK}),
        check=_declared,
        controls=("Config.1", "CIS 3.3", "config_recorder_all_regions_enabled"),
        options={
            "required": Option(
                {"type": "boolean"}, True, "Whether the stack must have a recorder, or another one of the account has."
            )
        },
        remediation="Leave platform.accountSettings out, or relax this where another stack owns the recorder.",
    ),
    ResourceGuardrail(
        id="config-records-everything",
        title="AWS Config records all types of resources",
        clauses=("audit-cloudtrail-2y",),
        severity="medium",
        types=frozenset({_RECORDER}),
        check=_everything,
        controls=("CKV2_AWS_48",),
        remediation="Set allSupported and includeGlobalResourceTypes, and nothing else, in recordingGroup.",
    ),
    StackGuardrail(
        id="config-recorder-on",
        title="The recorder of AWS Config is turned on, after its channel is there",
        clauses=("audit-cloudtrail-2y",),
        severity="medium",
        types=frozenset({_RECORDER}),
        check=_runs,
        controls=("CKV2_AWS_45",),
        remediation="Declare an aws.cfg.RecorderStatus with isEnabled that depends on the delivery channel.",
    ),
    StackGuardrail(
        id="config-recorder-role",
        title="AWS Config records with the role that AWS made for it",
        clauses=("audit-cloudtrail-2y",),
        severity="medium",
        types=frozenset({_RECORDER}),
        check=_role,
        remediation="Declare an aws.iam.ServiceLinkedRole of config.amazonaws.com and pass its ARN as roleArn.",
    ),
    StackGuardrail(
        id="config-records-delivered",
        title="What AWS Config records reaches an encrypted bucket of the stack",
        clauses=("audit-cloudtrail-2y", "enc-kms"),
        severity="medium",
        types=frozenset({DELIVERY_CHANNEL}),
        check=_delivered,
        remediation="Deliver to a private bucket without a lock that lets config.amazonaws.com in.",
    ),
)
