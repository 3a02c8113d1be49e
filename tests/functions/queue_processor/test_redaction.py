from typing import Any

import pytest

from queue_processor.redaction import redacted


@pytest.mark.parametrize(
    "text",
    [
        "ann.lee+gym@mail.example.com",
        "4111 1111 1111 1111",
        "4111111111111111",
        "+49 170 1234567",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln",
        "DE89 3704 0044 0532 0130 00",
    ],
)
def test_what_looks_personal_is_hidden(text: str) -> None:
    assert text not in redacted(f"before {text} after")
    assert "before" in redacted(f"before {text} after")


@pytest.mark.parametrize("key", ["email", "userName", "first_name", "phoneNumber", "Authorization", "cookie", "body"])
def test_what_is_personal_by_its_key_is_hidden(key: str) -> None:
    assert redacted({"data": [{key: "anything"}]}) == {"data": [{key: "***"}]}


@pytest.mark.parametrize(
    "value",
    [
        {"message": "Message refused", "attempt": 3, "ratio": 0.5, "nothing": None, "flag": True},
        {"message_id": "059f36b4-87a3-44ab-83d2-661975830a7d", "timestamp": "2026-11-25 01:02:03,004+0000"},
        {"reason": "status 503", "service": "email-processor", "list": ["a", 1]},
    ],
)
def test_everything_else_stays(value: Any) -> None:
    assert redacted(value) == value
