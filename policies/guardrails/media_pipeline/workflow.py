"""Clauses media-hls-dash and media-rendition-*: an upload has a job made, which starts no further one."""

from collections.abc import Iterable, Mapping
from typing import Any

from guardrails.functions.resources import PERMISSION, ROLE, callers_of, functions_of
from guardrails.graph import Graph, Node
from guardrails.media_pipeline.jobs import JOB_QUEUE, arns_of, json_of
from guardrails.media_pipeline.resources import kind_of
from guardrails.media_pipeline.transcoder import is_transcoder
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import is_far, own_accounts
from guardrails.reading import Properties
from guardrails.security_layer.buckets import buckets_of
from guardrails.security_layer.resource_policies import BUCKET

NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
_MASTERS, _MADE, _MP4 = "masters/", "renditions/", ".mp4"
_UPLOADED = {"s3:ObjectCreated:*"}
_RENDITIONS: Mapping[str, float] = {"480p": 480, "720p": 720, "1080p": 1080, "4k": 2160}


def notifications_of(bucket: Node, graph: Graph) -> list[Node]:
    """Return what tells of events in a bucket."""
    return [node for node in graph.of_type(NOTIFICATION) if buckets_of(node, "bucket") == [bucket]]


def submitters_of(bucket: Node, graph: Graph) -> list[Node]:
    """Return the functions that a bucket calls."""
    found = [one for node in notifications_of(bucket, graph) for one in functions_of(node, "lambdaFunctions")]
    return list(dict.fromkeys(found))


def _uploads_told(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if kind_of(bucket) != "videos" or is_far(bucket):
        return
    notifications = notifications_of(bucket, graph)
    if len(notifications) != 1:
        yield f"{len(notifications) or 'no'} notifications of this stack are its, not 1: S3 keeps one"
    for notification in notifications:
        calls = [call for call in notification.properties.blocks("lambdaFunctions") if _is_told(call)]
        functions = functions_of(notification, "lambdaFunctions")
        if len(calls) != 1 or len(functions) != 1:
            yield f"{notification.name} calls no single function of this stack for each {_MP4} below {_MASTERS}"
        for function in functions:
            if not any(_lets_bucket_call(permission, bucket) for permission in _permissions(function)):
                yield f"{function.name} doesn't let the bucket call it"


def _is_told(call: Properties) -> bool:
    return (
        set(call.texts("events")) == _UPLOADED
        and call.text("filterPrefix") == _MASTERS
        and call.text("filterSuffix") == _MP4
    )


def _permissions(function: Node) -> list[Node]:
    return callers_of(function, "function", PERMISSION)


def _lets_bucket_call(permission: Node, bucket: Node) -> bool:
    properties = permission.properties
    return properties.text("principal") == "s3.amazonaws.com" and (
        permission.refers("sourceArn", BUCKET) == [bucket]
        or known_text(permission, "sourceArn") == f"arn:aws:s3:::{bucket.properties.text('bucket')}"
    )


def _no_loop(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("eventbridge"):
        yield "eventbridge is true, which tells of what encoding makes as well"
    for key in ("lambdaFunctions", "queues", "topics"):
        for call in properties.blocks(key):
            prefix = call.text("filterPrefix") or ""
            if not prefix.startswith(_MASTERS):
                yield f"{key} hear of {prefix or 'everything'}, and not only of what is below {_MASTERS}"


def _all_renditions(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if kind_of(bucket) != "videos":
        return
    for function in submitters_of(bucket, graph):
        text = function.properties.text("environment.variables.ENCODING")
        renditions = json_of(text, "environment.variables.ENCODING", dict).get("renditions")
        heights = [_height(rendition) for rendition in renditions] if isinstance(renditions, list) else []
        for name, height in _RENDITIONS.items():
            if height not in heights:
                yield f"{function.name} has no video encoded in {name}, {height:g} lines high"


def _height(rendition: Any) -> Any:
    """Return the lines of a rendition that has bits to show them with."""
    kbps = rendition.get("kbps") if isinstance(rendition, dict) else None
    return rendition["height"] if isinstance(kbps, int) and kbps > 0 and "height" in rendition else None


def _submits_to_stack(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if kind_of(bucket) != "videos":
        return
    queues = set[str]().union(*(arns_of(queue) for queue in graph.of_type(JOB_QUEUE)))
    roles = {
        f"arn:aws:iam::{account}:role/{known_text(role, 'name')}"
        for role in graph.of_type(ROLE)
        if is_transcoder(role)
        for account in own_accounts(role)
    }
    for function in submitters_of(bucket, graph):
        variables = function.properties.texts_by_key("environment.variables")
        if variables.get("JOB_QUEUE_ARN") not in queues:
            yield f"JOB_QUEUE_ARN of {function.name} is no queue of this stack"
        if variables.get("JOB_ROLE_ARN") not in roles:
            yield f"JOB_ROLE_ARN of {function.name} is no role of this stack that MediaConvert takes on"
        if variables.get("BUCKET") != bucket.properties.text("bucket"):
            yield f"BUCKET of {function.name} is another bucket"
        prefixes = variables.get("MASTERS_PREFIX"), variables.get("RENDITIONS_PREFIX")
        if prefixes != (_MASTERS, _MADE):
            yield f"{function.name} has {prefixes[0]} encoded to {prefixes[1]}, not {_MASTERS} to {_MADE}"


WORKFLOW_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="uploads-encoded",
        title="Each MP4 among the masters calls one function of the stack",
        clauses=("media-hls-dash",),
        severity="high",
        types=frozenset({BUCKET}),
        check=_uploads_told,
        remediation=f"Declare one BucketNotification for s3:ObjectCreated:*, {_MASTERS} and {_MP4}, and a permission.",
    ),
    ResourceGuardrail(
        id="encoding-does-not-loop",
        title="Nothing hears of what encoding makes",
        clauses=("media-hls-dash",),
        severity="critical",
        types=frozenset({NOTIFICATION}),
        check=_no_loop,
        remediation=f"Give each entry a filterPrefix below {_MASTERS}, and leave eventbridge out.",
    ),
    StackGuardrail(
        id="renditions-of-the-decision",
        title="Videos are encoded in 480p, 720p, 1080p and 4K",
        clauses=tuple(f"media-rendition-{name}" for name in _RENDITIONS),
        severity="medium",
        types=frozenset({BUCKET}),
        check=_all_renditions,
        remediation="Leave media.renditions out, or keep 480, 720, 1080 and 2160 lines in it.",
    ),
    StackGuardrail(
        id="submitter-wired",
        title="The submitter reads masters, writes elsewhere, and submits to a queue of the stack",
        clauses=("media-mediaconvert", "media-hls-dash"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_submits_to_stack,
        remediation="Make it by a VideoWorkflow, which passes names of the stack on.",
    ),
)
