"""What layers are handed of the second region, to keep copies of what they hold there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming


@dataclass(frozen=True, slots=True)
class FarSide:
    """Where copies go. All of it is declared by the stack that has the originals, under its one provider."""

    naming: Naming
    """Names and ARNs in the second region."""
    key_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the keys there, by purpose: data, media, archive and secrets."""
    access_log_bucket: pulumi.Output[str]
    """Bucket for access logs of buckets there, once its policy exists."""
    vault: pulumi.Resource
    """Vault of backups there, with all that protects it."""
    vault_arn: str
    """ARN of the vault, built from its name."""
    backup_days: int
    """Days that backups are kept there."""
    replicated: Collection[str]
    """What the buckets hold that are replicated: videos, images, documents, backups."""
    time_control: bool
    """Whether S3 promises to replicate documents within 15 minutes."""

    @property
    def region(self) -> str:
        """The second region."""
        return self.naming.region

    def key_alias(self, purpose: str) -> str:
        """Return the alias of a key there."""
        return f"alias/{far_key_name(self.naming, purpose)}"


def secret_replicas(far: FarSide | None) -> list[aws.secretsmanager.SecretReplicaArgs] | None:
    """Return where a secret is copied to; nothing where there is no second region."""
    if far is None:
        return None
    return [aws.secretsmanager.SecretReplicaArgs(region=far.region, kms_key_id=far.key_arns["secrets"])]


def far_key_name(naming: Naming, purpose: str) -> str:
    """Return what a key of the second region is called, where the standby has keys of its own beside it."""
    return naming.name("far", purpose)
