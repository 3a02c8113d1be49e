"""Clause dr-db-daily-snapshots: AWS Backup keeps a second, independent copy of the database."""

import re
from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, KEYS, primaries, takes_over
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import VAULT, own_accounts, region_of
from guardrails.reading import Properties, UndecidedError

PLAN = "aws:backup/plan:Plan"
_SELECTION = "aws:backup/selection:Selection"
_EXCEPT = ("notResources", "conditions")
"""What may take out of a selection again what it names."""
_DAYS = 35
_DAILY = re.compile(r"cron\(\S+ \S+ [*?] \* [*?] \*\)")


def _planned(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not takes_over(instance):
        return
    selections = [found for found in instance.referrers("resources", _SELECTION) if found.refers("planId", PLAN)]
    if not selections:
        yield "no selection of a backup plan of this stack refers to it"
    elif not any(_selects_all(selection.properties) for selection in selections):
        yield f"{selections[0].name} selects it only as long as {' and '.join(_EXCEPT)} let it"


def _selects_all(selection: Properties) -> bool:
    return not any(selection.given(key) for key in _EXCEPT)


def _backs_up_database(plan: Node) -> bool:
    return any(primaries(selection.refers("resources", INSTANCE)) for selection in plan.referrers("planId", _SELECTION))


def rules_of(plan: Node) -> list[tuple[str, Properties]]:
    """Return the rules of a plan by name, where it is one for a database."""
    if not _backs_up_database(plan):
        return []
    return [(rule.text("ruleName") or "a rule", rule) for rule in plan.properties.blocks("rules")]


def _kept(plan: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    for name, rule in rules_of(plan):
        days = rule.number("lifecycle.deleteAfter")
        if days is None:
            yield f"{name} does not say by lifecycle.deleteAfter for how long snapshots are kept"
        elif days < minimum:
            yield f"{name} keeps snapshots for {days:g} days, not {minimum:g}"


def _daily(plan: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _backs_up_database(plan):
        return
    schedules = [rule.text("schedule") or "not given" for _, rule in rules_of(plan)]
    if not any(_DAILY.fullmatch(schedule) for schedule in schedules):
        yield f"no rule takes a snapshot every day; schedule is {', '.join(schedules) or 'not given'}"


def _snapshots_only(plan: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for name, rule in rules_of(plan):
        if rule.flag("enableContinuousBackup"):
            yield f"{name} has enableContinuousBackup, which sets retention and window of the database anew"


def _own_vault(plan: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    yield from _strange_copies(plan)
    vaults = [vault for vault in plan.refers("rules", VAULT) if region_of(vault) == region_of(plan)]
    if _backs_up_database(plan) and not vaults:
        yield "its rules refer to no vault of this stack in its region"
        return
    names = [known_text(vault, "name") for vault in vaults]
    for name, rule in rules_of(plan):
        try:
            target = rule.text("targetVaultName")
        except UndecidedError:
            continue  # it is what refers to a vault of the stack
        if target is None or target not in names:
            yield f"{name} puts snapshots into {target}, no vault of this stack"


def _strange_copies(plan: Node) -> Iterable[str]:
    for rule in plan.properties.blocks("rules"):
        for copied in rule.blocks("copyActions"):
            arn = copied.text("destinationVaultArn") or ""
            if arn.split(":")[4:5] not in [[own] for own in own_accounts(plan)]:
                yield f"{rule.text('ruleName')} copies snapshots to {arn or 'nowhere'}, no vault of this account"


def _vault_encrypted(vault: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not vault.refers("kmsKeyArn", *KEYS):
        yield "kmsKeyArn refers to no key of this stack"


def _vault_kept(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("forceDestroy"):
        yield "forceDestroy is true, so that snapshots go with the stack"


BACKUP_PLAN_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-in-backup-plan",
        title="A backup plan of the stack takes snapshots of the primary",
        clauses=("dr-db-daily-snapshots",),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_planned,
        controls=("RDS.26", "rds_instance_protected_by_backup_plan", "backup_plans_exist"),
        remediation="Select the ARN of the instance for a backup plan of the stack.",
    ),
    StackGuardrail(
        id="database-plan-keeps",
        title="Snapshots of a backup plan are kept as long as backups",
        clauses=("dr-db-daily-snapshots", "db-backup-35d"),
        severity="medium",
        types=frozenset({PLAN}),
        check=_kept,
        options={
            "minimumDays": Option({"type": "integer", "minimum": 1}, _DAYS, "Days that snapshots are kept at least."),
        },
        remediation="Leave database.backupRetentionDays out, or set it to 35.",
    ),
    StackGuardrail(
        id="database-plan-daily",
        title="A backup plan takes a snapshot of the database every day",
        clauses=("dr-db-daily-snapshots",),
        severity="medium",
        types=frozenset({PLAN}),
        check=_daily,
        remediation="Give a rule a schedule such as cron(0 4 * * ? *).",
    ),
    StackGuardrail(
        id="database-plan-snapshots-only",
        title="A backup plan leaves retention and window of the database to RDS",
        clauses=("dr-db-daily-snapshots", "db-backup-window"),
        severity="medium",
        types=frozenset({PLAN}),
        check=_snapshots_only,
        remediation="Leave enableContinuousBackup out.",
    ),
    StackGuardrail(
        id="database-plan-vault",
        title="Snapshots of the database are put into a vault of the stack",
        clauses=("dr-db-daily-snapshots", "enc-rest-rds"),
        severity="medium",
        types=frozenset({PLAN}),
        check=_own_vault,
        remediation="Pass the name of a vault of the stack as targetVaultName.",
    ),
    StackGuardrail(
        id="backup-vaults-encrypted",
        title="Vaults of backups are encrypted with a key of the stack",
        clauses=("enc-rest-rds", "enc-kms"),
        severity="high",
        types=frozenset({VAULT}),
        check=_vault_encrypted,
        controls=("Backup.1", "CKV_AWS_166", "backup_vaults_encrypted"),
        remediation="Pass the ARN of the SecurityLayer's data key as kmsKeyArn.",
    ),
    ResourceGuardrail(
        id="backup-vaults-kept",
        title="Vaults that hold backups are not deleted with the stack",
        clauses=("dr-db-daily-snapshots",),
        severity="high",
        types=frozenset({VAULT}),
        check=_vault_kept,
        remediation="Leave forceDestroy out.",
    ),
)
