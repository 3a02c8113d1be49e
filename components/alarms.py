"""Alarms on a threshold: the one way in which layers say what they watch and whom it wakes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.naming import PROJECT

_RUNBOOKS: Mapping[str, str] = {
    "AWS/ApiGateway": "entrance",
    "AWS/ApplicationELB": "entrance",
    "AWS/Backup": "database",
    "AWS/CertificateManager": "entrance",
    "AWS/CloudFront": "entrance",
    "AWS/ES": "search",
    "AWS/ElastiCache": "cache",
    "AWS/Events": "services",
    "AWS/Kinesis": "queues-and-functions",
    "AWS/Lambda": "queues-and-functions",
    "AWS/MediaConvert": "media",
    "AWS/RDS": "database",
    "AWS/Route53": "entrance",
    "AWS/S3": "copies",
    "AWS/SQS": "queues-and-functions",
    "ECS/ContainerInsights": "services",
}
_AUDIT = "/Audit"

SERVICE_DIMENSION = "service.name"
"""Dimension of the metrics that tasks send through their collector, in a namespace of the platform's own."""


def runbook_of(namespace: str) -> str:
    """Return which of ``docs/runbooks/`` is about the metrics of a namespace.

    :raises ValueError: where none is, so that nobody is woken by what nobody has thought about.
    """
    if namespace.endswith(_AUDIT):
        return "audit"
    if namespace.startswith(f"{PROJECT}-"):
        return "regional-failover"
    if namespace not in _RUNBOOKS:
        known = ", ".join(_RUNBOOKS)
        raise ValueError(f"no runbook of docs/runbooks is about {namespace}: write one and name it here; found {known}")
    return _RUNBOOKS[namespace]


def with_runbook(meaning: str, runbook: str) -> str:
    """Return the description of an alarm: what has happened, and where it says what to do."""
    return f"{meaning}. Runbook: docs/runbooks/{runbook}.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdAlarm:
    """One metric that is above or below a threshold for too long."""

    namespace: str
    """Where AWS keeps the metric, such as ``AWS/RDS``."""
    metric: str
    dimensions: Mapping[str, pulumi.Input[str]]
    """Whose metric it is."""
    statistic: Literal["Average", "Maximum", "Minimum", "SampleCount", "Sum"]
    period: int
    """Seconds that a value is taken over: 10, 30, or a multiple of 60."""
    periods: int
    """How many values in a row must be beyond the threshold."""
    comparison: Literal[
        "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanOrEqualToThreshold", "LessThanThreshold"
    ]
    threshold: float
    severity: Literal["critical", "warning"]
    """Topic that hears of it, when it begins and when it ends."""
    missing: Literal["breaching", "notBreaching"]
    """What no data means: trouble, or that there was nothing to count."""
    meaning: str
    """What has happened, for the person whom it wakes."""

    def declare(
        self,
        name: str,
        alarm_name: str,
        *,
        topic_arns: Mapping[str, pulumi.Input[str]],
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> aws.cloudwatch.MetricAlarm:
        """Declare it as the resource ``name``; ``alarm_name`` is made from its subject and the metric.

        Its metric, its topics and itself are in one ``region``, the stack's where none is given.
        """
        topic = topic_arns[self.severity]
        return aws.cloudwatch.MetricAlarm(
            name,
            name=alarm_name,
            alarm_description=with_runbook(self.meaning, runbook_of(self.namespace)),
            namespace=self.namespace,
            metric_name=self.metric,
            dimensions=self.dimensions,
            statistic=self.statistic,
            period=self.period,
            evaluation_periods=self.periods,
            comparison_operator=self.comparison,
            threshold=self.threshold,
            treat_missing_data=self.missing,
            alarm_actions=[topic],
            ok_actions=[topic],
            region=region,
            tags={"Name": alarm_name},
            opts=opts,
        )
