"""The SecurityLayer component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.alert_topics import AlertTopics
from components.encryption_key import EncryptionKey
from components.naming import EDGE_REGION, Naming
from components.security_layer.edge_home import EdgeHome
from components.security_layer.keys import key_specs
from components.security_layer.log_archive import LogArchive, access_log_writers, archive, audit_log_writers
from components.security_layer.settings import SecuritySettings


@dataclass(frozen=True, slots=True)
class SecurityArgs:
    """What a SecurityLayer is made from."""

    settings: SecuritySettings
    naming: Naming
    edge: bool
    """Whether the stack has an edge, which needs keys and topics in us-east-1."""
    protect: bool
    """Whether keys and archives are protected from deletion: what they hold is lost with them."""


class SecurityLayer(pulumi.ComponentResource):
    """What every other layer needs before it can be built: keys, alert topics and log archives.

    Security groups need the network, which needs a key: they are a component of their own. Carries enc-kms.
    """

    key_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the keys by purpose: logs, data, media, queues, secrets, alerts and archive."""
    alert_topic_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the alert topics, by severity: critical and warning."""
    edge_log_key_arn: pulumi.Output[str]
    """ARN of the key for log groups in us-east-1."""
    edge_alert_topic_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the alert topics in us-east-1, by severity."""
    access_log_bucket: pulumi.Output[str]
    """Bucket for access logs of load balancers (``alb/``), buckets (``s3/``) and distributions (``cloudfront/``)."""
    audit_log_bucket: pulumi.Output[str]
    """Bucket for audit trails."""

    def __init__(self, name: str, args: SecurityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:security:SecurityLayer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.key_arns = {
            spec.purpose: EncryptionKey(
                f"{name}-{spec.purpose}",
                spec,
                naming=args.naming,
                deletion_days=args.settings.key_deletion_days,
                protect=args.protect,
                opts=child,
            ).arn
            for spec in key_specs(args.naming)
        }
        self.alert_topic_arns = AlertTopics(
            f"{name}-alerts",
            emails=args.settings.alert_emails,
            naming=args.naming,
            key_arn=self.key_arns["alerts"],
            opts=child,
        ).arns
        self.edge_log_key_arn, self.edge_alert_topic_arns = self.key_arns["logs"], self.alert_topic_arns
        if args.edge and args.naming.region != EDGE_REGION:
            home = EdgeHome(
                f"{name}-edge", settings=args.settings, naming=args.naming, protect=args.protect, opts=child
            )
            self.edge_log_key_arn, self.edge_alert_topic_arns = home.log_key_arn, home.alert_topic_arns
        access_logs = LogArchive(
            f"{name}-access-logs",
            archive("logs", args.settings.access_log_days, access_log_writers(args.naming)),
            naming=args.naming,
            key_arn=None,  # load balancers write to buckets with S3's own keys only
            access_log_bucket=None,  # its own log would log itself without end
            protect=args.protect,
            opts=child,
        )
        audit_logs = LogArchive(
            f"{name}-audit-logs",
            archive(
                "audit",
                args.settings.audit_log_days,
                audit_log_writers(args.naming),
                lock_mode=args.settings.audit_lock_mode,
                archive_days=args.settings.audit_archive_days,
            ),
            naming=args.naming,
            key_arn=self.key_arns["archive"],
            access_log_bucket=access_logs.bucket,
            protect=args.protect,
            opts=child,
        )
        self.access_log_bucket = access_logs.bucket
        self.audit_log_bucket = audit_logs.bucket
        self.register_outputs(
            {
                "key_arns": self.key_arns,
                "alert_topic_arns": self.alert_topic_arns,
                "edge_log_key_arn": self.edge_log_key_arn,
                "edge_alert_topic_arns": self.edge_alert_topic_arns,
                "access_log_bucket": self.access_log_bucket,
                "audit_log_bucket": self.audit_log_bucket,
            }
        )
