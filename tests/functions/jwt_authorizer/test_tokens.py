"""Tokens: what a right one says, and every way in which one is refused."""

import hashlib
import hmac
import json
import random
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwt_authorizer.tokens import LEEWAY_SECONDS, Bearer, RefusedError, verify
from tests.functions.jwt_authorizer.signing import (
    EXPECTED,
    KEY_ID,
    NOW,
    assembled,
    encoded,
    key_of,
    private_key,
    token,
)


def _verify(header: object) -> Bearer:
    return verify(header, EXPECTED, key_of, lambda: NOW)


def test_a_right_token_tells_its_bearer() -> None:
    assert _verify(token(claims={"scope": "read write"})) == Bearer("user-1", "read write", int(NOW) + 600)


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": None}, {}),
        ({"typ": "at+jwt"}, {}),
        ({}, {"aud": ["other", "fitness-platform"]}),
        ({}, {"exp": NOW - LEEWAY_SECONDS + 1}),
        ({}, {"iat": NOW + LEEWAY_SECONDS}),
        ({}, {"nbf": NOW + LEEWAY_SECONDS}),
        ({}, {"nbf": NOW - 1.5}),
        ({}, {"more": {"whatever": [1, None]}}),
    ],
)
def test_right_tokens(header: dict[str, Any], claims: dict[str, Any]) -> None:
    assert _verify(token(header, claims)).subject == "user-1"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "none"}, "another algorithm"),
        ({"alg": "HS256"}, "another algorithm"),
        ({"alg": "RS512"}, "another algorithm"),
        ({"alg": "rs256"}, "another algorithm"),
        ({"alg": ["RS256"]}, "another algorithm"),
        ({"alg": None}, "another algorithm"),
        ({"typ": "secevent+jwt"}, "another kind of token"),
        ({"typ": 7}, "another kind of token"),
        ({"crit": ["exp"]}, "another kind of token"),
        ({"kid": None}, "no key named"),
        ({"kid": ""}, "no key named"),
        ({"kid": 7}, "no key named"),
        ({"kid": "k" * 129}, "no key named"),
        ({"kid": "other"}, "unknown key"),
        ({"kid": "../../dev/null"}, "unknown key"),
    ],
)
def test_headers_that_are_refused(header: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        _verify(token(header))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": None}, "another issuer"),
        ({"iss": f"{EXPECTED.issuer}/"}, "another issuer"),
        ({"iss": [EXPECTED.issuer]}, "another issuer"),
        ({"aud": None}, "another audience"),
        ({"aud": "fitness"}, "another audience"),
        ({"aud": []}, "another audience"),
        ({"aud": {"fitness-platform": 1}}, "another audience"),
        ({"exp": None}, "expired"),
        ({"exp": NOW - LEEWAY_SECONDS}, "expired"),
        ({"exp": 0}, "expired"),
        ({"exp": "9999999999"}, "malformed"),
        ({"exp": True}, "malformed"),
        ({"exp": -1}, "malformed"),
        ({"exp": 1e300}, "malformed"),
        ({"iat": None}, "not issued yet"),
        ({"iat": NOW + LEEWAY_SECONDS + 1}, "not issued yet"),
        ({"iat": "1"}, "malformed"),
        ({"nbf": NOW + LEEWAY_SECONDS + 1}, "not valid yet"),
        ({"nbf": [1]}, "malformed"),
        ({"sub": None}, "no subject"),
        ({"sub": ""}, "no subject"),
        ({"sub": 7}, "no subject"),
        ({"sub": "u" * 257}, "no subject"),
        ({"sub": "user\r\nX-Admin: 1"}, "no subject"),
        ({"scope": ["read"]}, "malformed"),
    ],
)
def test_claims_that_are_refused(claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        _verify(token(claims=claims))


def test_null_is_no_time() -> None:
    says = json.dumps(
        {"iss": EXPECTED.issuer, "aud": EXPECTED.audience, "sub": "u", "iat": NOW, "exp": NOW + 9, "nbf": None}
    )
    with pytest.raises(RefusedError, match="malformed"):
        _verify(assembled(json.dumps({"alg": "RS256", "kid": KEY_ID}).encode(), says.encode()))


@pytest.mark.parametrize(
    "claims",
    [b"[]", b"7", b" ", b"\xff", b'{"exp": NaN}', b'{"exp": Infinity}', b'{"sub": "a", "sub": "b"}', b"[" * 5000],
)
def test_claims_that_are_no_object(claims: bytes) -> None:
    with pytest.raises(RefusedError, match="malformed"):
        _verify(assembled(json.dumps({"alg": "RS256", "kid": KEY_ID}).encode(), claims))


def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(RefusedError, match="wrong signature"):
        _verify(token(key=private_key(number=1)))


def test_a_token_signed_by_the_public_key_as_a_password_is_refused() -> None:
    public = private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    message = token({"alg": "HS256"}).removeprefix("Bearer ").rpartition(".")[0]
    forged = hmac.new(public, message.encode(), hashlib.sha256).digest()
    with pytest.raises(RefusedError, match="another algorithm"):
        _verify(f"Bearer {message}.{encoded(forged)}")


@pytest.mark.parametrize(
    "header",
    [
        None,
        7,
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b",
        "Bearer a.b.c.d",
        "Basic a.b.c",
        "bearer a.b.c",
        "Bearer  a.b.c",
        "Bearer a.b.c\n",
        "Bearer a.b.",
        "Bearer a.b.c=",
        "Bearer a.b.c, Bearer a.b.c",
        f"Bearer {'a' * 9000}.b.c",
    ],
)
def test_headers_without_a_bearer_token(header: object) -> None:
    with pytest.raises(RefusedError, match=r"no bearer token|malformed"):
        _verify(header)


def test_refusals_tell_nothing_of_the_token() -> None:
    for claims in ({"iss": "https://secret.example"}, {"sub": 12345}, {"exp": 12345}):
        with pytest.raises(RefusedError) as refused:
            _verify(token(claims=claims))
        assert not any(character.isdigit() for character in str(refused.value))
        assert "secret" not in str(refused.value)


def test_a_token_is_right_as_it_was_signed_or_not_at_all() -> None:
    """Change a right token in a thousand places: each is refused, and nothing breaks."""
    right, random_ = token(), random.Random(11)  # noqa: S311 for tests
    letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= {}"\n\x00'
    for _ in range(1000):
        place, how = random_.randrange(len(right)), random_.randrange(3)
        letter = random_.choice(letters)
        forged = right[:place] + (letter if how else "") + right[place + (how != 1) :]
        if forged != right:
            with pytest.raises(RefusedError):
                _verify(forged)


def test_anything_at_all_is_refused() -> None:
    random_ = random.Random(13)  # noqa: S311 for tests
    for _ in range(1000):
        parts = (encoded(random_.randbytes(random_.randrange(1, 80))) for _ in range(3))
        with pytest.raises(RefusedError):
            _verify(f"Bearer {'.'.join(parts)}")
