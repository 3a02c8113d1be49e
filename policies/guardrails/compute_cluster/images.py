"""Clause dr-ecr-immutable: what runs is what was built, and can't be swapped."""

import json
import re
from collections.abc import Iterable
from typing import Any

from guardrails.compute_cluster.containers import Container, containers_in
from guardrails.compute_cluster.resources import KEYS, REPOSITORY, TASK_DEFINITION
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import region_of
from guardrails.reading import MalformedError, Properties
from guardrails.security_layer.resource_policies import own_accounts

_LIFECYCLE_POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
_PUBLIC_REPOSITORY = "aws:ecrpublic/repository:Repository"

_RELEASES = 5  # images that a deployment can be taken back to

_IMAGE = re.compile(
    r"(?P<registry>[^/]+)/(?P<repository>[a-z0-9._/-]+?)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?P<digest>@sha256:[0-9a-f]{64})?"
)
_OBSERVABILITY = re.compile(r"public\.ecr\.aws/aws-observability/[a-z0-9._/-]+")
_COPIED = re.compile(r"fitness-platform-[a-z0-9]+/[a-z0-9-]+")
"""Repositories that a primary fills in its second region."""
_FULL_VERSION = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+([._-].*)?")


def _pinned(task: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    for container in containers_in(task):
        for problem in _image(container, task, graph, copied=relaxations.flag("copied")):
            yield f"container {container.name}: {problem}"


def _image(container: Container, task: Node, graph: Graph, *, copied: bool) -> Iterable[str]:
    image = container.properties.text("image")
    found = _IMAGE.fullmatch(image or "")
    if found is None:
        yield f"image is {image or 'not given'}, not <registry>/<repository>:<tag>"
        return
    tag, is_exact = found["tag"], found["digest"] is not None
    if not is_exact and (tag is None or tag.lower() == "latest"):
        yield f"image is {image}, which is another one after each push"
    if container.is_sidecar and _OBSERVABILITY.fullmatch(f"{found['registry']}/{found['repository']}"):
        if not is_exact and not _FULL_VERSION.fullmatch(tag or ""):
            yield f"image is {image}, whose tag is no full version"
        return
    region = region_of(task)
    if found["registry"] not in [f"{account}.dkr.ecr.{region}.amazonaws.com" for account in own_accounts(task)]:
        yield f"image is {image}, not from the registry of this account and region"
    elif copied and _COPIED.fullmatch(found["repository"]):
        return
    elif not [node for node in graph.of_type(REPOSITORY) if _is_called(node, found["repository"], region)]:
        yield f"image is {image}, from no repository of this stack"


def _is_called(repository: Node, name: str, region: str | None) -> bool:
    return known_text(repository, "name") == name and region_of(repository) == region


def _immutable(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (mutability := properties.text("imageTagMutability")) != "IMMUTABLE":
        yield f"imageTagMutability is {mutability or 'not given'}, not IMMUTABLE"
    if properties.given("imageTagMutabilityExclusionFilters"):
        yield "imageTagMutabilityExclusionFilters are given, for tags that may move"


def _scanned(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("imageScanningConfiguration.scanOnPush"):
        yield "imageScanningConfiguration.scanOnPush is not true"


def _kept(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("forceDelete"):
        yield "forceDelete is true, so that its images go with it"


def _encrypted(repository: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    kinds = [block.text("encryptionType") for block in repository.properties.blocks("encryptionConfigurations")]
    if kinds not in (["KMS"], ["KMS_DSSE"]):
        yield f"encryptionConfigurations say {', '.join(map(str, kinds)) or 'nothing'}, not KMS"
    elif not repository.refers("encryptionConfigurations", *KEYS):
        yield "encryptionConfigurations refer to no key of this stack"


def _cleaned(repository: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    policies = repository.referrers("repository", _LIFECYCLE_POLICY)
    if not any(_expires(policy.properties) for policy in policies):
        yield "no lifecycle policy of this stack lets its images expire"


def _expires(properties: Properties) -> bool:
    return any(rule.text("action.type") == "expire" for rule in _rules(properties))


def _rules(properties: Properties) -> list[Properties]:
    text = properties.text("policy")
    try:
        rules: Any = json.loads(text or "{}").get("rules")
    except (ValueError, AttributeError):
        raise MalformedError("policy of a lifecycle policy", text, "a JSON object with rules") from None
    return Properties({"rules": rules}).blocks("rules")


def _releases_kept(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for rule in _rules(properties):
        kind, count = rule.text("selection.countType"), rule.number("selection.countNumber")
        if rule.text("selection.tagStatus") == "untagged" or rule.text("action.type") != "expire":
            continue
        if kind != "imageCountMoreThan":
            yield f"images with a tag expire by {kind}, though they may still run"
        elif count is None or count < _RELEASES:
            yield f"{'no' if count is None else f'{count:g}'} images with a tag are kept, not {_RELEASES} or more"


def _private(_type: str, _: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield "it is a public repository, from which everybody may pull"


IMAGE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="container-images-pinned",
        title="Images come from repositories of the stack, by a tag that stays or by digest",
        clauses=("dr-ecr-immutable",),
        severity="high",
        types=frozenset({TASK_DEFINITION}),
        check=_pinned,
        options={
            "copied": Option(
                {"type": "boolean"}, False, "Whether images are copies here, in repositories of the primary's stack."
            )
        },
        remediation=(
            "Set compute.imageTag to a tag other than latest, or imageDigest. A sidecar may come from "
            "public.ecr.aws/aws-observability, by its full version."
        ),
    ),
    ResourceGuardrail(
        id="repositories-immutable",
        title="Tags of images stay where they are",
        clauses=("dr-ecr-immutable",),
        severity="high",
        types=frozenset({REPOSITORY}),
        check=_immutable,
        controls=("ECR.2", "CKV_AWS_51", "ecr_repositories_tag_immutability"),
        remediation="Set imageTagMutability to IMMUTABLE, without exclusions.",
    ),
    ResourceGuardrail(
        id="repositories-scanned",
        title="Images are scanned when they are pushed",
        clauses=("dr-ecr-immutable",),
        severity="medium",
        types=frozenset({REPOSITORY}),
        check=_scanned,
        controls=("ECR.1", "CKV_AWS_163", "AwsSolutions-ECR1", "ecr_repositories_scan_images_on_push_enabled"),
        remediation="Set imageScanningConfiguration.scanOnPush to true.",
    ),
    ResourceGuardrail(
        id="repositories-kept",
        title="A repository that holds images can't be deleted",
        clauses=("dr-ecr-immutable",),
        severity="high",
        types=frozenset({REPOSITORY}),
        check=_kept,
        remediation="Leave forceDelete out.",
    ),
    StackGuardrail(
        id="repositories-encrypted",
        title="Repositories are encrypted with a key of the stack",
        clauses=("enc-rest-others", "enc-kms", "dr-ecr-immutable"),
        severity="medium",
        types=frozenset({REPOSITORY}),
        check=_encrypted,
        controls=("CKV_AWS_136",),
        remediation="Give encryptionConfigurations of type KMS, with the ARN of a key of the SecurityLayer.",
    ),
    StackGuardrail(
        id="repositories-cleaned",
        title="Images that nobody needs expire",
        clauses=("dr-ecr-immutable",),
        severity="low",
        types=frozenset({REPOSITORY}),
        check=_cleaned,
        controls=("ECR.3",),
        remediation="Declare a LifecyclePolicy for the repository, with a rule whose action is expire.",
    ),
    ResourceGuardrail(
        id="repositories-keep-releases",
        title="Images that run, or that a deployment is taken back to, don't expire",
        clauses=("dr-ecr-immutable", "compute-rollback"),
        severity="high",
        types=frozenset({_LIFECYCLE_POLICY}),
        check=_releases_kept,
        remediation="Leave compute.keptImages out, or keep 5 images or more; only untagged ones expire by their age.",
    ),
    ResourceGuardrail(
        id="repositories-private",
        title="Images are not public",
        clauses=("dr-ecr-immutable",),
        severity="critical",
        types=frozenset({_PUBLIC_REPOSITORY}),
        check=_private,
        remediation="Declare an aws.ecr.Repository instead.",
    ),
)
