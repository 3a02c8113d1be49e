"""Clause enc-rest-rds: the database, its copies and its insights are encrypted with keys of the stack."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, KEYS, is_replica
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties


def _encrypted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if is_replica(properties) and not properties.given("storageEncrypted") and properties.given("kmsKeyId"):
        return  # in another region than its source's, the key alone says it
    if not properties.flag("storageEncrypted"):
        yield "storageEncrypted is not true"


def _key(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not instance.refers("kmsKeyId", *KEYS):
        yield "kmsKeyId refers to no key of this stack"


def _insights_key(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    key = "performanceInsightsKmsKeyId"
    if instance.properties.flag("performanceInsightsEnabled") and not instance.refers(key, *KEYS):
        yield f"{key} refers to no key of this stack"


ENCRYPTION_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="database-encrypted",
        title="Databases are encrypted at rest",
        clauses=("enc-rest-rds",),
        severity="critical",
        types=frozenset({INSTANCE}),
        check=_encrypted,
        controls=("RDS.3", "CIS 2.2.1", "CKV_AWS_16", "AwsSolutions-RDS2", "rds_instance_storage_encrypted"),
        remediation="Set storageEncrypted to true.",
    ),
    StackGuardrail(
        id="database-key-of-stack",
        title="Databases are encrypted with a key of the stack",
        clauses=("enc-rest-rds", "enc-kms"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_key,
        remediation="Pass the ARN of the SecurityLayer's data key as kmsKeyId.",
    ),
    StackGuardrail(
        id="database-insights-key-of-stack",
        title="Insights into databases are encrypted with a key of the stack",
        clauses=("enc-rest-rds", "enc-kms"),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_insights_key,
        controls=("CKV_AWS_354",),
        remediation="Pass the ARN of the SecurityLayer's data key as performanceInsightsKmsKeyId.",
    ),
)
