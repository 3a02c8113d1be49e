"""What the edge needs of keys and topics in us-east-1, where AWS keeps what belongs to CloudFront and Route 53."""

from collections.abc import Mapping
from dataclasses import replace

import pulumi

from components.alert_topics import AlertTopics
from components.encryption_key import EncryptionKey
from components.naming import EDGE_REGION, Naming
from components.security_layer.keys import key_specs
from components.security_layer.settings import SecuritySettings

_PURPOSES = ("alerts", "logs")


class EdgeHome(pulumi.ComponentResource):
    """Keys and alert topics in us-east-1, for a stack that has its own in another region.

    A log group takes a key of its own region only, and an alarm tells topics of its own region only.
    """

    log_key_arn: pulumi.Output[str]
    """ARN of the key for log groups."""
    alert_topic_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the alert topics, by severity."""

    def __init__(
        self,
        name: str,
        *,
        settings: SecuritySettings,
        naming: Naming,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:security:EdgeHome", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        keys = {
            spec.purpose: EncryptionKey(
                f"{name}-{spec.purpose}",
                replace(spec, purpose=f"edge-{spec.purpose}", encrypts=f"{spec.encrypts} of the edge"),
                naming=naming.at_the_edge,
                deletion_days=settings.key_deletion_days,
                protect=protect,
                region=EDGE_REGION,
                opts=child,
            ).arn
            for spec in key_specs(naming.at_the_edge)
            if spec.purpose in _PURPOSES
        }
        self.log_key_arn = keys["logs"]
        self.alert_topic_arns = AlertTopics(
            f"{name}-alerts",
            emails=settings.alert_emails,
            naming=naming.at_the_edge,
            key_arn=keys["alerts"],
            label="edge-alerts",
            region=EDGE_REGION,
            opts=child,
        ).arns
        self.register_outputs({"log_key_arn": self.log_key_arn, "alert_topic_arns": self.alert_topic_arns})
