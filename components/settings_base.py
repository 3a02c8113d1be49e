"""What every settings model shares: strictness, camelCase keys, and the marker of what keeps the decision."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, PlainValidator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema


class Conflict(NamedTuple):
    """Two settings that are each legal but can't stand together."""

    path: tuple[str, ...]
    """Keys from the model that reports it down to the setting to change, as written in YAML."""
    found: object
    """The value that was read."""
    allowed: str
    """What would be accepted, for the person who edits the file."""


class Settings(BaseModel):
    """Plain values from a stack's YAML: frozen, strictly typed, no unknown keys.

    Keys are camelCase in YAML and snake_case in Python. Outputs and secrets never go in here; they travel
    beside the settings as component arguments.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, validate_default=True)

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what a field alone can't see: combinations that could never be deployed."""
        return iter(())


@dataclass(frozen=True, slots=True)
class KeepsAdr:
    """Marks which of a field's legal values keep ADR 003; any other needs a relaxation in the policy config.

    Attach it with ``Annotated[type, KeepsAdr(...)]``. A field without it keeps the decision whatever its value.
    """

    clause: str
    """The clause of the decision that the field carries."""
    values: str
    """The values that keep it, in words, for the configuration reference."""
    holds: Callable[[Any], bool]
    """Whether a parsed value keeps it."""


@dataclass(frozen=True, slots=True)
class Form:
    """Says how a text is written, as a pattern and in words. Attach it with ``Annotated[str, Form(...)]``."""

    pattern: str
    words: str
    """What is allowed, for the person who edits the file."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer every mistake with the words, a number in place of the text among them."""
        text = core_schema.str_schema(pattern=self.pattern, strict=True)
        return core_schema.custom_error_schema(text, custom_error_type="form", custom_error_message=self.words)


def _block(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):  # a default
        return value
    example = IPv4Network("10.0.0.0/16")
    if isinstance(value, str) and re.fullmatch(r"[0-9.]+/[0-9]{1,2}", value):
        try:
            example = IPv4Network(value, strict=False)
            return IPv4Network(value)
        except ValueError:
            pass
    raise ValueError(f"an IPv4 block that starts at its first address, such as {example}")


Block = Annotated[IPv4Network, PlainValidator(_block)]
"""An IPv4 block in CIDR notation."""

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
_Period = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]


def _number(value: object) -> object:
    """Keep ``true`` from passing for the 1 that it equals."""
    if value is True:
        *others, last = get_args(_Period)
        raise ValueError(f"{', '.join(str(days) for days in others)} or {last}")
    return value


RetentionDays = Annotated[_Period, BeforeValidator(_number)]
"""Days that CloudWatch Logs can keep a log group, one of the periods that it accepts."""
