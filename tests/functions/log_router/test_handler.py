"""The whole function, against CloudWatch Logs as moto has it."""

import base64
import gzip
import importlib
import json
import time
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from log_router.batches import batches

_GROUP, _STREAM = "/aws/ecs/fitness-platform-prod-auth", "auth/auth/0123"
_ERRORS = f"{_GROUP}/errors"
_CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(
        function_name="log-router",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:us-east-1:444455556666:function:log-router",
        aws_request_id="00000000-0000-0000-0000-000000000000",
    ),
)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
        "POWERTOOLS_SERVICE_NAME": "log-router",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield boto3.client("logs")


@pytest.fixture
def handler(logs: Any) -> ModuleType:  # the client is made inside the mock
    return importlib.reload(importlib.import_module("log_router.handler"))


def _event(*messages: str, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    now = int(time.time() * 1000)
    data = {
        "messageType": kind,
        "logGroup": _GROUP,
        "logStream": _STREAM,
        "logEvents": [{"id": str(n), "timestamp": now - n, "message": text} for n, text in enumerate(messages)],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()}}


def _kept(logs: Any) -> list[str]:
    found = logs.get_log_events(logGroupName=_ERRORS, logStreamName=_STREAM, startFromHead=True)
    return [one["message"] for one in found["events"]]


def test_errors_are_kept_in_order_of_time(handler: ModuleType, logs: Any) -> None:
    logs.create_log_group(logGroupName=_ERRORS)
    handler.handle(_event("last", "first"), _CONTEXT)
    handler.handle(_event("later still"), _CONTEXT)
    assert _kept(logs)[:2] == ["first", "last"]
    assert len(_kept(logs)) == 3


def test_a_question_whether_somebody_listens_keeps_nothing(handler: ModuleType, logs: Any) -> None:
    handler.handle(_event("x", kind="CONTROL_MESSAGE"), _CONTEXT)
    assert logs.describe_log_groups()["logGroups"] == []


def test_a_group_that_is_not_declared_is_never_made(handler: ModuleType, logs: Any) -> None:
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        handler.handle(_event("x"), _CONTEXT)
    assert logs.describe_log_groups()["logGroups"] == []


def _line(timestamp: int, message: str = "x") -> dict[str, Any]:
    return {"timestamp": timestamp, "message": message}


@pytest.mark.parametrize(
    ("events", "sizes"),
    [
        ([], []),
        ([_line(0)] * 10_001, [10_000, 1]),
        ([_line(0, "x" * 600_000)] * 2, [1, 1]),
        ([_line(0), _line(86_400_000), _line(86_400_001)], [2, 1]),
    ],
    ids=["none", "many", "long", "over a day"],
)
def test_as_many_at_once_as_aws_takes(events: list[dict[str, Any]], sizes: list[int]) -> None:
    assert [len(batch) for batch in batches(events)] == sizes
