"""Keys and tokens as the auth service makes them, by a library that the function itself does without."""

import base64
import functools
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from jwt_authorizer.signature import PublicKey
from jwt_authorizer.tokens import Expected

EXPECTED = Expected(issuer="https://auth.fit.example", audience="fitness-platform")
NOW = 1_800_000_000.0
KEY_ID = "2026-11"


@functools.cache
def private_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """Return a key; another for each ``number``."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public_key(key: rsa.RSAPrivateKey) -> PublicKey:
    """Return what the function knows of a key."""
    numbers = key.public_key().public_numbers()
    return PublicKey(numbers.n, numbers.e)


def key_of(id_: str) -> PublicKey | None:
    """Return the only key of the auth service by its id."""
    return public_key(private_key()) if id_ == KEY_ID else None


def encoded(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def number(value: int) -> str:
    """Return a number as key sets have it."""
    return encoded(value.to_bytes((value.bit_length() + 7) // 8))


def entry(key: rsa.RSAPrivateKey, **changes: Any) -> dict[str, Any]:
    """Return a key as an entry of a key set; ``None`` takes something out."""
    numbers = key.public_key().public_numbers()
    whole = {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": KEY_ID,
        "n": number(numbers.n),
        "e": number(numbers.e),
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def signature(key: rsa.RSAPrivateKey, message: bytes, hash_: HashAlgorithm | None = None) -> bytes:
    """Sign."""
    return key.sign(message, padding.PKCS1v15(), hash_ or SHA256())


def token(
    header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None, key: rsa.RSAPrivateKey | None = None
) -> str:
    """Return a whole Authorization header, right but for what is given; ``None`` takes something out."""
    whole = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID, **(header or {})}
    says = {
        "iss": EXPECTED.issuer,
        "aud": EXPECTED.audience,
        "sub": "user-1",
        "iat": NOW - 60,
        "exp": NOW + 600,
        **(claims or {}),
    }
    return assembled(json.dumps(_without(whole)).encode(), json.dumps(_without(says)).encode(), key)


def assembled(header: bytes, claims: bytes, key: rsa.RSAPrivateKey | None = None) -> str:
    """Return an Authorization header of two texts, signed."""
    message = f"{encoded(header)}.{encoded(claims)}"
    return f"Bearer {message}.{encoded(signature(key or private_key(), message.encode()))}"


def _without(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
