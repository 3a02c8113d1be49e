"""The SecondRegion component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.alarms import SERVICE_DIMENSION, ThresholdAlarm
from components.alert_topics import AlertTopics, alert_key
from components.bucket_lifecycle import ABORT_DAYS, NONCURRENT_DAYS, LifecycleRule
from components.encryption_key import EncryptionKey, KeySpec, decrypted_by_cdn
from components.far_side import FarSide, ReadyAlarm, ready_alarm_name
from components.naming import Naming
from components.private_bucket import BucketSpec, PrivateBucket, written_by_buckets
from components.second_region.settings import StandbySettings
from components.second_region.vault import CopyVault

_LOGS = "far-logs"
_WRITABLE = "DatabaseWritable"


def _keys(naming: Naming) -> tuple[KeySpec, ...]:
    """Return the keys for what lands there, divided as in the first region."""
    return (
        KeySpec("data", "Copies of databases' backups, of documents and of images of containers"),
        KeySpec("media", "Copies of videos, images and static files", (decrypted_by_cdn(naming),)),
        KeySpec("archive", "Copies of backups in their archive"),
        KeySpec("secrets", "Copies of secrets"),
        alert_key(naming),
    )


@dataclass(frozen=True, slots=True)
class SecondRegionArgs:
    """What a SecondRegion is made from."""

    settings: StandbySettings
    naming: Naming
    """Names and ARNs in the stack's own region."""
    key_deletion_days: int
    """Days for which a deleted key can be brought back."""
    access_log_days: int
    """Days that access logs of the buckets there are kept."""
    alert_emails: Sequence[str]
    """Whom critical alarms there are sent to."""
    deploy_role: str
    """Name of the role that deploys, which alone changes without MFA what protects copies."""
    protect: bool
    """Whether keys, the vault and logs are protected from deletion."""


class SecondRegion(pulumi.ComponentResource):
    """What has to be in the second region before other layers can copy to it: keys, a vault, an archive of logs.

    The stack that has the originals declares it, so that copies don't wait for a standby. Carries, with the layers
    that it is handed to, dr-db-35d, dr-db-cross-region-copies and dr-s3-crr.
    """

    key_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the keys by purpose: data, media, archive and secrets."""
    vault_arn: str
    """ARN of the vault for copies of backups."""
    access_log_bucket: pulumi.Output[str]
    """Bucket for access logs of the buckets there."""
    side: FarSide
    """All of it, as other layers take it."""

    def __init__(self, name: str, args: SecondRegionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:standby:SecondRegion", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = args.naming.in_region(args.settings.region or args.naming.region)
        self.key_arns = {
            spec.purpose: EncryptionKey(
                f"{name}-{spec.purpose}",
                replace(spec, purpose=f"far-{spec.purpose}"),
                naming=naming,
                deletion_days=args.key_deletion_days,
                protect=args.protect,
                region=naming.region,
                opts=child,
            ).arn
            for spec in _keys(naming)
        }
        vault = CopyVault(
            f"{name}-copies",
            settings=args.settings,
            naming=naming,
            key_arn=self.key_arns["data"],
            deploy_role=args.deploy_role,
            protect=args.protect,
            opts=child,
        )
        self.vault_arn = vault.arn
        self.access_log_bucket = PrivateBucket(
            f"{name}-access-logs",
            _access_logs(naming, args.access_log_days),
            naming=naming,
            key_arn=None,  # S3 writes its logs to buckets with its own keys only
            access_log_bucket=None,  # its own log would log itself without end
            protect=args.protect,
            region=naming.region,
            opts=child,
        ).bucket
        alert_topic_arns = AlertTopics(
            f"{name}-alerts",
            emails=args.alert_emails,
            naming=naming,
            key_arn=self.key_arns["alerts"],
            label="far-alerts",
            severities=("critical",),
            region=naming.region,
            opts=child,
        ).arns
        writable = _writable(naming, args.settings.ready_service).declare(
            f"{name}-database-writable",
            ready_alarm_name(naming),
            topic_arns=alert_topic_arns,
            region=naming.region,
            opts=child,
        )
        self.side = FarSide(
            naming=naming,
            key_arns=self.key_arns,
            access_log_bucket=self.access_log_bucket,
            vault=vault,
            vault_arn=vault.arn,
            alert_topic_arns=alert_topic_arns,
            ready=ReadyAlarm(writable.name, naming.region, (writable,)),
            backup_days=args.settings.backup_days,
            replicated=args.settings.replicated,
            time_control=args.settings.time_control,
        )
        self.register_outputs(
            {
                "key_arns": self.key_arns,
                "vault_arn": self.vault_arn,
                "access_log_bucket": self.access_log_bucket,
            }
        )


def far_side(name: str, args: SecondRegionArgs, opts: pulumi.ResourceOptions | None = None) -> FarSide | None:
    """Declare the second region where the settings name one, and return what other layers need of it."""
    return SecondRegion(name, args, opts).side if args.settings.region else None


def _writable(naming: Naming, service: str) -> ThresholdAlarm:
    """Return the alarm that follows what tasks of the standby say of their database: 1 once it accepts writes, else 0.

    A standby that waits is in alarm, and so is one that says nothing. Route 53 takes alarms on one metric, not on an
    expression: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """
    return ThresholdAlarm(
        namespace=naming.prefix,
        metric=_WRITABLE,
        dimensions={SERVICE_DIMENSION: service},
        statistic="Minimum",
        period=60,
        periods=3,
        comparison="LessThanThreshold",
        threshold=1,
        severity="critical",
        missing="breaching",
        meaning="Standby: its database accepts no writes, as it should be until it is promoted",
    )


def _access_logs(naming: Naming, days: int) -> BucketSpec:
    return BucketSpec(
        _LOGS,
        (LifecycleRule("expire", expire_days=days, noncurrent_days=NONCURRENT_DAYS, abort_days=ABORT_DAYS),),
        statements=(written_by_buckets(naming, _LOGS),),
    )
