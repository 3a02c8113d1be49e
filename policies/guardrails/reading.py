"""Reading resource properties so that a guardrail can't mistake what it doesn't know for what is fine."""

import json
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

import pulumi
from pulumi_policy.proxy import UnknownValueError


class UnreadableError(Exception):
    """A property that a guardrail needs can't be judged. The message says which and why."""


class UndecidedError(UnreadableError):
    """The value is known only once the resource exists."""

    def __init__(self, path: str) -> None:
        super().__init__(f"undecided: {path} is not known at preview; give it a value that is")


class MalformedError(UnreadableError):
    """The value has another type than the provider takes."""

    def __init__(self, path: str, found: object, expected: str) -> None:
        super().__init__(f"{path} is {found!r}, not {expected}")


class Properties:
    """Typed access to properties through the SDK's proxies.

    Paths are dotted wire names (``networkConfiguration.assignPublicIp``). What is absent, null or empty reads as
    ``None``; what is unknown raises :class:`UndecidedError`; what has the wrong type raises :class:`MalformedError`.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def _read(self, path: str) -> Any:
        value: Any = self._values
        for key in path.split("."):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                raise MalformedError(self._full(path), value, "an object")
            try:
                value = value.get(key)
            except UnknownValueError:
                raise UndecidedError(self._full(path)) from None
        return value

    def _full(self, path: str) -> str:
        return f"{self._path}.{path}" if self._path else path

    def text(self, path: str) -> str | None:
        """Return a string, or ``None`` where it is absent or empty."""
        value = self._read(path)
        if value is not None and not isinstance(value, str):
            raise MalformedError(self._full(path), value, "text")
        return value or None

    def flag(self, path: str) -> bool:
        """Return a boolean; an absent one is false, as for every optional boolean of the provider."""
        value = self._read(path)
        if value is not None and not isinstance(value, bool):
            raise MalformedError(self._full(path), value, "true or false")
        return bool(value)

    def flag_or(self, path: str, default: bool) -> bool:
        """Return a boolean, or the provider's ``default`` where it is absent."""
        return default if self._read(path) is None else self.flag(path)

    def number(self, path: str) -> float | None:
        """Return a number, or ``None`` where it is absent."""
        value = self._read(path)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise MalformedError(self._full(path), value, "a number")
        return value

    def network(self, path: str) -> IPv4Network | IPv6Network | None:
        """Return a CIDR block, or ``None`` where it is absent."""
        value = self.text(path)
        try:
            return ip_network(value, strict=False) if value else None
        except ValueError:
            raise MalformedError(self._full(path), value, "a CIDR block") from None

    def blocks(self, path: str) -> list["Properties"]:
        """Return the objects of a list; a single object counts as a list of one."""
        value = self._read(path)
        if value is None:
            return []
        if isinstance(value, Mapping):
            return [Properties(value, self._full(path))]
        found: list[Properties] = []
        for index, item in enumerate(self._items(path, value)):
            if not isinstance(item, Mapping):
                raise MalformedError(f"{self._full(path)}[{index}]", item, "an object")
            found.append(Properties(item, f"{self._full(path)}[{index}]"))
        return found

    def texts(self, path: str) -> list[str]:
        """Return the strings of a list."""
        items = self._items(path, self._read(path))
        for item in items:
            if not isinstance(item, str):
                raise MalformedError(self._full(path), item, "text")
        return items

    def texts_by_key(self, path: str) -> dict[str, str]:
        """Return the strings of an object whose keys may be any."""
        value = self._read(path)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise MalformedError(self._full(path), value, "an object")
        found: dict[str, str] = {}
        for key in value:
            try:
                item: Any = value[key]
            except UnknownValueError:
                raise UndecidedError(f"{self._full(path)}.{key}") from None
            if not isinstance(item, str):
                raise MalformedError(f"{self._full(path)}.{key}", item, "text")
            found[key] = item
        return found

    def keys(self, path: str = "") -> set[str]:
        """Return what the properties of an object are called, whether their values are known or not."""
        value = self._read(path) if path else self._values
        if value is not None and not isinstance(value, Mapping):
            raise MalformedError(self._full(path), value, "an object")
        return set(value or ())

    def known_texts(self, path: str) -> list[str]:
        """Return those strings of a list that are known already, where the others have no say."""
        found: list[str] = []
        for index in range(self.length(path) if self.is_known(path) else 0):
            try:
                item: Any = self._read(path)[index]
            except UnknownValueError:
                continue
            if not isinstance(item, str):
                raise MalformedError(f"{self._full(path)}[{index}]", item, "text")
            found.append(item)
        return found

    def asset(self, path: str) -> pulumi.Asset | pulumi.Archive | None:
        """Return a file or an archive, or ``None`` where it is absent."""
        value = self._read(path)
        if value is not None and not isinstance(value, pulumi.Asset | pulumi.Archive):
            raise MalformedError(self._full(path), value, "a file or an archive")
        return value

    def statements(self, path: str) -> list[dict[str, Any]]:
        """Return the statements of a policy document; an absent one has none."""
        document = self.text(path)
        if document is None:
            return []
        try:
            found: Any = json.loads(document, object_pairs_hook=_each_key_once)["Statement"]
        except (ValueError, TypeError, KeyError):
            raise MalformedError(self._full(path), document[:40], "a policy document") from None
        statements: list[Any] = found if isinstance(found, list) else [found]
        if not statements or not all(isinstance(statement, dict) for statement in statements):
            raise MalformedError(self._full(path), document[:40], "a policy document")
        return statements

    def require_known(self, path: str) -> None:
        """Raise where a property or something inside it is unknown."""
        self._walk(path, self._read(path))

    def _walk(self, path: str, value: Any) -> None:
        if isinstance(value, str) or not isinstance(value, Sequence | Mapping):
            return
        for key in value if isinstance(value, Mapping) else range(len(value)):
            inner = f"{path}.{key}" if isinstance(value, Mapping) else f"{path}[{key}]"
            try:
                item: Any = value[key]
            except UnknownValueError:
                raise UndecidedError(self._full(inner)) from None
            self._walk(inner, item)

    def length(self, path: str) -> int:
        """Return how many items a list has, known or not."""
        value = self._read(path)
        return 0 if value is None else len(self._sequence(path, value))

    def is_known(self, path: str) -> bool:
        """Return whether what is at a path, or above it, has a value that is known, or none."""
        try:
            self._read(path)
        except UndecidedError:
            return False
        return True

    def given(self, path: str) -> bool:
        """Return whether the property has a value, known or not."""
        if not self.is_known(path):
            return True
        value = self._read(path)
        return value is not None and value != "" and not (isinstance(value, Sequence | Mapping) and len(value) == 0)

    def _sequence(self, path: str, value: Any) -> Sequence[Any]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise MalformedError(self._full(path), value, "a list")
        return value

    def _items(self, path: str, value: Any) -> list[Any]:
        if value is None:
            return []
        sequence = self._sequence(path, value)
        try:
            return [sequence[index] for index in range(len(sequence))]
        except UnknownValueError:
            raise UndecidedError(self._full(path)) from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; where a key comes twice, AWS may read the other than the one that was judged."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def as_texts(value: object) -> list[str]:
    """Return what a policy document may give as one text or as a list of them."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
