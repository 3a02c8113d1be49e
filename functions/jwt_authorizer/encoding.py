"""How tokens and keys are written: base64url without padding, and JSON that says everything once."""

import base64
import binascii
import json
import re
from typing import Any

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class EncodingError(ValueError):
    """Text that is not what it has to be."""


def decoded(text: object) -> bytes:
    """Return what base64url without padding stands for; each value has one spelling.

    :raises EncodingError: where ``text`` is anything else.
    """
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise EncodingError("not base64url")
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise EncodingError("not base64url") from None
    if base64.urlsafe_b64encode(value).rstrip(b"=").decode() != text:
        raise EncodingError("not base64url in its only spelling")
    return value


def json_object(text: bytes) -> dict[str, Any]:
    """Return a JSON object in which every name stands once.

    :raises EncodingError: where ``text`` is anything else.
    """
    try:
        value: Any = json.loads(text.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise EncodingError("not JSON") from None
    if not isinstance(value, dict):
        raise EncodingError("not a JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EncodingError("a name stands twice")
    return found


def _no_constant(name: str) -> None:
    raise EncodingError(f"{name} is no JSON")
