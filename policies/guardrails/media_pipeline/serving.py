"""Which of the buckets are there, and which of them a CDN may read."""

import re
from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.media_pipeline.resources import KINDS, STACK, kind_of, kind_of_name
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.provider import is_far
from guardrails.reading import as_texts
from guardrails.security_layer.buckets import ENCRYPTION, buckets_of, companion
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import BUCKET, BUCKET_POLICY

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_CDN = "cloudfront.amazonaws.com"
_SERVED = {"videos": "renditions/", "images": ""}
"""Start of the names of what CloudFront may read, by bucket."""
_READS = frozenset({"s3:getobject"})
_DOMAIN = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.s3[.-].*amazonaws\.com")


def _there(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    found = [kind_of(bucket) for bucket in graph.of_type(BUCKET) if not is_far(bucket)]
    copied = relaxations.texts("copied")
    for kind in (kind for kind in KINDS if kind not in copied):
        if (count := found.count(kind)) != 1:
            yield f"{count or 'no'} buckets for {kind} are in the stack, not 1: fitness-platform-{kind}-..."


def _lets_cdn_in(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    return (
        statement.get("Effect") == "Allow"
        and isinstance(principal, dict)
        and _CDN in as_texts(principal.get("Service", []))
    )


def _served_in_part(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    kind = kind_of(bucket)
    if kind is None:
        return
    policy = companion(bucket, graph, BUCKET_POLICY)
    served = [statement for statement in policy.properties.statements("policy") if _lets_cdn_in(statement)]
    if kind == "videos" and not served and not is_far(bucket):
        yield f"{policy.name} doesn't let CloudFront read renditions, so that nobody can watch"
    prefix = f"arn:aws:s3:::{bucket.properties.text('bucket')}/{_SERVED.get(kind, '')}"
    for statement in served:
        if kind not in _SERVED:
            yield f"{policy.name} lets CloudFront in, which serves no {kind}"
            continue
        if others := {action.lower() for action in as_texts(statement.get("Action", "*"))} - _READS:
            yield f"{policy.name} lets CloudFront do {', '.join(sorted(others))}, not only read"
        if others := [resource for resource in as_texts(statement.get("Resource")) if not resource.startswith(prefix)]:
            yield f"{policy.name} lets CloudFront read {', '.join(others)}, which is not below {prefix}"


def _key_apart(bucket: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    kind = kind_of(bucket)
    if kind is None or kind in _SERVED:
        return
    for key in companion(bucket, graph, ENCRYPTION).refers("rules", KEY, REPLICA_KEY):
        if any(_lets_cdn_in(statement) for statement in key.properties.statements("policy")):
            yield f"{key.name}, which encrypts {kind}, lets CloudFront decrypt"


def _not_an_origin(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    kinds = [kind_of(bucket) for bucket in buckets_of(distribution, "origins")]
    for domain in (name for name in _known_domains(distribution) if name):
        found = _DOMAIN.fullmatch(domain)
        kinds += [kind_of_name(found["bucket"])] if found else []
    for kind in sorted({kind for kind in kinds if kind and kind not in _SERVED}):
        yield f"the bucket of {kind} is one of its origins"


def _known_domains(distribution: Node) -> Iterable[str | None]:
    for origin in distribution.properties.blocks("origins"):
        yield origin.text("domainName") if origin.is_known("domainName") else None


SERVING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="media-buckets-there",
        title="The five buckets of the decision are there, once each in the stack's own region",
        clauses=(*(f"media-bucket-{kind}" for kind in KINDS), "edge-s3-backup-archive"),
        severity="high",
        types=frozenset({STACK}),
        check=_there,
        options={
            "copied": Option(
                {"type": "array", "items": {"enum": [*KINDS]}},
                [],
                "Buckets, by what they hold, that are copies here and the primary's stack declares.",
            )
        },
        remediation="Name buckets fitness-platform-<videos, images, documents, backups or analytics>-..., once each.",
    ),
    StackGuardrail(
        id="media-served-in-part",
        title="CloudFront reads renditions and images, and nothing else of media",
        clauses=("edge-s3-origin-video", "edge-s3-backup-archive", "media-public-access-blocked"),
        severity="critical",
        types=frozenset({BUCKET}),
        check=_served_in_part,
        remediation="Let CloudFront do s3:GetObject below renditions/ of videos, and nowhere in documents or archives.",
    ),
    StackGuardrail(
        id="archive-keys-apart",
        title="Keys of documents, backups and exports let no CDN decrypt",
        clauses=("edge-s3-backup-archive", "enc-kms"),
        severity="high",
        types=frozenset({BUCKET}),
        check=_key_apart,
        remediation="Encrypt them with the keys data and archive, and only videos and images with media.",
    ),
    StackGuardrail(
        id="archives-not-origins",
        title="No distribution has the bucket of documents, backups or exports as an origin",
        clauses=("edge-s3-backup-archive",),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_not_an_origin,
        remediation="Take the origin out; what people may download goes through the content service.",
    ),
)
