"""The web ACL of CloudFront: AWS's rules, and how many requests an address or a user may send."""

import pulumi
import pulumi_aws as aws

from components.edge_layer.settings import EdgeSettings
from components.naming import EDGE_REGION, Naming
from components.rates import BURST_SECONDS, WINDOW_SECONDS, RateSettings, burst_limit, window_limit
from components.web_acl import LoggedWebAcl


class EdgeWebAcl(LoggedWebAcl):
    """A web ACL in us-east-1 for all distributions. Carries api-waf for them, api-rate-ip, -user and -burst.

    A web ACL counts over ten minutes at most and not to the request, so that services count users' hours exactly.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: EdgeSettings,
        rates: RateSettings,
        naming: Naming,
        log_key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            "fitness-platform:edge:WebAcl",
            name,
            scope="CLOUDFRONT",
            protects="CloudFront",
            label=naming.name("edge"),
            settings=settings,
            naming=naming,
            log_key_arn=log_key_arn,
            protect=protect,
            further_rules=_rates(settings, rates),
            region=EDGE_REGION,
            opts=opts,
        )
        self.register_outputs({})


def _rates(settings: EdgeSettings, rates: RateSettings) -> list[aws.wafv2.WebAclRuleArgs]:
    """Return the rules that count: each address and each user, over ten minutes and over one."""
    counted = {"address": rates.ip_per_hour, "user": rates.user_per_hour}
    limits = {
        f"{who}-{name}": (who, seconds, limit)
        for who, per_hour in counted.items()
        for name, seconds, limit in (
            ("rate", WINDOW_SECONDS, window_limit(per_hour)),
            ("burst", BURST_SECONDS, burst_limit(per_hour, rates.burst_multiplier)),
        )
    }
    first = len(settings.managed_rule_groups)
    return [
        _rate(name, first + place, who, seconds=seconds, limit=limit, mode=settings.rate_mode)
        for place, (name, (who, seconds, limit)) in enumerate(limits.items())
    ]


def _rate(name: str, place: int, who: str, *, seconds: int, limit: int, mode: str) -> aws.wafv2.WebAclRuleArgs:
    """Return a rule that stops or counts whoever sends more than ``limit`` requests in ``seconds``.

    A user is known by the value of ``Authorization``; requests without one count for their address alone.
    """
    user = [
        aws.wafv2.WebAclRuleStatementRateBasedStatementCustomKeyArgs(
            header=aws.wafv2.WebAclRuleStatementRateBasedStatementCustomKeyHeaderArgs(
                name="authorization",
                text_transformations=[
                    aws.wafv2.WebAclRuleStatementRateBasedStatementCustomKeyHeaderTextTransformationArgs(
                        priority=0, type="NONE"
                    )
                ],
            )
        )
    ]
    by_user = who == "user"
    return aws.wafv2.WebAclRuleArgs(
        name=name,
        priority=place,
        action=(
            aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs())
            if mode == "block"
            else aws.wafv2.WebAclRuleActionArgs(count=aws.wafv2.WebAclRuleActionCountArgs())
        ),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            rate_based_statement=aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
                aggregate_key_type="CUSTOM_KEYS" if by_user else "IP",
                custom_keys=user if by_user else None,
                evaluation_window_sec=seconds,
                limit=limit,
            )
        ),
        visibility_config=aws.wafv2.WebAclRuleVisibilityConfigArgs(
            metric_name=name, cloudwatch_metrics_enabled=True, sampled_requests_enabled=True
        ),
    )
