"""Clause dr-config-secrets-manager: secrets are encrypted, can be brought back, and are nowhere else."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import region_of
from guardrails.reading import Properties
from guardrails.security_layer.keys import KEY, REPLICA_KEY

_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 a type, not a secret
_SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105
_PARAMETER = "aws:ssm/parameter:Parameter"
_INSTANCE = "aws:rds/instance:Instance"
_CLUSTER = "aws:rds/cluster:Cluster"
_LEAST_WINDOW = 7  # the shortest that AWS has besides none

_KEPT_IN_STATE: Mapping[str, tuple[str, ...]] = {
    _SECRET_VERSION: ("secretString", "secretBinary"),
    _INSTANCE: ("password",),
    _CLUSTER: ("masterPassword",),
}


def _encrypted(secret: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not secret.refers("kmsKeyId", KEY, REPLICA_KEY):
        yield "kmsKeyId refers to no key of this stack"


def _parameter_encrypted(parameter: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (kind := parameter.properties.text("type")) != "SecureString":
        yield f"type is {kind or 'not given'}, not SecureString"
    if not parameter.refers("keyId", KEY, REPLICA_KEY):
        yield "keyId refers to no key of this stack"
    if parameter.properties.given("insecureValue"):
        yield "insecureValue is given, which previews and logs show to everybody"


def _replicas_encrypted(secret: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for replica in secret.properties.blocks("replicas"):
        region, keys = replica.text("region"), secret.refers("replicas", KEY, REPLICA_KEY)
        if not replica.given("kmsKeyId"):
            yield f"its replica in {region} has no kmsKeyId, so that AWS's own key encrypts it"
        elif region not in [region_of(key) for key in keys]:
            yield f"its replica in {region} is encrypted by no key of this stack there"


def _recoverable(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    days = properties.number("recoveryWindowInDays")
    if days is not None and days < _LEAST_WINDOW:
        yield f"it can be brought back for {days:g} days after its deletion, not {_LEAST_WINDOW} or more"


def _write_only(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in _KEPT_IN_STATE[type_]:
        if properties.given(key):
            yield f"{key} is given, which stays readable in the stack's state"
    if type_ == _SECRET_VERSION and not properties.given("secretStringWo"):
        yield "secretStringWo is not given"


def _of_stack(value: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not value.refers("secretId", _SECRET):
        yield "secretId refers to no secret of this stack, so that others may read what is written"


def _has_value(secret: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not secret.referrers("secretId", _SECRET_VERSION):
        yield "no value of this stack is written to it, so that whoever reads it fails"


def _own_master_password(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("manageMasterUserPassword"):
        yield "manageMasterUserPassword is true, which AWS refuses for what has a read replica"


SECRET_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="secrets-encrypted",
        title="Every secret is encrypted with a key of the stack",
        clauses=("dr-config-secrets-manager", "enc-rest-others", "enc-kms"),
        severity="high",
        types=frozenset({_SECRET}),
        check=_encrypted,
        controls=("CKV_AWS_149",),
        remediation="Pass the ARN of the SecurityLayer's secrets key as kmsKeyId.",
    ),
    StackGuardrail(
        id="parameters-encrypted",
        title="Every parameter is encrypted with a key of the stack",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="medium",
        types=frozenset({_PARAMETER}),
        check=_parameter_encrypted,
        controls=("CKV_AWS_337", "CKV2_AWS_34"),
        remediation="Set type to SecureString, and pass the ARN of the SecurityLayer's secrets key as keyId.",
    ),
    StackGuardrail(
        id="secrets-have-values",
        title="Every secret has a value from the stack",
        clauses=("dr-config-secrets-manager",),
        severity="medium",
        types=frozenset({_SECRET}),
        check=_has_value,
        remediation="Declare an aws.secretsmanager.SecretVersion with the secret's id and secretStringWo.",
    ),
    StackGuardrail(
        id="secret-replicas-encrypted",
        title="Every replica of a secret is encrypted with a key of the stack in its region",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="high",
        types=frozenset({_SECRET}),
        check=_replicas_encrypted,
        remediation="Give each replica the ARN of a key of its region as kmsKeyId.",
    ),
    ResourceGuardrail(
        id="secrets-recoverable",
        title="A deleted secret can be brought back",
        clauses=("dr-config-secrets-manager",),
        severity="high",
        types=frozenset({_SECRET}),
        check=_recoverable,
        remediation="Leave recoveryWindowInDays out, or set it to 7 or more.",
    ),
    ResourceGuardrail(
        id="secret-values-write-only",
        title="Values of secrets and passwords are written and never kept in the state",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset(_KEPT_IN_STATE),
        check=_write_only,
        remediation="Give secretStringWo, passwordWo or masterPasswordWo, each with its version.",
    ),
    StackGuardrail(
        id="secret-values-of-stack",
        title="Values are written to secrets that the stack declares",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({_SECRET_VERSION}),
        check=_of_stack,
        remediation="Pass the id of a secret of the stack as secretId.",
    ),
    ResourceGuardrail(
        id="master-passwords-own",
        title="The database's owner has a password that the stack sets",
        clauses=("dr-config-secrets-manager", "db-replica-analytics"),
        severity="medium",
        types=frozenset({_INSTANCE, _CLUSTER}),
        check=_own_master_password,
        remediation="Leave manageMasterUserPassword out and give passwordWo or masterPasswordWo.",
    ),
)
