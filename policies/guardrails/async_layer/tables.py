"""Tables, in which processors remember what they have handled."""

from collections.abc import Iterable

from guardrails.async_layer.resources import TABLE
from guardrails.functions.resources import FUNCTION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties
from guardrails.security_layer.keys import KEY, REPLICA_KEY


def _encrypted(table: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not table.properties.flag("serverSideEncryption.enabled"):
        yield "serverSideEncryption.enabled is not true"
    if not table.refers("serverSideEncryption", KEY, REPLICA_KEY):
        yield "serverSideEncryption.kmsKeyArn refers to no key of this stack"
    if table.properties.given("replicas"):
        yield "replicas are given, which are in other regions with keys of their own"


def _recoverable(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("pointInTimeRecovery.enabled"):
        yield "pointInTimeRecovery.enabled is not true"


def _kept(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.flag("requireProtection") and not properties.flag("deletionProtectionEnabled"):
        yield "deletionProtectionEnabled is not true"


def _forgets(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("ttl.enabled") or properties.text("ttl.attributeName") is None:
        yield "ttl is not enabled, so that it grows without end"


def _grows(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (mode := properties.text("billingMode")) != "PAY_PER_REQUEST":
        yield f"billingMode is {mode or 'not given'}, not PAY_PER_REQUEST, so that it may refuse requests"


def _there(function: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    known = {table.properties.text("name") for table in graph.of_type(TABLE)}
    for variable, value in function.properties.texts_by_key("environment.variables").items():
        if variable.endswith("_TABLE") and value not in known:
            yield f"{variable} is {value}, no table of this stack"


TABLE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="tables-encrypted",
        title="Tables are encrypted with a key of the stack",
        clauses=("enc-rest-others", "enc-kms"),
        severity="high",
        types=frozenset({TABLE}),
        check=_encrypted,
        controls=("CKV_AWS_119", "AwsSolutions-DDB3", "dynamodb_tables_kms_cmk_encryption_enabled"),
        remediation="Pass the ARN of the SecurityLayer's data key under serverSideEncryption, and no replicas.",
    ),
    StackGuardrail(
        id="functions-know-tables",
        title="Tables that functions are told of are of the stack",
        clauses=("async-standard-queues", "dr-iac-git"),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_there,
        remediation="Declare the table, and pass its name.",
    ),
    ResourceGuardrail(
        id="tables-recoverable",
        title="Tables can be restored to any point in time",
        clauses=("dr-rpo-1h",),
        severity="medium",
        types=frozenset({TABLE}),
        check=_recoverable,
        controls=("DynamoDB.2", "CKV_AWS_28", "dynamodb_tables_pitr_enabled"),
        remediation="Set pointInTimeRecovery.enabled to true.",
    ),
    ResourceGuardrail(
        id="tables-deletion-protected",
        title="AWS refuses to delete tables",
        clauses=("dr-iac-git",),
        severity="medium",
        types=frozenset({TABLE}),
        check=_kept,
        controls=("DynamoDB.6", "dynamodb_table_deletion_protection_enabled"),
        options={"requireProtection": Option({"type": "boolean"}, True, "Whether AWS must refuse to delete tables.")},
        remediation="Leave protectStatefulResources out, or set it to true.",
    ),
    ResourceGuardrail(
        id="tables-forget",
        title="Tables forget what is over by themselves",
        clauses=("async-standard-queues",),
        severity="low",
        types=frozenset({TABLE}),
        check=_forgets,
        remediation="Set ttl with the name of an attribute, and enabled to true.",
    ),
    ResourceGuardrail(
        id="tables-grow-with-requests",
        title="Tables take as many requests as there are",
        clauses=("async-standard-queues",),
        severity="low",
        types=frozenset({TABLE}),
        check=_grows,
        controls=("DynamoDB.1",),
        remediation="Set billingMode to PAY_PER_REQUEST.",
    ),
)
