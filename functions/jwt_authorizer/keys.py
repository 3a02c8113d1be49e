"""The auth service's public keys, fetched when they are needed and kept for a while."""

import http.client
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .encoding import EncodingError, decoded, json_object
from .signature import PublicKey

ALGORITHM = "RS256"
"""The only algorithm there is: what a token says of itself doesn't choose another."""
LONGEST_ID = 128
"""Characters that the id of a key may have."""

_FRESH_SECONDS = 600
_USABLE_SECONDS = 3600
_PAUSE_SECONDS = 60
_CONNECT_SECONDS = 2
_MOST_BYTES = 65_536
_MOST_KEYS = 32


class KeysUnavailableError(Exception):
    """There is no set of keys, so that nothing can be told of any token."""


def fetch(url: str) -> bytes:
    """Return what is at an address over HTTPS; redirects are not followed.

    :raises KeysUnavailableError: where that is not 200 with a body of sensible length.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise KeysUnavailableError("the address of the keys is not HTTPS")
    connection = http.client.HTTPSConnection(
        parts.hostname, parts.port, timeout=_CONNECT_SECONDS, context=ssl.create_default_context()
    )
    try:
        connection.request("GET", parts.path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read(_MOST_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise KeysUnavailableError(f"no answer: {type(error).__name__}") from None
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise KeysUnavailableError(f"status {response.status}")
    if len(body) > _MOST_BYTES:
        raise KeysUnavailableError("an answer that is too long")
    return body


def parsed(text: bytes) -> dict[str, PublicKey]:
    """Return the keys of a JSON Web Key Set that sign by RS256, by their ids; others are left out.

    :raises KeysUnavailableError: where it is no such set, or none of its keys will do.
    """
    try:
        entries = json_object(text).get("keys")
    except EncodingError as error:
        raise KeysUnavailableError(f"a set of keys that is {error}") from None
    if not isinstance(entries, list) or len(entries) > _MOST_KEYS:
        raise KeysUnavailableError("a set of keys without a list of a sensible length")
    found: dict[str, PublicKey] = {}
    twice: set[str] = set()
    for id_, key in filter(None, map(_key, entries)):
        if id_ in found:
            twice.add(id_)  # whichever was meant, the other may be an attacker's
        found[id_] = key
    usable = {id_: key for id_, key in found.items() if id_ not in twice}
    if not usable:
        raise KeysUnavailableError("a set of keys of which none will do")
    return usable


def _key(entry: Any) -> tuple[str, PublicKey] | None:
    if not isinstance(entry, dict) or entry.get("kty") != "RSA":
        return None
    if entry.get("use", "sig") != "sig" or entry.get("alg", ALGORITHM) != ALGORITHM:
        return None
    if "verify" not in (entry.get("key_ops") or ["verify"]):
        return None
    id_ = entry.get("kid")
    if not isinstance(id_, str) or not 0 < len(id_) <= LONGEST_ID:
        return None
    try:
        return id_, PublicKey(int.from_bytes(decoded(entry.get("n"))), int.from_bytes(decoded(entry.get("e"))))
    except ValueError:
        return None


@dataclass
class KeySet:
    """Keys by id. They are asked for again after ten minutes, and once a minute where a token names another.

    While the auth service doesn't answer, keys of the last hour will do.
    """

    url: str
    fetching: Callable[[str], bytes] = fetch
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str, PublicKey] = field(default_factory=dict[str, PublicKey])
    _fetched: float | None = None
    _asked: float | None = None

    def find(self, id_: str) -> PublicKey | None:
        """Return a key, or ``None`` where the auth service has none of this id.

        :raises KeysUnavailableError: where no set of keys can be had.
        """
        if not self._younger(self._fetched, _FRESH_SECONDS) or id_ not in self._keys:
            self._refresh()
        if not self._younger(self._fetched, _USABLE_SECONDS):
            raise KeysUnavailableError("no set of keys of the last hour")
        return self._keys.get(id_)

    def _refresh(self) -> None:
        if self._younger(self._asked, _PAUSE_SECONDS):
            return
        self._asked = self.clock()
        try:
            self._keys = parsed(self.fetching(self.url))
        except KeysUnavailableError:
            if not self._younger(self._fetched, _USABLE_SECONDS):
                raise
        else:
            self._fetched = self._asked

    def _younger(self, moment: float | None, seconds: float) -> bool:
        return moment is not None and self.clock() - moment < seconds
