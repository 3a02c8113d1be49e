import json
from typing import Any

import pytest

from components import AsyncLayer
from preview.topology import plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded

_FIVE = ("ai-recommendations", "analytics-events", "email", "health-metrics", "payment-webhooks")
_ACCOUNT = "444455556666"
_SERVICES = {
    "ai-recommendations": "ai",
    "analytics-events": "content",
    "email": "auth",
    "health-metrics": "training",
    "payment-webhooks": "payment",
}


def _arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:{_ACCOUNT}:fitness-platform-prod-{name}"


def _statements(name: str) -> dict[str, Any]:
    return {statement["Sid"]: statement for statement in inputs(recorded("prod"), name)["policy"]["Statement"]}


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    registered = set(plain(topology.resources[urn_of(topology, "async")].outputs))
    assert registered | {"backing"} == set(AsyncLayer.__annotations__)


def test_there_are_five_queues_and_as_many_of_dead_letters() -> None:
    queues = {f"async-{label}-queue" for label in _FIVE} | {f"async-{label}-dead-letters-queue" for label in _FIVE}
    assert {name for name in names(recorded("prod"), "Queue") if name.startswith("async-")} == queues


@pytest.mark.parametrize("label", _FIVE)
def test_a_queue_keeps_hides_and_gives_up(label: str) -> None:
    topology = recorded("prod")
    assert inputs(topology, f"async-{label}-queue") == {
        "name": f"fitness-platform-prod-{label}",
        "messageRetentionSeconds": 1_209_600,
        "visibilityTimeoutSeconds": 300,
        "receiveWaitTimeSeconds": 20,
        "kmsDataKeyReusePeriodSeconds": 300,
        "redrivePolicy": json.dumps({"deadLetterTargetArn": _arn(f"{label}-dead-letters"), "maxReceiveCount": 5}),
        "redriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"}),
    }
    assert references(topology, f"async-{label}-queue") == {
        "kmsMasterKeyId": ["security-queues-key"],
        "redrivePolicy": [f"async-{label}-dead-letters-queue"],
    }


