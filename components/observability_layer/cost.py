"""What the platform costs: budgets, anomalies, and whether what was bought for a year is used and suffices."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.observability_layer.settings import ObservabilitySettings

_RESERVED: Mapping[str, str] = {
    "rds": "Amazon Relational Database Service",
    "elasticache": "Amazon ElastiCache",
    "opensearch": "Amazon OpenSearch Service",
}
"""Services that have reserved instances and that the platform uses, as budgets name them."""
_TRANSFER = ("EC2: Data Transfer - Inter AZ", "EC2: Data Transfer - Region to Region (Out)")


class _Notice(NamedTuple):
    """When somebody is told."""

    when: Literal["ACTUAL", "FORECASTED"]
    comparison: Literal["GREATER_THAN", "LESS_THAN"]
    percent: float
    """Of the budget's limit."""


class CostWatch(pulumi.ComponentResource):
    """Budgets that tell the topic for warnings, and a monitor of what is unusual.

    Carries cost-ri-1yr, cost-mix and cost-data-transfer-regions. It buys nothing: people sign for terms of a year.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ObservabilitySettings,
        naming: Naming,
        topic_arn: pulumi.Input[str],
        account_settings: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:CostWatch", name, None, opts)
        self._name, self._naming, self._topic_arn = name, naming, topic_arn
        self._child = pulumi.ResourceOptions(parent=self)
        own = ("TagKeyValue", (f"user:Environment${naming.environment}",))
        budget = str(settings.monthly_budget_usd)
        self._budget(
            "month",
            "COST",
            budget,
            "USD",
            notices=[_Notice("ACTUAL", "GREATER_THAN", 80), _Notice("FORECASTED", "GREATER_THAN", 100)],
            about=own,
        )
        share = str(settings.monthly_transfer_usd)
        self._budget(
            "transfer",
            "COST",
            share,
            "USD",
            notices=[_Notice("ACTUAL", "GREATER_THAN", 100)],
            about=("UsageTypeGroup", _TRANSFER),
        )
        for service, title in _RESERVED.items():
            for kind in ("RI_UTILIZATION", "RI_COVERAGE"):
                self._commitment(f"{kind}-{service}", kind, settings, ("Service", (title,)))
        for kind in ("SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"):
            self._commitment(kind, kind, settings, None)
        if account_settings:
            self._anomalies(settings)
        self.register_outputs({})

    def _commitment(
        self, label: str, kind: str, settings: ObservabilitySettings, about: tuple[str, tuple[str, ...]] | None
    ) -> None:
        least = settings.commitment_coverage_percent if "COVERAGE" in kind else settings.commitment_utilization_percent
        self._budget(label, kind, "100", "PERCENTAGE", notices=[_Notice("ACTUAL", "LESS_THAN", least)], about=about)

    def _budget(
        self,
        label: str,
        kind: str,
        amount: str,
        unit: str,
        *,
        notices: Sequence[_Notice],
        about: tuple[str, tuple[str, ...]] | None,
    ) -> None:
        title = self._naming.name(label.lower().replace("_", "-"))
        aws.budgets.Budget(
            f"{self._name}-{label}",
            name=title,
            budget_type=kind,
            time_unit="MONTHLY",
            limit_amount=amount,
            limit_unit=unit,
            cost_filters=[aws.budgets.BudgetCostFilterArgs(name=about[0], values=list(about[1]))] if about else None,
            notifications=[
                aws.budgets.BudgetNotificationArgs(
                    notification_type=notice.when,
                    comparison_operator=notice.comparison,
                    threshold=notice.percent,
                    threshold_type="PERCENTAGE",
                    subscriber_sns_topic_arns=[self._topic_arn],
                )
                for notice in notices
            ],
            tags={"Name": title},
            opts=self._child,
        )

    def _anomalies(self, settings: ObservabilitySettings) -> None:
        title = self._naming.name("anomalies")
        monitor = aws.costexplorer.AnomalyMonitor(
            f"{self._name}-monitor",
            name=title,
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            tags={"Name": title},
            opts=self._child,
        )
        aws.costexplorer.AnomalySubscription(
            f"{self._name}-anomalies",
            name=title,
            frequency="IMMEDIATE",
            monitor_arn_lists=[monitor.arn],
            subscribers=[aws.costexplorer.AnomalySubscriptionSubscriberArgs(type="SNS", address=self._topic_arn)],
            threshold_expression=aws.costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                dimension=aws.costexplorer.AnomalySubscriptionThresholdExpressionDimensionArgs(
                    key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    match_options=["GREATER_THAN_OR_EQUAL"],
                    values=[str(settings.anomaly_usd)],
                )
            ),
            tags={"Name": title},
            opts=self._child,
        )
