"""What could lead viewers, their requests or private files from the edge to strangers."""

import re
from collections.abc import Iterable
from typing import Any

from guardrails.edge_layer.resources import (
    BUCKET,
    DISTRIBUTION,
    FUNCTION,
    HEADERS_POLICY,
    behaviours,
    bucket_of,
    is_videos,
    normal,
    origins,
    serves_video,
    title,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.plain_secrets import is_secret, names_secret
from guardrails.reading import Properties, as_texts
from guardrails.security_layer.resource_policies import BUCKET_POLICY

_REALTIME_LOGS = "aws:cloudfront/realtimeLogConfig:RealtimeLogConfig"
_CDN = "cloudfront.amazonaws.com"
_RENDITIONS = "/renditions"
_MASTERS = re.compile(r"(^|/)masters(/|$)")
_URL = re.compile(r"https?://(?P<host>[^/'\"`\s]*)")
_OTHER_ORIGIN = re.compile(r"\b(createRequestOriginGroup|selectRequestOriginById|updateRequestOrigin)\b")


def _paths(distribution: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for origin in origins(distribution):
        path, bucket = origin.text("originPath"), bucket_of(origin, graph)
        label = f"originPath of origin {origin.text('originId') or 'without a name'}"
        if bucket is not None and is_videos(known_text(bucket, "bucket") or "") and path != _RENDITIONS:
            yield f"{label} is {path or 'not given'}, not {_RENDITIONS}, so that it shows more of a bucket of videos"
        elif _MASTERS.search(path or ""):
            yield f"{label} is {path}, where what nobody may see is kept"


def _read_as_origin(policy: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    named = {
        bucket.urn
        for distribution in graph.of_type(DISTRIBUTION)
        for origin in origins(distribution)
        if (bucket := bucket_of(origin, graph))
    }
    for statement in policy.properties.statements("policy"):
        principal: Any = statement.get("Principal")
        services = as_texts(principal.get("Service", [])) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and _CDN in services:
            for bucket in policy.refers("bucket", BUCKET):
                if bucket.urn not in named:
                    yield f"it lets CloudFront into {bucket.name}, which no distribution of this stack reads"


def _told(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in ("defaultCacheBehavior", "orderedCacheBehaviors"):
        for behaviour in distribution.properties.blocks(key):
            if behaviour.given("realtimeLogConfigArn") and not distribution.refers(key, _REALTIME_LOGS):
                yield f"realtimeLogConfigArn of {title(behaviour)} is not of this stack, and tells of each request"
    if serves_video(distribution):
        return  # videos-for-signed-links speaks of signers
    for behaviour in behaviours(distribution):
        if behaviour.given("trustedSigners"):
            yield f"{title(behaviour)} has trustedSigners, so that other accounts say who may see what"


def _stays(function: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    code = known_text(function, "code") or ""  # edge-functions-current speaks of what is not known
    if found := _OTHER_ORIGIN.search(code):
        yield f"its code calls {found[1]}, so that requests go where no guardrail looks"
    own = {normal(name) for one in graph.of_type(DISTRIBUTION) for name in one.properties.known_texts("aliases")}
    hosts = [found["host"] for found in _URL.finditer(code)]
    if strange := [host for host in hosts if not host.endswith(".") and normal(host) not in own]:
        yield f"its code leads to {strange[0] or 'a place that it computes'}, which is no name of a distribution"


def _no_secrets(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for header in properties.blocks("customHeadersConfig.items"):
        name, value = header.text("header") or "", header.text("value") or ""
        if names_secret(name) or is_secret(value):
            yield f"customHeadersConfig has {name}, which every viewer reads"


STRANGER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="buckets-read-as-origins",
        title="CloudFront is let only into buckets that a distribution of the stack reads",
        clauses=("edge-s3-origin-static", "media-public-access-blocked"),
        severity="high",
        types=frozenset({BUCKET_POLICY}),
        check=_read_as_origin,
        remediation="Take the statement for cloudfront.amazonaws.com out of the policy of the bucket.",
    ),
    StackGuardrail(
        id="origins-show-renditions",
        title="Distributions show renditions of videos, and never masters",
        clauses=("edge-s3-origin-video", "media-public-access-blocked"),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_paths,
        remediation="Set originPath of the bucket of videos to /renditions.",
    ),
    StackGuardrail(
        id="distributions-tell-nobody-else",
        title="Nobody but the stack hears of requests as they come, or says who may see what",
        clauses=("edge-s3-origin-video", "audit-pii-redaction"),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_told,
        remediation="Leave realtimeLogConfigArn and trustedSigners out.",
    ),
    StackGuardrail(
        id="viewer-functions-stay",
        title="Functions of CloudFront lead viewers to names of the stack, and leave the choice of the origin alone",
        clauses=("edge-cdn-static-and-api",),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_stays,
        remediation="Redirect to an alias of a distribution, and choose origins by behaviours.",
    ),
    ResourceGuardrail(
        id="answers-without-secrets",
        title="No secret is in a header that comes with every answer",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({HEADERS_POLICY}),
        check=_no_secrets,
        remediation="Take the header out; a secret between CloudFront and an origin is a custom header of the origin.",
    ),
)
