"""What one run of the program declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format, struct_pb2

STACK_TYPE = "pulumi:pulumi:Stack"
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key of what is more than a plain object in wire form; its value says what."""
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 marks secrets, is none


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as the engine would know it after registration."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: struct_pb2.Struct
    """Inputs in wire form: unknowns are sentinels and secrets are marked."""
    outputs: struct_pb2.Struct
    """What is known of the outputs: the inputs of a custom resource, what a component registers."""
    provider: str
    """URN of the provider; empty for components and providers."""
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    options: Mapping[str, Any]
    """Options that are set, by the names of the Analyzer protocol."""
    read: bool = False
    """Whether it exists elsewhere and is only read, such as another stack."""


@dataclass(frozen=True, slots=True)
class Topology:
    """All resources of a stack, by URN in order of URN, and the messages that the program logged."""

    stack: str
    resources: Mapping[str, Resource]
    log: tuple[str, ...] = field(default=())


def plain(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Return properties for people and files: whole numbers as integers, secrets as ``[secret]``."""
    return _plain(json_format.MessageToDict(properties))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(SIGNATURE) == _SECRET_SIGNATURE:
            return "[secret]"
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
