"""What the SDK of the AWS provider says of the properties of its resources."""

import enum
import importlib
import keyword
import re
import typing
from functools import cache
from types import UnionType
from typing import Any

import pulumi._types as sdk
from pulumi_aws import ProviderArgs

_PLAIN = (bool, int, float, str)


@cache
def _properties(token: str) -> dict[str, Any]:
    """Return the types of a resource's properties by wire name."""
    _, module, class_ = token.split(":")
    if module == "providers":
        return sdk.input_type_types(ProviderArgs)
    service = module.partition("/")[0]
    package = importlib.import_module(f"pulumi_aws.{service}{'_' * keyword.iskeyword(service)}")
    names = (f"{class_}InitArgs", f"{class_}Args")  # the first where a nested block has the second
    arguments = next((found for name in names if (found := getattr(package, name, None))), None)
    if arguments is None:
        raise LookupError(f"the SDK has no resource {token}")
    return sdk.input_type_types(arguments)


def kind_of(token: str, path: str) -> type:
    """Return what a property holds: ``bool``, ``int``, ``float``, ``str``, ``list``, ``dict`` or an enumeration.

    :raises LookupError: where the SDK has no such property.
    """
    properties, annotation = _properties(token), None
    for piece in re.sub(r"\[\w*\]", "", path).split("."):
        annotation = properties[piece] if piece in properties else _under_any_key(annotation)
        if annotation is None:
            raise LookupError(f"{token} has no property {path}")
        block = _block(annotation)
        properties = sdk.input_type_types(block) if block else {}
    return _kind(annotation)


def _under_any_key(annotation: Any) -> Any:
    """Return what a mapping holds, ``None`` where a property is none."""
    for found in _alternatives(annotation):
        if "Mapping" in str(typing.get_origin(found)):
            return typing.get_args(found)[1]
        for argument in typing.get_args(found):
            if (held := _under_any_key(argument)) is not None:
                return held
    return None


def _alternatives(annotation: Any) -> list[Any]:
    if typing.get_origin(annotation) in (typing.Union, UnionType):
        return [item for argument in typing.get_args(annotation) for item in _alternatives(argument)]
    return [annotation]


def _kind(annotation: Any) -> type:
    for found in _alternatives(annotation):
        origin = typing.get_origin(found)
        if origin is not None and "Sequence" in str(origin):
            return list
        if isinstance(found, type) and (issubclass(found, enum.Enum) or found in _PLAIN):
            return found
    return dict


def _block(annotation: Any) -> type | None:
    """Return the class of a nested block, or of those in a list."""
    for found in _alternatives(annotation):
        if isinstance(found, type) and sdk.is_input_type(found):
            return found
        for argument in typing.get_args(found):
            if block := _block(argument):
                return block
    return None
