"""Signatures, cross-checked against a library, and forged in the ways that have worked elsewhere."""

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.hashes import SHA1, SHA384

from jwt_authorizer.signature import LONGEST_BITS, PublicKey
from tests.functions.jwt_authorizer.signing import private_key, public_key, signature

_MESSAGE = b"header.claims"
_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


@pytest.mark.parametrize("bits", [2048, 2056, 3072, 4096])
def test_signatures_of_the_library_are_right(bits: int) -> None:
    key = private_key(bits)
    for message in (b"", _MESSAGE, bytes(range(256)) * 8):
        assert public_key(key).signed(message, signature(key, message))


def test_every_other_message_is_wrong() -> None:
    key, random_ = private_key(), random.Random(7)  # noqa: S311 for tests
    signed = signature(key, _MESSAGE)
    for _ in range(200):
        other = random_.randbytes(random_.randrange(64))
        assert not public_key(key).signed(other, signed)


def test_every_bit_of_a_signature_counts() -> None:
    key = private_key()
    signed = signature(key, _MESSAGE)
    for place in range(0, len(signed) * 8, 13):
        forged = bytearray(signed)
        forged[place // 8] ^= 1 << place % 8
        assert not public_key(key).signed(_MESSAGE, bytes(forged))


def test_another_key_is_wrong() -> None:
    assert not public_key(private_key(number=1)).signed(_MESSAGE, signature(private_key(), _MESSAGE))


@pytest.mark.parametrize("hash_", [SHA1(), SHA384()], ids=["sha1", "sha384"])  # noqa: S303 which must be refused
def test_another_hash_is_wrong(hash_: SHA1 | SHA384) -> None:
    key = private_key()
    assert not public_key(key).signed(_MESSAGE, signature(key, _MESSAGE, hash_))


def test_lengths_other_than_that_of_the_key_are_wrong() -> None:
    key = private_key()
    signed = signature(key, _MESSAGE)
    for other in (b"", signed[:-1], signed[1:], b"\x00" + signed, signed + b"\x00", b"\x00" * 256):
        assert not public_key(key).signed(_MESSAGE, other)


def test_a_number_beyond_the_modulus_is_wrong() -> None:
    key = private_key()
    numbers = key.public_key().public_numbers()
    beyond = int.from_bytes(signature(key, _MESSAGE)) + numbers.n
    if beyond.bit_length() <= 2048:
        assert not public_key(key).signed(_MESSAGE, beyond.to_bytes(256))
    assert not public_key(key).signed(_MESSAGE, numbers.n.to_bytes(256))


def test_padding_that_a_parser_would_take_is_wrong() -> None:
    """Sign what a lenient parser takes for right: short padding and what is left over at the end."""
    key = private_key()
    private, modulus = key.private_numbers().d, key.public_key().public_numbers().n
    digest = _PREFIX + hashlib.sha256(_MESSAGE).digest()
    without_null = digest.replace(
        bytes.fromhex("300d06096086480165030402010500"), bytes.fromhex("300b0609608648016503040201")
    )
    whole = b"\x00\x01" + b"\xff" * (256 - len(digest) - 3) + b"\x00" + digest
    assert pow(int.from_bytes(whole), private, modulus) == int.from_bytes(signature(key, _MESSAGE))
    for forged in (
        b"\x00\x01" + b"\xff" * 8 + b"\x00" + digest + b"\x00" * (256 - len(digest) - 11),
        b"\x00\x02" + whole[2:],
        b"\x00\x01" + b"\xfe" + whole[3:],
        b"\x00\x01" + b"\xff" * (256 - len(without_null) - 3) + b"\x00" + without_null,
    ):
        assert len(forged) == 256
        made = pow(int.from_bytes(forged), private, modulus).to_bytes(256)
        assert not public_key(key).signed(_MESSAGE, made)


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (0, 65537),
        ((1 << 2047) - 1, 65537),
        (1 << 2047, 65537),
        ((1 << LONGEST_BITS) + 1, 65537),
        ((1 << 2047) + 1, 0),
        ((1 << 2047) + 1, 1),
        ((1 << 2047) + 1, 3),
        ((1 << 2047) + 1, 65538),
        ((1 << 2047) + 1, (1 << 32) + 1),
    ],
)
def test_weak_keys_and_endless_ones_are_refused(modulus: int, exponent: int) -> None:
    with pytest.raises(ValueError, match=r"a modulus|an exponent"):
        PublicKey(modulus, exponent)
