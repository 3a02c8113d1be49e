"""A second, independent copy of the database: snapshots by AWS Backup, beside RDS's own backups."""

from collections.abc import Iterator

import pulumi
import pulumi_aws as aws

from components.database_layer.settings import DatabaseSettings
from components.far_side import FarSide
from components.naming import Naming
from components.policy_documents import Statement, allow, document, trust


class BackupPlan(pulumi.ComponentResource):
    """Daily snapshots in an encrypted vault, and copies of them in the second region.

    Never continuous backups: those would fight with RDS over its window.
    """

    def __init__(
        self,
        name: str,
        *,
        instance_arn: pulumi.Input[str],
        settings: DatabaseSettings,
        naming: Naming,
        key_arn: pulumi.Input[str],
        far: FarSide | None,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:database:BackupPlan", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.name("database")
        vault = aws.backup.Vault(
            f"{name}-vault",
            name=label,
            kms_key_arn=key_arn,
            force_destroy=False,
            tags={"Name": label},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        plan = aws.backup.Plan(
            f"{name}-plan",
            name=label,
            rules=[
                aws.backup.PlanRuleArgs(
                    rule_name="daily",
                    target_vault_name=vault.name,
                    schedule="cron(0 4 * * ? *)",  # clear of the backup and maintenance windows
                    start_window=60,
                    completion_window=360,
                    enable_continuous_backup=False,
                    lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=settings.backup_retention_days),
                    copy_actions=[_copy(far)] if far else None,
                )
            ],
            tags={"Name": label},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[far.vault] if far else None),
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("db-backup"),
            description="Lets AWS Backup take snapshots of the database and copy them",
            assume_role_policy=trust("backup", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            opts=child,
        )
        takes = aws.iam.RolePolicy(
            f"{name}-takes-snapshots",
            name="take-snapshots",
            role=role.id,
            policy=document(*_takes_snapshots(naming), *(_copies(naming, far) if far else ())),
            opts=child,
        )
        aws.backup.Selection(
            f"{name}-selection",
            name=label,
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=[instance_arn],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[takes]),
        )
        self.register_outputs({})


def _copy(far: FarSide) -> aws.backup.PlanRuleCopyActionArgs:
    return aws.backup.PlanRuleCopyActionArgs(
        destination_vault_arn=far.vault_arn,
        lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=far.backup_days),
    )


def _takes_snapshots(naming: Naming) -> Iterator[Statement]:
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
    yield allow(
        [
            "rds:AddTagsToResource",
            "rds:CopyDBSnapshot",
            "rds:CreateDBSnapshot",
            "rds:DeleteDBSnapshot",
            "rds:DescribeDBInstances",
            "rds:DescribeDBSnapshots",
            "rds:ListTagsForResource",
            "rds:ModifyDBSnapshotAttribute",
        ],
        [naming.arn("rds", f"db:{naming.prefix}-*"), naming.arn("rds", "snapshot:awsbackup:*")],
    )
    yield _may_encrypt(naming, f"alias/{naming.name('data')}")


def _copies(naming: Naming, far: FarSide) -> Iterator[Statement]:
    yield allow("backup:CopyIntoBackupVault", far.vault_arn, sid="CopyIntoVault")
    yield allow(
        [
            "rds:AddTagsToResource",
            "rds:CopyDBSnapshot",
            "rds:DeleteDBSnapshot",
            "rds:DescribeDBSnapshots",
            "rds:ListTagsForResource",
        ],
        far.naming.arn("rds", "snapshot:awsbackup:*"),
        sid="CopySnapshots",
    )
    yield _may_encrypt(far.naming, far.key_alias("data"))


def _may_encrypt(naming: Naming, alias: str) -> Statement:
    """Return that RDS is lent a key: for snapshots and their copies it acts by grants."""
    return allow(
        ["kms:CreateGrant", "kms:DescribeKey"],
        naming.arn("kms", "key/*"),
        condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}},
    )
