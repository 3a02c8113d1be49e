import json
from typing import Any

import pytest

from components import ApiLayer
from preview.program import run_program
from preview.stack_file import StackConfig
from preview.topology import Topology, plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import configured, recorded

_SERVICES = ("ai", "api-gateway", "auth", "content", "payment", "training")
_ALB, _HTTP, _HTTPS = "api-load-balancer-alb", "api-load-balancer-http", "api-load-balancer-https"
_TOKEN, _PREVIOUS = "fitness-platform:originVerifyToken", "fitness-platform:originVerifyTokenPrevious"
_VALUE = "Correct-Horse_Battery-Staple-0123"
_SECRET_HEADERS = ["x-origin-verify", "authorization", "cookie"]


def _raw(topology: Topology, name: str) -> dict[str, Any]:
    """Return the inputs of a resource with what is not known in them."""
    found: dict[str, Any] = plain(topology.resources[urn_of(topology, name)].inputs)
    return found


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    assert set(plain(topology.resources[urn_of(topology, "api")].outputs)) == set(ApiLayer.__annotations__)


def test_the_load_balancer_is_public_hardened_and_logs() -> None:
    topology = recorded("prod")
    found = inputs(topology, _ALB)
    assert found | {"accessLogs": None} == {
        "accessLogs": None,
        "name": "fitness-platform-prod-alb",
        "loadBalancerType": "application",
        "internal": False,
        "ipAddressType": "ipv4",
        "dropInvalidHeaderFields": True,
        "desyncMitigationMode": "defensive",
        "enableHttp2": True,
        "enableTlsVersionAndCipherSuiteHeaders": True,
        "xffHeaderProcessingMode": "append",
        "enableWafFailOpen": False,
        "enableZonalShift": True,
        "idleTimeout": 60,
        "clientKeepAlive": 3600,
        "enableDeletionProtection": True,
    }
    assert found["accessLogs"] == {"enabled": True, "bucket": UNKNOWN, "prefix": "alb"}
    assert references(topology, _ALB) == {
        "subnets": [f"network-public-{letter}" for letter in "abc"],
        "securityGroups": ["groups-alb"],
        "accessLogs": ["security-access-logs-policy"],
    }


def test_the_load_balancer_waits_for_the_internet_gateway() -> None:
    assert {"network-internet-gateway", "network-public-internet"} <= waits_for(recorded("prod"), _ALB)


def test_its_archive_lets_it_write_where_it_writes() -> None:
    topology = recorded("prod")
    prefix = inputs(topology, _ALB)["accessLogs"]["prefix"]
    [balancers, *_] = inputs(topology, "security-access-logs-policy")["policy"]["Statement"]
    bucket = inputs(topology, "security-access-logs-bucket")["bucket"]
    assert balancers["Resource"] == f"arn:aws:s3:::{bucket}/{prefix}/AWSLogs/444455556666/*"


def test_port_80_redirects_and_nothing_else() -> None:
    topology = recorded("prod")
    assert inputs(topology, _HTTP) == {
        "port": 80,
        "protocol": "HTTP",
        "defaultActions": [
            {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}
        ],
    }
    assert references(topology, _HTTP) == {"loadBalancerArn": [_ALB]}


def test_port_443_answers_403_to_what_no_rule_knows() -> None:
    topology = recorded("prod")
    assert inputs(topology, _HTTPS) == {
        "port": 443,
        "protocol": "HTTPS",
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "defaultActions": [
            {
                "type": "fixed-response",
                "fixedResponse": {"contentType": "text/plain", "messageBody": "Forbidden", "statusCode": "403"},
            }
        ],
        "routingHttpResponseServerEnabled": False,
    }
    assert references(topology, _HTTPS) == {"loadBalancerArn": [_ALB], "certificateArn": ["api-certificate-issued"]}


def test_the_certificate_is_proven_by_one_record() -> None:
    topology = recorded("prod")
    assert inputs(topology, "api-certificate-request") == {
        "domainName": "origin.prod.fitness.example",
        "validationMethod": "DNS",
        "keyAlgorithm": "RSA_2048",
    }
    proof = references(topology, "api-certificate-proof")
    assert proof == {key: ["api-certificate-request"] for key in ("name", "type", "records")}
    assert references(topology, "api-certificate-issued") == {
        "certificateArn": ["api-certificate-request"],
        "validationRecordFqdns": ["api-certificate-proof"],
    }


def test_the_name_of_the_certificate_leads_to_the_load_balancer() -> None:
    topology = recorded("prod")
    name = inputs(topology, "api-certificate-request")["domainName"]
    zone = inputs(topology, "api-certificate-proof")["zoneId"]
    record = inputs(topology, "edge-origin-services-primary")
    assert (record["name"], record["type"], record["zoneId"]) == (name, "A", zone)
    assert record["aliases"] == [{"name": UNKNOWN, "zoneId": UNKNOWN, "evaluateTargetHealth": False}]
    assert references(topology, "edge-origin-services-primary")["aliases"] == [_ALB]
    assert plain(topology.resources[urn_of(topology, "api")].outputs)["origin_name"] == name


