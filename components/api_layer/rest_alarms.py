"""Alarms of the REST API: it fails, it is slow, it is near its limits, and its certificate is about to expire."""

from collections.abc import Iterator, Mapping

import pulumi

from components.alarms import ThresholdAlarm
from components.api_layer.settings import ApiSettings
from components.naming import Naming
from components.routes import API_STAGE

_DAY = 86_400
_MINUTE = 60
_NEAR = 0.8  # of the rate at which requests are refused
_SLOW_MS = 3000


def declare_rest_alarms(
    name: str,
    *,
    settings: ApiSettings,
    naming: Naming,
    api_name: str,
    certificate_arn: pulumi.Input[str],
    topic_arns: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare them. Requests that are refused by throttles have no metric of their own, so that the rate stands in."""
    for alarm in _alarms(settings, {"ApiName": api_name, "Stage": API_STAGE}, certificate_arn):
        alarm.declare(f"{name}-{alarm.metric}", naming.name("api", alarm.metric), topic_arns=topic_arns, opts=opts)


def _alarms(
    settings: ApiSettings, dimensions: Mapping[str, str], certificate_arn: pulumi.Input[str]
) -> Iterator[ThresholdAlarm]:
    yield ThresholdAlarm(
        namespace="AWS/ApiGateway",
        metric="5XXError",
        dimensions=dimensions,
        statistic="Average",  # the share of requests
        period=_MINUTE,
        periods=3,
        comparison="GreaterThanThreshold",
        threshold=0.01,
        severity="critical",
        missing="notBreaching",
        meaning="API: more than one request in a hundred fails",
    )
    yield ThresholdAlarm(
        namespace="AWS/ApiGateway",
        metric="4XXError",
        dimensions=dimensions,
        statistic="Average",
        period=_MINUTE,
        periods=10,
        comparison="GreaterThanThreshold",
        threshold=0.25,
        severity="warning",
        missing="notBreaching",
        meaning="API: more than a quarter of requests is refused, by throttles, for their tokens or as malformed",
    )
    yield ThresholdAlarm(
        namespace="AWS/ApiGateway",
        metric="Latency",
        dimensions=dimensions,
        statistic="Average",
        period=_MINUTE,
        periods=5,
        comparison="GreaterThanThreshold",
        threshold=_SLOW_MS,
        severity="warning",
        missing="notBreaching",
        meaning=f"API: answers take {_SLOW_MS} ms and more on average",
    )
    yield ThresholdAlarm(
        namespace="AWS/ApiGateway",
        metric="Count",
        dimensions=dimensions,
        statistic="Sum",
        period=_MINUTE,
        periods=3,
        comparison="GreaterThanThreshold",
        threshold=round(settings.throttle_rate * _MINUTE * _NEAR),
        severity="warning",
        missing="notBreaching",
        meaning=f"API: it is near the {settings.throttle_rate} requests a second from which on it refuses",
    )
    yield ThresholdAlarm(
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
        meaning="API: its certificate has not been renewed and is about to expire",
    )
