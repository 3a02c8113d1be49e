"""RS256 without a library: RSASSA-PKCS1-v1_5 with SHA-256, of which verifying needs no secret.

https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2
"""

import hashlib
import hmac
from dataclasses import dataclass

SHORTEST_BITS = 2048
"""Bits that a key has at least."""
LONGEST_BITS = 4096
"""Bits that a key has at most: a longer one would cost more time than a request is worth."""

_USUAL_EXPONENT = 65537
_LONGEST_EXPONENT_BITS = 32
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo of SHA-256, less the digest


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key that is strong enough to be asked."""

    modulus: int
    exponent: int

    def __post_init__(self) -> None:
        """Refuse keys that are weak, or so large that they would hold up everybody.

        :raises ValueError: with the reason.
        """
        if not SHORTEST_BITS <= self.modulus.bit_length() <= LONGEST_BITS or self.modulus % 2 == 0:
            raise ValueError(f"a modulus that is not an odd number of {SHORTEST_BITS} to {LONGEST_BITS} bits")
        too_long = self.exponent.bit_length() > _LONGEST_EXPONENT_BITS
        if self.exponent < _USUAL_EXPONENT or self.exponent % 2 == 0 or too_long:
            raise ValueError(f"an exponent that is not an odd number from {_USUAL_EXPONENT} on")

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Return whether ``signature`` is of ``message`` and of this key.

        What a right signature stands for is built and compared as a whole. Nothing of a wrong one is parsed, so that
        padding can't be forged.
        """
        length = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature)
        if len(signature) != length or number >= self.modulus:
            return False
        digest = _SHA256_PREFIX + hashlib.sha256(message).digest()
        expected = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
        return hmac.compare_digest(pow(number, self.exponent, self.modulus).to_bytes(length), expected)
