"""What the business counts, from lines that services log."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming

BUSINESS_NAMESPACE = "FitnessPlatform/Business"


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a metric of the business comes from."""

    service: str
    event: str
    """Value of ``event`` in a line of JSON that the service logs once for each."""


BUSINESS_METRICS: Mapping[str, Counted] = {
    "Signups": Counted("auth", "signup.completed"),
    "Payments": Counted("payment", "payment.succeeded"),
    "Usage": Counted("training", "session.started"),
}


class BusinessMetrics(pulumi.ComponentResource):
    """Signups, payments and usage, counted where they happen. Carries obs-custom-metrics."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        log_groups: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:BusinessMetrics", name, None, opts)
        for metric, counted in BUSINESS_METRICS.items():
            if counted.service in log_groups:
                aws.cloudwatch.LogMetricFilter(
                    f"{name}-{metric}",
                    name=naming.name(metric),
                    log_group_name=log_groups[counted.service],
                    pattern=f'{{ $.event = "{counted.event}" }}',
                    metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                        namespace=BUSINESS_NAMESPACE, name=metric, value="1", default_value="0", unit="Count"
                    ),
                    opts=pulumi.ResourceOptions(parent=self),
                )
        self.register_outputs({})
