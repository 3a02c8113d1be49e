"""A second, independent copy of the database: snapshots by AWS Backup, beside RDS's own backups."""

import pulumi
import pulumi_aws as aws

from components.database_layer.settings import DatabaseSettings
from components.naming import Naming
from components.policy_documents import allow, document, trust


class BackupPlan(pulumi.ComponentResource):
    """Daily snapshots in an encrypted vault. Never continuous backups: those would fight with RDS over its window."""

    def __init__(
        self,
        name: str,
        *,
        instance_arn: pulumi.Input[str],
        settings: DatabaseSettings,
        naming: Naming,
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:database:BackupPlan", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.name("database")
        vault = aws.backup.Vault(
            f"{name}-vault", name=label, kms_key_arn=key_arn, force_destroy=False, tags={"Name": label}, opts=child
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
                )
            ],
            tags={"Name": label},
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("db-backup"),
            description="Lets AWS Backup take snapshots of the database",
            assume_role_policy=trust("backup", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            opts=child,
        )
        takes = aws.iam.RolePolicy(
            f"{name}-takes-snapshots",
            name="take-snapshots",
            role=role.id,
            policy=_takes_snapshots(naming),
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


def _takes_snapshots(naming: Naming) -> str:
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
    return document(
        allow(
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
        ),
        allow(
            ["kms:CreateGrant", "kms:DescribeKey"],
            naming.arn("kms", "key/*"),
            condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{naming.name('data')}"}},
        ),
    )
