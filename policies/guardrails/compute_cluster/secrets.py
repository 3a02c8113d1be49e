"""Clause dr-config-secrets-manager for containers: they get secrets by ARN, and none is written where many can read."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from guardrails.compute_cluster.containers import Container, containers_in, each_container
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.security_layer.resource_policies import own_accounts

_SECRET_ARN = re.compile(
    r"arn:aws:(secretsmanager:[a-z0-9-]+:(?P<a>[0-9]{12}):secret:|ssm:[a-z0-9-]+:(?P<b>[0-9]{12}):parameter/)[^*?]+"
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORD = re.compile(r"(API|AUTH|SECRET)KEYS?|CREDENTIALS?|PASS(PHRASE|WD|WORD)?S?|PWD|SECRETS?|TOKENS?")
_KEY_KIND = re.compile(r"ACCESS|API|AUTH|ENCRYPTION|HMAC|MASTER|PRIVATE|SECRET|SHARED|SIGNING")
_ABOUT_SECRETS = re.compile(
    r"ALGORITHM|ARN|AUDIENCE|COUNT|DAYS|ENABLED|ENDPOINT|FILE|HEADER|HOURS|ISSUER|LENGTH|MINUTES|NAME|PATH|SECONDS|TTL|UR[IL]"
)

_FORMS = re.compile(
    r"""
    \b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b                      # keys of AWS
    | -----BEGIN[ ][A-Z0-9 ]*PRIVATE[ ]KEY                       # PEM
    | (?i:\b[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/@]+@)             # a password in a URL
    | (?i:\b(?:password|passwd|pwd)\s*[=:]\s*[^\s${<":=]+)
    | \beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}               # a JSON Web Token
    | \b(?:gh[opsur]|npm)_[A-Za-z0-9]{30,} | \bgithub_pat_[A-Za-z0-9_]{20,} | \bglpat-[A-Za-z0-9_-]{20,}
    | \bxox[abeoprs]-[A-Za-z0-9-]{10,}
    | \b(?:[rs]k_live|whsec)_[A-Za-z0-9]{16,}
    | \bAIza[A-Za-z0-9_-]{35} | \bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
    """,
    re.VERBOSE,
)
_RANDOM = re.compile(r"[A-Za-z0-9+_=]{20,}")
_HEX = re.compile(r"(?<!sha256:)\b[0-9a-f]{32,}\b")
_COMMIT = 40  # hexadecimal digits of a commit, which many containers are told
_LEAST_ENTROPY = 4.0  # bits for a character; of 20 random ones there are rarely fewer


def _by_arn(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(task)
    for container in containers_in(task):
        for path in ("secrets", "logConfiguration.secretOptions"):
            for secret in container.properties.blocks(path):
                found = _SECRET_ARN.fullmatch(secret.text("valueFrom") or "")
                if found is None or not {found["a"] or found["b"]} <= accounts:  # what is given may be the secret
                    yield f"container {container.name}: {secret.text('name')} comes from no ARN of this account"


def _plain(container: Container) -> Iterable[str]:
    properties = container.properties
    if properties.given("environmentFiles"):
        yield "environmentFiles are given, which nobody reads before they are used"
    for entry in properties.blocks("environment"):
        name, value = entry.text("name") or "", entry.text("value") or ""
        if value and _names_secret(name):
            yield f"environment has {name}, which is a secret by its name"
        elif _is_secret(value):
            yield f"environment has {name}, which is a secret by its value"
    if _FORMS.search(container.text):
        yield "a secret is in its definition beside the environment"


def _names_secret(name: str) -> bool:
    words = [word.upper() for word in _WORD.findall(name)]
    if not words or _ABOUT_SECRETS.fullmatch(words[-1]):
        return False
    return any(_SECRET_WORD.fullmatch(word) for word in words) or any(
        _KEY_KIND.fullmatch(kind) and key in ("KEY", "KEYS") for kind, key in pairwise(words)
    )


def _is_secret(value: str) -> bool:
    return (
        _FORMS.search(value) is not None
        or any(len(digits) != _COMMIT and not digits.isdecimal() for digits in _HEX.findall(value))
        or any(_is_random(word) for word in _RANDOM.findall(value))
    )


def _is_random(word: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdecimal)
    return all(any(kind(letter) for letter in word) for kind in kinds) and _entropy(word) >= _LEAST_ENTROPY


def _entropy(word: str) -> float:
    counts = Counter(word).values()
    return -sum(count / len(word) * math.log2(count / len(word)) for count in counts)


SECRET_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="container-secrets-by-arn",
        title="Containers get secrets of this account by ARN",
        clauses=("dr-config-secrets-manager",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_by_arn,
        remediation="Set valueFrom to the ARN of a secret or parameter of this account, without wildcards.",
    ),
    ResourceGuardrail(
        id="container-environment-without-secrets",
        title="No secret is in the environment or elsewhere in the definition of a container",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_plain),
        controls=("ECS.8", "ecs_task_definitions_no_environment_secrets"),
        remediation="Put the value into Secrets Manager, and its ARN under secrets; take back a value that was shown.",
    ),
)
