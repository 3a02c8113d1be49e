"""Clauses enc-rest-elasticache and enc-transit-tls12, the cache: encrypted on disk and on the wire."""

from collections.abc import Iterable

from guardrails.cache_layer.resources import KEYS, REPLICATION_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties


def _at_rest(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("atRestEncryptionEnabled"):
        yield "atRestEncryptionEnabled is not true"


def _key(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not group.refers("kmsKeyId", *KEYS):
        yield "kmsKeyId refers to no key of this stack"


def _in_transit(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("transitEncryptionEnabled"):
        yield "transitEncryptionEnabled is not true"
    if (mode := properties.text("transitEncryptionMode")) not in (None, "required"):  # AWS's default
        yield f"transitEncryptionMode is {mode}, so that the cache answers in plain text too"


ENCRYPTION_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="cache-encrypted",
        title="The cache is encrypted at rest",
        clauses=("enc-rest-elasticache",),
        severity="critical",
        types=frozenset({REPLICATION_GROUP}),
        check=_at_rest,
        controls=(
            "ElastiCache.4",
            "CKV_AWS_29",
            "AwsSolutions-AEC3",
            "elasticache_redis_cluster_rest_encryption_enabled",
        ),
        remediation="Set atRestEncryptionEnabled to true.",
    ),
    StackGuardrail(
        id="cache-key-of-stack",
        title="The cache is encrypted with a key of the stack",
        clauses=("enc-rest-elasticache", "enc-kms"),
        severity="high",
        types=frozenset({REPLICATION_GROUP}),
        check=_key,
        controls=("CKV_AWS_191",),
        remediation="Pass the ARN of the SecurityLayer's data key as kmsKeyId.",
    ),
    ResourceGuardrail(
        id="cache-tls-required",
        title="The cache refuses connections without TLS",
        clauses=("enc-transit-tls12",),
        severity="critical",
        types=frozenset({REPLICATION_GROUP}),
        check=_in_transit,
        controls=("ElastiCache.5", "CKV_AWS_30", "elasticache_redis_cluster_in_transit_encryption_enabled"),
        remediation="Set transitEncryptionEnabled to true, and transitEncryptionMode to required.",
    ),
)
