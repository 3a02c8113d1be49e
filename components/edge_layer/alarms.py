"""Alarms on the edge, in us-east-1, where CloudFront and Route 53 keep their metrics."""

from collections.abc import Mapping

import pulumi

from components.alarms import ThresholdAlarm
from components.naming import EDGE_REGION, Naming

_DAY = 86_400
_5XX_PERCENT = 5


class EdgeAlarms(pulumi.ComponentResource):
    """Alarms of each distribution and health check, and of the certificate."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        distribution_ids: Mapping[str, pulumi.Input[str]],
        health_check_ids: Mapping[str, pulumi.Input[str]],
        certificate_arn: pulumi.Input[str],
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:edge:EdgeAlarms", name, None, opts)
        alarms = {
            **{
                f"{label}-5xxErrorRate": ThresholdAlarm(
                    namespace="AWS/CloudFront",
                    metric="5xxErrorRate",
                    dimensions={"DistributionId": id_, "Region": "Global"},
                    statistic="Average",
                    period=60,
                    periods=5,
                    comparison="GreaterThanThreshold",
                    threshold=_5XX_PERCENT,
                    severity="critical",
                    missing="notBreaching",
                    meaning=f"Distribution {label}: it answers with errors of its own or of its origins",
                )
                for label, id_ in distribution_ids.items()
            },
            **{
                f"{label}-HealthCheckStatus": ThresholdAlarm(
                    namespace="AWS/Route53",
                    metric="HealthCheckStatus",
                    dimensions={"HealthCheckId": id_},
                    statistic="Minimum",
                    period=60,
                    periods=1,
                    comparison="LessThanThreshold",
                    threshold=1,
                    severity="critical",
                    missing="breaching",
                    meaning=f"Health check {label}: Route 53 gets no answer, and sends people elsewhere where it can",
                )
                for label, id_ in health_check_ids.items()
            },
            # ACM renews 60 days ahead: at 30, what it tries has failed for a month.
            "DaysToExpiry": ThresholdAlarm(
                namespace="AWS/CertificateManager",
                metric="DaysToExpiry",
                dimensions={"CertificateArn": certificate_arn},
                statistic="Minimum",
                period=_DAY,
                periods=1,
                comparison="LessThanThreshold",
                threshold=30,
                severity="warning",
                missing="notBreaching",
                meaning="Edge: its certificate has not been renewed and is about to expire",
            ),
        }
        for label, alarm in alarms.items():
            alarm.declare(
                f"{name}-{label}",
                naming.name("edge", label),
                topic_arns=topic_arns,
                region=EDGE_REGION,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
