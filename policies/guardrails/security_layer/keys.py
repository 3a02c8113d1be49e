"""Clause enc-kms: keys are the stack's own, rotate, and outlive a mistake."""

from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, UnreadableError, as_texts

KEY = "aws:kms/key:Key"
_ALIAS = "aws:kms/alias:Alias"
REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"
_DEFAULT_WINDOW = 30
_SYMMETRIC, _ENCRYPTS = "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"
_YEAR = 365  # how often AWS rotates a key where no period is given


def _rotates(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("enableKeyRotation"):
        yield "enableKeyRotation is not true, so that its material stays the same forever"
    if (days := properties.number("rotationPeriodInDays")) is not None and days > _YEAR:
        yield f"rotationPeriodInDays is {days:g}, more than {_YEAR}"
    if not properties.flag_or("isEnabled", True):
        yield "isEnabled is false, so that what it encrypts can't be read"
    if (spec := properties.text("customerMasterKeySpec") or _SYMMETRIC) != _SYMMETRIC:
        yield f"customerMasterKeySpec is {spec}, whose material AWS never rotates"
    if (usage := properties.text("keyUsage") or _ENCRYPTS) != _ENCRYPTS:
        yield f"keyUsage is {usage}, so that it encrypts nothing"
    for key in ("customKeyStoreId", "xksKeyId"):
        if properties.given(key):
            yield f"{key} is given, so that its material is kept where AWS can't rotate it"


def _deleted_late(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    days = properties.number("deletionWindowInDays")
    if days is not None and days < minimum:
        yield f"it can be brought back for {days:g} days after its deletion, not {minimum:g}"


def _has_policy(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.statements("policy"):
        yield "it has no policy, so that AWS gives it a default one that nobody has read"
    if properties.flag("bypassPolicyLockoutSafetyCheck"):
        yield "bypassPolicyLockoutSafetyCheck is true, so that its policy may lock out everybody for good"


def _governed(key: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    try:
        statements = key.properties.statements("policy")
    except UnreadableError:
        return  # keys-have-policies and resource-policies-scoped say so
    roots = {f"arn:aws:iam::{account}:root" for account in own_accounts(key)} | own_accounts(key)
    if statements and not any(_leaves_to_iam(statement, roots) for statement in statements):
        yield "no statement of its policy leaves it to IAM of the account, so that nobody can mend the policy"
    if any(_shuts_out(statement) for statement in statements):
        yield "a statement of its policy denies it to everybody"


def _leaves_to_iam(statement: dict[str, Any], roots: set[str]) -> bool:
    principal = statement.get("Principal")
    return (
        statement.get("Effect") == "Allow"
        and isinstance(principal, dict)
        and not roots.isdisjoint(as_texts(principal.get("AWS", [])))
        and any(action.lower() in ("*", "kms:*") for action in as_texts(statement.get("Action", [])))
        and not statement.get("Condition")
    )


def _shuts_out(statement: dict[str, Any]) -> bool:
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not statement.get("Condition")
    )


def _inside(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in policy.refers("keyId", KEY, REPLICA_KEY):
        yield f"{key.name} has a policy already, which fights with this one"


def _of_stack(alias: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not alias.refers("targetKeyId", KEY, REPLICA_KEY):
        yield "targetKeyId refers to no key of this stack, while roles may use what goes by this name"


KEY_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="keys-rotate",
        title="Keys are enabled and rotate every year",
        clauses=("enc-kms",),
        severity="medium",
        types=frozenset({KEY}),
        check=_rotates,
        controls=("KMS.4", "CIS 3.6", "CKV_AWS_7", "AwsSolutions-KMS5", "kms_cmk_rotation_enabled"),
        remediation="Set enableKeyRotation, and leave isEnabled and rotationPeriodInDays out.",
    ),
    ResourceGuardrail(
        id="keys-deleted-late",
        title="A deleted key can be brought back for 30 days",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset({KEY, REPLICA_KEY}),
        check=_deleted_late,
        controls=("KMS.3",),
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 7, "maximum": _DEFAULT_WINDOW},
                _DEFAULT_WINDOW,
                "Days for which a deleted key can be brought back at least.",
            )
        },
        remediation="Leave security.keyDeletionDays out, or set it to 30.",
    ),
    ResourceGuardrail(
        id="keys-have-policies",
        title="Every key says by a policy who may use it, which locks nobody out for good",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset({KEY, REPLICA_KEY}),
        check=_has_policy,
        remediation=(
            "Give the key a policy that leaves it to IAM of the account and AWS services what they need, and leave "
            "bypassPolicyLockoutSafetyCheck out."
        ),
    ),
    StackGuardrail(
        id="keys-governed-by-iam",
        title="Every key is left to IAM of the account, and denied to nobody who needs it",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset({KEY, REPLICA_KEY}),
        check=_governed,
        remediation="Let the key's policy allow kms:* to the account's root, and deny nothing without a condition.",
    ),
    StackGuardrail(
        id="key-policies-inside",
        title="Policies of keys are part of the key",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset({"aws:kms/keyPolicy:KeyPolicy"}),
        check=_inside,
        remediation="Write what the key's policy should say into the key itself.",
    ),
    StackGuardrail(
        id="key-aliases-of-stack",
        title="Aliases are names of keys that the stack declares",
        clauses=("enc-kms",),
        severity="high",
        types=frozenset({_ALIAS}),
        check=_of_stack,
        remediation="Pass the id of a key of the stack as targetKeyId.",
    ),
)
