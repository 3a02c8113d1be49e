import json
from ipaddress import IPv4Network
from typing import Annotated

import pytest
from pydantic import ValidationError

from components.settings_base import Block, Form, Settings


class _Example(Settings):
    two_words: bool = False
    code: Annotated[str, Form("^[a-z]{2}$", "two letters")] = "ab"
    block: Block = IPv4Network("10.0.0.0/16")
    defaults_are_checked: Annotated[str, Form("^x$", "x")] = "x"


def _message(**values: object) -> str:
    with pytest.raises(ValidationError) as caught:
        _Example.model_validate_json(json.dumps(values))
    [error] = caught.value.errors()
    return error["msg"]


def test_keys_are_camel_case_in_yaml() -> None:
    assert _Example.model_validate_json('{"twoWords": true}').two_words is True
    assert _message(two_words=True) == "Extra inputs are not permitted"


def test_values_are_not_converted() -> None:
    assert _message(twoWords="true") == "Input should be a valid boolean"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        _Example().two_words = True


def test_settings_have_no_conflicts_unless_they_say_so() -> None:
    assert list(_Example().conflicts()) == []


@pytest.mark.parametrize("code", ["a", "abc", "AB", "ab\n", "", 12, True, None, ["ab"], {"ab": "ab"}])
def test_a_form_says_in_words_what_is_allowed(code: object) -> None:
    assert _message(code=code) == "two letters"


@pytest.mark.parametrize("block", ["10.1.0.0/16", "0.0.0.0/0", "10.1.2.3/32"])
def test_a_block_is_read(block: str) -> None:
    assert _Example.model_validate_json(json.dumps({"block": block})).block == IPv4Network(block)


@pytest.mark.parametrize(
    ("block", "example"),
    [
        ("10.64.0.1/16", "10.64.0.0/16"),
        ("10.0.0.0", "10.0.0.0/16"),
        ("10.0.0.0/33", "10.0.0.0/16"),
        ("10.0.0/16", "10.0.0.0/16"),
        ("10.0.0.0/255.255.0.0", "10.0.0.0/16"),
        ("fd00::/8", "10.0.0.0/16"),
        ("", "10.0.0.0/16"),
        (10, "10.0.0.0/16"),
        (True, "10.0.0.0/16"),
        (None, "10.0.0.0/16"),
        (["10.0.0.0", 16], "10.0.0.0/16"),
    ],
)
def test_what_is_no_block_is_refused_with_an_example(block: object, example: str) -> None:
    assert _message(block=block) == f"Value error, an IPv4 block that starts at its first address, such as {example}"
