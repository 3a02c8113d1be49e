"""Where a service's tasks register, and the listener rule that leads there."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.api_layer.settings import ApiSettings
from components.naming import Naming
from components.routes import ORIGIN_HEADER, Route, ServiceTargets, target_group_name

# A task counts as healthy after a minute, and as lost after a minute and a half.
_HEALTHY_AFTER = 2
_UNHEALTHY_AFTER = 3


class ServiceRoute(pulumi.ComponentResource):
    """The target groups of one service, and the rule that demands the origin header and forwards to them.

    Carries lb-tg-per-service, lb-health-30s and lb-stickiness-30min.
    """

    targets: ServiceTargets
    """What the service registers with."""

    def __init__(
        self,
        name: str,
        route: Route,
        *,
        settings: ApiSettings,
        naming: Naming,
        vpc_id: pulumi.Input[str],
        listener_arn: pulumi.Input[str],
        origin_tokens: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:api:ServiceRoute", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        groups = {
            color: aws.lb.TargetGroup(
                f"{name}-{color}",
                name=target_group_name(naming.environment, route.service, color),
                target_type="ip",
                ip_address_type="ipv4",
                vpc_id=vpc_id,
                port=route.port,
                protocol=route.protocol,
                protocol_version="HTTP1",
                deregistration_delay=settings.deregistration_delay_seconds,
                slow_start=0,
                load_balancing_cross_zone_enabled="use_load_balancer_configuration",  # which is always on
                health_check=aws.lb.TargetGroupHealthCheckArgs(
                    enabled=True,
                    protocol=route.protocol,
                    port="traffic-port",
                    path=route.health_check_path,
                    matcher="200",
                    interval=settings.health_check_interval_seconds,
                    timeout=settings.health_check_timeout_seconds,
                    healthy_threshold=_HEALTHY_AFTER,
                    unhealthy_threshold=_UNHEALTHY_AFTER,
                ),
                stickiness=aws.lb.TargetGroupStickinessArgs(
                    enabled=route.stateful, type="lb_cookie", cookie_duration=settings.stickiness_seconds
                ),
                tags={"Name": naming.name(route.service, color)},
                opts=child,
            )
            for color in route.colors
        }
        rule = aws.lb.ListenerRule(
            f"{name}-rule",
            listener_arn=listener_arn,
            priority=route.priority,
            conditions=[
                aws.lb.ListenerRuleConditionArgs(
                    http_header=aws.lb.ListenerRuleConditionHttpHeaderArgs(
                        http_header_name=ORIGIN_HEADER, values=origin_tokens
                    )
                ),
                aws.lb.ListenerRuleConditionArgs(
                    path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=route.paths)
                ),
            ],
            actions=[
                aws.lb.ListenerRuleActionArgs(
                    type="forward",
                    forward=aws.lb.ListenerRuleActionForwardArgs(
                        target_groups=[
                            aws.lb.ListenerRuleActionForwardTargetGroupArgs(
                                arn=group.arn, weight=100 if color == "blue" else 0
                            )
                            for color, group in groups.items()
                        ],
                        # With two groups AWS refuses clients that stick to a task unless they stick to its group too.
                        # For a second only: longer, and they would follow an old deployment to its end.
                        stickiness=aws.lb.ListenerRuleActionForwardStickinessArgs(enabled=route.two_groups, duration=1),
                    ),
                )
            ],
            tags={"Name": naming.name(route.service)},
            # Deployments own the weights: setting them here would send traffic back to the tasks of the last one.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["actions"] if route.two_groups else None),
        )
        green = groups.get("green")
        self.targets = ServiceTargets(
            blue_arn=groups["blue"].arn,
            green_arn=green.arn if green else None,
            rule_arn=rule.arn,
            rule=rule,
            blue_suffix=groups["blue"].arn_suffix,
            green_suffix=green.arn_suffix if green else None,
        )
        self.register_outputs({"targets": self.targets.outputs})
