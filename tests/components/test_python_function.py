from preview.topology import plain
from tests.components.reading import inputs, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded

_EMAIL = "async-email-processor"


def test_a_function_is_traced_logged_encrypted_and_published() -> None:
    topology = recorded("prod")
    found = inputs(topology, f"{_EMAIL}-function")
    assert {key: value for key, value in found.items() if key not in ("code", "sourceCodeHash", "environment")} == {
        "name": "fitness-platform-prod-email-processor",
        "description": "Hands messages of fitness-platform-prod-email to the service auth",
        "packageType": "Zip",
        "handler": "queue_processor.handler.handle",
        "runtime": "python3.13",
        "architectures": ["arm64"],
        "layers": ["arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:27"],
        "timeout": 50,
        "memorySize": 256,
        "publish": True,
        "loggingConfig": {
            "logGroup": "/aws/lambda/fitness-platform-prod-email-processor",
            "logFormat": "JSON",
            "applicationLogLevel": "INFO",
            "systemLogLevel": "WARN",
        },
        "tracingConfig": {"mode": "Active"},
    }
    assert references(topology, f"{_EMAIL}-function") == {
        "role": [f"{_EMAIL}-role"],
        "kmsKeyArn": ["security-secrets-key"],
        "loggingConfig": [f"{_EMAIL}-log"],
    }
    assert f"{_EMAIL}-does-its-work" in waits_for(topology, f"{_EMAIL}-function")


def test_its_code_is_the_same_text_everywhere() -> None:
    topology = recorded("prod")
    found = plain(topology.resources[urn_of(topology, f"{_EMAIL}-function")].inputs)
    assert found["code"]["path"] == "build/functions/queue_processor.zip"


def test_its_log_is_declared_encrypted_and_kept() -> None:
    topology = recorded("prod")
    assert inputs(topology, f"{_EMAIL}-log") == {
        "name": "/aws/lambda/fitness-platform-prod-email-processor",
        "retentionInDays": 90,
    }
    assert references(topology, f"{_EMAIL}-log") == {"kmsKeyId": ["security-logs-key"]}


def test_its_role_is_for_lambda_on_behalf_of_the_account() -> None:
    found = inputs(recorded("prod"), f"{_EMAIL}-role")
    assert found["name"] == "fitness-platform-prod-us-east-1-email-processor"
    assert found["assumeRolePolicy"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}},
        }
    ]


def test_callers_name_an_alias_of_the_newest_version() -> None:
    topology = recorded("prod")
    assert inputs(topology, f"{_EMAIL}-alias") == {
        "name": "live",
        "description": "What callers name",
        "functionName": "fitness-platform-prod-email-processor",
    }
    assert references(topology, f"{_EMAIL}-alias") == {
        "functionName": [f"{_EMAIL}-function"],
        "functionVersion": [f"{_EMAIL}-function"],
    }


def test_somebody_is_told_of_errors_and_throttles() -> None:
    topology = recorded("prod")
    for metric, topic, periods in (("Errors", "critical", 1), ("Throttles", "warning", 3)):
        found = inputs(topology, f"{_EMAIL}-{metric}")
        assert (found["namespace"], found["metricName"], found["threshold"]) == ("AWS/Lambda", metric, 0)
        assert found["evaluationPeriods"] == periods
        assert references(topology, f"{_EMAIL}-{metric}")["alarmActions"] == [f"security-alerts-{topic}"]
