import json
from typing import Any

import pytest

from preview.program import run_program
from preview.stack_file import StackConfig
from preview.topology import plain
from tests.components.reading import inputs, names, references
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import configured, recorded

_APP, _VIDEO = "edge-app-distribution", "edge-video-distribution"
_DISABLED, _ALL_BUT_HOST = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_ALONE: dict[str, Any] = {"videoCdn": None}
_SHARED = {
    "enabled": True,
    "httpVersion": "http2and3",
    "isIpv6Enabled": True,
    "priceClass": "PriceClass_All",
    "defaultRootObject": "index.html",
    "viewerCertificate": {
        "acmCertificateArn": UNKNOWN,
        "minimumProtocolVersion": "TLSv1.2_2021",
        "sslSupportMethod": "sni-only",
    },
    "restrictions": {"geoRestriction": {"restrictionType": "none"}},
}


@pytest.mark.parametrize(
    ("distribution", "aliases"),
    [(_APP, ["app.prod.fitness.example", "www.prod.fitness.example"]), (_VIDEO, ["video.prod.fitness.example"])],
)
def test_distributions_are_everywhere_over_tls_and_behind_the_web_acl(distribution: str, aliases: list[str]) -> None:
    topology = recorded("prod")
    found = inputs(topology, distribution)
    assert {key: found[key] for key in _SHARED} == _SHARED
    assert found["aliases"] == aliases
    assert references(topology, distribution)["webAclId"] == ["edge-web-acl-rules"]
    assert references(topology, distribution)["viewerCertificate"] == ["edge-certificate-issued"]


def test_the_application_comes_from_a_bucket_the_api_and_the_load_balancer() -> None:
    topology = recorded("prod")
    files, api, services, copy = inputs(topology, _APP)["origins"]
    assert files == {
        "originId": "files",
        "domainName": "fitness-platform-files-prod-444455556666-us-east-1.s3.us-east-1.amazonaws.com",
        "originAccessControlId": UNKNOWN,
    }
    far = "fitness-platform-files-prod-444455556666-us-west-2.s3.us-west-2.amazonaws.com"
    assert copy == {**files, "originId": "files-copy", "domainName": far}
    for origin, name, domain, seconds in (
        (api, "api", "api-origin.prod.fitness.example", 30),
        (services, "services", "origin.prod.fitness.example", 60),
    ):
        assert origin == {
            "originId": name,
            "domainName": domain,
            "customHeaders": [{"name": "X-Origin-Verify", "value": "[secret]"}],
            "customOriginConfig": {
                "httpPort": 80,
                "httpsPort": 443,
                "originProtocolPolicy": "https-only",
                "originSslProtocols": ["TLSv1.2"],
                "originReadTimeout": seconds,
            },
        }


def test_only_public_answers_and_files_are_kept() -> None:
    topology = recorded("prod")
    found = inputs(topology, _APP)
    assert [
        (one["pathPattern"], one["targetOriginId"], one["cachePolicyId"] == _DISABLED)
        for one in found["orderedCacheBehaviors"]
    ] == [
        ("/api/public/*", "api", False),
        ("/api/*", "api", True),
        ("/ws/*", "services", True),
        ("/ai/stream/*", "services", True),
        ("/assets/*", "files-or-copy", False),
        ("/images/*", "files-or-copy", False),
    ]
    for one in found["orderedCacheBehaviors"]:
        kept = one["cachePolicyId"] != _DISABLED
        assert one.get("originRequestPolicyId") == (None if kept else _ALL_BUT_HOST)
        assert one["allowedMethods"] == (
            ["GET", "HEAD"] if kept else ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
        )
    assert found["defaultCacheBehavior"]["targetOriginId"] == "files-or-copy"
    assert found["originGroups"] == [
        {
            "originId": "files-or-copy",
            "failoverCriteria": {"statusCodes": [500, 502, 503, 504]},
            "members": [{"originId": "files"}, {"originId": "files-copy"}],
        }
    ]
    assert references(topology, _APP)["defaultCacheBehavior"] == [
        "edge-app-router",
        "edge-cache-pages",
        "edge-headers-pages",
    ]


