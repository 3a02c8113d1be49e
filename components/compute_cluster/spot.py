"""Spot interruptions: kept in a log, and counted."""

import json

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.compute_cluster.shared import SharedParts
from components.policy_documents import allow, document


class SpotInterruptions(pulumi.ComponentResource):
    """A record of each task that AWS takes back, and a warning when there are many. Carries cost-spot-2min-notice.

    The task itself has the notice as SIGTERM. The record goes to a log and not to an alert topic: EventBridge reaches
    no topic whose key asks for whom it works, and ours do
    (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    """

    def __init__(self, name: str, *, shared: SharedParts, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:compute:SpotInterruptions", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = shared.naming
        label = naming.name("spot-interruptions")
        group_name = f"/aws/events/{label}"
        log = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=group_name,
            retention_in_days=shared.settings.log_retention_days,
            kms_key_id=shared.log_key_arn,
            opts=pulumi.ResourceOptions(parent=self, protect=shared.protect),
        )
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            name=label,
            description="Tasks on Fargate Spot that AWS takes back",
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
            event_pattern=json.dumps(
                {
                    "source": ["aws.ecs"],
                    "detail-type": ["ECS Task State Change"],
                    "detail": {
                        "clusterArn": [naming.arn("ecs", f"cluster/{shared.cluster_name}")],
                        "stopCode": ["SpotInterruption", "TerminationNotice"],
                    },
                }
            ),
            tags={"Name": label},
            opts=child,
        )
        writes = aws.cloudwatch.LogResourcePolicy(
            f"{name}-writes-log",
            policy_name=label,
            policy_document=_writes_log(
                naming.arn("logs", f"log-group:{group_name}:*"), naming.arn("events", f"rule/{label}")
            ),
            opts=child,
        )
        aws.cloudwatch.EventTarget(
            f"{name}-to-log",
            rule=rule.name,
            target_id="log",
            arn=log.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writes]),
        )
        ThresholdAlarm(
            namespace="AWS/Events",
            metric="TriggeredRules",
            dimensions={"RuleName": label},
            statistic="Sum",
            period=900,
            periods=1,
            comparison="GreaterThanThreshold",
            threshold=5,
            severity="warning",
            missing="notBreaching",
            meaning="More than five tasks a quarter of an hour were taken back by AWS: work is done twice",
        ).declare(f"{name}-alarm", naming.name("SpotInterruptions"), topic_arns=shared.alert_topic_arns, opts=child)
        self.register_outputs({})


def _writes_log(streams: str, rule: str) -> str:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
    services = {"Service": ["delivery.logs.amazonaws.com", "events.amazonaws.com"]}
    return document(
        allow("logs:CreateLogStream", streams, sid="OpenStreams", principal=services),
        allow(
            "logs:PutLogEvents",
            streams,
            sid="WriteEvents",
            principal=services,
            condition={"ArnEquals": {"aws:SourceArn": rule}},
        ),
    )
