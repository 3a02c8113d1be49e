"""Alarms on the way in: requests that reach no service, and a certificate that is about to expire."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Alarm:
    namespace: str
    metric: str
    dimension: str
    statistic: str
    period: int
    periods: int
    comparison: str
    threshold: float
    severity: str
    meaning: str


_ALARMS = (
    _Alarm(
        "AWS/ApplicationELB",
        "HTTPCode_ELB_5XX_Count",
        "LoadBalancer",
        "Sum",
        60,
        3,
        "GreaterThanThreshold",
        10,
        "critical",
        "it answers with errors of its own, because no task can",
    ),
    _Alarm(
        "AWS/ApplicationELB",
        "RejectedConnectionCount",
        "LoadBalancer",
        "Sum",
        60,
        3,
        "GreaterThanThreshold",
        0,
        "critical",
        "it is at its limit of connections and refuses more",
    ),
    # ACM renews 60 days ahead: at 30, what it tries has failed for a month.
    _Alarm(
        "AWS/CertificateManager",
        "DaysToExpiry",
        "CertificateArn",
        "Minimum",
        _DAY,
        1,
        "LessThanThreshold",
        30,
        "warning",
        "its certificate has not been renewed and is about to expire",
    ),
)


class LoadBalancerAlarms(pulumi.ComponentResource):
    """Alarms of the load balancer and its certificate. Missing data is good news: only errors are counted."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        load_balancer_suffix: pulumi.Input[str],
        certificate_arn: pulumi.Input[str],
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:api:LoadBalancerAlarms", name, None, opts)
        values = {"LoadBalancer": load_balancer_suffix, "CertificateArn": certificate_arn}
        for alarm in _ALARMS:
            alarm_name = naming.name("alb", alarm.metric)
            aws.cloudwatch.MetricAlarm(
                f"{name}-{alarm.metric}",
                name=alarm_name,
                alarm_description=f"Load balancer: {alarm.meaning}",
                namespace=alarm.namespace,
                metric_name=alarm.metric,
                dimensions={alarm.dimension: values[alarm.dimension]},
                statistic=alarm.statistic,
                period=alarm.period,
                evaluation_periods=alarm.periods,
                comparison_operator=alarm.comparison,
                threshold=alarm.threshold,
                treat_missing_data="notBreaching",
                alarm_actions=[topic_arns[alarm.severity]],
                ok_actions=[topic_arns[alarm.severity]],
                tags={"Name": alarm_name},
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
