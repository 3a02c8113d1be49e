"""X-Ray: which requests are traced, and what is looked for in them."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.observability_layer.settings import ObservabilitySettings

_SEARCHES: Mapping[str, str] = {
    "faults": "fault = true",
    "slow": "responsetime > 2",
}


class Tracing(pulumi.ComponentResource):
    """One rule that samples a share of everything, and groups of traces that insights watch.

    Carries obs-xray-service-map and obs-xray-profiling. Collectors beside services send traces, as X-Ray's own daemon
    is in maintenance.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ObservabilitySettings,
        naming: Naming,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:Tracing", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.name("all")
        aws.xray.SamplingRule(
            f"{name}-sampling",
            rule_name=label,
            priority=9000,  # what is more particular comes first
            version=1,
            reservoir_size=1,
            fixed_rate=settings.trace_sample_rate,
            host="*",
            http_method="*",
            service_name="*",
            service_type="*",
            url_path="*",
            resource_arn="*",
            tags={"Name": label},
            opts=child,
        )
        for search, expression in _SEARCHES.items():
            group = naming.name(search)
            aws.xray.Group(
                f"{name}-{search}",
                group_name=group,
                filter_expression=expression,
                insights_configuration=aws.xray.GroupInsightsConfigurationArgs(
                    insights_enabled=True,
                    notifications_enabled=False,  # alarms tell people; insights show them where to look
                ),
                tags={"Name": group},
                opts=child,
            )
        self.register_outputs({})