@pytest.mark.parametrize("service", _SERVICES)
@pytest.mark.parametrize("color", ["blue", "green"])
def test_every_service_has_two_groups_of_tasks_over_tls(service: str, color: str) -> None:
    topology = recorded("prod")
    group = f"api-route-{service}-{color}"
    assert inputs(topology, group) == {
        "name": f"prod-{service}-{color}",
        "targetType": "ip",
        "ipAddressType": "ipv4",
        "port": 8443,
        "protocol": "HTTPS",
        "protocolVersion": "HTTP1",
        "deregistrationDelay": 60,
        "slowStart": 0,
        "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
        "healthCheck": {
            "enabled": True,
            "protocol": "HTTPS",
            "port": "traffic-port",
            "path": "/healthz",
            "matcher": "200",
            "interval": 30,
            "timeout": 5,
            "healthyThreshold": 2,
            "unhealthyThreshold": 3,
        },
        "stickiness": {"enabled": service == "ai", "type": "lb_cookie", "cookieDuration": 1800},
    }
    assert references(topology, group) == {"vpcId": ["network-vpc"]}


def test_there_is_a_rule_for_each_service_and_no_other() -> None:
    topology = recorded("prod")
    assert names(topology, "ListenerRule") == {f"api-route-{service}-rule" for service in _SERVICES}
    assert len({inputs(topology, rule)["priority"] for rule in names(topology, "ListenerRule")}) == len(_SERVICES)


@pytest.mark.parametrize("service", _SERVICES)
def test_rules_demand_the_header_and_leave_weights_to_deployments(service: str) -> None:
    topology = recorded("prod")
    name = f"api-route-{service}-rule"
    rule = _raw(topology, name)
    [header, path] = rule["conditions"]
    assert header == {"httpHeader": {"httpHeaderName": "X-Origin-Verify", "values": ["[secret]"]}}
    assert set(path) == {"pathPattern"}
    assert rule["actions"] == [
        {
            "type": "forward",
            "forward": {
                "targetGroups": [{"arn": UNKNOWN, "weight": 100}, {"arn": UNKNOWN, "weight": 0}],
                "stickiness": {"enabled": True, "duration": 1},
            },
        }
    ]
    assert references(topology, name)["listenerArn"] == [_HTTPS]
    assert references(topology, name)["actions"] == [f"api-route-{service}-blue", f"api-route-{service}-green"]
    assert topology.resources[urn_of(topology, name)].options["ignoreChanges"] == ["actions"]


@pytest.mark.parametrize("service", _SERVICES)
def test_a_service_that_rolls_has_one_group_and_a_rule_that_follows_the_program(service: str) -> None:
    topology = recorded("prod", compute={"deploymentStrategy": "rolling"})
    name = f"api-route-{service}-rule"
    assert names(topology, "TargetGroup") == {f"api-route-{each}-blue" for each in _SERVICES}
    assert _raw(topology, name)["actions"][0]["forward"] == {
        "targetGroups": [{"arn": UNKNOWN, "weight": 100}],
        "stickiness": {"enabled": False, "duration": 1},
    }
    assert "ignoreChanges" not in topology.resources[urn_of(topology, name)].options


def _with_tokens(*keys: str) -> Topology:
    stack = configured("prod")
    config = dict(stack.config) | dict.fromkeys(keys, _VALUE)
    return run_program(StackConfig(stack.project, stack.stack, stack.root, config, keys), {})


@pytest.mark.parametrize("keys", [(_TOKEN,), (_TOKEN, _PREVIOUS)], ids=["one token", "two while they rotate"])
def test_rules_take_every_token_and_show_none(keys: tuple[str, ...]) -> None:
    topology = _with_tokens(*keys)
    for service in _SERVICES:
        [header, path] = _raw(topology, f"api-route-{service}-rule")["conditions"]
        assert header["httpHeader"]["values"] == ["[secret]"] * len(keys)
        assert len(keys) + len(path["pathPattern"]["values"]) <= 5
    assert _VALUE not in json.dumps({name: plain(found.inputs) for name, found in topology.resources.items()})


def test_the_web_acl_refuses_what_rules_of_aws_match() -> None:
    topology = recorded("prod")
    acl = inputs(topology, "api-web-acl-rules")
    assert (acl["scope"], acl["name"], acl["defaultAction"]) == ("REGIONAL", "fitness-platform-prod-alb", {"allow": {}})
    groups = [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesSQLiRuleSet",
    ]
    assert acl["rules"] == [
        {
            "name": group,
            "priority": place,
            "overrideAction": {"none": {}},
            "statement": {"managedRuleGroupStatement": {"vendorName": "AWS", "name": group, "ruleActionOverrides": []}},
            "visibilityConfig": {
                "metricName": group,
                "cloudwatchMetricsEnabled": True,
                "sampledRequestsEnabled": True,
            },
        }
        for place, group in enumerate(groups)
    ]
    assert references(topology, "api-web-acl-association") == {
        "resourceArn": [_ALB],
        "webAclArn": ["api-web-acl-rules"],
    }


