import json

from guardrails.security_layer import SECURITY_GUARDRAILS
from tests.policies.breaking import Case, Change, add, at, cases, chain, edit, provide
from tests.policies.compute_cluster.stack import (
    ACCOUNT,
    APP,
    PREFIX,
    REGION,
    SIDECAR,
    TASK,
    broken,
    broken_containers,
    container,
    violations,
)
from tests.policies.database_layer.stack import not_of_stack
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_PINNED, _RELEASES = "container-images-pinned", "repositories-keep-releases"
_REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
_AUTH = f"{_REGISTRY}/{PREFIX}/auth"
_DIGEST = "@sha256:" + "0123456789abcdef" * 4
_COLLECTOR = "public.ecr.aws/aws-observability/aws-otel-collector"


def _rule(tags: str, kind: str, count: object) -> dict[str, object]:
    selection = {"tagStatus": tags, "countType": kind, "countNumber": count}
    return {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}


_REPOSITORY, _RULES = "aws:ecr/repository:Repository", "more-rules"
_INPUTS = {
    "name": "more",
    "imageTagMutability": "IMMUTABLE",
    "imageScanningConfiguration": {"scanOnPush": True},
    "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": UNKNOWN}],
}
_EXPIRING = {"rules": [_rule("any", "imageCountMoreThan", 5), _rule("untagged", "sinceImagePushed", 1)]}
# The stack's own are named like their lifecycle policies, so that one more is easier to speak of.
_repository = chain(
    add(_REPOSITORY, "more", _INPUTS, encryptionConfigurations=["security-data-key"]),
    add(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        _RULES,
        {"repository": UNKNOWN, "policy": json.dumps(_EXPIRING)},
        repository=["more"],
    ),
)


def _of_repository(made: dict[str, Case]) -> dict[str, Case]:
    return {
        f"repository, {name}": Case(chain(_repository, case.change), case.violations) for name, case in made.items()
    }


def _repository_policy(principal: object) -> Change:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage"}
    return chain(
        add("aws:ecr/repositoryPolicy:RepositoryPolicy", "lets-in", {"policy": json.dumps({"Statement": [statement]})}),
        provide("lets-in"),
    )


ACCEPTED: dict[str, Change] = {
    "digest": container(TASK, APP, "image", _AUTH + _DIGEST),
    "tag and digest": container(TASK, APP, "image", f"{_AUTH}:latest{_DIGEST}"),
    "tag of a commit": container(TASK, APP, "image", f"{_AUTH}:4f1c2d9"),
    "sidecar by digest": container(TASK, SIDECAR, "image", _COLLECTOR + _DIGEST),
    "sidecar of its own kind": container(TASK, SIDECAR, "image", "public.ecr.aws/aws-observability/xray:3.3.7"),
    "sidecar from the own registry": container(TASK, SIDECAR, "image", f"{_AUTH}:1.0.0"),
    "another repository": _repository,
    "encrypted twice": chain(
        _repository,
        add(
            _REPOSITORY,
            "twice",
            {**_INPUTS, "encryptionConfigurations": [{"encryptionType": "KMS_DSSE", "kmsKey": UNKNOWN}]},
            encryptionConfigurations=["security-data-key"],
        ),
        add(
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "twice-rules",
            {"repository": UNKNOWN, "policy": json.dumps(_EXPIRING)},
            repository=["twice"],
        ),
    ),
    "kept, spelt out": chain(_repository, edit("more", forceDelete=False)),
}

