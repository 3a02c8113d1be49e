"""What can only be broken together: edge layer."""

from typing import Any

from tests.mutation.part import Composite, Part

_RATE: dict[str, Any] = {
    "name": "addresses",
    "priority": 9,
    "action": {"block": {}},
    "statement": {"rateBasedStatement": {"aggregateKeyType": "IP", "evaluationWindowSec": 60, "limit": 334}},
    "visibilityConfig": {"cloudwatchMetricsEnabled": True, "sampledRequestsEnabled": True, "metricName": "addresses"},
}
_AWAY = "function handler(event) { return { headers: { location: { value: 'https://elsewhere.example' } } }; }"
_SECRET = {"items": [{"header": "X-Api-Token", "value": "hunter2", "override": True}]}
_FILMS = "films.prod.fitness.example"

_SHARED_WITH_ALL = {
    "accessControlAllowCredentials": False,
    "accessControlAllowHeaders": {"items": ["Range"]},
    "accessControlAllowMethods": {"items": ["GET"]},
    "accessControlAllowOrigins": {"items": ["*"]},
    "originOverride": True,
}

_READ_BY_CDN = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::fitness-platform-logs-prod-444455556666-us-east-1/*",
    "Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}},
}

EDGE_BREAKAGES = (
    Composite(
        "access logs behind CloudFront",
        (Part(name="security-access-logs-policy", written={"policy": (("Statement", "-"), _READ_BY_CDN)}),),
    ),
    Composite(
        "answers shared with all pages", (Part(name="edge-headers-api", values={"corsConfig": _SHARED_WITH_ALL}),)
    ),
    Composite("viewers led elsewhere", (Part(name="edge-app-router", values={"code": _AWAY}),)),
    Composite("secret in every answer", (Part(name="edge-headers-pages", values={"customHeadersConfig": _SECRET}),)),
    Composite("addresses counted behind CloudFront", (Part(name="api-web-acl-rules", appended={"rules": _RATE}),)),
    Composite(
        "videos by another name",
        (
            Part(name="edge-video-distribution", values={"aliases": [_FILMS]}),
            Part(
                name="edge-certificate-request",
                values={"subjectAlternativeNames": ["www.prod.fitness.example", _FILMS]},
            ),
            Part(name="edge-video-primary", values={"name": _FILMS}),
            Part(name="edge-video-secondary", values={"name": _FILMS}),
        ),
    ),
    Composite(
        "rules that lead elsewhere than the API's mapping",
        (Part(name="api-domain-name", values={"routingMode": "ROUTING_RULE_ONLY"}),),
    ),
)
