"""Reading the OpenAPI document of a REST API: one JSON text, in which everything stands once."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from guardrails.reading import MalformedError, Properties

REST_API = "aws:apigateway/restApi:RestApi"
SIGNED_PREFIX = "/internal/"
"""Beginning of the paths by which functions call services."""
PUBLIC: frozenset[tuple[str, str]] = frozenset(
    {
        ("get", "/api/health"),
        ("get", "/api/public/{proxy+}"),
        ("get", "/auth/.well-known/jwks.json"),
        ("head", "/api/public/{proxy+}"),
        ("post", "/api/auth/login"),
        ("post", "/api/auth/signup"),
        ("post", "/api/auth/token"),
    }
)
"""What may be called without a token."""

INTEGRATION = "x-amazon-apigateway-integration"
_ANY = "x-amazon-apigateway-any-method"
_BODY = "body"


class Operation(NamedTuple):
    """A method of a path."""

    path: str
    method: str
    """In lower case; ``any`` for whatever the path has no method of its own for."""
    says: Mapping[str, Any]
    """What the document says of it."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def internal(self) -> bool:
        """Whether it is for functions of the account."""
        return self.path.startswith(SIGNED_PREFIX)

    @property
    def integration(self) -> Mapping[str, Any]:
        """What is done with a request."""
        found = self.says.get(INTEGRATION)
        return found if isinstance(found, dict) else {}


def document_of(properties: Properties) -> Mapping[str, Any]:
    """Return the document of a REST API.

    :raises UnreadableError: where it is not known, not there, or no JSON object in which each name stands once.
    """
    text = properties.text(_BODY)
    if text is None:
        raise MalformedError(_BODY, None, "an OpenAPI document")
    return _parsed(text)


@lru_cache(maxsize=16)
def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found: Any = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise MalformedError(_BODY, text[:40], "JSON in which each name stands once") from None
    if not isinstance(found, dict):
        raise MalformedError(_BODY, text[:40], "a JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def operations(properties: Properties) -> Iterator[Operation]:
    """Yield the methods of a REST API, those that any method is among them."""
    for path, methods in entries(document_of(properties), "paths"):
        for method, says in methods.items():
            if not isinstance(says, dict):
                raise MalformedError(f"{_BODY} at {path}", method, "a method")
            yield Operation(path, "any" if method == _ANY else method.lower(), says)


def entries(document: Mapping[str, Any], *keys: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the objects below a place of the document, each with its name.

    :raises UnreadableError: where something else stands there.
    """
    found: Any = document
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if found is None:
        return []
    if not isinstance(found, dict) or not all(isinstance(item, dict) for item in found.values()):
        raise MalformedError(f"{_BODY} at {'.'.join(keys)}", found, "objects by name")
    return list(found.items())