@pytest.mark.parametrize(
    ("kind", "default", "most", "queries"),
    [
        ("assets", 31_536_000, 31_536_000, "none"),
        ("images", 2_592_000, 2_592_000, "none"),
        ("pages", 300, 300, "none"),
        ("manifests", 60, 60, "none"),
        ("segments", 31_536_000, 31_536_000, "none"),
        ("public-api", 60, 60, "all"),
    ],
)
def test_each_kind_of_content_has_its_time(kind: str, default: int, most: int, queries: str) -> None:
    policy = inputs(recorded("prod"), f"edge-cache-{kind}")
    assert (policy["name"], policy["minTtl"], policy["defaultTtl"], policy["maxTtl"]) == (
        f"fitness-platform-prod-{kind}",
        0,
        default,
        most,
    )
    assert policy["parametersInCacheKeyAndForwardedToOrigin"] == {
        "cookiesConfig": {"cookieBehavior": "none"},
        "headersConfig": {"headerBehavior": "none"},
        "queryStringsConfig": {"queryStringBehavior": queries},
        "enableAcceptEncodingBrotli": True,
        "enableAcceptEncodingGzip": True,
    }


def test_videos_come_from_renditions_and_where_those_lack_from_the_packaging_origin() -> None:
    topology = recorded("prod")
    found = inputs(topology, _VIDEO)
    bucket, packaging = found["origins"]
    assert (bucket["originPath"], bucket["domainName"].partition(".")[0]) == (
        "/renditions",
        "fitness-platform-videos-prod-444455556666-us-east-1",
    )
    assert packaging["domainName"] == "packaging.fitness.example"
    assert packaging["customHeaders"] == [{"name": "X-Origin-Verify", "value": "[secret]"}]
    assert found["originGroups"] == [
        {
            "originId": "either",
            "failoverCriteria": {"statusCodes": [403, 404, 500, 502, 503, 504]},
            "members": [{"originId": "renditions"}, {"originId": "packaging"}],
        }
    ]
    behaviours = [found["defaultCacheBehavior"], *found["orderedCacheBehaviors"]]
    assert [one.get("pathPattern") for one in behaviours] == [None, "*.m3u8", "*.mpd"]
    assert {one["targetOriginId"] for one in behaviours} == {"either"}
    assert all(one["trustedKeyGroups"] == [UNKNOWN] for one in behaviours)
    assert references(topology, _VIDEO)["orderedCacheBehaviors"] == [
        "edge-cache-manifests",
        "edge-headers-video",
        "edge-video-keys",
    ]
    assert references(topology, "edge-video-keys") == {"items": ["edge-video-key-2026-11"]}
    lines = inputs(topology, "edge-video-key-2026-11")["encodedKey"].splitlines()
    assert (lines[0], lines[-1], {len(line) for line in lines[1:-2]}) == (
        "-----BEGIN PUBLIC KEY-----",
        "-----END PUBLIC KEY-----",
        {64},
    )


def test_without_a_video_cdn_cloudfront_has_the_name_to_itself() -> None:
    topology = recorded("prod", edge=_ALONE)
    found = inputs(topology, _VIDEO)
    assert [origin["originId"] for origin in found["origins"]] == ["renditions"]
    assert found.get("originGroups", []) == []
    assert found["defaultCacheBehavior"]["targetOriginId"] == "renditions"
    videos = {name for name in names(topology, "Record") if name.startswith("edge-video")}
    assert videos == {"edge-video-a", "edge-video-aaaa"}
    assert names(topology, "HealthCheck") == {"edge-origin-health", "edge-origin-serves", "edge-origin-standby-waits"}


