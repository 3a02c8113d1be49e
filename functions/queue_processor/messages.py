"""Messages as they arrive."""

import json
from typing import Any

KEY_ATTRIBUTE = "IdempotencyKey"
"""Attribute by which a producer marks what it may send twice, such as the id of a payment provider's event."""

_MOST_KEY_CHARACTERS = 256


class MalformedError(Exception):
    """A message that no service could read."""


def checked_body(record: dict[str, Any]) -> str:
    """Return the body of a message.

    :raises MalformedError: where it is no JSON object.
    """
    body = record.get("body")
    try:
        found: Any = json.loads(body or "")
        json.dumps(found, ensure_ascii=False).encode()  # which half characters are not
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedError(type(error).__name__) from None
    if not isinstance(found, dict):
        raise MalformedError("not an object")
    return str(body)


def key_of(record: dict[str, Any]) -> str:
    """Return what tells a message from all others: its producer's word, or the id that the queue gave it."""
    attribute: Any = (record.get("messageAttributes") or {}).get(KEY_ATTRIBUTE)
    given = attribute.get("stringValue") if isinstance(attribute, dict) else None
    if isinstance(given, str) and 0 < len(given) <= _MOST_KEY_CHARACTERS and given.isascii() and given.isprintable():
        return given
    return str(record["messageId"])
