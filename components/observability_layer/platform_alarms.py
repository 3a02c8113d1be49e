"""Alarms on what spans layers: the objective, slow services, quotas and backups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm, with_runbook
from components.naming import Naming
from components.observability_layer.settings import ObservabilitySettings
from components.routes import ServiceTargets

_Query = aws.cloudwatch.MetricAlarmMetricQueryArgs
_Metric = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs
_FEW_REQUESTS = 100  # in a window: fewer say nothing about one in ten thousand


@dataclass(frozen=True, slots=True)
class _Burn:
    """How fast the month's budget of errors burns, over a long window and a short one, which ends the alarm soon.

    https://sre.google/workbook/alerting-on-slos/
    """

    label: str
    times: float
    """How many times as fast as the budget allows."""
    windows: tuple[int, int]
    """Seconds."""
    severity: Literal["critical", "warning"]
    meaning: str


_BURNS = (
    _Burn("FastBurn", 14.4, (3600, 300), "critical", "a fiftieth of the month's errors was spent within an hour"),
    _Burn("SlowBurn", 6, (21_600, 1800), "warning", "a twentieth of the month's errors was spent within six hours"),
)


class PlatformAlarms(pulumi.ComponentResource):
    """Carries obs-availability-9999 and the alarms of obs-dash-errors-latency on latency."""

    def __init__(
        self,
        name: str,
        *,
        settings: ObservabilitySettings,
        naming: Naming,
        load_balancer_suffix: pulumi.Input[str],
        targets: Mapping[str, ServiceTargets],
        backup_vault: str,
        copied: bool,
        topic_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:PlatformAlarms", name, None, opts)
        self._name, self._naming, self._topic_arns = name, naming, topic_arns
        self._child = pulumi.ResourceOptions(parent=self)
        for burn in _BURNS:
            self._burn(burn, settings.objective_percent, load_balancer_suffix)
        for service, own in targets.items():
            self._slow(service, own, load_balancer_suffix, settings.slow_seconds)
        for label, dimensions, what in _QUOTAS:
            self._quota(label, dimensions, what)
        self._failed_jobs("backups", "FailedBackups", "NumberOfBackupJobsFailed", backup_vault)
        if copied:
            self._failed_jobs("copies", "FailedCopies", "NumberOfCopyJobsFailed", backup_vault)
        self.register_outputs({})

    def _burn(self, burn: _Burn, objective: float, load_balancer: pulumi.Input[str]) -> None:
        names: list[pulumi.Output[str]] = []
        for period in burn.windows:
            label = f"{burn.label}{period // 60}"
            names.append(
                self._alarm(
                    label,
                    f"Objective: errors over {period // 60} minutes, of which {burn.label} is made",
                    _errors(load_balancer, period),
                    (100 - objective) * burn.times,
                    severity=None,
                ).name
            )
        label = self._naming.name(burn.label)
        topic = self._topic_arns[burn.severity]
        aws.cloudwatch.CompositeAlarm(
            f"{self._name}-{burn.label}",
            alarm_name=label,
            alarm_description=with_runbook(f"Objective: {burn.meaning}", "objective"),
            alarm_rule=pulumi.Output.format('ALARM("{0}") AND ALARM("{1}")', *names),
            alarm_actions=[topic],
            ok_actions=[topic],
            tags={"Name": label},
            opts=self._child,
        )

    def _slow(self, service: str, targets: ServiceTargets, load_balancer: pulumi.Input[str], seconds: float) -> None:
        suffixes = {"blue": targets.blue_suffix, "green": targets.green_suffix}
        queries = [
            _query(f"p99_{color}", "TargetResponseTime", "p99", {"LoadBalancer": load_balancer, "TargetGroup": suffix})
            for color, suffix in suffixes.items()
            if suffix is not None
        ]
        slowest = f"MAX([{', '.join(str(query.id) for query in queries)}])"
        queries.append(_Query(id="result", label="Slowest", expression=slowest, return_data=True))
        meaning = f"Service {service}: one in a hundred answers takes more than {seconds:g} seconds"
        self._alarm(f"{service}-SlowAnswers", meaning, queries, seconds, severity="warning", periods=5)

    def _quota(self, label: str, dimensions: Mapping[str, str], what: str) -> None:
        used = _Query(
            id="used",
            return_data=False,
            metric=_Metric(
                namespace="AWS/Usage", metric_name="ResourceCount", stat="Maximum", period=300, dimensions=dimensions
            ),
        )
        share = _Query(id="share", label=what, expression="100 * used / SERVICE_QUOTA(used)", return_data=True)
        meaning = f"Quotas: more than 80 % of {what} that the account may have are in use"
        self._alarm(label, meaning, [used, share], 80, severity="warning", periods=3)

    def _failed_jobs(self, label: str, title: str, metric: str, vault: str) -> None:
        ThresholdAlarm(
            namespace="AWS/Backup",
            metric=metric,
            dimensions={"BackupVaultName": vault},
            statistic="Sum",
            period=3600,
            periods=1,
            comparison="GreaterThanThreshold",
            threshold=0,
            severity="critical",
            missing="notBreaching",
            meaning=f"{label.title()}: a job failed, so that the last one is older than it should be",
        ).declare(f"{self._name}-{label}", self._naming.name(title), topic_arns=self._topic_arns, opts=self._child)

    def _alarm(
        self,
        label: str,
        meaning: str,
        queries: list[_Query],
        threshold: float,
        *,
        severity: Literal["critical", "warning"] | None,
        periods: int = 1,
    ) -> aws.cloudwatch.MetricAlarm:
        """Declare an alarm on an expression. One without severity is part of another, which tells people."""
        topics = [self._topic_arns[severity]] if severity else None
        title = self._naming.name(label)
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{label}",
            name=title,
            alarm_description=with_runbook(meaning, "quotas" if meaning.startswith("Quotas") else "objective"),
            metric_queries=queries,
            comparison_operator="GreaterThanThreshold",
            threshold=round(threshold, 6),
            evaluation_periods=periods,
            treat_missing_data="notBreaching",
            alarm_actions=topics,
            ok_actions=topics,
            tags={"Name": title},
            opts=self._child,
        )


def _errors(load_balancer: pulumi.Input[str], period: int) -> list[_Query]:
    """Return the share of requests that got an error, in percent, whoever made it."""
    of = {"LoadBalancer": load_balancer}
    share = "100 * (FILL(own, 0) + FILL(theirs, 0)) / requests"
    return [
        _query("own", "HTTPCode_ELB_5XX_Count", "Sum", of, period),
        _query("theirs", "HTTPCode_Target_5XX_Count", "Sum", of, period),
        _query("requests", "RequestCount", "Sum", of, period),
        _Query(
            id="result",
            label="Errors, %",
            expression=f"IF(requests >= {_FEW_REQUESTS}, {share}, 0)",
            return_data=True,
        ),
    ]


def _query(
    identifier: str, metric: str, stat: str, dimensions: Mapping[str, pulumi.Input[str]], period: int = 60
) -> _Query:
    return _Query(
        id=identifier,
        return_data=False,
        metric=_Metric(
            namespace="AWS/ApplicationELB", metric_name=metric, stat=stat, period=period, dimensions=dimensions
        ),
    )


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Service-Quota-Integration.html
_QUOTAS: tuple[tuple[str, Mapping[str, str], str], ...] = (
    (
        "FargateQuota",
        {"Service": "Fargate", "Type": "Resource", "Resource": "vCPU", "Class": "Standard/OnDemand"},
        "the processors on Fargate",
    ),
    (
        "LambdaQuota",
        {"Service": "Lambda", "Type": "Resource", "Resource": "ConcurrentExecutions", "Class": "None"},
        "the executions of functions",
    ),
)
