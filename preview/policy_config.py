"""Policy configs, reconciled with the pack's metadata as the engine does for ``--policy-pack-config``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from preview.errors import PreviewError

_LEVELS = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "remediate": analyzer_pb2.REMEDIATE,
    "disabled": analyzer_pb2.DISABLED,
}
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A value in a policy config that differs from what the guardrail demands without one."""

    guardrail: str
    option: str
    strict: Any
    relaxed: Any


def read_policy_config(path: Path) -> dict[str, Any]:
    """Read a policy config: enforcement levels or options by guardrail.

    :raises PreviewError: where the file is missing or is not a JSON object.
    """
    try:
        contents: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PreviewError(f"{path}: {(error.strerror or 'not readable').lower()}") from None
    except ValueError as error:
        raise PreviewError(f"{path}: not JSON: {error}") from None
    if not isinstance(contents, dict):
        raise PreviewError(f"{path}: found {type(contents).__name__}; allowed: an object of guardrails")
    return contents


def reconcile(
    info: analyzer_pb2.AnalyzerInfo, config: Mapping[str, Any], file: str
) -> tuple[analyzer_pb2.ConfigureAnalyzerRequest, list[Relaxation]]:
    """Fill ``config`` up with the pack's defaults, and say where it differs from them.

    :raises PreviewError: with a line for each unknown guardrail or level and each value that breaks its schema.
    """
    known = {policy.name for policy in info.policies}
    problems = [f"{file}: {name}: no such guardrail in the pack" for name in sorted(set(config) - known - {_ALL})]
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    relaxations: list[Relaxation] = []
    for policy in info.policies:
        schema = json_format.MessageToDict(policy.configSchema)
        properties: dict[str, Any] = schema.get("properties", {})
        defaults = {name: option["default"] for name, option in properties.items() if "default" in option}
        given = config.get(policy.name, {})
        options: dict[str, Any] = dict(given) if isinstance(given, dict) else {"enforcementLevel": given}
        level = options.pop("enforcementLevel", config.get(_ALL))
        if level is not None and level not in _LEVELS:
            problems.append(f"{file}: {policy.name}: found level {level!r}; allowed: {', '.join(_LEVELS)}")
            continue
        problems += [f"{file}: {policy.name}: {problem}" for problem in _invalid(options, properties)]
        request.policyConfig[policy.name].enforcementLevel = (
            policy.enforcementLevel if level is None else _LEVELS[level]
        )
        request.policyConfig[policy.name].properties.update(defaults | options)
        if level is not None and _LEVELS[level] != policy.enforcementLevel:
            strict = analyzer_pb2.EnforcementLevel.Name(policy.enforcementLevel).lower()
            relaxations.append(Relaxation(policy.name, "enforcementLevel", strict, level))
        relaxations += [
            Relaxation(policy.name, name, _whole(defaults.get(name)), _whole(value))
            for name, value in options.items()
            if value != defaults.get(name)
        ]
    if problems:
        raise PreviewError("\n".join(problems))
    return request, relaxations


def _invalid(options: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    schema = {"type": "object", "properties": _whole(properties), "additionalProperties": False}
    for error in jsonschema.Draft7Validator(schema).iter_errors(dict(options)):
        where = ".".join(str(part) for part in error.absolute_path)
        yield f"{where}: {error.message}" if where else error.message


def _whole(value: Any) -> Any:
    """Return ``value`` with whole numbers as integers: the protocol knows floating-point numbers only."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