@pytest.mark.parametrize("label", _FIVE)
def test_its_dead_letters_take_from_it_alone(label: str) -> None:
    found = inputs(recorded("prod"), f"async-{label}-dead-letters-queue")
    assert json.loads(found["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [_arn(label)],
    }
    assert found["messageRetentionSeconds"] == 1_209_600
    assert "redrivePolicy" not in found


@pytest.mark.parametrize("name", [f"async-email{part}" for part in ("", "-dead-letters")])
def test_queues_are_for_this_account_over_tls(name: str) -> None:
    topology = recorded("prod")
    arn = _arn(name.removeprefix("async-"))
    assert references(topology, f"{name}-policy") == {"queueUrl": [f"{name}-queue"]}
    assert inputs(topology, f"{name}-policy")["policy"]["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "OwnAccountOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": arn,
            "Condition": {
                "StringNotEquals": {"aws:PrincipalAccount": _ACCOUNT},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    ]


@pytest.mark.parametrize("label", _FIVE)
def test_a_processor_is_called_by_its_alias_and_reports_what_failed(label: str) -> None:
    topology = recorded("prod")
    batch = {"ai-recommendations": 1, "payment-webhooks": 5}.get(label, 10)
    assert inputs(topology, f"async-{label}-source") == {
        "enabled": True,
        "batchSize": batch,
        "maximumBatchingWindowInSeconds": 0,
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 100},
    }
    assert references(topology, f"async-{label}-source") == {
        "eventSourceArn": [f"async-{label}-queue"],
        "functionName": [f"async-{label}-processor-alias"],
    }
    assert "async-handled-table" in waits_for(topology, f"async-{label}-source")


@pytest.mark.parametrize("label", _FIVE)
def test_a_whole_batch_of_requests_fits_into_the_timeout(label: str) -> None:
    topology = recorded("prod")
    function = inputs(topology, f"async-{label}-processor-function")
    variables = function["environment"]["variables"]
    batch = inputs(topology, f"async-{label}-source")["batchSize"]
    assert function["timeout"] == 50
    assert float(variables["REQUEST_SECONDS"]) * batch < function["timeout"]
    assert variables == {
        "POWERTOOLS_SERVICE_NAME": f"{label}-processor",
        "POWERTOOLS_METRICS_NAMESPACE": "FitnessPlatform",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/fitness-platform-prod-{label}",
        "TARGET_URL": f"https://api-origin.prod.fitness.example/internal/{_SERVICES[label]}/{label}",
        "IDEMPOTENCY_TABLE": "fitness-platform-prod-handled-messages",
        "REQUEST_SECONDS": f"{45 / batch:g}",
        "VISIBILITY_SECONDS": "300",
        "REMEMBER_SECONDS": "1296000",
        "FIFO": "false",
    }


def test_a_processor_may_do_its_work_and_no_more() -> None:
    statements = _statements("async-email-processor-does-its-work")
    assert {sid: (found["Action"], found["Resource"]) for sid, found in statements.items()} == {
        "WriteLog": (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            f"arn:aws:logs:us-east-1:{_ACCOUNT}:log-group:/aws/lambda/fitness-platform-prod-email-processor:*",
        ),
        "SendTraces": (["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
        "ReadEnvironment": ("kms:Decrypt", f"arn:aws:kms:us-east-1:{_ACCOUNT}:key/*"),
        "TakeMessages": (
            ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            _arn("email"),
        ),
        "ReadMessages": ("kms:Decrypt", f"arn:aws:kms:us-east-1:{_ACCOUNT}:key/*"),
        "RememberMessages": (
            ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            f"arn:aws:dynamodb:us-east-1:{_ACCOUNT}:table/fitness-platform-prod-handled-messages",
        ),
        "EncryptWhatIsRemembered": (
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            f"arn:aws:kms:us-east-1:{_ACCOUNT}:key/*",
        ),
        "CallService": (
            "execute-api:Invoke",
            f"arn:aws:execute-api:us-east-1:{_ACCOUNT}:*/live/POST/internal/auth/*",
        ),
    }


def test_only_payment_webhooks_are_always_warm() -> None:
    topology = recorded("prod")
    assert names(topology, "ProvisionedConcurrencyConfig") == {"async-payment-webhooks-processor-warm"}
    assert inputs(topology, "async-payment-webhooks-processor-warm") == {
        "functionName": "fitness-platform-prod-payment-webhooks-processor",
        "qualifier": "live",
        "provisionedConcurrentExecutions": 2,
    }


def test_handled_messages_are_remembered_longer_than_a_queue_keeps_any() -> None:
    topology = recorded("prod")
    assert inputs(topology, "async-handled-table") == {
        "name": "fitness-platform-prod-handled-messages",
        "billingMode": "PAY_PER_REQUEST",
        "hashKey": "id",
        "attributes": [{"name": "id", "type": "S"}],
        "ttl": {"attributeName": "expiration", "enabled": True},
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": UNKNOWN},
        "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 35},
        "deletionProtectionEnabled": True,
    }
    assert references(topology, "async-handled-table") == {"serverSideEncryption": ["security-data-key"]}


def test_queues_and_what_is_remembered_are_protected() -> None:
    topology = recorded("prod")
    for name in ("async-email-queue", "async-email-dead-letters-queue", "async-handled-table"):
        assert topology.resources[urn_of(topology, name)].options["protect"] is True


def test_tasks_know_the_queues_and_may_send_to_them() -> None:
    topology = recorded("prod")
    [app, *_] = json.loads(inputs(topology, "compute-auth-task-definition")["containerDefinitions"])
    given = {entry["name"]: entry["value"] for entry in app["environment"] if entry["name"].startswith("QUEUE_")}
    assert set(given) == {f"QUEUE_{label.upper().replace('-', '_')}_URL" for label in _FIVE}
    assert given["QUEUE_EMAIL_URL"] == f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/fitness-platform-prod-email"


def test_queues_in_order_are_so_with_their_dead_letters() -> None:
    topology = recorded("prod", **{"async": {"queues": {"email": {"fifo": True}}}})
    for part in ("", "-dead-letters"):
        found = inputs(topology, f"async-email{part}-queue")
        assert found["name"] == f"fitness-platform-prod-email{part}.fifo"
        assert (found["fifoQueue"], found["deduplicationScope"], found["fifoThroughputLimit"]) == (
            True,
            "messageGroup",
            "perMessageGroupId",
        )
    assert inputs(topology, "async-email-processor-function")["environment"]["variables"]["FIFO"] == "true"


def test_there_is_no_broker_unless_it_is_asked_for() -> None:
    assert names(recorded("prod"), "Broker") == set()
    assert "groups-rabbitmq" not in names(recorded("prod"), "SecurityGroup")


def test_a_broker_is_a_private_cluster_of_three() -> None:
    topology = recorded("prod", **{"async": {"rabbitmq": {"enabled": True}}})
    found = inputs(topology, "async-rabbitmq-broker")
    assert {key: value for key, value in found.items() if key not in ("users", "maintenanceWindowStartTime")} == {
        "brokerName": "fitness-platform-prod-rabbitmq",
        "engineType": "RabbitMQ",
        "engineVersion": "4.2",
        "deploymentMode": "CLUSTER_MULTI_AZ",
        "hostInstanceType": "mq.m7g.large",
        "autoMinorVersionUpgrade": True,
        "publiclyAccessible": False,
        "encryptionOptions": {"useAwsOwnedKey": False, "kmsKeyId": UNKNOWN},
        "logs": {"general": True},
    }
    assert references(topology, "async-rabbitmq-broker") == {
        "subnetIds": [f"network-private-{letter}" for letter in "abc"],
        "securityGroups": ["groups-rabbitmq"],
        "encryptionOptions": ["security-queues-key"],
    }
