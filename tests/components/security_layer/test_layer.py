from components import SecurityGroups, SecurityLayer
from preview.topology import plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded


def test_annotated_outputs_are_those_they_register() -> None:
    topology = recorded("prod")
    for name, component in (("security", SecurityLayer), ("groups", SecurityGroups)):
        registered = plain(topology.resources[urn_of(topology, name)].outputs)
        assert set(registered) == set(component.__annotations__)


def test_alert_topics_are_encrypted_and_take_tls_from_services_of_this_account() -> None:
    topology = recorded("prod")
    assert names(topology, "Topic") >= {"security-alerts-critical", "security-alerts-warning"}
    arn = "arn:aws:sns:us-east-1:444455556666:fitness-platform-prod-alerts-critical"
    assert references(topology, "security-alerts-critical") == {"kmsMasterKeyId": ["security-alerts-key"]}
    assert references(topology, "security-alerts-critical-policy") == {"arn": ["security-alerts-critical"]}
    assert inputs(topology, "security-alerts-critical-policy")["policy"]["Statement"] == [
        {
            "Sid": "PublishFromServices",
            "Effect": "Allow",
            "Principal": {
                "Service": [
                    "cloudwatch.amazonaws.com",
                    "events.rds.amazonaws.com",
                    "budgets.amazonaws.com",
                    "costalerts.amazonaws.com",
                ]
            },
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}},
        },
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]


def test_critical_alerts_are_mailed() -> None:
    topology = recorded("prod", security={"alertEmails": ["on-call@example.com"]})
    subscription = "security-alerts-critical-to-on-call@example.com"
    assert inputs(topology, subscription) == {"protocol": "email", "endpoint": "on-call@example.com"}
    assert references(topology, subscription) == {"topic": ["security-alerts-critical"]}


def test_archives_have_every_companion() -> None:
    topology = recorded("prod")
    companions = {"ownership", "public-access-block", "versioning", "encryption", "lifecycle", "policy"}
    for archive, more in (("access-logs", set[str]()), ("audit-logs", {"lock", "logging"})):
        name = f"security-{archive}"
        for companion in companions | more:
            assert references(topology, f"{name}-{companion}")["bucket"] == [f"{name}-bucket"]
        children = {found.name for found in topology.resources.values() if found.name.startswith(f"{name}-")}
        assert children == {f"{name}-{companion}" for companion in companions | more | {"bucket"}}


def test_archives_are_encrypted_as_their_writers_allow() -> None:
    topology = recorded("prod")
    [access] = inputs(topology, "security-access-logs-encryption")["rules"]
    assert access == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}
    assert references(topology, "security-audit-logs-encryption")["rules"] == ["security-archive-key"]


def test_audit_logs_are_locked_for_as_long_as_they_are_kept() -> None:
    topology = recorded("prod")
    assert inputs(topology, "security-audit-logs-bucket")["objectLockEnabled"] is True
    assert inputs(topology, "security-audit-logs-lock") == {
        "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 731}}
    }
    [rule] = inputs(topology, "security-audit-logs-lifecycle")["rules"]
    assert rule["expiration"] == {"days": 731}
    assert "security-audit-logs-lock" not in names(recorded("dev"), "BucketObjectLockConfiguration")


def test_archive_policies_name_buckets_that_no_one_else_can_have() -> None:
    topology = recorded("prod")
    assert (
        inputs(topology, "security-access-logs-bucket")["bucket"] == "fitness-platform-logs-prod-444455556666-us-east-1"
    )
    [alb, buckets, distributions, tls] = inputs(topology, "security-access-logs-policy")["policy"]["Statement"]
    arn = "arn:aws:s3:::fitness-platform-logs-prod-444455556666-us-east-1"
    assert (alb["Resource"], buckets["Resource"]) == (f"{arn}/alb/AWSLogs/444455556666/*", f"{arn}/s3/*")
    assert distributions["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert alb["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert alb["Action"] == "s3:PutObject"
    assert tls["Resource"] == [arn, f"{arn}/*"]
    assert waits_for(topology, "security-access-logs-policy") == {"security-access-logs-public-access-block"}


def test_what_writes_to_an_archive_waits_for_its_policy() -> None:
    assert references(recorded("prod"), "security-audit-logs-logging")["targetBucket"] == [
        "security-access-logs-policy"
    ]
