"""Clause dr-config-secrets-manager for functions: their variables are encrypted and hold no secret."""

from collections.abc import Iterable

from guardrails.functions.resources import FUNCTION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.plain_secrets import FORMS, is_secret, names_secret
from guardrails.reading import Properties
from guardrails.security_layer.keys import KEY, REPLICA_KEY

_VARIABLES = "environment.variables"


def _encrypted(function: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if function.properties.given(_VARIABLES) and not function.refers("kmsKeyArn", KEY, REPLICA_KEY):
        yield "kmsKeyArn refers to no key of this stack, though it has variables"


def _plain(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for name, value in properties.texts_by_key(_VARIABLES).items():
        if value and names_secret(name):
            yield f"{_VARIABLES} has {name}, which is a secret by its name"
        elif is_secret(value):
            yield f"{_VARIABLES} has {name}, which is a secret by its value"
    if FORMS.search(properties.text("description") or ""):
        yield "a secret is in its description"


ENVIRONMENT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="functions-environment-encrypted",
        title="Variables of functions are encrypted with a key of the stack",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_encrypted,
        controls=("CKV_AWS_173", "awslambda_function_env_vars_not_encrypted_with_cmk"),
        remediation="Pass the ARN of the SecurityLayer's secrets key as kmsKeyArn.",
    ),
    ResourceGuardrail(
        id="functions-environment-without-secrets",
        title="No secret is in the variables of a function, all of which are known",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({FUNCTION}),
        check=_plain,
        controls=("CKV_AWS_45", "awslambda_function_no_secrets_in_variables"),
        remediation=(
            "Let the function read it from Secrets Manager by name, and what is only known later from a parameter; "
            "take back a value that was shown."
        ),
    ),
)
