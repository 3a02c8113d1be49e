"""What people do with a database: restore it, promote a replica where the standby is lost, and go back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.naming import Naming
from components.policy_documents import allow, allow_key
from components.runbook_layer.failover import begun, database_wait, own, promotion
from components.runbook_layer.steps import Runbook, Step, call, rest

_IDENTIFIER = "^[a-z][a-z0-9-]{0,61}[a-z0-9]$"
_TIME = r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$"


@dataclass(frozen=True, slots=True)
class Database:
    """The database, by the names that the stack gives it and what it is made of."""

    naming: Naming
    identifier: str
    subnet_group: str
    parameter_group: str
    analytics: str | None
    """Identifier of the analytics replica, where there is one."""
    proxy: str | None
    """Name of the proxy, where there is one."""
    instance_class: str
    multi_az: bool


def restore(database: Database, *, replicated: bool) -> Runbook:
    """Return how a new database is made of what the old one was at some time: within two hours, clause dr-rto-2h.

    :param replicated: whether from the backups that RDS copied here, in place of those of the database here.
    """
    naming = database.naming
    source: Mapping[str, Any] = {"SourceDBInstanceIdentifier": database.identifier}
    find = []
    if replicated:
        source = {"SourceDBInstanceAutomatedBackupsArn": "{{ findBackups.Arn }}"}
        find = [
            call(
                "findBackups",
                "Look up the backups that were copied here",
                "rds",
                "DescribeDBInstanceAutomatedBackups",
                {"DBInstanceIdentifier": database.identifier},
                outputs={"Arn": "$.DBInstanceAutomatedBackups[0].DBInstanceAutomatedBackupsArn"},
            )
        ]
    return Runbook(
        "restore-database",
        "Makes a new database of what the old one was at some time, beside the old one",
        (
            _groups_of(database, "Look up the security groups of the database here"),
            *find,
            call(
                "restore",
                "Restore it as a database of its own",
                "rds",
                "RestoreDBInstanceToPointInTime",
                {
                    **source,
                    "TargetDBInstanceIdentifier": "{{ Identifier }}",
                    "RestoreTime": "{{ Time }}",
                    **_made_like(database),
                },
                expected_seconds=30,
            ),
            begun("letItBegin", 60),
            database_wait("{{ Identifier }}", expected_seconds=4500, timeout_seconds=7200),
        ),
        (
            allow(
                ["rds:DescribeDBInstances", *(["rds:DescribeDBInstanceAutomatedBackups"] if replicated else [])],
                [naming.arn("rds", "db:*"), *([naming.arn("rds", "auto-backup:*")] if replicated else [])],
                sid="FindBackups",
            ),
            allow(
                ["rds:AddTagsToResource", "rds:RestoreDBInstanceToPointInTime"],
                [
                    naming.arn("rds", f"db:{naming.prefix}-*"),
                    naming.arn("rds", f"pg:{database.parameter_group}"),
                    naming.arn("rds", f"subgrp:{database.subnet_group}"),
                ],
                sid="RestoreDatabase",
            ),
            allow(
                "rds:RestoreDBInstanceToPointInTime",
                naming.arn("rds", "auto-backup:*"),
                sid="RestoreFromBackups",
                condition=own(naming),
            ),
            _lends_key(naming),
        ),
        {
            "Time": {
                "type": "String",
                "description": "Time to go back to, in UTC, such as 2026-11-25T08:00:00Z",
                "allowedPattern": _TIME,
            },
            "Identifier": {
                "type": "String",
                "description": "Identifier of the new database",
                "default": naming.name("db", "restored"),
                "allowedPattern": _IDENTIFIER,
            },
        },
    )


def _groups_of(database: Database, says: str) -> Step:
    """Return the step that looks up the security groups of a database, whose ids no name tells."""
    return call(
        "lookAtDatabase",
        says,
        "rds",
        "DescribeDBInstances",
        {"DBInstanceIdentifier": database.identifier},
        outputs={"Groups": "$.DBInstances[0].VpcSecurityGroups..VpcSecurityGroupId"},
        output_type="StringList",
    )


def _made_like(database: Database) -> Mapping[str, Any]:
    """Return what a database is made with that takes another's place, after :func:`_groups_of`."""
    return {
        "DBInstanceClass": database.instance_class,
        "DBSubnetGroupName": database.subnet_group,
        "DBParameterGroupName": database.parameter_group,
        "VpcSecurityGroupIds": "{{ lookAtDatabase.Groups }}",
        "MultiAZ": database.multi_az,
        "PubliclyAccessible": False,
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
    }


