"""Telling a secret that is written in plain text, by what it is called and by how it looks."""

import math
import re
from collections import Counter
from itertools import pairwise

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORD = re.compile(r"(API|AUTH|SECRET)KEYS?|CREDENTIALS?|PASS(PHRASE|WD|WORD)?S?|PWD|SECRETS?|TOKENS?")
_KEY_KIND = re.compile(r"ACCESS|API|AUTH|ENCRYPTION|HMAC|MASTER|PRIVATE|SECRET|SHARED|SIGNING")
_ABOUT_SECRETS = re.compile(
    r"ALGORITHM|ARN|AUDIENCE|COUNT|DAYS|ENABLED|ENDPOINT|FILE|HEADER|HOURS|ISSUER|LENGTH|MINUTES|NAME|PATH|SECONDS|TTL|UR[IL]"
)

FORMS = re.compile(
    r"""
    \b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b                      # keys of AWS
    | -----BEGIN[ ][A-Z0-9 ]*PRIVATE[ ]KEY                       # PEM
    | (?i:\b[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/@]+@)             # a password in a URL
    | (?i:\b(?:password|passwd|pwd)\s*[=:]\s*[^\s${<":=]+)
    | \beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}               # a JSON Web Token
    | \b(?:gh[opsur]|npm)_[A-Za-z0-9]{30,} | \bgithub_pat_[A-Za-z0-9_]{20,} | \bglpat-[A-Za-z0-9_-]{20,}
    | \bxox[abeoprs]-[A-Za-z0-9-]{10,}
    | \b(?:[rs]k_live|whsec)_[A-Za-z0-9]{16,}
    | \bAIza[A-Za-z0-9_-]{35} | \bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
    """,
    re.VERBOSE,
)
"""How some secrets are written, wherever they are."""
OWNERS = re.compile(r"-database-owner\b")
"""The secret of who owns the database and its schema, by its name; programs log in as another user."""
_RANDOM = re.compile(r"[A-Za-z0-9+_=]{20,}")
_HEX = re.compile(r"(?<!sha256:)\b[0-9a-f]{32,}\b")
_COMMIT = 40  # hexadecimal digits of a commit, which many containers are told
_LEAST_ENTROPY = 4.0  # bits for a character; of 20 random ones there are rarely fewer


def names_secret(name: str) -> bool:
    """Return whether a name is that of a secret."""
    words = [word.upper() for word in _WORD.findall(name)]
    if not words or _ABOUT_SECRETS.fullmatch(words[-1]):
        return False
    return any(_SECRET_WORD.fullmatch(word) for word in words) or any(
        _KEY_KIND.fullmatch(kind) and key in ("KEY", "KEYS") for kind, key in pairwise(words)
    )


def is_secret(value: str) -> bool:
    """Return whether a value looks like a secret."""
    return (
        FORMS.search(value) is not None
        or any(len(digits) != _COMMIT and not digits.isdecimal() for digits in _HEX.findall(value))
        or any(_is_random(word) for word in _RANDOM.findall(value))
    )


def _is_random(word: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdecimal)
    return all(any(kind(letter) for letter in word) for kind in kinds) and _entropy(word) >= _LEAST_ENTROPY


def _entropy(word: str) -> float:
    counts = Counter(word).values()
    return -sum(count / len(word) * math.log2(count / len(word)) for count in counts)
