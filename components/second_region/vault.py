"""The vault that copies of backups are put into: encrypted, locked, and emptied by nobody without MFA."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import deny, document
from components.second_region.settings import StandbySettings


class CopyVault(pulumi.ComponentResource):
    """A vault of AWS Backup in the second region, with its lock and its policy."""

    vault_name: str
    """Name of the vault."""
    arn: str
    """ARN of the vault, built from its name."""

    def __init__(
        self,
        name: str,
        *,
        settings: StandbySettings,
        naming: Naming,
        key_arn: pulumi.Input[str],
        deploy_role: str,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:standby:CopyVault", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.vault_name = naming.name("copies")
        self.arn = naming.arn("backup", f"backup-vault:{self.vault_name}")
        vault = aws.backup.Vault(
            f"{name}-vault",
            name=self.vault_name,
            kms_key_arn=key_arn,
            force_destroy=False,
            region=naming.region,
            tags={"Name": self.vault_name},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        if settings.lock_mode != "none":
            aws.backup.VaultLockConfiguration(
                f"{name}-lock",
                backup_vault_name=vault.name,
                min_retention_days=settings.backup_days,
                changeable_for_days=settings.lock_grace_days if settings.lock_mode == "COMPLIANCE" else None,
                region=naming.region,
                opts=child,
            )
        aws.backup.VaultPolicy(
            f"{name}-policy",
            backup_vault_name=vault.name,
            policy=_kept(f"arn:aws:iam::{naming.account_id}:role/{deploy_role}"),
            region=naming.region,
            opts=child,
        )
        self.register_outputs({"vault_name": self.vault_name, "arn": self.arn})


def _kept(deploy_role_arn: str) -> str:
    """Return the policy of the vault; AWS Config looks for these two wildcards. Expiry is AWS Backup's own doing.

    https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
    """
    # Who signed in without MFA has no such key at all, which must be denied too.
    without_mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    return document(
        deny(
            ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
            "*",
            sid="CopiesDeletedWithMfa",
            principal="*",
            condition=without_mfa,
        ),
        deny(
            [
                "backup:DeleteBackupVault",
                "backup:DeleteBackupVaultAccessPolicy",
                "backup:DeleteBackupVaultLockConfiguration",
                "backup:PutBackupVaultAccessPolicy",
                "backup:PutBackupVaultLockConfiguration",
            ],
            "*",
            sid="ProtectionChangedWithMfa",
            principal="*",
            condition={**without_mfa, "ArnNotEquals": {"aws:PrincipalArn": deploy_role_arn}},
        ),
    )