def _lends_key(naming: Naming) -> Mapping[str, Any]:
    """Return that RDS is lent the key of data: for storage it acts by grants."""
    return allow_key(
        ["kms:CreateGrant", "kms:DescribeKey"],
        naming.arn("kms", "key/*"),
        f"alias/{naming.name('data')}",
        sid="LendKey",
        condition={"StringEquals": {"kms:ViaService": f"rds.{naming.region}.amazonaws.com"}},
    )


def promote_analytics(database: Database, analytics: str, proxy: str) -> Runbook:
    """Return how the analytics replica takes over within five minutes: clause dr-failover-manual-replica."""
    naming = database.naming
    return Runbook(
        "promote-read-replica",
        "Lets the analytics replica take over where the primary is lost and its standby does not",
        (
            *promotion(analytics, shown_after=30, expected_seconds=200),
            call(
                "leaveOldPrimary",
                "Take the old primary from the proxy",
                "rds",
                "DeregisterDBProxyTargets",
                {"DBProxyName": proxy, "DBInstanceIdentifiers": [database.identifier]},
                expected_seconds=10,
                may_fail=True,
            ),
            call(
                "leadToReplica",
                "Lead the proxy to the replica, which services then reach by the same name",
                "rds",
                "RegisterDBProxyTargets",
                {"DBProxyName": proxy, "TargetGroupName": "default", "DBInstanceIdentifiers": [analytics]},
                expected_seconds=30,
            ),
        ),
        (
            allow("rds:PromoteReadReplica", naming.arn("rds", f"db:{analytics}"), sid="PromoteReplica"),
            allow(
                ["rds:DeregisterDBProxyTargets", "rds:RegisterDBProxyTargets"],
                [
                    naming.arn("rds", "db-proxy:*"),
                    naming.arn("rds", "target-group:*"),
                    naming.arn("rds", f"db:{naming.name('db')}*"),
                ],
                sid="LeadProxy",
                condition=own(naming),
            ),
        ),
    )


def fail_back(database: Database, second: Naming) -> tuple[Runbook, Runbook]:
    """Return how the first region gets the data of the second, and how it takes over again.

    :param second: names in the second region.
    """
    naming, old = database.naming, f"{database.identifier}-before-failover"
    source = second.arn("rds", f"db:{second.name('db')}")
    prepare = Runbook(
        "prepare-fail-back",
        "Puts the old database of this region aside, and makes a replica of the second region's in its place",
        (
            _groups_of(database, "Look up the security groups of the old database"),
            call(
                "putAside",
                f"Rename the old database to {old}, where what was lost can be looked up",
                "rds",
                "ModifyDBInstance",
                {"DBInstanceIdentifier": database.identifier, "NewDBInstanceIdentifier": old, "ApplyImmediately": True},
                expected_seconds=10,
            ),
            rest("letItBegin", "Wait until it has its new name", 180),
            database_wait(old, expected_seconds=120),
            call(
                "replicate",
                "Make a replica of the second region's database, by the name that this one had",
                "rds",
                "CreateDBInstanceReadReplica",
                {
                    "DBInstanceIdentifier": database.identifier,
                    "SourceDBInstanceIdentifier": source,
                    "KmsKeyId": f"alias/{naming.name('data')}",
                    **_made_like(database),
                },
                expected_seconds=30,
            ),
            begun("letItCopy", 60),
            database_wait(database.identifier, expected_seconds=7200, timeout_seconds=86_400, name="waitForDatabase2"),
        ),
        (
            allow(
                ["rds:AddTagsToResource", "rds:CreateDBInstanceReadReplica", "rds:ModifyDBInstance"],
                [
                    naming.arn("rds", f"db:{naming.name('db')}*"),
                    source,
                    naming.arn("rds", f"pg:{database.parameter_group}"),
                    naming.arn("rds", f"subgrp:{database.subnet_group}"),
                ],
                sid="ReplicateBack",
            ),
        ),
    )
    back = Runbook(
        "fail-back",
        "Promotes the replica in this region, once nothing writes in the second region any more",
        promotion(database.identifier),
        (allow("rds:PromoteReadReplica", naming.arn("rds", f"db:{database.identifier}"), sid="PromoteAgain"),),
    )
    return prepare, back
