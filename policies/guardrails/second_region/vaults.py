"""Clause dr-db-cross-region-copies: whoever can delete backups here can't delete their copies there."""

from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.provider import VAULT, is_far, own_accounts, region_of
from guardrails.reading import as_texts
from guardrails.security_layer.mfa import denies_without_mfa, has_exceptions

_LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
_POLICY = "aws:backup/vaultPolicy:VaultPolicy"
_DAYS = 35
_OF_COPIES = frozenset({"backup:deleterecoverypoint", "backup:updaterecoverypointlifecycle"})
_OF_PROTECTION = frozenset(
    {
        "backup:deletebackupvaultaccesspolicy",
        "backup:deletebackupvaultlockconfiguration",
        "backup:putbackupvaultaccesspolicy",
        "backup:putbackupvaultlockconfiguration",
    }
)


def _companions(vault: Node, type_: str) -> list[Node]:
    """Return what is of a vault and in its region: names are enough for AWS, in whichever region it looks."""
    return [node for node in vault.referrers("backupVaultName", type_) if region_of(node) == region_of(vault)]


def _locked(vault: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_far(vault):
        return
    locks = _companions(vault, _LOCK)
    if len(locks) != 1:
        yield f"{len(locks) or 'no'} locks of this stack are its in its region, not 1"
    for lock in locks:
        if (days := lock.properties.number("minRetentionDays") or 0) < _DAYS:
            yield f"{lock.name} keeps copies from being deleted for {days:g} days, not {_DAYS} or more"


def _with_mfa(vault: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_far(vault):
        return
    policies = _companions(vault, _POLICY)
    if len(policies) != 1:
        yield f"{len(policies) or 'no'} policies of this stack are its in its region, not 1"
        return
    statements = policies[0].properties.statements("policy")
    of_everybody, of_most = set[str](), set[str]()
    for statement in statements:
        if denies_without_mfa(statement, own_accounts(vault)) and _everywhere(statement):
            actions = {action.lower() for action in as_texts(statement.get("Action", []))}
            of_most |= actions
            of_everybody |= set() if has_exceptions(statement) else actions
    for wanted, denied, what in (
        (_OF_COPIES, of_everybody, "deletes copies"),
        (_OF_PROTECTION, of_most, "changes what protects them"),
    ):
        if missing := wanted - denied:
            yield f"{policies[0].name} doesn't deny whoever {what} without MFA: {', '.join(sorted(missing))}"


def _everywhere(statement: dict[str, Any]) -> bool:
    return as_texts(statement.get("Resource", [])) == ["*"]


VAULT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="copies-locked",
        title="No copy of a backup can be deleted within 35 days",
        clauses=("dr-db-cross-region-copies", "dr-db-35d"),
        severity="high",
        types=frozenset({VAULT}),
        check=_locked,
        remediation="Leave standby.lockMode and standby.backupDays out.",
    ),
    StackGuardrail(
        id="copies-deleted-with-mfa",
        title="Nobody deletes copies of backups, or takes their protection off, without MFA",
        clauses=("dr-db-cross-region-copies",),
        severity="high",
        types=frozenset({VAULT}),
        check=_with_mfa,
        remediation=(
            "Let the vault's policy deny everybody what deletes recovery points, and everybody but the role that "
            "deploys what changes its lock and policy, where BoolIfExists aws:MultiFactorAuthPresent is false."
        ),
    ),
)
