"""Values on either side of a bound of the clause table: what breaks it, and what keeps it in other words."""

import enum
import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any, NamedTuple

from tests.mutation.documents import wider
from tests.mutation.places import ABSENT
from tests.support.editing import UNKNOWN
from tools.clauses import Bound, NotGiven

_OTHER = "something-else"


class Value(NamedTuple):
    """A value to put in place of another, and what the change is called."""

    label: str
    value: Any


_Kind = type


def breaking(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    """Yield values beyond ``bound`` for a property that holds ``kind`` and is ``old`` now."""
    yield from _BREAKING[bound.kind](bound, old, kind)


def keeping(bound: Bound, old: Any) -> Iterator[Value]:
    """Yield other values within ``bound``, next to its ends."""
    if bound.kind == "range":
        ends = [end for end in (bound.minimum, bound.maximum) if end is not None]
        inner = [*ends] if len(ends) == 2 else [*ends, *(end + (1 if bound.maximum is None else -1) for end in ends)]
        yield from (Value(f"={end}", _like(old, end)) for end in inner if _like(old, end) != old)
    if bound.kind == "among":
        yield from (Value(f"={value}", value) for value in bound.among or () if value != old)
    if bound.kind == "holds" and isinstance(old, list) and len(old) > 1:
        yield Value("reversed", old[::-1])


def _never(old: Any, kind: _Kind) -> Iterator[Value]:
    """Yield what no bound lets through: nothing, what is not known, and another type."""
    yield Value("absent", ABSENT)
    yield Value("unknown", UNKNOWN)
    wrong = _OTHER if kind in (bool, int, float) else 7
    if not isinstance(old, int | float) or isinstance(old, bool) or wrong != old:
        yield Value("wrong type", wrong)


def _equal(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    value = bound.is_
    if isinstance(value, bool):
        yield Value(f"={str(not value).lower()}", not value)
        if not value:  # the SDK leaves out what is false, and so may a program
            yield Value("unknown", UNKNOWN)
            yield Value("wrong type", _OTHER)
            return
    elif isinstance(value, int | float):
        yield from (Value(f"={other}", _like(old, other)) for other in (value - 1, value + 1, 0) if other != value)
    elif isinstance(value, str):
        yield from (Value(f"={other!r}", other) for other in _other_texts(value, kind))
    yield from _never(old, kind)


def _other_texts(value: str, kind: _Kind) -> list[str]:
    return [other for other in ("", _OTHER, *_members(kind)) if other != value]


def _members(kind: _Kind) -> list[Any]:
    """Return the values of an enumeration of the SDK, none for another kind."""
    return [member.value for member in kind] if issubclass(kind, enum.Enum) else []


def _range(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    if bound.minimum is not None:
        below = [bound.minimum - 1, *([0] if bound.minimum > 1 else [])]
        yield from (Value(f"={value}", _like(old, value)) for value in below)
    if bound.maximum is not None:
        beyond = (bound.maximum + 1, bound.maximum * 100 + 100)
        yield from (Value(f"={value}", _like(old, value)) for value in beyond)
    yield from _never(old, kind)


def _like(old: Any, value: float) -> Any:
    """Return a number as it is written now: some properties take it as a text."""
    return str(value) if isinstance(old, str) else value


def _among(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    allowed = bound.among or []
    numbers = [value for value in allowed if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(allowed):
        between = [value for value in range(int(min(numbers)), int(max(numbers))) if value not in numbers][:1]
        yield from (Value(f"={value}", _like(old, value)) for value in (min(numbers) - 1, *between, max(numbers) + 1))
    else:
        others = ("", _OTHER, *_members(kind))
        yield from (Value(f"={value!r}", value) for value in others if value not in allowed)
    yield from _never(old, kind)


def _holds(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    items: list[Any] = old if isinstance(old, list) else []
    for needed in bound.holds or ():
        yield Value(f"without {needed}", [item for item in items if not _is(item, needed)])
    yield Value("empty", [])
    yield from _never(old, kind)


def _is(item: Any, needed: Any) -> bool:
    if isinstance(needed, dict) and isinstance(item, dict):
        return all(item.get(key) == value for key, value in needed.items())
    return item == needed


def _other_than(bound: Bound, _old: Any, _kind: _Kind) -> Iterator[Value]:
    yield from (Value(f"={value!r}", value) for value in bound.other_than or ())
    yield Value("unknown", UNKNOWN)


def _pattern(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    yield Value("empty", "")
    yield Value("other", _OTHER)
    yield from _never(old, kind)


def _given(_bound: Bound, old: Any, _kind: _Kind) -> Iterator[Value]:
    yield Value("absent", ABSENT)
    yield Value("empty", [] if isinstance(old, list) else {} if isinstance(old, dict) else "")


def _absent(_bound: Bound, _old: Any, kind: _Kind) -> Iterator[Value]:
    samples: dict[type, Any] = {bool: True, int: 1, float: 1, list: [UNKNOWN], dict: {"enabled": True}}
    yield Value("given", next(iter(_members(kind)), samples.get(kind, _OTHER)))
    yield Value("unknown", UNKNOWN)


def _narrow(bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    if bound.narrow == "cidr":
        yield Value("anywhere", "0.0.0.0/0")
        yield Value("anywhere by IPv6", "::/0")
        network = ip_network(str(old), strict=False)
        if network.prefixlen:
            yield Value("twice as wide", str(network.supernet()))
    elif isinstance(old, int | float):
        yield from (Value(f"={value}", value) for value in (old - 1, 0) if value >= 0 and value != old)
        yield from (Value(f"={value}", value) for value in (old + 1, 65535) if value <= 65535 and value != old)
    yield Value("unknown", UNKNOWN)
    yield Value("wrong type", 7 if kind is str else _OTHER)


def _document(_bound: Bound, old: Any, kind: _Kind) -> Iterator[Value]:
    if isinstance(old, str):
        yield from (Value(label, text) for label, text in wider(old))
    yield Value("not JSON", "{")
    yield Value("no statement", '{"Version": "2012-10-17", "Statement": []}')
    yield from _never(old, kind)


_BREAKING = {
    "is": _equal,
    "range": _range,
    "among": _among,
    "otherThan": _other_than,
    "holds": _holds,
    "pattern": _pattern,
    "given": _given,
    "absent": _absent,
    "narrow": _narrow,
    "document": _document,
}


def keeps(bound: Bound, value: Any) -> bool | None:
    """Return whether a value keeps a bound, ``None`` where that is not for the value alone to say."""
    if bound.kind == "is" and not isinstance(bound.is_, NotGiven):
        return value == bound.is_
    if bound.kind == "range" and isinstance(value, int | float):
        least, most = bound.minimum, bound.maximum
        return (least is None or value >= least) and (most is None or value <= most)
    if bound.kind == "among":
        return value in (bound.among or [])
    if bound.kind == "given":
        return bool(value)
    if bound.kind == "pattern" and isinstance(value, str):
        return bool(re.fullmatch(bound.pattern or "", value, re.DOTALL))
    return None
