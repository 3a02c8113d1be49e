"""Clause dr-config-secrets-manager for containers: they get secrets by ARN, and none is written where many can read."""

import re
from collections.abc import Iterable

from guardrails.compute_cluster.containers import Container, containers_in, each_container
from guardrails.compute_cluster.resources import TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.places import strange_place
from guardrails.plain_secrets import FORMS, OWNERS, is_secret, names_secret
from guardrails.security_layer.resource_policies import own_accounts

_SECRET_ARN = re.compile(
    r"arn:aws:(secretsmanager:[a-z0-9-]+:(?P<a>[0-9]{12}):secret:|ssm:[a-z0-9-]+:(?P<b>[0-9]{12}):parameter/)[^*?]+"
)


def _by_arn(task: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(task)
    for container in containers_in(task):
        for path in ("secrets", "logConfiguration.secretOptions"):
            for secret in container.properties.blocks(path):
                found = _SECRET_ARN.fullmatch(secret.text("valueFrom") or "")
                if found is None or not {found["a"] or found["b"]} <= accounts:  # what is given may be the secret
                    yield f"container {container.name}: {secret.text('name')} comes from no ARN of this account"


def _own_place(task: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for container in containers_in(task):
        properties = container.properties
        told = [(entry.text("name"), entry.text("value")) for entry in properties.blocks("environment")]
        told += [(secret.text("name"), secret.text("valueFrom")) for secret in properties.blocks("secrets")]
        for name, value in told:
            if value and (place := strange_place(value, task, graph)):
                yield f"container {container.name}: {name} leads to {place}"


def _not_the_owners(container: Container) -> Iterable[str]:
    for secret in container.properties.blocks("secrets"):
        if OWNERS.search(secret.text("valueFrom") or ""):
            yield f"{secret.text('name')} is of the owner of the database, who may change and drop everything"


def _plain(container: Container) -> Iterable[str]:
    properties = container.properties
    if properties.given("environmentFiles"):
        yield "environmentFiles are given, which nobody reads before they are used"
    for entry in properties.blocks("environment"):
        name, value = entry.text("name") or "", entry.text("value") or ""
        if value and names_secret(name):
            yield f"environment has {name}, which is a secret by its name"
        elif is_secret(value):
            yield f"environment has {name}, which is a secret by its value"
    labels = properties.texts_by_key("dockerLabels")
    if found := [name for name, value in labels.items() if value and (names_secret(name) or is_secret(value))]:
        yield f"dockerLabels have {', '.join(found)}, which everybody reads who sees the task"
    elif FORMS.search(container.text):
        yield "a secret is in its definition beside the environment"


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
    StackGuardrail(
        id="containers-told-of-own-stack",
        title="Queues, buckets, names and secrets that a container is told of are those of its account and environment",
        clauses=("dr-config-secrets-manager", "dr-iac-git"),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_own_place,
        remediation="Name what this stack declares; a queue by its URL in this account.",
    ),
    ResourceGuardrail(
        id="containers-without-owner-secret",
        title="No container is given the password of the owner of the database",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({TASK_DEFINITION}),
        check=each_container(_not_the_owners),
        remediation="Give it the secret database-app, whose user owns nothing.",
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
