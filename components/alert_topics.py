"""Alert topics: where alarms and events of every layer go."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.encryption_key import KeySpec
from components.naming import Naming
from components.policy_documents import allow, deny_plain_http, document, service

SEVERITIES: Mapping[str, str] = {
    "critical": "Somebody has to act now",
    "warning": "Somebody has to look at it in working hours",
}
_PUBLISHERS = ("cloudwatch", "events.rds", "budgets", "costalerts")


class AlertTopics(pulumi.ComponentResource):
    """An encrypted topic a severity, to which AWS services of this account may publish over TLS and nobody else."""

    arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the topics, by severity."""

    def __init__(
        self,
        name: str,
        *,
        emails: Sequence[str],
        naming: Naming,
        key_arn: pulumi.Input[str],
        label: str = "alerts",
        severities: Sequence[str] = tuple(SEVERITIES),
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the topics; ``emails`` are told of what is critical, once each address has confirmed."""
        super().__init__("fitness-platform:security:AlertTopics", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topics: dict[str, aws.sns.Topic] = {}
        for severity in severities:
            topic_name = naming.name(label, severity)
            topics[severity] = topic = aws.sns.Topic(
                f"{name}-{severity}",
                name=topic_name,
                display_name=SEVERITIES[severity],
                kms_master_key_id=key_arn,
                region=region,
                tags={"Name": topic_name},
                opts=child,
            )
            aws.sns.TopicPolicy(
                f"{name}-{severity}-policy",
                arn=topic.arn,
                policy=_topic_policy(naming, topic_name),
                region=region,
                opts=child,
            )
        for address in emails:
            aws.sns.TopicSubscription(
                f"{name}-critical-to-{address}",
                topic=topics["critical"].arn,
                protocol="email",
                endpoint=address,
                region=region,
                opts=child,
            )
        self.arns = {severity: topic.arn for severity, topic in topics.items()}
        self.register_outputs({"arns": self.arns})


def _topic_policy(naming: Naming, topic_name: str) -> str:
    arn = naming.arn("sns", topic_name)
    return document(
        allow(
            "sns:Publish",
            arn,
            sid="PublishFromServices",
            principal={"Service": [f"{name}.amazonaws.com" for name in _PUBLISHERS]},
            condition={"StringEquals": {"aws:SourceAccount": naming.account_id}},
        ),
        deny_plain_http("sns:Publish", arn),
    )


def alert_key(naming: Naming) -> KeySpec:
    """Return the key of the topics, which those who publish to them may use.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return KeySpec(
        "alerts",
        "Alert topics",
        tuple(
            allow(
                ("kms:Decrypt", "kms:GenerateDataKey*"),
                "*",
                sid=f"PublishFrom{name.title().replace('.', '')}",
                principal=service(name),
                condition={"StringEquals": {"aws:SourceAccount": naming.account_id}},
            )
            for name in _PUBLISHERS
        ),
    )
