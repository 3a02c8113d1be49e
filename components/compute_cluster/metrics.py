"""Metrics of a service over both of its target groups, whichever has the traffic. Pure.

A group without traffic has no data, which counts as nothing.
"""

from collections.abc import Iterable, Mapping

import pulumi

from components.routes import ServiceTargets

RUNNING = ("ECS/ContainerInsights", "RunningTaskCount")
"""Namespace and name of the metric that counts tasks; its dimensions are those of the service."""


def dimensions_of_groups(
    targets: ServiceTargets, load_balancer_suffix: pulumi.Input[str]
) -> Mapping[str, Mapping[str, pulumi.Input[str]]]:
    """Return the dimensions of each target group's metrics, by color."""
    suffixes = {"blue": targets.blue_suffix, "green": targets.green_suffix}
    return {
        color: {"LoadBalancer": load_balancer_suffix, "TargetGroup": suffix}
        for color, suffix in suffixes.items()
        if suffix is not None
    }


def total(ids: Iterable[str], *others: str) -> str:
    """Return the expression that adds up metrics by their ids, and other expressions."""
    return f"SUM([{', '.join((*others, *(f'FILL({identifier}, 0)' for identifier in ids)))}])"
