"""Stack files drawn at random from the settings' models: right ones, and ones with a mistake whose place is known."""

import json
import re
import string
from collections.abc import Mapping
from ipaddress import IPv4Network
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen, MultipleOf
from hypothesis import strategies as st

from components import StackSettings
from components.naming import PROJECT
from components.settings_base import Form, Settings
from tests.support.variations import Changes, Path, Setting, all_settings, document, model_in, parsed, parts_of

_Values = st.SearchStrategy[Any]
_REQUIRED: tuple[Path, ...] = (
    ("region",),
    ("platform",),
    *((s.path) for s in all_settings() if len(s.path) > 1 and s.field.is_required()),
)


class Scalar(str):
    """A text that the file has without quotes, for YAML to make of it what it will."""

    __slots__ = ()


class Mistake(NamedTuple):
    """A stack file with one mistake."""

    text: str
    path: str
    """What its message must begin with."""


# Booleans, numbers, dates and times to other versions of YAML.
_ODDITIES = st.sampled_from(
    ["yes", "no", "on", "off", "y", "017", "0o17", "0x1F", "1_000", "12:30:00", "2026-11-22", ".inf", "1e999"]
).map(Scalar)
_TEXT = st.text(max_size=30)
_LISTS = st.lists(st.integers() | _TEXT, max_size=3)
_OBJECTS = st.dictionaries(_TEXT, st.integers() | _TEXT, max_size=3)
_NUMBERS = st.integers() | st.sampled_from([10**30, -(10**30)])
_FRACTIONS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())


def yaml_text(values: Mapping[str, Any]) -> str:
    """Return a stack file of the sections of ``values``."""
    keys = {"aws:region" if name == "region" else f"{PROJECT}:{name}": value for name, value in values.items()}
    return "config:\n" + "".join(f"  {_quoted(key)}: {_flow(value)}\n" for key, value in keys.items())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if isinstance(value, Scalar) else _quoted(value)
    return json.dumps(value)


def _quoted(text: str) -> str:
    plain = set(string.ascii_letters + string.digits + " .:/=+@_-")
    return '"' + "".join(char if char in plain else f"\\U{ord(char):08X}" for char in text) + '"'


def right_values(annotation: Any, metadata: Any) -> _Values:  # noqa: PLR0911 one a type
    """Return values that a type takes; whether they can stand beside others is another question."""
    bare, more = parts_of(annotation)
    found = {type(item): item for item in (*more, *metadata)}
    origin, arguments = get_origin(bare), get_args(bare)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.none() | right_values(arguments[0], metadata)
    if origin is tuple:
        entries, least = right_values(arguments[0], ()), found.get(MinLen, MinLen(0)).min_length
        return st.lists(entries, min_size=least, max_size=found.get(MaxLen, MaxLen(6)).max_length)
    if origin is dict:
        return st.dictionaries(right_values(arguments[0], ()), right_values(arguments[1], ()), max_size=3)
    if bare is IPv4Network:
        return st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 28)).map(
            lambda pair: str(IPv4Network(pair, strict=False))
        )
    if issubclass(bare, Settings):
        fields = {field.alias or name: field for name, field in bare.model_fields.items()}
        return st.fixed_dictionaries(
            {key: right_values(field.annotation, field.metadata) for key, field in fields.items()}
        )
    step = found.get(MultipleOf, MultipleOf(1)).multiple_of
    return {
        bool: st.booleans,
        int: lambda: st.integers(found[Ge].ge, found[Le].le).filter(lambda number: number % step == 0),
        float: lambda: st.floats(found[Ge].ge, found[Le].le),
        str: lambda: st.from_regex(found[Form].pattern, fullmatch=True) if Form in found else _TEXT,
    }[bare]()