@pytest.mark.parametrize("type_", ["A", "AAAA"])
@pytest.mark.parametrize(("label", "name"), [("", "app"), ("-www", "www")])
def test_names_lead_to_cloudfront_over_both_protocols(label: str, name: str, type_: str) -> None:
    topology = recorded("prod")
    record = f"edge-app{label}-{type_.lower()}"
    assert inputs(topology, record) == {
        "name": f"{name}.prod.fitness.example",
        "type": type_,
        "zoneId": "Z0EXAMPLE0PROD",
        "aliases": [{"name": UNKNOWN, "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}],
    }
    assert references(topology, record) == {"aliases": [_APP]}


def test_the_name_of_the_api_is_the_first_half_of_a_failover_pair() -> None:
    topology = recorded("prod")
    record = inputs(topology, "edge-origin-primary")
    assert (record["name"], record["type"], record["setIdentifier"]) == (
        "api-origin.prod.fitness.example",
        "A",
        "us-east-1",
    )
    assert record["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert record["aliases"][0]["evaluateTargetHealth"] is True
    assert references(topology, "edge-origin-primary") == {
        "aliases": ["api-domain-name"],
        "healthCheckId": ["edge-origin-serves"],
    }
    assert inputs(topology, "edge-origin-health") == {
        "type": "HTTPS",
        "fqdn": "api-origin.prod.fitness.example",
        "port": 443,
        "resourcePath": "/api/health",
        "enableSni": True,
        "requestInterval": 30,
        "failureThreshold": 3,
        "measureLatency": True,
    }


@pytest.mark.parametrize(
    ("role", "target", "check"),
    [("primary", "fitness-prod.b-cdn.net", "edge-video-health"), ("secondary", None, None)],
)
def test_videos_move_from_the_provider_to_cloudfront(role: str, target: str | None, check: str | None) -> None:
    topology = recorded("prod")
    record = inputs(topology, f"edge-video-{role}")
    assert (record["name"], record["type"], record["ttl"], record["setIdentifier"]) == (
        "video.prod.fitness.example",
        "CNAME",
        60,
        role,
    )
    assert record["failoverRoutingPolicies"] == [{"type": role.upper()}]
    assert record.get("records") == ([target] if target else None)
    expected = {"healthCheckId": [check]} if check else {"records": [_VIDEO]}
    assert references(topology, f"edge-video-{role}") == expected


def test_the_certificate_is_for_all_names_and_in_us_east_1() -> None:
    topology = recorded("prod")
    assert inputs(topology, "edge-certificate-request") == {
        "domainName": "app.prod.fitness.example",
        "subjectAlternativeNames": ["www.prod.fitness.example", "video.prod.fitness.example"],
        "validationMethod": "DNS",
        "keyAlgorithm": "RSA_2048",
        "region": "us-east-1",
    }
    proofs = ["edge-certificate-proof", "edge-certificate-proof-video", "edge-certificate-proof-www"]
    for proof in proofs:
        assert set(references(topology, proof)) == {"name", "records", "type"}
    assert references(topology, "edge-certificate-issued")["validationRecordFqdns"] == proofs


def test_the_web_acl_counts_addresses_and_users() -> None:
    topology = recorded("prod")
    acl = inputs(topology, "edge-web-acl-rules")
    assert (acl["scope"], acl["region"], acl["name"]) == ("CLOUDFRONT", "us-east-1", "fitness-platform-prod-edge")
    counted = [rule for rule in acl["rules"] if "rateBasedStatement" in rule["statement"]]
    by_user = [{"header": {"name": "authorization", "textTransformations": [{"priority": 0, "type": "NONE"}]}}]
    assert [(rule["name"], rule["priority"], rule["statement"]["rateBasedStatement"]) for rule in counted] == [
        ("address-rate", 4, {"aggregateKeyType": "IP", "evaluationWindowSec": 600, "limit": 1667}),
        ("address-burst", 5, {"aggregateKeyType": "IP", "evaluationWindowSec": 60, "limit": 334}),
        (
            "user-rate",
            6,
            {"aggregateKeyType": "CUSTOM_KEYS", "customKeys": by_user, "evaluationWindowSec": 600, "limit": 167},
        ),
        (
            "user-burst",
            7,
            {"aggregateKeyType": "CUSTOM_KEYS", "customKeys": by_user, "evaluationWindowSec": 60, "limit": 34},
        ),
    ]
    assert all(rule["action"] == {"block": {}} for rule in counted)


def test_rates_can_be_counted_first() -> None:
    acl = inputs(recorded("prod", edge={"rateMode": "count"}), "edge-web-acl-rules")
    assert [rule["action"] for rule in acl["rules"] if "action" in rule] == [{"count": {}}] * 4


@pytest.mark.parametrize("label", ["app", "video"])
def test_access_logs_reach_the_archive_without_tokens(label: str) -> None:
    topology = recorded("prod")
    assert inputs(topology, f"edge-access-logs-{label}") == {
        "name": f"fitness-platform-prod-{label}",
        "logType": "ACCESS_LOGS",
        "region": "us-east-1",
    }
    delivery = inputs(topology, f"edge-access-logs-{label}-delivery")
    assert not {"cs(Cookie)", "cs-uri-query", "cs(Referer)"} & set(delivery["recordFields"])
    assert delivery["s3DeliveryConfigurations"] == [
        {"suffixPath": "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", "enableHiveCompatiblePath": False}
    ]
    assert references(topology, "edge-access-logs-archive") == {
        "deliveryDestinationConfiguration": ["security-access-logs-policy"]
    }


def test_static_files_are_read_by_distributions_of_the_account_alone() -> None:
    read, _ = inputs(recorded("prod"), "edge-files-policy")["policy"]["Statement"]
    assert read == {
        "Sid": "DistributionsRead",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::fitness-platform-files-prod-444455556666-us-east-1/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "444455556666"},
            "ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::444455556666:distribution/*"},
        },
    }


