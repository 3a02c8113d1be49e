"""Policy configs, reconciled with the pack's metadata as the engine does for ``--policy-pack-config``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
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
_LEVEL = "enforcementLevel"
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A value in a policy config that differs from what the guardrail demands without one."""

    guardrail: str
    option: str
    strict: Any
    relaxed: Any


def read_object(path: Path, holds: str) -> dict[str, Any]:
    """Read a JSON file that must be an object; ``holds`` says of what.

    :raises PreviewError: where the file is missing or is not a JSON object.
    """
    try:
        contents: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PreviewError(f"{path}: {(error.strerror or 'not readable').lower()}") from None
    except (ValueError, RecursionError) as error:
        raise PreviewError(f"{path}: not JSON: {error}") from None
    if not isinstance(contents, dict):
        raise PreviewError(f"{path}: found {json.dumps(contents)}; allowed: an object of {holds}")
    return contents


def reconcile(
    info: analyzer_pb2.AnalyzerInfo, config: Mapping[str, Any], file: str
) -> tuple[analyzer_pb2.ConfigureAnalyzerRequest, list[Relaxation]]:
    """Fill ``config`` up with the pack's defaults, and say where it differs from them.

    :raises PreviewError: with a line for each unknown guardrail or level and each value that breaks its schema.
    """
    problems: list[str] = []
    known = [policy.name for policy in info.policies]
    entries: dict[str, dict[str, Any]] = {}
    for name, given in config.items():
        entries[name] = {**given} if isinstance(given, dict) else {_LEVEL: given}
        level = entries[name].get(_LEVEL, "mandatory")
        if name not in known and name != _ALL:
            close = get_close_matches(name, known, n=1)
            problems.append(f"{name}: no such guardrail" + (f"; did you mean {close[0]}?" if close else " in the pack"))
        elif level not in [*_LEVELS]:
            problems.append(f"{name}: found level {json.dumps(level)}; allowed: {', '.join(_LEVELS)}")
    level_of_all = entries.get(_ALL, {}).get(_LEVEL)

    request = analyzer_pb2.ConfigureAnalyzerRequest()
    relaxations: list[Relaxation] = []
    for policy in info.policies:
        properties: dict[str, Any] = _whole(json_format.MessageToDict(policy.configSchema)).get("properties", {})
        strict = {name: option["default"] for name, option in properties.items() if "default" in option}
        relaxed = entries.get(policy.name, {})
        level = relaxed.pop(_LEVEL, level_of_all)
        problems += [f"{policy.name}{problem}" for problem in _invalid(relaxed, properties)]
        if problems:
            continue
        configured = request.policyConfig[policy.name]
        configured.enforcementLevel = policy.enforcementLevel if level is None else _LEVELS[level]
        configured.properties.update(strict | relaxed)
        if configured.enforcementLevel != policy.enforcementLevel:
            default_level = analyzer_pb2.EnforcementLevel.Name(policy.enforcementLevel).lower()
            relaxations.append(Relaxation(policy.name, _LEVEL, default_level, level))
        relaxations += [
            Relaxation(policy.name, name, strict.get(name), value)
            for name, value in relaxed.items()
            if value != strict.get(name)
        ]
    if problems:
        raise PreviewError("\n".join(f"{file}: {problem}" for problem in problems))
    return request, relaxations


def _invalid(options: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield one problem for each option that the guardrail doesn't have and each value that its schema refuses."""
    for name in options:
        if name not in properties:
            known = f"known are {', '.join(sorted(properties))}" if properties else "it has none"
            yield f".{name}: no such option; {known}"
    errors = jsonschema.Draft7Validator({"type": "object", "properties": properties}).iter_errors({**options})
    by_path = {"".join(f".{part}" for part in error.absolute_path): error for error in errors}
    for path, error in sorted(by_path.items()):
        yield f"{path}: found {json.dumps(error.instance)}; allowed: {_allowed(error.schema)}"


_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
    "string": "text",
}


def _allowed(schema: Mapping[str, Any]) -> str:
    """Return in words what a schema of the pack accepts."""
    if "enum" in schema:
        return ", ".join(json.dumps(value) for value in schema["enum"])
    limits = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join([_TYPES.get(schema.get("type", ""), "another value"), *limits])


def _whole(value: Any) -> Any:
    """Return ``value`` with whole numbers as integers: the protocol knows floating-point numbers only."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
