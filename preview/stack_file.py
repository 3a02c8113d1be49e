"""Stack configuration as the engine hands it to a program: strings by namespaced key, objects as JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from preview.errors import PreviewError

_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
SECRET_STAND_IN = "[secret]"  # noqa: S105 the opposite of one
"""What the program reads in place of a secret: ciphertext can't be decrypted offline, and nothing here needs it."""


class _YamlLoader(yaml.SafeLoader):
    """YAML as the engine's Go parser reads it: only ``true`` and ``false`` are booleans, and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            key: object = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"found {json.dumps(key, default=str)}; allowed: text as a key", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"found {key} a second time; allowed: once", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_MERGE = "tag:yaml.org,2002:merge"
_YamlLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
):
    _YamlLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


@dataclass(frozen=True, slots=True)
class StackConfig:
    """What the engine would tell a program about the stack that it runs for."""

    project: str
    stack: str
    root: Path
    config: dict[str, str]
    """Values by namespaced key; objects and lists are JSON, secrets are stand-ins."""
    secret_keys: tuple[str, ...]


def load_stack(root: Path, stack: str) -> StackConfig:
    """Read ``Pulumi.yaml`` and ``Pulumi.<stack>.yaml`` in ``root``.

    :raises PreviewError: where a file is missing, isn't YAML, or holds what the engine would refuse.
    """
    project_file, stack_file = root / "Pulumi.yaml", root / f"Pulumi.{stack}.yaml"
    if not project_file.is_file():
        raise PreviewError(f"{project_file.name}: not found; run this in the project's folder")
    project = _read(project_file)
    name = project.get("name")
    if not isinstance(name, str):
        raise PreviewError(f"{project_file.name}: name: found {_show(name)}; allowed: the project's name")
    if not stack_file.is_file():
        stacks = sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml"))
        raise PreviewError(f"{stack_file.name}: not found; stacks here are {', '.join(stacks) or 'none'}")
    contents = _read(stack_file)
    if contents.get("environment"):
        raise PreviewError(
            f"{stack_file.name}: environment: found imports; allowed: none, Pulumi ESC can't be asked offline"
        )

    config: dict[str, str] = {}
    secret_keys: list[str] = []
    problems = [f"{stack_file.name}: {key}: unknown; {_known(key)}" for key in contents if key not in _KEYS]
    values = dict(_project_values(project_file.name, project)) | _mapping(stack_file.name, contents, "config")
    for raw_key, value in values.items():
        key = raw_key if ":" in raw_key else f"{name}:{raw_key}"
        if key.count(":") != 1 or not all(key.split(":")):
            problems.append(f"{stack_file.name}: config.{raw_key}: found this key; allowed: the form namespace:name")
        elif value is None:
            problems.append(f"{stack_file.name}: config.{raw_key}: found nothing; allowed: a value")
        else:
            plain, secret = _without_ciphertext(value)
            config[key] = plain if isinstance(plain, str) else json.dumps(plain)
            if secret:
                secret_keys.append(key)
    if problems:
        raise PreviewError("\n".join(problems))
    return StackConfig(name, stack, root, config, tuple(secret_keys))


def _known(key: str) -> str:
    close = get_close_matches(key, _KEYS, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(_KEYS)}"


def _read(path: Path) -> dict[str, Any]:
    try:
        contents: object = yaml.load(path.read_text(encoding="utf-8"), Loader=_YamlLoader)  # noqa: S506 a SafeLoader
        json.dumps(contents, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise PreviewError(f"{path.name}: not UTF-8 text: {error.reason} at byte {error.start}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise PreviewError(f"{path.name}:{where} {said}") from None
    except yaml.YAMLError as error:
        raise PreviewError(f"{path.name}: not YAML: {' '.join(str(error).split())}") from None
    except (RecursionError, TypeError, ValueError) as error:
        raise PreviewError(f"{path.name}: found what JSON can't hold: {error}") from None
    if contents is None:
        return {}
    if not isinstance(contents, dict):
        raise PreviewError(f"{path.name}: found {_show(contents)}; allowed: keys and values")
    return contents


def _mapping(file: str, contents: dict[str, Any], key: str) -> dict[str, Any]:
    value: object = contents.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PreviewError(f"{file}: {key}: found {_show(value)}; allowed: keys and values")
    return value


def _show(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _project_values(file: str, project: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values that ``Pulumi.yaml`` gives to every stack."""
    for key, value in _mapping(file, project, "config").items():
        schema = value if isinstance(value, dict) and {"value", "default", "type"} & set(value) else {"value": value}
        found: Any = schema.get("value", schema.get("default"))
        if found is not None:
            yield key, found


def _without_ciphertext(value: Any) -> tuple[Any, bool]:
    """Return ``value`` with stand-ins for ``secure:`` values, and whether there were any."""
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return SECRET_STAND_IN, True
        parts = {key: _without_ciphertext(item) for key, item in value.items()}
        return {key: item for key, (item, _) in parts.items()}, any(secret for _, secret in parts.values())
    if isinstance(value, list):
        items = [_without_ciphertext(item) for item in value]
        return [item for item, _ in items], any(secret for _, secret in items)
    return value, False
