"""Clauses async-lambda-*: what functions are written in, made from, and may take."""

import re
from collections.abc import Iterable
from typing import Any

import pulumi

from guardrails.functions.resources import FUNCTION
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_PYTHON = re.compile(r"python3\.(1[1-9]|[2-9][0-9])")
_LONGEST, _DEFAULT_TIMEOUT = 900, 3  # seconds
_LEAST_MEMORY, _MOST_MEMORY = 128, 10_240
_ELSEWHERE = ("imageUri", "s3Bucket", "s3Key", "s3ObjectVersion")
# https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/
_POWERTOOLS = re.compile(
    r"arn:aws:lambda:[a-z0-9-]+:017000801446:layer:AWSLambdaPowertoolsPythonV3-(?P<runtime>python3\d+)"
    r"-(?P<architecture>arm64|x86_64):[0-9]+"
)


def _in_python(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (kind := properties.text("packageType")) not in (None, "Zip"):
        yield f"packageType is {kind}, not Zip"
    if _PYTHON.fullmatch(runtime := properties.text("runtime") or "") is None:
        yield f"runtime is {runtime or 'not given'}, not Python 3.11 or later"
    if properties.text("handler") is None:
        yield "handler is not given"


def _of_stack(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if elsewhere := [key for key in _ELSEWHERE if properties.given(key)]:
        yield f"{', '.join(elsewhere)} given: its code is not that of this commit"
    code: Any = properties.asset("code")
    if not isinstance(code, pulumi.FileArchive | pulumi.AssetArchive):
        yield f"code is {type(code).__name__ if code else 'not given'}, no archive of this project"


def _layers_known(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    runtime = (properties.text("runtime") or "").replace(".", "")
    architectures = properties.texts("architectures") or ["x86_64"]
    for layer in properties.texts("layers"):
        found = _POWERTOOLS.fullmatch(layer)
        if found is None:
            yield f"layers has {layer}, which is not AWS's Powertools"
        elif found["runtime"] != runtime or [found["architecture"]] != architectures:
            yield f"layers has {layer}, made for another runtime or processor"


def _ends(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    seconds = properties.number("timeout")
    if not 1 <= (_DEFAULT_TIMEOUT if seconds is None else seconds) <= _LONGEST:
        yield f"timeout is {seconds:g}, not 1 to {_LONGEST}"


def _remembers(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    size = properties.number("memorySize")
    if not _LEAST_MEMORY <= (_LEAST_MEMORY if size is None else size) <= _MOST_MEMORY:
        yield f"memorySize is {size:g}, not {_LEAST_MEMORY} to {_MOST_MEMORY}"


def _traced(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (mode := properties.text("tracingConfig.mode")) != "Active":
        yield f"tracingConfig.mode is {mode or 'not given'}, not Active"


RUNTIME_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="functions-in-python",
        title="Functions are in Python 3.11 or later",
        clauses=("async-lambda-sqs-processors",),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_in_python,
        controls=("Lambda.2", "CKV_AWS_363", "AwsSolutions-L1", "awslambda_function_using_supported_runtimes"),
        remediation="Make it by components/python_function.py, which knows the runtime.",
    ),
    ResourceGuardrail(
        id="functions-code-of-stack",
        title="Functions run code of this project",
        clauses=("dr-iac-git", "async-lambda-sqs-processors"),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_of_stack,
        remediation="Pass code as an archive of functions/, and leave imageUri and s3Bucket out.",
    ),
    ResourceGuardrail(
        id="functions-layers-known",
        title="Functions have no layers but AWS's Powertools for their runtime",
        clauses=("dr-iac-git", "async-lambda-sqs-processors"),
        severity="critical",
        types=frozenset({FUNCTION}),
        check=_layers_known,
        remediation="Put the code into functions/, or name a version of AWSLambdaPowertoolsPythonV3.",
    ),
    ResourceGuardrail(
        id="functions-end",
        title="Functions end after 15 minutes at the latest",
        clauses=("async-lambda-timeout-15min",),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_ends,
        remediation="Set timeout to 1 to 900 seconds; hand longer work to a worker.",
    ),
    ResourceGuardrail(
        id="functions-memory",
        title="Functions have 128 to 10,240 MB of memory",
        clauses=("async-lambda-memory",),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_remembers,
        remediation="Set memorySize to 128 to 10240.",
    ),
    ResourceGuardrail(
        id="functions-traced",
        title="Functions are traced",
        clauses=("obs-xray-tracing",),
        severity="medium",
        types=frozenset({FUNCTION}),
        check=_traced,
        controls=("Lambda.7", "CKV_AWS_50"),
        remediation="Set tracingConfig.mode to Active.",
    ),
)