def _wrong(annotation: Any, metadata: Any) -> st.SearchStrategy[tuple[Any, Path]]:  # noqa: PLR0911 one a type
    """Return values that a type does not take, with the path within them that a message must name."""
    bare, more = parts_of(annotation)
    found = {type(item): item for item in (*more, *metadata)}
    origin, arguments = get_origin(bare), get_args(bare)
    if origin in (Union, UnionType):
        return _wrong(arguments[0], metadata).filter(lambda pair: pair[0] is not None)
    if origin is Literal:
        return _here(
            st.none() | _FRACTIONS | _LISTS | _OBJECTS | _ODDITIES | st.booleans(),
            (_TEXT | _NUMBERS).filter(lambda value: value not in arguments),
        )
    if origin is tuple:
        least, most = found.get(MinLen, MinLen(0)).min_length, found.get(MaxLen, MaxLen(6)).max_length
        entries, bad = right_values(arguments[0], ()), _wrong(arguments[0], ())
        strategies = [_here(st.none() | st.booleans() | _NUMBERS | _TEXT | _OBJECTS | _ODDITIES)]
        strategies.append(
            st.tuples(st.lists(entries, min_size=least, max_size=most - 1), bad).map(
                lambda pair: ([*pair[0][: most - 1], pair[1][0]], (str(len(pair[0][: most - 1])), *pair[1][1]))
            )
        )
        if least:
            strategies.append(_here(st.lists(entries, max_size=least - 1)))
        if MaxLen in found:
            strategies.append(_here(st.lists(entries, min_size=most + 1, max_size=most + 3)))
        return st.one_of(strategies)
    if origin is dict:
        return _here(st.none() | st.booleans() | _NUMBERS | _TEXT | _LISTS | _ODDITIES) | st.one_of(
            st.tuples(right_values(arguments[0], ()), _wrong(arguments[1], ())).map(
                lambda pair: ({pair[0]: pair[1][0]}, (pair[0], *pair[1][1]))
            ),
            st.tuples(_wrong_texts(arguments[0]), right_values(arguments[1], ())).map(
                lambda pair: ({pair[0]: pair[1]}, (pair[0],))
            ),
        )
    if issubclass(bare, Settings):
        return _wrong_blocks(bare)
    anything_but_text = st.none() | st.booleans() | _NUMBERS | _FRACTIONS | _LISTS | _OBJECTS
    if bare is bool:
        return _here(st.none() | _NUMBERS | _FRACTIONS | _TEXT | _LISTS | _OBJECTS | _ODDITIES)
    if bare is int:
        beyond = st.integers(max_value=found[Ge].ge - 1) | st.integers(min_value=found[Le].le + 1)
        return _here(
            st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
            _LISTS | _OBJECTS | beyond | _ODDITIES.filter(lambda text: not text.isdecimal() or text.startswith("0")),
        )
    if bare is float:
        beyond = st.floats(max_value=found[Ge].ge, exclude_max=True, allow_infinity=False)
        beyond |= st.floats(min_value=found[Le].le, exclude_min=True, allow_infinity=False)
        return _here(st.none() | st.booleans() | _TEXT | _LISTS | _OBJECTS | beyond)
    return _here(anything_but_text, *([_wrong_texts(annotation, metadata)] if Form in found or bare is not str else []))


def _wrong_blocks(model: type[Settings]) -> st.SearchStrategy[tuple[Any, Path]]:
    """Return what is no object, and blocks of a list or mapping in which one key has a wrong value."""
    blocks = [_here(st.none() | st.booleans() | _NUMBERS | _TEXT | _LISTS | _ODDITIES)]
    for name, field in model.model_fields.items():
        key = field.alias or name
        pairs = st.tuples(right_values(model, ()), _wrong(field.annotation, field.metadata))
        blocks.append(pairs.map(lambda pair, key=key: ({**pair[0], key: pair[1][0]}, (key, *pair[1][1]))))
    return st.one_of(blocks)


def _here(*strategies: _Values) -> st.SearchStrategy[tuple[Any, Path]]:
    return st.one_of(strategies).map(lambda value: (value, ()))


