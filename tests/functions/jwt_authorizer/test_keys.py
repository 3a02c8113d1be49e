"""Key sets: which keys are taken, and when they are asked for."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from jwt_authorizer import keys
from jwt_authorizer.keys import KeySet, KeysUnavailableError, fetch, parsed
from tests.functions.jwt_authorizer.signing import KEY_ID, entry, private_key, public_key

_URL = "https://api-origin.fit.example/auth/.well-known/jwks.json"


def _set(*entries: Any) -> bytes:
    return json.dumps({"keys": entries}).encode()


class _Service:
    """The auth service, as far as keys go, and a clock."""

    def __init__(self) -> None:
        self.answer: bytes | None = _set(entry(private_key()))
        self.now = 0.0
        self.asked: list[float] = []

    def fetch(self, url: str) -> bytes:
        assert url == _URL
        self.asked.append(self.now)
        if self.answer is None:
            raise KeysUnavailableError("no answer")
        return self.answer

    def clock(self) -> float:
        return self.now


def _known(service: _Service) -> KeySet:
    return KeySet(_URL, service.fetch, service.clock)


def test_keys_are_known_by_their_ids() -> None:
    second = private_key(number=1)
    found = parsed(_set(entry(private_key()), entry(second, kid="next", use=None, alg=None)))
    assert found == {KEY_ID: public_key(private_key()), "next": public_key(second)}


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"kty": "oct"},
        {"kty": None},
        {"use": "enc"},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"key_ops": ["encrypt"]},
        {"kid": None},
        {"kid": ""},
        {"kid": 7},
        {"kid": "k" * 129},
        {"n": None},
        {"n": "AQAB"},
        {"n": "not base64url!"},
        {"n": 7},
        {"e": None},
        {"e": "Aw"},
        {"e": "AQAB="},
    ],
)
def test_keys_that_will_not_do_are_left_out(changes: dict[str, Any]) -> None:
    right = entry(private_key(number=1), kid="right")
    assert set(parsed(_set(entry(private_key(), **changes), right))) == {"right"}


def test_keys_of_1024_bits_are_left_out() -> None:
    with pytest.raises(KeysUnavailableError, match="none will do"):
        parsed(_set(entry(private_key(1024))))


def test_ids_that_stand_twice_are_left_out() -> None:
    twice = (entry(private_key()), entry(private_key(number=1)))
    assert set(parsed(_set(*twice, entry(private_key(), kid="once")))) == {"once"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys": 7}',
        b'{"keys": []}',
        b'{"keys": [7, null, "x"]}',
        b"\xff",
        b'{"keys": [], "keys": []}',
        json.dumps({"keys": [{}] * 33}).encode(),
    ],
)
def test_what_is_no_key_set_is_refused(text: bytes) -> None:
    with pytest.raises(KeysUnavailableError):
        parsed(text)


def test_keys_are_asked_for_once_in_ten_minutes() -> None:
    service = _Service()
    known = _known(service)
    for now in (0, 60, 599, 600, 601, 1199, 1200):
        service.now = now
        assert known.find(KEY_ID) is not None
    assert service.asked == [0, 600, 1200]


def test_unknown_ids_are_asked_for_once_a_minute() -> None:
    service = _Service()
    known = _known(service)
    for now in (0, 1, 59, 60, 61, 119, 120):
        service.now = now
        assert known.find("unknown") is None
    assert service.asked == [0, 60, 120]


def test_a_new_key_is_found_after_a_minute() -> None:
    service = _Service()
    known = _known(service)
    assert known.find(KEY_ID) is not None
    service.answer = _set(entry(private_key()), entry(private_key(number=1), kid="new"))
    service.now = 59
    assert known.find("new") is None
    service.now = 60
    assert known.find("new") == public_key(private_key(number=1))


def test_a_key_that_was_taken_back_is_gone_after_ten_minutes() -> None:
    service = _Service()
    known = _known(service)
    assert known.find(KEY_ID) is not None
    service.answer = _set(entry(private_key(number=1), kid="new"))
    service.now = 600
    assert known.find(KEY_ID) is None


@pytest.mark.parametrize("answer", [None, b"<html>", b'{"keys": []}'])
def test_keys_of_the_last_hour_will_do_while_nothing_answers(answer: bytes | None) -> None:
    service = _Service()
    known = _known(service)
    known.find(KEY_ID)
    service.answer, service.now = answer, 3599
    assert known.find(KEY_ID) is not None
    service.now = 3600
    with pytest.raises(KeysUnavailableError):
        known.find(KEY_ID)


def test_without_keys_nothing_is_known_and_nobody_is_asked_more_than_once_a_minute() -> None:
    service = _Service()
    service.answer = None
    known = _known(service)
    for now in (0, 1, 59, 60):
        service.now = now
        with pytest.raises(KeysUnavailableError):
            known.find(KEY_ID)
    assert service.asked == [0, 60]


class _Answer:
    def __init__(self, status: int, body: bytes) -> None:
        self.status, self._body = status, body

    def read(self, most: int) -> bytes:
        return self._body[:most]


def _connection(answer: Callable[[], _Answer], made: list[Any]) -> type:
    class Connection:
        def __init__(self, host: str, port: int | None, *, timeout: float, context: object) -> None:
            made.append((host, port, timeout))
            assert context is not None

        def request(self, method: str, path: str, headers: dict[str, str]) -> None:
            made.append((method, path, headers))

        def getresponse(self) -> _Answer:
            return answer()

        def close(self) -> None:
            made.append("closed")

    return Connection


def test_keys_are_fetched_over_https_within_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(keys.http.client, "HTTPSConnection", _connection(lambda: _Answer(200, b"{}"), made))
    assert fetch(_URL) == b"{}"
    assert made == [
        ("api-origin.fit.example", None, 2),
        ("GET", "/auth/.well-known/jwks.json", {"Accept": "application/json"}),
        "closed",
    ]


@pytest.mark.parametrize(
    "answer", [_Answer(302, b""), _Answer(403, b"{}"), _Answer(500, b""), _Answer(200, b" " * 65_537)]
)
def test_other_answers_are_no_keys(monkeypatch: pytest.MonkeyPatch, answer: _Answer) -> None:
    monkeypatch.setattr(keys.http.client, "HTTPSConnection", _connection(lambda: answer, []))
    with pytest.raises(KeysUnavailableError):
        fetch(_URL)


def test_no_answer_is_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent() -> _Answer:
        raise TimeoutError

    made: list[Any] = []
    monkeypatch.setattr(keys.http.client, "HTTPSConnection", _connection(silent, made))
    with pytest.raises(KeysUnavailableError, match="TimeoutError"):
        fetch(_URL)
    assert made[-1] == "closed"


@pytest.mark.parametrize("url", ["http://auth.example/keys", "file:///etc/passwd", "https:///keys", ""])
def test_nothing_but_https_is_asked(url: str) -> None:
    with pytest.raises(KeysUnavailableError, match="not HTTPS"):
        fetch(url)
