"""What joins the load balancer and the services behind it: routes to them, and the targets that they register with.

Plain values, so that settings can build routes and the compute cluster can take targets.
"""

from dataclasses import dataclass
from typing import Literal

import pulumi

ORIGIN_HEADER = "X-Origin-Verify"
"""Header by which the load balancer knows that a request came through the edge. Its value is a secret."""

MAX_ORIGIN_TOKENS = 2
"""Values of the origin header that a rule takes at once: the present one, and the one before while they rotate."""

MAX_PATHS = 5 - MAX_ORIGIN_TOKENS
"""Path patterns of a route: a rule compares five values at most, over all of its conditions.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
"""

MAX_WILDCARDS = 5
"""How often ``*`` and ``?`` may stand in the patterns of a route together, by the same limits."""

TARGET_GROUP_NAME_LENGTH = 32
"""Characters that the name of a target group may have."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which requests reach a service, and how its tasks are reached and asked for their health."""

    service: str
    paths: tuple[str, ...]
    """Patterns of the request's path, one to :data:`MAX_PATHS`, such as ``/auth/*``."""
    priority: int
    """Place of its rule among those of the listener, 1 to 49999: the lowest that matches wins."""
    port: int
    """TCP port of the containers."""
    protocol: Literal["HTTPS", "HTTP"]
    """What the load balancer speaks with the containers."""
    health_check_path: str
    """Path that answers 200 while a task can serve."""
    stateful: bool
    """Whether a client stays with the task that answered it first."""
    two_groups: bool
    """Whether it has two target groups, between which a blue/green deployment shifts traffic."""

    @property
    def colors(self) -> tuple[str, ...]:
        """What tells its target groups apart."""
        return ("blue", "green") if self.two_groups else ("blue",)


def target_group_name(environment: str, service: str, color: str) -> str:
    """Return what a target group is called. It must be no longer than :data:`TARGET_GROUP_NAME_LENGTH`."""
    return f"{environment}-{service}-{color}"


@dataclass(frozen=True, slots=True)
class ServiceTargets:
    """Where the tasks of a service register, and what a deployment of it shifts."""

    blue_arn: pulumi.Output[str]
    """ARN of the target group that has the traffic at first."""
    green_arn: pulumi.Output[str] | None
    """ARN of the other, where deployments are blue/green."""
    rule_arn: pulumi.Output[str]
    """ARN of the listener rule whose weights a blue/green deployment changes."""
    rule: pulumi.Resource
    """The rule itself. A service waits for it: ECS refuses target groups that no load balancer uses."""
    blue_suffix: pulumi.Output[str]
    """Dimension ``TargetGroup`` of the metrics of the first."""
    green_suffix: pulumi.Output[str] | None
    """The same of the other."""

    @property
    def outputs(self) -> dict[str, pulumi.Output[str] | None]:
        """What a component registers of it."""
        return {
            "blue_arn": self.blue_arn,
            "green_arn": self.green_arn,
            "rule_arn": self.rule_arn,
            "blue_suffix": self.blue_suffix,
            "green_suffix": self.green_suffix,
        }