REJECTED: dict[str, Case] = {
    **broken_containers(
        _PINNED,
        APP,
        "image",
        None,
        "",
        7,
        "auth",
        _AUTH,
        f"{_AUTH}:latest",
        f"{_AUTH}:Latest",
        f"{_AUTH}:",
        f"{_AUTH}@sha256:123",
        f"{_REGISTRY}/{PREFIX}/nobody:1.0.0",
        f"{_REGISTRY}/auth:1.0.0",
        f"{_AUTH.replace(ACCOUNT, '999988887777')}:1.0.0",
        f"{_AUTH.replace(REGION, 'eu-west-1')}:1.0.0",
        f"{_AUTH.replace('amazonaws.com', 'amazonaws.com.example')}:1.0.0",
        f"x/{_AUTH}:1.0.0",
        "nginx:1.27.0",
        "docker.io/library/nginx:1.27.0",
        "ghcr.io/fitness/auth:1.0.0",
        f"{_COLLECTOR}:v0.48.0",
    ),
    **broken_containers(
        _PINNED,
        SIDECAR,
        "image",
        _COLLECTOR,
        f"{_COLLECTOR}:latest",
        f"{_COLLECTOR}:v0",
        f"{_COLLECTOR}:v0.48",
        "public.ecr.aws/other/aws-otel-collector:v0.48.0",
        "public.ecr.aws/aws-observability.example/x:v0.48.0",
        "docker.io/amazon/aws-otel-collector:v0.48.0",
    ),
    **_of_repository(
        broken(
            "repositories-immutable",
            "more",
            "imageTagMutability",
            None,
            "MUTABLE",
            "IMMUTABLE_WITH_EXCLUSION",
            UNKNOWN,
            7,
        )
        | broken("repositories-immutable", "more", "imageTagMutabilityExclusionFilters", [{"filter": "dev*"}], UNKNOWN)
        | broken("repositories-scanned", "more", "imageScanningConfiguration", None, {}, {"scanOnPush": False}, UNKNOWN)
        | broken(
            "repositories-scanned",
            "more",
            "imageScanningConfiguration",
            {"scanOnPush": UNKNOWN},
            {"scanOnPush": "true"},
        )
        | broken("repositories-kept", "more", "forceDelete", True, UNKNOWN, "false")
        | broken(
            "repositories-encrypted",
            "more",
            "encryptionConfigurations",
            None,
            [],
            UNKNOWN,
            [{"encryptionType": "AES256"}],
        )
        | broken("repositories-encrypted", "more", "encryptionConfigurations", [{"encryptionType": "KMS"}])
        | not_of_stack("repositories-encrypted", "more", "encryptionConfigurations", "security-alerts-warning")
        | {
            f"rules {value!r}": Case(edit(_RULES, policy=value), at("repositories-cleaned", "more"))
            for value in (None, "{}", '{"rules": [{"action": {"type": "keep"}}]}')
        }
        | {
            f"rules {value!r}": Case(
                edit(_RULES, policy=value), at("repositories-cleaned", "more") | at(_RELEASES, _RULES)
            )
            for value in (UNKNOWN, "[]", "{", '{"rules": [1]}', 7)
        }
        | {
            f"rule {rule!r}": Case(edit(_RULES, policy=json.dumps({"rules": [rule]})), at(_RELEASES, _RULES))
            for rule in (
                _rule("any", "imageCountMoreThan", 4),
                _rule("tagged", "imageCountMoreThan", 1),
                _rule("any", "imageCountMoreThan", None),
                _rule("any", "sinceImagePushed", 30),
                _rule("tagged", "sinceImagePulled", 1),
                _rule("any", "imageCountMoreThan", "50"),
            )
        }
        | {"rules of another": Case(edit(_RULES, repository="auth"), at("repositories-cleaned", "more"))}
    ),
    "public repository": Case(
        add("aws:ecrpublic/repository:Repository", "more", {"repositoryName": "auth"}),
        at("repositories-private", "more"),
    ),
}


def test_policies_of_repositories_let_in_the_own_account_only() -> None:
    for principal, found in (
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, set[tuple[str, str]]()),
        ("*", at("resource-policies-scoped", "lets-in")),
        ({"AWS": "999988887777"}, at("resource-policies-scoped", "lets-in")),
    ):
        topology = _repository_policy(principal)(recorded("prod"))
        assert violations(topology, of=SECURITY_GUARDRAILS) == found


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