def test_no_token_is_in_what_is_declared_and_the_one_for_video_is_another() -> None:
    stack, token = configured("prod"), "0123456789abcdef" * 2
    key = "fitness-platform:originVerifyToken"
    config = dict(stack.config) | {key: token}
    topology = run_program(StackConfig(stack.project, stack.stack, stack.root, config, (key,)), {})
    declared = {name: plain(found.inputs) for name, found in topology.resources.items()}
    assert token not in json.dumps(declared)
    outputs = topology.resources[urn_of(topology, "edge")].outputs
    assert token not in json.dumps(plain(outputs))
    [hidden] = [value for key, value in plain(outputs).items() if key.startswith("video_origin")]
    assert hidden == "[secret]"


@pytest.mark.parametrize(
    ("alarm", "metric", "of"),
    [
        ("app-5xxErrorRate", "5xxErrorRate", _APP),
        ("video-5xxErrorRate", "5xxErrorRate", _VIDEO),
        ("api-HealthCheckStatus", "HealthCheckStatus", "edge-origin-health"),
        ("video-cdn-HealthCheckStatus", "HealthCheckStatus", "edge-video-health"),
        ("DaysToExpiry", "DaysToExpiry", "edge-certificate-issued"),
    ],
)
def test_alarms_watch_from_us_east_1(alarm: str, metric: str, of: str) -> None:
    topology = recorded("prod")
    found = inputs(topology, f"edge-alarms-{alarm}")
    assert (found["metricName"], found["region"], found["name"]) == (
        metric,
        "us-east-1",
        f"fitness-platform-prod-edge-{alarm}",
    )
    assert references(topology, f"edge-alarms-{alarm}")["dimensions"] == [of]


def test_what_aws_keeps_in_us_east_1_is_there_whatever_the_region() -> None:
    stack = configured("prod")
    topology = run_program(
        StackConfig(stack.project, stack.stack, stack.root, {**stack.config, "aws:region": "eu-west-1"}, ()), {}
    )
    elsewhere = {
        found.name for found in topology.resources.values() if plain(found.inputs).get("region") == "us-east-1"
    }
    assert elsewhere == {
        *(f"edge-access-logs-{label}" for label in ("app", "app-delivery", "archive", "video", "video-delivery")),
        *(f"edge-alarms-{label}-5xxErrorRate" for label in ("app", "video")),
        *(f"edge-alarms-{label}-HealthCheckStatus" for label in ("api", "video-cdn")),
        "edge-alarms-DaysToExpiry",
        "edge-certificate-issued",
        "edge-certificate-request",
        *(f"edge-web-acl-{label}" for label in ("log", "logging", "rules")),
        *(f"security-edge-{label}-key" for label in ("alerts", "logs")),
        *(f"security-edge-{label}-key-alias" for label in ("alerts", "logs")),
        *(f"security-edge-alerts-{severity}" for severity in ("critical", "warning")),
        *(f"security-edge-alerts-{severity}-policy" for severity in ("critical", "warning")),
    }
    assert references(topology, "edge-web-acl-log") == {"kmsKeyId": ["security-edge-logs-key"]}
    assert references(topology, "edge-alarms-DaysToExpiry")["alarmActions"] == ["security-edge-alerts-warning"]


def test_shield_advanced_is_bought_by_its_price_alone() -> None:
    assert names(recorded("prod"), "Subscription") == set()
    topology = recorded("prod", edge={"shieldAdvanced": "oneYearFor36000Usd"})
    assert names(topology, "Subscription") == {"edge-shield-subscription"}
    assert inputs(topology, "edge-shield-subscription") == {"autoRenew": "DISABLED", "skipDestroy": True}
    assert {name.removeprefix("edge-shield-") for name in names(topology, "Protection")} == {
        "app",
        "load-balancer",
        "video",
        "zone",
    }
