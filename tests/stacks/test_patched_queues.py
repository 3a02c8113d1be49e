"""Queues and their processors broken as a pull request might break them."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each

_FIVE = ("ai-recommendations", "analytics-events", "email", "health-metrics", "payment-webhooks")
_ASYNC = "fitness-platform:async:AsyncLayer"
_WORK = f"{_ASYNC}$fitness-platform:async:WorkQueue"
_QUEUE = f"{_WORK}$fitness-platform:queues:PrivateQueue$aws:sqs/queue:Queue"
_FUNCTION = f"{_WORK}$fitness-platform:functions:PythonFunction$aws:lambda/function:Function"
_SOURCE = f"{_WORK}$aws:lambda/eventSourceMapping:EventSourceMapping"
_WORK_FILE, _FUNCTION_FILE = "components/async_layer/work_queue.py", "components/python_function.py"
_QUEUE_FILE = "components/queues.py"


def _queues(guardrail: str, *parts: str) -> set[tuple[str, str]]:
    return each(guardrail, _QUEUE, *(f"async-{label}{part}" for label in _FIVE for part in parts))


def _functions(guardrail: str) -> set[tuple[str, str]]:
    return each(guardrail, _FUNCTION, *(f"async-{label}-processor-function" for label in _FIVE))


def _sources(guardrail: str) -> set[tuple[str, str]]:
    return each(guardrail, _SOURCE, *(f"async-{label}-source" for label in _FIVE))


PATCHES = {
    "a queue without dead letters": Patch(
        _WORK_FILE,
        "redrive=Redrive(dead_letters, settings.max_receive_count),",
        "redrive=Redrive(dead_letters, settings.max_receive_count) if label != 'email' else None,",
        each("queues-have-dead-letters", _QUEUE, "async-email-queue", "async-email-dead-letters-queue")
        | each("dead-letters-of-own-queue", _QUEUE, "async-email-dead-letters-queue"),
    ),
    "hidden for less than the function takes": Patch(
        _WORK_FILE,
        "timeout=settings.timeout_seconds,",
        "timeout=600,",
        _sources("queues-outlast-processors"),
    ),
    "kept for four days": Patch(
        _QUEUE_FILE,
        "message_retention_seconds=RETENTION_SECONDS,",
        "message_retention_seconds=345_600 if spec.redrive else RETENTION_SECONDS,",
        _queues("queues-keep-14-days", "-queue"),
    ),
    "kept for as long as AWS says": Patch(
        _QUEUE_FILE,
        "message_retention_seconds=RETENTION_SECONDS,",
        "message_retention_seconds=None if spec.redrive else RETENTION_SECONDS,",
        _queues("queues-keep-14-days", "-queue"),
    ),
    "Python 3.9": Patch(
        _FUNCTION_FILE,
        "            runtime=RUNTIME,\n",
        '            runtime="python3.9" if spec.source == "queue_processor" else RUNTIME,\n',
        _functions("functions-in-python") | _functions("functions-layers-known"),
    ),
    "whole batches come back": Patch(
        _WORK_FILE,
        '            function_response_types=["ReportBatchItemFailures"],\n',
        "",
        _sources("event-sources-report-failures"),
    ),
    "one function has all executions": Patch(
        _FUNCTION_FILE,
        "reserved_concurrent_executions=spec.reserved_concurrency,",
        "reserved_concurrent_executions=1000,",
        each("functions-leave-account-its-share", "pulumi:pulumi:Stack", "fitness-platform-prod"),
    ),
    "plain HTTP to queues": Patch(
        _QUEUE_FILE,
        'deny_plain_http("sqs:*", arn),',
        '*([] if arn.endswith("-prod-email") else [deny_plain_http("sqs:*", arn)]),',
        each("tls-only", _QUEUE, "async-email-queue"),
    ),
    "never warm": Patch(
        _FUNCTION_FILE,
        "qualifier=self.alias.name,",
        "qualifier=function.version,",
        each(
            "functions-warm-by-alias",
            f"{_WORK}$fitness-platform:functions:PythonFunction$"
            "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
            "async-payment-webhooks-processor-warm",
        )
        | each("payment-webhooks-warm", _QUEUE, "async-payment-webhooks-queue"),
    ),
}


@pytest.mark.parametrize("name", PATCHES)
def test_is_refused(name: str, tmp_path: Path) -> None:
    assert_refused(PATCHES[name], tmp_path)
