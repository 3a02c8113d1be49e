"""A web ACL with its log, which the load balancer and the edge both have: AWS's rules against common attacks."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import pulumi
import pulumi_aws as aws
from pydantic import Field

from components.naming import Naming
from components.routes import ORIGIN_HEADER
from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays, Settings

_SECRET_HEADERS = (ORIGIN_HEADER.lower(), "authorization", "cookie")

ADR_RULE_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)
"""What every request is held against: known attackers, common attacks, exploits such as Log4j, and SQL injection."""

RuleGroup = Annotated[
    str,
    Form(
        r"^AWSManagedRules[A-Za-z0-9]{1,100}$", "the name of a rule group of AWS, such as AWSManagedRulesCommonRuleSet"
    ),
]
RuleName = Annotated[str, Form(r"^[A-Za-z0-9_]{1,128}$", "the name of a rule, such as SizeRestrictions_BODY")]


class WebAclSettings(Settings):
    """What a web ACL holds requests against, and how long its log is kept. Every default is the decision's value."""

    managed_rule_groups: Annotated[
        tuple[RuleGroup, ...],
        KeepsAdr(
            "api-waf", "any list that has all of the default in it", lambda groups: set(ADR_RULE_GROUPS) <= set(groups)
        ),
    ] = Field(
        default=ADR_RULE_GROUPS,
        min_length=1,
        examples=[[*ADR_RULE_GROUPS, "AWSManagedRulesLinuxRuleSet"], ["AWSManagedRulesCommonRuleSet"]],
        description=(
            "Rule groups of AWS that every request is held against, in this order. Their capacities must not add up "
            "to more than 5000; the default has 1125, and what is above 1500 costs extra."
        ),
    )
    counted_rules: Annotated[
        dict[RuleGroup, tuple[RuleName, ...]], KeepsAdr("api-waf", "none", lambda rules: not rules)
    ] = Field(
        default={},
        examples=[{"AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]}],
        description=(
            "Rules that only count what they match, by rule group. A web ACL sees the first 8 KiB of a body, so that "
            "SizeRestrictions_BODY of AWSManagedRulesCommonRuleSet refuses longer ones: uploads go to S3 by presigned "
            "URLs. Where services must take longer bodies, count that rule, and check them in the service."
        ),
    )
    web_acl_log_days: Annotated[
        RetentionDays, KeepsAdr("obs-retention-api-access", "30 or more", lambda days: days >= 30)
    ] = Field(default=90, description="Days that the log of what the web ACL stopped or counted is kept.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse, and rules that count in a group that isn't there."""
        for index, group in enumerate(self.managed_rule_groups):
            if group in self.managed_rule_groups[:index]:
                yield Conflict(("managedRuleGroups", str(index)), group, "each of managedRuleGroups once")
        for group in self.counted_rules:
            if group not in self.managed_rule_groups:
                yield Conflict(("countedRules", group), group, "groups of managedRuleGroups")


class LoggedWebAcl(pulumi.ComponentResource):
    """A web ACL that refuses what its rules match, and logs what it refused or counted.

    Headers that let their bearer in are kept out of its log and out of its samples. Carries api-waf and, for the log,
    audit-pii-redaction. Who has one gives it a type of its own.
    """

    acl: aws.wafv2.WebAcl
    """The web ACL."""

    def __init__(
        self,
        type_: str,
        name: str,
        *,
        scope: str,
        protects: str,
        label: str,
        settings: WebAclSettings,
        naming: Naming,
        log_key_arn: pulumi.Input[str],
        protect: bool,
        further_rules: Sequence[aws.wafv2.WebAclRuleArgs] = (),
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take what it ``protects`` in words, rules that come after AWS's, and a ``region`` other than the stack's."""
        super().__init__(type_, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        managed = [_managed(group, place, settings) for place, group in enumerate(settings.managed_rule_groups)]
        self.acl = aws.wafv2.WebAcl(
            f"{name}-rules",
            name=label,
            description=f"What {protects} of {naming.prefix} refuses",
            scope=scope,
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            rules=[*managed, *further_rules],
            data_protection_config=aws.wafv2.WebAclDataProtectionConfigArgs(
                data_protections=[
                    aws.wafv2.WebAclDataProtectionConfigDataProtectionArgs(
                        action="SUBSTITUTION",
                        field=aws.wafv2.WebAclDataProtectionConfigDataProtectionFieldArgs(
                            field_type="SINGLE_HEADER", field_keys=_SECRET_HEADERS
                        ),
                    )
                ]
            ),
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                metric_name=label, cloudwatch_metrics_enabled=True, sampled_requests_enabled=True
            ),
            region=region,
            tags={"Name": label},
            opts=child,
        )
        # AWS demands the name's beginning, and lets WAF write to the group when logging is switched on.
        # https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=f"aws-waf-logs-{label}",
            retention_in_days=settings.web_acl_log_days,
            kms_key_id=log_key_arn,
            region=region,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=self.acl.arn,
            log_destination_configs=[log_group.arn],
            redacted_fields=[
                aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
                    single_header=aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=header)
                )
                for header in _SECRET_HEADERS
            ],
            logging_filter=aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs(
                default_behavior="DROP",  # what passes is in the access log of what it protects
                filters=[
                    aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterArgs(
                        behavior="KEEP",
                        requirement="MEETS_ANY",
                        conditions=[
                            aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs(
                                action_condition=aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs(
                                    action=action
                                )
                            )
                            for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                        ],
                    )
                ],
            ),
            region=region,
            opts=child,
        )


def _managed(group: str, place: int, settings: WebAclSettings) -> aws.wafv2.WebAclRuleArgs:
    """Return the rule that holds requests against one rule group of AWS."""
    return aws.wafv2.WebAclRuleArgs(
        name=group,
        priority=place,
        override_action=aws.wafv2.WebAclRuleOverrideActionArgs(none=aws.wafv2.WebAclRuleOverrideActionNoneArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            managed_rule_group_statement=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
                vendor_name="AWS",
                name=group,
                rule_action_overrides=[
                    aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs(
                        name=rule,
                        action_to_use=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs(
                            count=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs()
                        ),
                    )
                    for rule in settings.counted_rules.get(group, ())
                ],
            )
        ),
        visibility_config=aws.wafv2.WebAclRuleVisibilityConfigArgs(
            metric_name=group, cloudwatch_metrics_enabled=True, sampled_requests_enabled=True
        ),
    )
