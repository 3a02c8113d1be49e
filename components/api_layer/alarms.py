"""Alarms on the way in: requests that reach no service, and a certificate that is about to expire."""

from collections.abc import Mapping

import pulumi

from components.alarms import ThresholdAlarm
from components.naming import Naming

_DAY = 86_400


def _alarms(load_balancer_suffix: pulumi.Input[str], certificate_arn: pulumi.Input[str]) -> tuple[ThresholdAlarm, ...]:
    return (
        ThresholdAlarm(
            namespace="AWS/ApplicationELB",
            metric="HTTPCode_ELB_5XX_Count",
            dimensions={"LoadBalancer": load_balancer_suffix},
            statistic="Sum",
            period=60,
            periods=3,
            comparison="GreaterThanThreshold",
            threshold=10,
            severity="critical",
            missing="notBreaching",
            meaning="Load balancer: it answers with errors of its own, because no task can",
        ),
        ThresholdAlarm(
            namespace="AWS/ApplicationELB",
            metric="RejectedConnectionCount",
            dimensions={"LoadBalancer": load_balancer_suffix},
            statistic="Sum",
            period=60,
            periods=3,
            comparison="GreaterThanThreshold",
            threshold=0,
            severity="critical",
            missing="notBreaching",
            meaning="Load balancer: it is at its limit of connections and refuses more",
        ),
        # ACM renews 60 days ahead: at 30, what it tries has failed for a month.
        ThresholdAlarm(
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
            meaning="Load balancer: its certificate has not been renewed and is about to expire",
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
        for alarm in _alarms(load_balancer_suffix, certificate_arn):
            alarm.declare(
                f"{name}-{alarm.metric}",
                naming.name("alb", alarm.metric),
                topic_arns=topic_arns,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