def test_single_rules_can_count_instead() -> None:
    counted = {"AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]}
    acl = inputs(recorded("prod", api={"countedRules": counted}), "api-web-acl-rules")
    assert [rule["statement"]["managedRuleGroupStatement"]["ruleActionOverrides"] for rule in acl["rules"]] == [
        [],
        [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}],
        [],
        [],
    ]


def test_neither_log_nor_samples_of_the_web_acl_hold_what_lets_people_in() -> None:
    topology = recorded("prod")
    assert inputs(topology, "api-web-acl-rules")["dataProtectionConfig"] == {
        "dataProtections": [
            {"action": "SUBSTITUTION", "field": {"fieldType": "SINGLE_HEADER", "fieldKeys": _SECRET_HEADERS}}
        ]
    }
    logging = inputs(topology, "api-web-acl-logging")
    assert logging["redactedFields"] == [{"singleHeader": {"name": header}} for header in _SECRET_HEADERS]
    [kept] = logging["loggingFilter"]["filters"]
    assert logging["loggingFilter"]["defaultBehavior"] == "DROP"
    assert (kept["behavior"], kept["requirement"]) == ("KEEP", "MEETS_ANY")
    assert [condition["actionCondition"]["action"] for condition in kept["conditions"]] == [
        "BLOCK",
        "COUNT",
        "EXCLUDED_AS_COUNT",
    ]


def test_the_log_of_the_web_acl_is_encrypted_and_named_as_aws_demands() -> None:
    topology = recorded("prod")
    assert inputs(topology, "api-web-acl-log") == {
        "name": "aws-waf-logs-fitness-platform-prod-alb",
        "retentionInDays": 90,
    }
    assert references(topology, "api-web-acl-log") == {"kmsKeyId": ["security-logs-key"]}
    assert topology.resources[urn_of(topology, "api-web-acl-log")].options["protect"] is True
    assert references(topology, "api-web-acl-logging") == {
        "resourceArn": ["api-web-acl-rules"],
        "logDestinationConfigs": ["api-web-acl-log"],
    }


@pytest.mark.parametrize(
    ("metric", "of", "statistic", "threshold", "topic"),
    [
        ("HTTPCode_ELB_5XX_Count", _ALB, "Sum", 10, "critical"),
        ("RejectedConnectionCount", _ALB, "Sum", 0, "critical"),
        ("DaysToExpiry", "api-certificate-issued", "Minimum", 30, "warning"),
    ],
)
def test_alarms_watch_the_way_in(metric: str, of: str, statistic: str, threshold: int, topic: str) -> None:
    topology = recorded("prod")
    alarm = inputs(topology, f"api-alarms-{metric}")
    assert (alarm["name"], alarm["statistic"], alarm["threshold"], alarm["treatMissingData"]) == (
        f"fitness-platform-prod-alb-{metric}",
        statistic,
        threshold,
        "notBreaching",
    )
    assert references(topology, f"api-alarms-{metric}") == {
        "dimensions": [of],
        "alarmActions": [f"security-alerts-{topic}"],
        "okActions": [f"security-alerts-{topic}"],
    }


def test_settings_reach_the_resources() -> None:
    values = {
        "tlsPolicy": "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
        "desyncMode": "strictest",
        "idleTimeoutSeconds": 120,
        "clientKeepAliveSeconds": 600,
        "deletionProtection": False,
        "healthCheckIntervalSeconds": 10,
        "healthCheckTimeoutSeconds": 9,
        "deregistrationDelaySeconds": 30,
        "stickinessSeconds": 60,
        "managedRuleGroups": ["AWSManagedRulesSQLiRuleSet", "AWSManagedRulesCommonRuleSet"],
        "webAclLogDays": 365,
    }
    topology = recorded("prod", api=values)
    balancer, group = inputs(topology, _ALB), inputs(topology, "api-route-auth-blue")
    assert inputs(topology, _HTTPS)["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    assert (balancer["desyncMitigationMode"], balancer["idleTimeout"], balancer["clientKeepAlive"]) == (
        "strictest",
        120,
        600,
    )
    assert balancer["enableDeletionProtection"] is False
    assert (group["healthCheck"]["interval"], group["healthCheck"]["timeout"]) == (10, 9)
    assert (group["deregistrationDelay"], group["stickiness"]["cookieDuration"]) == (30, 60)
    assert [rule["name"] for rule in inputs(topology, "api-web-acl-rules")["rules"]] == values["managedRuleGroups"]
    assert inputs(topology, "api-web-acl-log")["retentionInDays"] == 365