def _wrong_texts(annotation: Any, metadata: Any = ()) -> st.SearchStrategy[str]:
    bare, more = parts_of(annotation)
    if get_origin(bare) is Literal:
        return _TEXT.filter(lambda text: text not in get_args(bare))
    if bare is IPv4Network:
        return st.sampled_from(["10.0.0.1/16", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/0"]) | _TEXT
    pattern = re.compile(next(item.pattern for item in (*more, *metadata) if isinstance(item, Form)))
    near = st.from_regex(pattern, fullmatch=True).map(lambda text: f"{text}\n")
    return (near | _TEXT | _ODDITIES).filter(lambda text: not pattern.fullmatch(text))


def right_changes() -> st.SearchStrategy[Changes]:
    """Return some settings of prod with values that each is legal for its setting."""
    one = st.sampled_from(all_settings()).flatmap(lambda setting: st.tuples(st.just(setting.path), _right(setting)))
    return st.lists(one, max_size=8, unique_by=lambda pair: pair[0]).map(dict)


def _right(setting: Setting) -> _Values:
    return st.sampled_from(setting.values) | right_values(setting.field.annotation, setting.field.metadata)


def mistakes() -> st.SearchStrategy[Mistake]:
    """Return files that are right but for one mistake."""
    return st.one_of(_wrong_values(), _wrong_values(), _unknown_keys(), _misspelt_keys(), _missing(), _no_objects())


def _elsewhere(path: Path) -> st.SearchStrategy[Changes]:
    """Return changes to settings that are not at ``path`` or below it."""
    others = [setting for setting in all_settings() if setting.path[: len(path)] != path]
    one = st.sampled_from(others).flatmap(lambda it: st.tuples(st.just(it.path), st.sampled_from(it.values)))
    return st.lists(one, max_size=3, unique_by=lambda pair: pair[0]).map(dict).filter(lambda it: parsed(it) is not None)


def message_path(path: Path) -> str:
    """Return a path as messages write it."""
    if path[0] == "region":
        return "aws:region"
    return f"{PROJECT}:{'.'.join(key if key.isprintable() else json.dumps(key)[1:-1] for key in path)}"


def _mistake(path: Path, changes: Changes) -> Mistake:
    return Mistake(yaml_text(document(changes)), message_path(path))


@st.composite
def _wrong_values(draw: st.DrawFn) -> Mistake:
    setting = draw(st.sampled_from(all_settings()))
    value, within = draw(_wrong(setting.field.annotation, setting.field.metadata))
    if setting.path == ("region",) and value is None:
        value = ""  # of a missing value the engine itself speaks
    return _mistake((*setting.path, *within), {**draw(_elsewhere(setting.path)), setting.path: value})


_MODELS: dict[Path, list[str]] = {}
for _setting in all_settings():
    for _depth in range(1, len(_setting.path)):
        _MODELS.setdefault(_setting.path[:_depth], []).append(_setting.path[_depth])


_MAPPINGS = {("compute", "services"), ("compute", "workers")}


@st.composite
def _unknown_keys(draw: st.DrawFn) -> Mistake:
    above = draw(st.sampled_from(list(_MODELS)))
    key = draw(_TEXT.filter(lambda text: text not in _MODELS[above]))
    return _mistake((*above, key), {**draw(_elsewhere((*above, key))), (*above, key): draw(_NUMBERS | _TEXT | _LISTS)})


@st.composite
def _misspelt_keys(draw: st.DrawFn) -> Mistake:
    """Write a key of a section, or a section, with a letter less."""
    path = draw(st.sampled_from([setting.path for setting in all_settings() if len(setting.path) > 1]))
    # What stands for all entries of a mapping has a name of the user's own.
    depth = draw(st.sampled_from([at for at in range(len(path)) if path[:at] not in _MAPPINGS]))
    at = draw(st.integers(0, len(path[depth]) - 1))
    wrong = (*path[:depth], path[depth][:at] + path[depth][at + 1 :])
    return _mistake(wrong, {**draw(_elsewhere(wrong)), wrong: {}})


@st.composite
def _missing(draw: st.DrawFn) -> Mistake:
    path = draw(st.sampled_from(_REQUIRED))
    values = document(draw(_elsewhere(path[:1])))
    above = values
    for key in path[:-1]:
        above = above[key]
    above.pop(path[-1])
    return Mistake(yaml_text(values), message_path(path))


@st.composite
def _no_objects(draw: st.DrawFn) -> Mistake:
    sections = [name for name, field in StackSettings.model_fields.items() if model_in(field.annotation)]
    path = draw(st.sampled_from([(name,) for name in sections] + [path for path in _MODELS if len(path) > 1]))
    value = draw(st.booleans() | _NUMBERS | _FRACTIONS | _TEXT | _LISTS | _ODDITIES)
    return _mistake(path, {**draw(_elsewhere(path)), path: value})
