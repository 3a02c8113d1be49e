"""Keeps what is personal or secret out of logs, whatever somebody logs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

_HIDDEN = "***"
_PERSONAL_KEY = re.compile(
    r"(?i)(^|_|-)(body|address|birth|card|email|iban|latitude|longitude|(first|last|full|user)_?name|phone|weight"
    r"|heart_?rate|authorization|cookie|password|secret|token)"
)
_PERSONAL_VALUE = re.compile(
    r"""
    [A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+      # e-mail addresses
    | \b(?:\d[ -]?){13,19}\b                                 # numbers of cards
    | \+\d[\d ()-]{7,}\d                                     # telephone numbers
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+                # JSON Web Tokens
    | \b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}\b              # IBANs
    """,
    re.VERBOSE,
)
_OURS = frozenset({"timestamp", "xray_trace_id", "function_request_id", "function_arn", "message_id"})
"""Fields that the logger or this function writes, whose digits are of no person."""


def redacted(value: Any, key: str = "") -> Any:
    """Return a value without what is personal by its key or by how it looks."""
    if _PERSONAL_KEY.search(key) and value not in (None, "", True, False):
        return _HIDDEN
    if isinstance(value, Mapping):
        return {name: redacted(item, str(name)) for name, item in value.items()}
    if isinstance(value, str):
        return value if key in _OURS else _PERSONAL_VALUE.sub(_HIDDEN, value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [redacted(item) for item in value]
    return value


class RedactingFormatter(LambdaPowertoolsFormatter):
    """Writes logs as JSON, less what is personal or secret in them."""

    def serialize(self, log: Any) -> str:
        """Return one line of the log."""
        return super().serialize(redacted(log))
