"""Keys and roles that those who need them can use."""

import json
from typing import Any

from guardrails.network_layer.rule_pairs import RULE_PAIR_GUARDRAILS
from guardrails.security_layer.key_users import KEY_USER_GUARDRAILS
from guardrails.security_layer.role_users import ROLE_USER_GUARDRAILS
from guardrails.security_layer.secrets import SECRET_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.security_layer.judged import statements_of
from tests.support.editing import UNKNOWN
from tests.support.judging import violations
from tests.support.recording import recorded

_KEYS, _TRUST, _ALLOWED = "keys-let-services-in", "roles-trust-their-users", "roles-have-permissions"
_PAIRS, _VALUES = "security-group-rules-in-pairs", "secrets-have-values"
_JUDGED = [
    *KEY_USER_GUARDRAILS,
    *ROLE_USER_GUARDRAILS,
    *RULE_PAIR_GUARDRAILS,
    *(guardrail for guardrail in SECRET_GUARDRAILS if guardrail.id == _VALUES),
]
_TOPIC_POLICY, _FLOW_GROUP = "security-alerts-critical-policy", "network-flow-logs-group"
_IN, _OUT = "groups-ecs-to-redis-6379-ingress", "groups-ecs-to-redis-6379-egress"


def _without_service(key: str, service: str) -> Change:
    """Take what a key's policy lets an AWS service do out of it."""
    kept = [one for one in statements_of(key) if service not in json.dumps(one.get("Principal"))]
    return edit(key, policy=json.dumps({"Version": "2012-10-17", "Statement": kept}))


def _trusting(service: str) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "another key that IAM governs": point("database-primary", "kmsKeyId", "security-secrets-key"),
    "both rules of a pair gone": drop(_IN, _OUT),
}

REJECTED: dict[str, Case] = {
    "log group with a key that logs can't use": Case(
        point(_FLOW_GROUP, "kmsKeyId", "security-data-key"), at(_KEYS, _FLOW_GROUP)
    ),
    "topic with a key that alarms can't use": Case(
        _without_service("security-alerts-key", "cloudwatch.amazonaws.com"),
        at(_KEYS, _TOPIC_POLICY, "security-alerts-warning-policy"),
    ),
    "archive with a key that trails can't use": Case(
        _without_service("security-archive-key", "cloudtrail.amazonaws.com"),
        at(_KEYS, "security-audit-logs-policy", "observability-trail-all"),
    ),
    "archive with a key that AWS Config can't use": Case(
        _without_service("security-archive-key", "config.amazonaws.com"),
        at(_KEYS, "observability-config-records-policy", "observability-config-channel"),
    ),
    "trail with a key that trails can't use": Case(
        point("observability-trail-all", "kmsKeyId", "security-logs-key"), at(_KEYS, "observability-trail-all")
    ),
    "records with a key that AWS Config can't use": Case(
        point("observability-config-channel", "s3KmsKeyArn", "security-logs-key"),
        at(_KEYS, "observability-config-channel"),
    ),
    "bucket with a key that its reader can't use": Case(
        _without_service("security-media-key", "cloudfront.amazonaws.com"),
        at(_KEYS, "edge-files-policy", "media-videos-policy"),
    ),
    "key whose policy is not known": Case(
        edit("security-archive-key", policy=UNKNOWN),
        at(
            _KEYS,
            "media-backups-policy",
            "security-audit-logs-policy",
            "observability-trail-all",
            "observability-config-records-policy",
            "observability-config-channel",
        ),
    ),
    "role that another service takes on": Case(
        edit("database-proxy-role", assumeRolePolicy=_trusting("ec2.amazonaws.com")),
        at(_TRUST, "database-proxy-pool") | at("roles-for-their-users-only", "database-proxy-role"),
    ),
    "role made for something else": Case(
        point("database-primary", "monitoringRoleArn", "network-flow-logs-role"), at(_TRUST, "database-primary")
    ),
    "role without a policy": Case(drop("database-proxy-reads-secret"), at(_ALLOWED, "database-proxy-role")),
    "policy given to another role": Case(
        point("database-proxy-reads-secret", "role", "network-flow-logs-role"), at(_ALLOWED, "database-proxy-role")
    ),
    "secret without a value": Case(drop("database-app-secret-value"), at(_VALUES, "database-app-secret")),
    "caller whom nobody lets in": Case(drop(_IN), at(_PAIRS, _OUT)),
    "called whom nobody may call": Case(drop(_OUT), at(_PAIRS, _IN)),
    "another port on one side": Case(edit(_OUT, toPort=6380), at(_PAIRS, _IN, _OUT)),
    "another protocol on one side": Case(edit(_IN, ipProtocol="udp"), at(_PAIRS, _IN, _OUT)),
    "port that is not known": Case(edit(_IN, toPort=UNKNOWN), at(_PAIRS, _IN, _OUT)),
    "caller moved to another group": Case(
        chain(point(_OUT, "securityGroupId", "groups-lambda")), at(_PAIRS, _IN, _OUT)
    ),
}


def _broken(topology: Topology) -> set[tuple[str, str]]:
    return violations(topology, of=_JUDGED)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert _broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert _broken(case.change(recorded("prod"))) == case.violations
