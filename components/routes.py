"""What joins the way in and the services behind it: names, routes to them, and the targets that they register with.

Plain values, so that settings can build routes and the compute cluster can take targets.
"""

from dataclasses import dataclass
from typing import Literal

import pulumi

from components.naming import Naming

ORIGIN_HEADER = "X-Origin-Verify"
"""Header by which the load balancer knows that a request came through the edge. Its value is a secret."""

API_STAGE = "live"
"""The only stage of the REST API. Its domain hides the name, ARNs of calls have it."""

INTERNAL_PREFIX = "/internal"
"""Path below which functions call services, as ``/internal/<service>/...``: only IAM lets anybody in."""

INTERNAL_CALLER_HEADER = "X-Internal-Caller"
"""Header in which the REST API tells the ARN of who makes an internal call, and ``none`` for every other."""

API_HEALTH_PATH = "/api/health"
"""Path that answers 200 without a token while the way from the REST API to a container is open."""

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


def origin_name(domain: str) -> str:
    """Return the name of the load balancer: whoever calls it needs :data:`ORIGIN_HEADER`."""
    return f"origin.{domain}"


def api_origin_name(domain: str) -> str:
    """Return the name of the REST API, for CloudFront and for functions."""
    return f"api-origin.{domain}"


def internal_url(domain: str, service: str) -> str:
    """Return what functions call a service by: signed by SigV4 for ``execute-api``, a path after it."""
    return f"https://{api_origin_name(domain)}{INTERNAL_PREFIX}/{service}"


def internal_call_arn(naming: Naming, method: str, service: str) -> str:
    """Return the resource of the action ``execute-api:Invoke`` by which a role may call a service.

    The id of the API is only known once it is there, so that any API of the account may stand in its place.
    """
    return naming.arn("execute-api", f"*/{API_STAGE}/{method}{INTERNAL_PREFIX}/{service}/*")


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
