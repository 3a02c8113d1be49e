import json
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from pulumi_policy.proxy import unknown_checking_proxy

from guardrails.reading import MalformedError, Properties, UndecidedError, as_texts
from tests.support.editing import UNKNOWN

Read = Callable[[Properties, str], Any]

_TEXT: Read = Properties.text
_FLAG: Read = Properties.flag
_NUMBER: Read = Properties.number
_NETWORK: Read = Properties.network
_BLOCKS: Read = Properties.blocks
_TEXTS: Read = Properties.texts
_KNOWN_TEXTS: Read = Properties.known_texts
_LENGTH: Read = Properties.length
_STATEMENTS: Read = Properties.statements
_DOCUMENT = json.dumps({"Statement": {"Effect": "Allow"}})


def _read(values: dict[str, Any]) -> Properties:
    return Properties(unknown_checking_proxy(values))


def _defaulting(properties: Properties, path: str) -> bool:
    return properties.flag_or(path, True)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (_TEXT, "a", "a"),
        (_TEXT, "", None),
        (_TEXT, None, None),
        (_FLAG, True, True),
        (_FLAG, False, False),
        (_FLAG, None, False),
        (_defaulting, None, True),
        (_defaulting, False, False),
        (_NUMBER, 0, 0),
        (_NUMBER, 1.5, 1.5),
        (_NUMBER, None, None),
        (_NETWORK, "10.0.0.0/16", ip_network("10.0.0.0/16")),
        (_NETWORK, "10.0.0.1/16", ip_network("10.0.0.0/16")),
        (_NETWORK, "::/0", ip_network("::/0")),
        (_NETWORK, "", None),
        (_TEXTS, ["a", "b"], ["a", "b"]),
        (_TEXTS, [], []),
        (_TEXTS, None, []),
        (_KNOWN_TEXTS, ["a", UNKNOWN, "b"], ["a", "b"]),
        (_KNOWN_TEXTS, UNKNOWN, []),
        (_KNOWN_TEXTS, None, []),
        (_LENGTH, ["a", UNKNOWN], 2),
        (_LENGTH, [], 0),
        (_LENGTH, None, 0),
        (_BLOCKS, [], []),
        (_BLOCKS, None, []),
        (_STATEMENTS, _DOCUMENT, [{"Effect": "Allow"}]),
        (_STATEMENTS, json.dumps({"Statement": [{}, {}]}), [{}, {}]),
        (_STATEMENTS, None, []),
    ],
)
def test_values_are_read(read: Read, value: Any, expected: Any) -> None:
    assert read(_read({"key": value}), "key") == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (_TEXT, 1),
        (_TEXT, ["a"]),
        (_FLAG, "true"),
        (_FLAG, 1),
        (_defaulting, "true"),
        (_NUMBER, "1"),
        (_NUMBER, True),
        (_NETWORK, "everybody"),
        (_NETWORK, 10),
        (_TEXTS, "a"),
        (_TEXTS, [1]),
        (_TEXTS, {"a": "b"}),
        (_KNOWN_TEXTS, "a"),
        (_KNOWN_TEXTS, [1]),
        (_LENGTH, "a"),
        (_BLOCKS, "a"),
        (_BLOCKS, ["a"]),
        (_STATEMENTS, "{"),
        (_STATEMENTS, "1"),
        (_STATEMENTS, "{}"),
        (_STATEMENTS, '{"Statement": []}'),
        (_STATEMENTS, '{"Statement": [1]}'),
        (_STATEMENTS, {"Statement": []}),
    ],
)
def test_other_types_are_malformed(read: Read, value: Any) -> None:
    with pytest.raises(MalformedError, match=r"^key(\[0\])? is "):
        read(_read({"key": value}), "key")


@pytest.mark.parametrize("read", [_TEXT, _FLAG, _defaulting, _NUMBER, _NETWORK, _BLOCKS, _TEXTS, _LENGTH, _STATEMENTS])
def test_unknown_values_are_undecided(read: Read) -> None:
    with pytest.raises(UndecidedError, match="key is not known at preview"):
        read(_read({"key": UNKNOWN}), "key")


@pytest.mark.parametrize("read", [_TEXTS, _BLOCKS])
def test_unknown_items_are_undecided(read: Read) -> None:
    with pytest.raises(UndecidedError):
        read(_read({"key": [UNKNOWN]}), "key")


def test_paths_lead_into_objects() -> None:
    properties = _read({"outer": {"inner": {"key": "a"}}, "none": None})
    assert properties.text("outer.inner.key") == "a"
    assert properties.text("outer.other.key") is None
    assert properties.text("none.inner") is None


@pytest.mark.parametrize(("values", "error"), [({"outer": UNKNOWN}, UndecidedError), ({"outer": "a"}, MalformedError)])
def test_paths_stop_at_what_is_no_object(values: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match="outer"):
        _read(values).text("outer.inner")


def test_blocks_know_where_they_are() -> None:
    blocks = _read({"rules": [{"port": 1}, {"port": "x"}]}).blocks("rules")
    assert blocks[0].number("port") == 1
    with pytest.raises(MalformedError, match=r"rules\[1\]\.port"):
        blocks[1].number("port")


def test_single_object_is_a_list_of_one() -> None:
    [block] = _read({"rules": {"port": 1}}).blocks("rules")
    assert block.number("port") == 1


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("a", True),
        (False, True),
        (0, True),
        ([1], True),
        (UNKNOWN, True),
        ("", False),
        ([], False),
        ({}, False),
        (None, False),
    ],
)
def test_empty_values_are_not_given(value: Any, given: bool) -> None:
    assert _read({"key": value}).given("key") is given


@pytest.mark.parametrize("value", [UNKNOWN, [UNKNOWN], [{"a": UNKNOWN}], {"a": [{"b": UNKNOWN}]}])
def test_what_must_be_known_is_known_all_through(value: Any) -> None:
    with pytest.raises(UndecidedError, match="key"):
        _read({"key": value}).require_known("key")


@pytest.mark.parametrize("value", [None, "a", 1, [], [{"a": ["b"]}], {"a": None}])
def test_known_values_may_be_anything(value: Any) -> None:
    _read({"key": value, "other": UNKNOWN}).require_known("key")


@pytest.mark.parametrize(("value", "expected"), [("a", ["a"]), (["a", 1], ["a", "1"]), ([], [])])
def test_documents_give_texts_alone_or_in_lists(value: object, expected: list[str]) -> None:
    assert as_texts(value) == expected
