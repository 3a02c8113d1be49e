"""Clauses dr-db-35d and dr-db-cross-region-copies: the database's backups, by RDS and by AWS Backup, elsewhere."""

from collections.abc import Iterable, Iterator

from guardrails.database_layer.backup_plan import PLAN, rules_of
from guardrails.database_layer.resources import INSTANCE, KEYS, is_replica
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.observability_layer.watches import GREATER, Watch, is_watched
from guardrails.placement import known_text
from guardrails.provider import VAULT, is_far, own_accounts, region_of
from guardrails.reading import Properties
from guardrails.second_region.options import REQUIRED

_REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_DAYS = 35
_FAILED_COPIES = Watch("AWS/Backup", "NumberOfCopyJobsFailed", frozenset({"BackupVaultName"}), ("Sum",), GREATER, 0, 1)


def _replicated(instance: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if is_replica(instance.properties) or not relaxations.flag("required"):
        return
    replications = instance.referrers("sourceDbInstanceArn", _REPLICATION)
    if not any(is_far(replication) for replication in replications):
        yield "no replication of this stack copies its backups to another region"


def _kept(_type: str, properties: Properties, _: Relaxations) -> Iterable[str]:
    days = properties.number("retentionPeriod")
    if days != _DAYS:
        found = "not given, which is 7" if days is None else f"{days:g}"
        yield f"retentionPeriod is {found} days, not {_DAYS}"


def _encrypted(replication: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not replication.refers("kmsKeyId", *KEYS):
        yield "kmsKeyId refers to no key of this stack"


def _copies(plan: Node) -> Iterator[tuple[str, Properties]]:
    """Yield the copies that a plan for a database makes, each with the name of its rule."""
    for name, rule in rules_of(plan):
        for copy in rule.blocks("copyActions"):
            yield name, copy


def _copied(plan: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    vaults = {
        _arn(vault, account) for vault in graph.of_type(VAULT) if is_far(vault) for account in own_accounts(vault)
    }
    for name, copy in _copies(plan):
        if (target := copy.text("destinationVaultArn")) not in vaults:
            yield f"{name} copies to {target}, which is no vault of this stack in another region"
    if relaxations.flag("required"):
        for name, rule in rules_of(plan):
            if not rule.blocks("copyActions"):
                yield f"{name} copies its snapshots nowhere"


def _arn(vault: Node, account: str) -> str:
    return f"arn:aws:backup:{region_of(vault)}:{account}:backup-vault:{known_text(vault, 'name')}"


def _copies_kept(plan: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for name, copy in _copies(plan):
        days = copy.number("lifecycle.deleteAfter")
        if days is None:
            yield f"{name} does not say by lifecycle.deleteAfter for how long copies are kept"
        elif days < _DAYS:
            yield f"{name} keeps copies for {days:g} days, not {_DAYS} or more"


def _copies_watched(plan: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not any(True for _name, _copy in _copies(plan)):
        return
    for vault in plan.refers("rules", VAULT):
        if is_far(vault):
            continue
        if not is_watched(vault, _FAILED_COPIES, graph):
            yield f"no alarm of this stack tells that copies of {vault.name} fail"


BACKUP_COPY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-backups-replicated",
        title="RDS copies backups of the database to another region as they are made",
        clauses=("dr-db-cross-region-copies", "dr-rpo-1h"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_replicated,
        options=REQUIRED,
        remediation="Give standby.region.",
    ),
    ResourceGuardrail(
        id="replicated-backups-kept",
        title="Replicated backups are kept for 35 days, as long as their originals",
        clauses=("dr-db-35d", "dr-db-cross-region-copies"),
        severity="high",
        types=frozenset({_REPLICATION}),
        check=_kept,
        remediation="Leave standby.backupDays out, or set it to 35; AWS keeps them for 7 days if nothing is said.",
    ),
    StackGuardrail(
        id="replicated-backups-encrypted",
        title="Replicated backups are encrypted with a key of the stack",
        clauses=("dr-db-cross-region-copies", "enc-rest-rds", "enc-kms"),
        severity="high",
        types=frozenset({_REPLICATION}),
        check=_encrypted,
        controls=("CKV_AWS_245",),
        remediation="Pass the ARN of the SecondRegion's data key as kmsKeyId.",
    ),
    StackGuardrail(
        id="database-snapshots-copied",
        title="Snapshots of the database are copied to a vault of the stack in another region",
        clauses=("dr-db-cross-region-copies",),
        severity="high",
        types=frozenset({PLAN}),
        check=_copied,
        options=REQUIRED,
        remediation="Give standby.region, and copy to the SecondRegion's vault by its ARN.",
    ),
    StackGuardrail(
        id="database-copies-kept",
        title="Copies of the database's snapshots are kept for 35 days or more",
        clauses=("dr-db-35d", "dr-db-cross-region-copies"),
        severity="medium",
        types=frozenset({PLAN}),
        check=_copies_kept,
        remediation="Leave standby.backupDays out, or set it to 35.",
    ),
    StackGuardrail(
        id="copies-watched",
        title="Somebody is told when a snapshot is not copied",
        clauses=("dr-db-cross-region-copies", "dr-rpo-1h"),
        severity="medium",
        types=frozenset({PLAN}),
        check=_copies_watched,
        remediation="Leave the alarm as components/observability_layer/platform_alarms.py has it.",
    ),
)
