"""What the functions find around them in AWS, as the stack declares it."""

import importlib
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from tests.components.reading import inputs
from tests.support.recording import recorded

BUCKET = "fitness-platform-videos-prod-444455556666-us-east-1"


@dataclass(frozen=True)
class Context:
    """What Lambda tells a function of a call."""

    function_name: str = "fitness-platform-prod-media"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:444455556666:function:fitness-platform-prod-media:live"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"


def variables_of(function: str) -> dict[str, str]:
    """Return the variables that the stack gives a function."""
    return inputs(recorded("prod"), f"media-workflow-{function}-function")["environment"]["variables"]


def loaded(monkeypatch: pytest.MonkeyPatch, module: str, function: str) -> ModuleType:
    """Load the module of a handler anew, as a cold start does."""
    for name, value in {
        **variables_of(function),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    name = f"functions.media_jobs.{module}"
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


def uploaded(key: str = "masters/a.mp4", **changes: Any) -> dict[str, Any]:
    """Return what S3 tells of one upload."""
    return {
        "eventName": "ObjectCreated:CompleteMultipartUpload",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": key, "versionId": "v1", "size": 1}},
        **changes,
    }
