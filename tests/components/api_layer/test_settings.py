from typing import Any

import pytest

from components.api_layer.settings import ApiSettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of

_POLICIES = (
    "'ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-TLS13-1-2-PQ-2025-09', "
    "'ELBSecurityPolicy-TLS13-1-2-Res-2021-06', 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09', "
    "'ELBSecurityPolicy-TLS13-1-3-2021-06' or 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09'"
)


def test_defaults_keep_the_decision() -> None:
    markers = {
        name: [marker for marker in field.metadata if isinstance(marker, KeepsAdr)]
        for name, field in ApiSettings.model_fields.items()
    }
    assert sum(map(len, markers.values())) > 7
    for name, found in markers.items():
        assert all(marker.holds(ApiSettings.model_fields[name].default) for marker in found), name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deletion_protection", False),
        ("health_check_interval_seconds", 60),
        ("deregistration_delay_seconds", 29),
        ("deregistration_delay_seconds", 121),
        ("stickiness_seconds", 3600),
        ("managed_rule_groups", ("AWSManagedRulesCommonRuleSet",)),
        ("counted_rules", {"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)}),
        ("web_acl_log_days", 14),
        ("rest_log_days", 14),
        ("throttle_rate", 100),
        ("throttle_burst", 200),
        ("authorizer_concurrency", None),
    ],
)
def test_legal_values_that_break_the_decision(field: str, value: Any) -> None:
    [marker] = [item for item in ApiSettings.model_fields[field].metadata if isinstance(item, KeepsAdr)]
    assert not marker.holds(value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"tlsPolicy": "ELBSecurityPolicy-2016-08"},
            f'tlsPolicy: found "ELBSecurityPolicy-2016-08"; allowed: {_POLICIES}',
        ),
        (
            {"tlsPolicy": "ELBSecurityPolicy-TLS13-1-0-2021-06"},
            f'tlsPolicy: found "ELBSecurityPolicy-TLS13-1-0-2021-06"; allowed: {_POLICIES}',
        ),
        ({"desyncMode": "monitor"}, "desyncMode: found \"monitor\"; allowed: 'defensive' or 'strictest'"),
        ({"idleTimeoutSeconds": 0}, "idleTimeoutSeconds: found 0; allowed: greater than or equal to 1"),
        ({"idleTimeoutSeconds": 4001}, "idleTimeoutSeconds: found 4001; allowed: less than or equal to 4000"),
        ({"clientKeepAliveSeconds": 59}, "clientKeepAliveSeconds: found 59; allowed: greater than or equal to 60"),
        ({"healthCheckIntervalSeconds": 4}, "healthCheckIntervalSeconds: found 4; allowed: greater than or equal to 5"),
        ({"stickinessSeconds": 0}, "stickinessSeconds: found 0; allowed: greater than or equal to 1"),
        (
            {"deregistrationDelaySeconds": 3601},
            "deregistrationDelaySeconds: found 3601; allowed: less than or equal to 3600",
        ),
        ({"deletionProtection": "yes"}, 'deletionProtection: found "yes"; allowed: true or false'),
        (
            {"healthCheckTimeoutSeconds": 30},
            "healthCheckTimeoutSeconds: found 30; allowed: less than healthCheckIntervalSeconds (30)",
        ),
        ({"managedRuleGroups": []}, "managedRuleGroups: found []; allowed: 1 or more entries"),
        (
            {"managedRuleGroups": ["CommonRuleSet"]},
            (
                'managedRuleGroups.0: found "CommonRuleSet"; '
                "allowed: the name of a rule group of AWS, such as AWSManagedRulesCommonRuleSet"
            ),
        ),
        (
            {"managedRuleGroups": ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesCommonRuleSet"]},
            'managedRuleGroups.1: found "AWSManagedRulesCommonRuleSet"; allowed: each of managedRuleGroups once',
        ),
        (
            {"countedRules": {"AWSManagedRulesLinuxRuleSet": ["LFI_HEADER"]}},
            (
                'countedRules.AWSManagedRulesLinuxRuleSet: found "AWSManagedRulesLinuxRuleSet"; '
                "allowed: groups of managedRuleGroups"
            ),
        ),
        (
            {"countedRules": {"AWSManagedRulesCommonRuleSet": ["*"]}},
            (
                'countedRules.AWSManagedRulesCommonRuleSet.0: found "*"; '
                "allowed: the name of a rule, such as SizeRestrictions_BODY"
            ),
        ),
        (
            {"restTlsPolicy": "TLS_1_0"},
            (
                "restTlsPolicy: found \"TLS_1_0\"; allowed: 'SecurityPolicy_TLS13_1_2_2021_06', "
                "'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09', 'SecurityPolicy_TLS13_1_2_PQ_2025_09' or 'TLS_1_2'"
            ),
        ),
        ({"throttleRate": -1}, "throttleRate: found -1; allowed: greater than or equal to 1"),
        ({"throttleRate": 10_001}, "throttleRate: found 10001; allowed: less than or equal to 10000"),
        ({"throttleBurst": 0}, "throttleBurst: found 0; allowed: greater than or equal to 1"),
        ({"integrationTimeoutMs": 29_001}, "integrationTimeoutMs: found 29001; allowed: less than or equal to 29000"),
        ({"restLogDays": 31}, "restLogDays: found 31; allowed: 1, 3, 5, 7, 14, 30"),
        ({"authorizerConcurrency": 901}, "authorizerConcurrency: found 901; allowed: less than or equal to 900"),
        (
            {"tokenIssuer": "http://auth.example"},
            'tokenIssuer: found "http://auth.example"; allowed: an address that begins with https://',
        ),
        ({"tokenAudience": "two words"}, 'tokenAudience: found "two words"; allowed: up to 200 letters'),
        ({"webAclLogDays": 31}, "webAclLogDays: found 31; allowed: 1, 3, 5, 7, 14, 30"),
        ({"wafLogDays": 30}, "wafLogDays: unknown setting; did you mean webAclLogDays?"),
    ],
    ids=str,
)
def test_what_aws_would_refuse_is_refused(changes: dict[str, Any], message: str) -> None:
    [mistake] = mistakes(stack_of(api=changes))
    assert mistake.startswith(f"fitness-platform:api.{message}")


def test_everything_said() -> None:
    values = {
        "tlsPolicy": "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
        "desyncMode": "strictest",
        "healthCheckIntervalSeconds": 10,
        "healthCheckTimeoutSeconds": 9,
        "countedRules": {"AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]},
    }
    settings = load(stack_of(api=values)).api
    assert settings.tls_policy == "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    assert settings.desync_mode == "strictest"
    assert settings.counted_rules == {"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)}
