"""What MediaConvert may do in the stack's name: read masters, write renditions, and nothing besides."""

from collections.abc import Iterable, Iterator
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import as_texts
from guardrails.security_layer.resource_policies import conditions_of

ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_POLICY = "aws:iam/policy:Policy"
_MEDIACONVERT = "mediaconvert.amazonaws.com"
_PLACES = {"s3:getobject": "/masters/", "s3:putobject": "/renditions/"}
_KEY_USES = frozenset({"kms:decrypt", "kms:generatedatakey"})
_VIDEOS = "arn:aws:s3:::fitness-platform-videos-"


def is_transcoder(role: Node) -> bool:
    """Return whether MediaConvert may take a role on."""
    return any(
        _MEDIACONVERT in as_texts(statement["Principal"].get("Service", []))
        for statement in role.properties.statements("assumeRolePolicy")
        if statement.get("Effect") == "Allow" and isinstance(statement.get("Principal"), dict)
    )


def _scoped(role: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_transcoder(role):
        return
    for policy in role.referrers("role", _ROLE_POLICY):
        for statement in policy.properties.statements("policy"):
            if statement.get("Effect") != "Deny":
                for problem in _wide(statement):
                    yield f"statement {statement.get('Sid', '')!r} of {policy.name} {problem}"


def _wide(statement: dict[str, Any]) -> Iterator[str]:
    resources = as_texts(statement.get("Resource", "*"))
    for action in as_texts(statement.get("Action", "*")):
        place = _PLACES.get(action.lower())
        if place is None and action.lower() not in _KEY_USES:
            yield f"allows {action}, which encoding doesn't need"
        elif place and (others := [one for one in resources if not _is_below(one, place)]):
            yield f"allows {action} on {', '.join(others)}, not only below {place.strip('/')}/ of videos"


def _is_below(resource: str, place: str) -> bool:
    bucket, slash, _ = resource.partition("/")
    return bool(slash) and bucket.startswith(_VIDEOS) and "*" not in bucket and resource.startswith(f"{bucket}{place}")


def _passed(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    accounts = own_accounts(policy)
    for statement in policy.properties.statements("policy"):
        if statement.get("Effect") == "Deny" or not _passes(statement):
            continue
        for resource in as_texts(statement.get("Resource", "*")):
            if not _names_role(resource, accounts):
                yield f"it may pass {resource}, which names no role of this account"
        if not any(_names_service(*condition) for condition in conditions_of(statement)):
            yield "it may pass a role to any service: iam:PassedToService names none"


def _passes(statement: dict[str, Any]) -> bool:
    return any(action.lower() in ("iam:passrole", "iam:pass*") for action in as_texts(statement.get("Action", [])))


def _names_role(resource: str, accounts: set[str]) -> bool:
    parts = resource.split(":", 5)
    return (
        len(parts) == 6
        and parts[:4] == ["arn", "aws", "iam", ""]
        and parts[4] in accounts
        and parts[5].startswith("role/")
        and not any(sign in parts[5] for sign in "*?")
    )


def _names_service(operator: str, key: str, values: list[str]) -> bool:
    return operator == "StringEquals" and key == "iam:passedtoservice" and len(values) == 1


TRANSCODER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="transcoder-scoped",
        title="MediaConvert reads masters and writes renditions, and may do nothing else",
        clauses=("media-mediaconvert", "media-hls-dash"),
        severity="high",
        types=frozenset({ROLE}),
        check=_scoped,
        controls=("CKV_AWS_355", "CKV_AWS_290"),
        remediation="Allow s3:GetObject below masters/ and s3:PutObject below renditions/ of the videos' bucket.",
    ),
    StackGuardrail(
        id="roles-passed-narrowly",
        title="Who may pass a role may pass one by name, to one service",
        clauses=("media-mediaconvert", "dr-config-secrets-manager"),
        severity="high",
        types=frozenset({_ROLE_POLICY, _POLICY}),
        check=_passed,
        controls=("CKV_AWS_286",),
        remediation="Name the role's ARN, and give the statement a condition on iam:PassedToService.",
    ),
)
