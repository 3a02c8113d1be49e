"""What no role of the stack may do, and who takes none of them on."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import own_accounts, region_of
from guardrails.reading import UnreadableError, as_texts
from guardrails.security_layer.resource_policies import BUCKET, conditions_of

_ROLE = "aws:iam/role:Role"
_POLICIES = frozenset({"aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"})
_READS = re.compile(r"[a-z0-9-]+:(?:batchget|describe|get|list)[a-z]*\*?|kms:(?:generatedatakey|reencrypt)\*")
_NARROW_SIGNS = re.compile(r"[*?]")

_GRANTS_MORE = (
    "iam:add*",
    "iam:attach*",
    "iam:create*",
    "iam:delete*",
    "iam:detach*",
    "iam:put*",
    "iam:set*",
    "iam:update*",
    "iam:upload*",
    "lambda:addpermission",
    "lambda:updatefunctioncode",
    "organizations:*",
    "account:*",
)
_HIDES_TRACES = (
    "cloudtrail:delete*",
    "cloudtrail:put*",
    "cloudtrail:stop*",
    "cloudtrail:update*",
    "config:delete*",
    "config:stop*",
    "ec2:deleteflowlogs",
    "guardduty:delete*",
    "guardduty:update*",
    "logs:deletelog*",
    "logs:deleteretentionpolicy",
    "logs:disassociatekmskey",
    "logs:putretentionpolicy",
    "securityhub:disable*",
)
_LOCKS_OUT = ("kms:disablekey*", "kms:putkeypolicy", "kms:schedulekeydeletion", "secretsmanager:putresourcepolicy")
_NEVER = (*_GRANTS_MORE, *_HIDES_TRACES, *_LOCKS_OUT)
"""Actions by which whoever takes a role on gets more than it has, or takes away what tells of it."""
_HANDS_ON = ("iam:passrole", "sts:assumerole")
_LAYERS = re.compile(r"prod-[a-z0-9-]+-starport-layer-bucket")
"""Where ECR keeps layers of images.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
"""


def _grants(policy: Node) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield the words for, the actions and the resources of each statement that allows something by name."""
    for statement in policy.properties.statements("policy"):
        if statement.get("Effect") != "Deny" and "Action" in statement:
            name = f"statement {statement.get('Sid', '')!r} of its policy"
            yield name, as_texts(statement["Action"]), as_texts(statement.get("Resource", "*"))


def _meet(pattern: str, other: str) -> bool:
    return fnmatchcase(pattern, other) or fnmatchcase(other, pattern)


def _harmless(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for name, actions, resources in _grants(policy):
        for action in actions:
            written = action.lower()
            if any(_meet(written, forbidden) for forbidden in _NEVER):
                yield f"{name} allows {action}, by which a role gets more than it is given or hides what it did"
            elif any(_meet(written, one) for one in _HANDS_ON) and any(
                _NARROW_SIGNS.search(resource) for resource in resources
            ):
                yield f"{name} allows {action} on {', '.join(resources)}, not on one role by its whole name"
            elif _NARROW_SIGNS.search(written) and not _READS.fullmatch(written):
                yield f"{name} allows {action}, of which nobody can tell what it will be"


def _own_buckets(policy: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    own = {known_text(bucket, "bucket") for bucket in graph.of_type(BUCKET)}
    copies = _copies(policy, relaxations)
    for name, _actions, resources in _grants(policy):
        for resource in resources:
            parts = resource.split(":", 5)
            if len(parts) < 6 or parts[2] != "s3" or parts[4]:
                continue
            bucket = parts[5].partition("/")[0]
            if bucket not in own and not _LAYERS.fullmatch(bucket) and not copies.fullmatch(bucket):
                yield f"{name} names {resource}, which is no bucket of this stack"


def _copies(policy: Node, relaxations: Relaxations) -> re.Pattern[str]:
    """Return the names of buckets here that a primary fills: of this account and region, for what is copied."""
    kinds = "|".join(relaxations.texts("copied"))
    if not kinds:
        return re.compile(r"(?!)")
    return re.compile(rf"fitness-platform-({kinds})-[a-z0-9]+-({'|'.join(own_accounts(policy))})-{region_of(policy)}")


def _by_one_role(statement: dict[str, Any]) -> bool:
    """Return whether a condition leaves one role, by its whole name: a principal must exist before it can be named."""
    return any(
        (operator, key) in (("ArnEquals", "aws:principalarn"), ("StringEquals", "aws:principalarn"))
        and bool(values)
        and all(":role/" in value and not _NARROW_SIGNS.search(value) for value in values)
        for operator, key, values in conditions_of(statement)
    )


def _for_services(role: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    try:
        statements = role.properties.statements("assumeRolePolicy")
    except UnreadableError:
        return  # roles-trusted-narrowly says so
    for statement in statements:
        principal: Any = statement.get("Principal")
        if statement.get("Effect") == "Deny" or not isinstance(principal, dict) or _by_one_role(statement):
            continue
        if others := [name for kind, names in principal.items() if kind != "Service" for name in as_texts(names)]:
            yield f"{', '.join(others)} may take it on, while roles are for services of AWS or for one role by name"


GRANT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="permissions-not-growing",
        title="No role may give itself more, hide what it did, or do what wildcards will stand for one day",
        clauses=("dr-config-secrets-manager", "enc-kms"),
        severity="critical",
        types=_POLICIES,
        check=_harmless,
        controls=(
            "KMS.2",
            "CKV_AWS_286",
            "CKV_AWS_287",
            "CKV_AWS_289",
            "iam_inline_policy_allows_privilege_escalation",
            "iam_policy_allows_privilege_escalation",
        ),
        remediation="Name the actions that the role needs, and for iam:PassRole the one role that it passes on.",
    ),
    StackGuardrail(
        id="permissions-on-own-buckets",
        title="Roles read and write buckets of the stack, by their whole names",
        clauses=("dr-config-secrets-manager", "media-public-access-blocked"),
        severity="high",
        types=_POLICIES,
        check=_own_buckets,
        options={
            "copied": Option(
                {"type": "array", "items": {"enum": ["videos", "images", "documents", "backups"]}},
                [],
                "Buckets, by what they hold, that are copies here and the primary's stack declares.",
            )
        },
        controls=("CKV_AWS_288",),
        remediation="Build the ARN from the name of a bucket that the stack declares.",
    ),
    StackGuardrail(
        id="roles-for-services-only",
        title="Roles of the stack are taken on by services of AWS, or by one role by its whole name",
        clauses=("dr-config-secrets-manager",),
        severity="high",
        types=frozenset({_ROLE}),
        check=_for_services,
        remediation="Name the one service that uses the role, or bound aws:PrincipalArn to one role.",
    ),
)
