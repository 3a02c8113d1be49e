"""The policy pack as its own process, spoken to as the engine does."""

import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from preview.errors import PreviewError
from preview.stack_file import StackConfig
from preview.topology import Resource, Topology

_MAX_MESSAGE = 400 * 1024 * 1024  # what the engine allows
_START_SECONDS = 60
_CALL_SECONDS = 300


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """What a guardrail has to say of a resource."""

    guardrail: str
    urn: str
    message: str
    level: str
    """``mandatory`` or ``advisory``."""
    severity: str
    """``critical``, ``high``, ``medium``, ``low`` or ``unspecified``."""


class Pack:
    """A running policy pack."""

    def __init__(self, process: subprocess.Popen[str], said: IO[str], errors: IO[str]) -> None:
        self._process, self._said, self._errors = process, said, errors

    @cached_property
    def _stub(self) -> analyzer_pb2_grpc.AnalyzerStub:
        """The connection, once the pack has printed its port; it starts while the program runs."""
        port = self._said.readline().strip()
        if not port.isdigit():
            self._process.kill()
            self._process.wait()
            self._errors.seek(0)
            raise PreviewError(f"the policy pack did not start: {_last_words(port, self._errors.read())}")
        threading.Thread(target=_drain, args=[self._said], daemon=True).start()
        channel = grpc.insecure_channel(
            f"127.0.0.1:{port}",
            options=[
                ("grpc.max_receive_message_length", _MAX_MESSAGE),
                ("grpc.max_send_message_length", _MAX_MESSAGE),
                ("grpc.enable_http_proxy", 0),
            ],
        )
        return analyzer_pb2_grpc.AnalyzerStub(channel)

    @cached_property
    def info(self) -> analyzer_pb2.AnalyzerInfo:
        """What the pack says of itself and its policies."""
        return self._stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=_START_SECONDS, wait_for_ready=True)

    def judge(
        self, stack: StackConfig, topology: Topology, config: analyzer_pb2.ConfigureAnalyzerRequest
    ) -> list[Diagnostic]:
        """Return what the guardrails say of a stack: first of each resource's inputs, then of all outputs."""
        stub = self._stub
        stub.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(
                stack=stack.stack,
                project=stack.project,
                organization="organization",
                dry_run=True,
                config=stack.config,
                config_secret_keys=stack.secret_keys,
            ),
            timeout=_CALL_SECONDS,
        )
        stub.Configure(config, timeout=_CALL_SECONDS)
        declared = [resource for resource in topology.resources.values() if not resource.read]
        answers = [
            stub.Analyze.future(analyze_request(resource, topology.resources), timeout=_CALL_SECONDS)
            for resource in declared
        ]
        found = [
            diagnostic
            for resource, answer in zip(declared, answers, strict=True)
            for diagnostic in _diagnostics(answer.result(), resource.urn)
        ]
        everything = analyzer_pb2.AnalyzeStackRequest(
            resources=[stack_resource(resource, topology.resources) for resource in topology.resources.values()]
        )
        found += _diagnostics(stub.AnalyzeStack(everything, timeout=_CALL_SECONDS))
        return sorted(set(found))


@contextmanager
def running_pack(folder: Path) -> Generator[Pack]:
    """Start the policy pack in ``folder`` and stop it in the end.

    :raises PreviewError: where there is none.
    """
    if not (folder / "PulumiPolicy.yaml").is_file():
        raise PreviewError(f"{folder}: no policy pack here; PulumiPolicy.yaml not found")
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(  # noqa: S603 the pack of this project
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(folder)],
            cwd=folder,  # as the engine's language host does
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            if process.stdout:
                yield Pack(process, process.stdout, errors)
        except grpc.RpcError as error:
            raise PreviewError(f"the policy pack failed: {error.details()}") from None
        finally:
            process.kill()


def _drain(stream: IO[str]) -> None:
    """Read what a pack says, so that it doesn't wait for a full pipe."""
    with suppress(ValueError):  # closed meanwhile
        stream.read()


def _last_words(*texts: str) -> str:
    """Say in one line why a pack ended: what it said, or the end of its traceback."""
    lines = [line.removeprefix("error: ") for text in texts for line in text.splitlines() if line.strip()]
    frames = [line.strip() for line in lines if line.startswith('  File "')]
    if frames:
        return f"{lines[-1]} ({frames[-1]})"
    return "; ".join(lines) or "it said nothing"


def analyze_request(resource: Resource, resources: Mapping[str, Resource]) -> analyzer_pb2.AnalyzeRequest:
    """Return a resource as the engine shows it to policies before it is created: its inputs."""
    return analyzer_pb2.AnalyzeRequest(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=resource.inputs,
        options=_options(resource),
        provider=_provider(resource, resources),
    )


def stack_resource(resource: Resource, resources: Mapping[str, Resource]) -> analyzer_pb2.AnalyzerResource:
    """Return a resource as the engine shows it to policies on the whole stack: outputs and dependencies."""
    return analyzer_pb2.AnalyzerResource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        parent=resource.parent,
        properties=resource.outputs,
        options=_options(resource),
        provider=_provider(resource, resources),
        dependencies=resource.dependencies,
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
            for key, urns in resource.property_dependencies.items()
        },
    )


_ANALYZER_OPTIONS = ("protect", "ignoreChanges", "deleteBeforeReplace", "additionalSecretOutputs", "customTimeouts")


def _options(resource: Resource) -> analyzer_pb2.AnalyzerResourceOptions:
    known: dict[str, Any] = {key: value for key, value in resource.options.items() if key in _ANALYZER_OPTIONS}
    timeouts = {key: _seconds(text) for key, text in known.pop("customTimeouts", {}).items()}
    return analyzer_pb2.AnalyzerResourceOptions(
        parent=resource.parent,
        deleteBeforeReplaceDefined="deleteBeforeReplace" in known,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(**timeouts),
        **known,
    )


_UNITS = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_DURATION = re.compile(r"([0-9.]+)(h|ms|m|s|us|ns)")


def _seconds(text: str) -> float:
    """Return a Go duration such as ``1h30m`` in seconds."""
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))


def _provider(resource: Resource, resources: Mapping[str, Resource]) -> analyzer_pb2.AnalyzerProviderResource | None:
    provider = resources.get(resource.provider)
    if provider is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        urn=provider.urn, type=provider.type, name=provider.name, properties=provider.inputs
    )


def _diagnostics(response: analyzer_pb2.AnalyzeResponse, urn: str = "") -> Iterable[Diagnostic]:
    """Yield what was found; ``urn`` is of the resource that is meant where nothing else is said."""
    for found in response.diagnostics:
        yield Diagnostic(
            guardrail=found.policyName,
            urn=found.urn or urn,
            message=found.message.removeprefix(found.description).strip(),
            level=analyzer_pb2.EnforcementLevel.Name(found.enforcementLevel).lower(),
            severity=analyzer_pb2.PolicySeverity.Name(found.severity).removeprefix("POLICY_SEVERITY_").lower(),
        )
