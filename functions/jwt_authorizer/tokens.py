"""What a token says, and whether it may be believed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .encoding import EncodingError, decoded, json_object
from .keys import ALGORITHM, LONGEST_ID
from .signature import PublicKey

LEEWAY_SECONDS = 30
"""Seconds by which clocks may differ."""

_LONGEST_TOKEN = 8192
_LONGEST_SUBJECT = 256
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_TYPES = ("jwt", "at+jwt", "application/at+jwt")


class RefusedError(Exception):
    """A token that lets nobody in. The message says why, and nothing of what is in it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say of itself."""

    issuer: str
    audience: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who brings a token."""

    subject: str
    scope: str
    """What it was issued for, as a list with spaces between; empty where it doesn't say."""
    expires: int
    """Seconds since 1970."""


def verify(
    header: object, expected: Expected, key_of: Callable[[str], PublicKey | None], now: Callable[[], float]
) -> Bearer:
    """Return who brings the token in an Authorization header.

    :raises RefusedError: where it lets nobody in.
    """
    if not isinstance(header, str) or len(header) > _LONGEST_TOKEN or not (parts := _BEARER.fullmatch(header)):
        raise RefusedError("no bearer token")
    try:
        protected, claims, signature = json_object(decoded(parts[1])), decoded(parts[2]), decoded(parts[3])
    except EncodingError:
        raise RefusedError("malformed") from None
    key = key_of(_key_id(protected))
    if key is None:
        raise RefusedError("unknown key")
    if not key.signed(f"{parts[1]}.{parts[2]}".encode(), signature):
        raise RefusedError("wrong signature")
    try:
        return _bearer(json_object(claims), expected, now())
    except EncodingError:
        raise RefusedError("malformed") from None


def _key_id(header: Mapping[str, Any]) -> str:
    if header.get("alg") != ALGORITHM:
        raise RefusedError("another algorithm")
    type_ = header.get("typ", "JWT")
    if "crit" in header or not isinstance(type_, str) or type_.lower() not in _TYPES:
        raise RefusedError("another kind of token")
    id_ = header.get("kid")
    if not isinstance(id_, str) or not 0 < len(id_) <= LONGEST_ID:
        raise RefusedError("no key named")
    return id_


def _bearer(claims: Mapping[str, Any], expected: Expected, now: float) -> Bearer:
    if claims.get("iss") != expected.issuer:
        raise RefusedError("another issuer")
    audience = claims.get("aud")
    audiences: list[Any] = audience if isinstance(audience, list) else [audience]
    if expected.audience not in audiences:
        raise RefusedError("another audience")
    expires = _seconds(claims, "exp")
    if expires is None or now >= expires + LEEWAY_SECONDS:
        raise RefusedError("expired")
    issued = _seconds(claims, "iat")
    if issued is None or issued > now + LEEWAY_SECONDS:
        raise RefusedError("not issued yet")
    since = _seconds(claims, "nbf")
    if since is not None and since > now + LEEWAY_SECONDS:
        raise RefusedError("not valid yet")
    subject, scope = claims.get("sub"), claims.get("scope", "")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        raise RefusedError("no subject")
    if not isinstance(scope, str):
        raise RefusedError("malformed")
    return Bearer(subject, scope, int(expires))


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1 << 40:
        raise RefusedError("malformed")
    return value
