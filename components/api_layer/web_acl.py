"""The web ACL in front of the load balancer: AWS's own rules against what attackers commonly try."""

import pulumi
import pulumi_aws as aws

from components.api_layer.settings import ApiSettings
from components.naming import Naming
from components.routes import ORIGIN_HEADER

_SECRET_HEADERS = (ORIGIN_HEADER.lower(), "authorization", "cookie")


class WebAcl(pulumi.ComponentResource):
    """A regional web ACL that refuses what managed rules match, and logs what it refused or counted.

    Headers that let their bearer in are kept out of its log and out of its samples. Carries api-waf for the load
    balancer and audit-pii-redaction for the log.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ApiSettings,
        naming: Naming,
        load_balancer_arn: pulumi.Input[str],
        log_key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:api:WebAcl", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = naming.name("alb")
        acl = aws.wafv2.WebAcl(
            f"{name}-rules",
            name=label,
            description=f"What the load balancer of {naming.prefix} refuses",
            scope="REGIONAL",
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            rules=[_managed(group, place, settings) for place, group in enumerate(settings.managed_rule_groups)],
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
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[log_group.arn],
            redacted_fields=[
                aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
                    single_header=aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=header)
                )
                for header in _SECRET_HEADERS
            ],
            logging_filter=aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs(
                default_behavior="DROP",  # what passes is in the load balancer's access log
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
            opts=child,
        )
        aws.wafv2.WebAclAssociation(
            f"{name}-association", resource_arn=load_balancer_arn, web_acl_arn=acl.arn, opts=child
        )
        self.register_outputs({})


def _managed(group: str, place: int, settings: ApiSettings) -> aws.wafv2.WebAclRuleArgs:
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
