"""What layers are handed of the second region: to keep copies there, and to use them from a stack that is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming


@dataclass(frozen=True, slots=True)
class ReadyAlarm:
    """The alarm in the second region that goes silent once the database there accepts writes."""

    name: pulumi.Input[str]
    region: str
    declared: Sequence[pulumi.Resource] = ()
    """The alarm itself, where this stack declares it: Route 53 looks whether it is there."""


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
    alert_topic_arns: Mapping[str, pulumi.Output[str]]
    """Topic there for what is critical."""
    ready: ReadyAlarm
    """What says that a standby there can serve."""
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


@dataclass(frozen=True, slots=True)
class CopiesHere:
    """What a standby uses in its region of what its primary has copied there, and therefore doesn't declare."""

    buckets: Collection[str]
    """What the buckets hold that are replicas: videos, images, documents, backups."""


def key_aliases(naming: Naming, purpose: str, copies: CopiesHere | None) -> list[str]:
    """Return the aliases of the keys that encrypt something in a region: the stack's own, and the one of copies."""
    names = [naming.name(purpose), *([far_key_name(naming, purpose)] if copies else [])]
    return [f"alias/{name}" for name in names]


def ready_alarm_name(naming: Naming) -> str:
    """Return what the alarm is called that goes silent once the standby's database accepts writes."""
    return naming.name("database-writable")


def ready_alarm(naming: Naming) -> ReadyAlarm:
    """Return that alarm for a standby in the region of ``naming``, where its primary has declared it."""
    return ReadyAlarm(ready_alarm_name(naming), naming.region)


def secret_replicas(far: FarSide | None) -> list[aws.secretsmanager.SecretReplicaArgs] | None:
    """Return where a secret is copied to; nothing where there is no second region."""
    if far is None:
        return None
    return [aws.secretsmanager.SecretReplicaArgs(region=far.region, kms_key_id=far.key_arns["secrets"])]


def far_key_name(naming: Naming, purpose: str) -> str:
    """Return what a key of the second region is called, where the standby has keys of its own beside it."""
    return naming.name("far", purpose)
