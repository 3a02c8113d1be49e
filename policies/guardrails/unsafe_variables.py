"""Telling variables that take away what protects the connections of a program, by name and by value."""

import re
from collections.abc import Mapping

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_DEFENCES = re.compile(r"CERT(IFICATE)?S?|CSRF|ENCRYPTION|HTTPS|MFA|SSL|TLS")
_ABOUT_DEFENCES = re.compile(
    r"CHECK(S|ING)?|DISABLED?|ENABLED?|MODE|REQUIRED?|STRICT|UNAUTHORIZED|USED?|VALIDAT(E|ION)|VERIF(Y|ICATION)"
)
_NEGATION = re.compile(r"DISABLED?|IGNORE|INSECURE|NO|NOVERIFY|SKIP|WITHOUT")
_OFF = frozenset({"0", "allow", "cert_none", "disable", "disabled", "f", "false", "n", "no", "none", "off", "prefer"})
_ON = frozenset({"1", "enable", "enabled", "on", "t", "true", "y", "yes"})

_KNOWN: Mapping[str, re.Pattern[str]] = {
    "GIT_SSL_NO_VERIFY": re.compile(r".+"),
    "JAVA_TOOL_OPTIONS": re.compile(r".*(-agentlib:jdwp|disabledAlgorithms).*"),
    "NODE_OPTIONS": re.compile(r".*--(inspect|security-revert|tls-(cipher-list|min-v1\.[01])).*"),
    "PGSSLMODE": re.compile(r"(?!(require|verify-ca|verify-full)$).*"),
    "PYTHONHTTPSVERIFY": re.compile(r"0"),
}
"""Variables that programs and libraries look for, each with the values that are unsafe."""
_UNSAFE_VALUE = re.compile(
    r"""
    \bsslmode=(disable|allow|prefer)\b
    | \b(use_?ssl|ssl|tls|encrypt|verify_?(server_?)?certificate|reject_?unauthorized)=(false|0|no|off)\b
    | \b(trust_?server_?certificate|insecure_?skip_?verify|tls_?(insecure|allow_?invalid_?certificates))=(true|1|yes)\b
    | \bssl_cert_reqs=(cert_)?none\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Options of connections, as they are in the URLs of databases and caches."""


def is_unsafe(name: str, value: str) -> bool:
    """Return whether a variable lets a program talk without TLS, or to whoever answers."""
    known = _KNOWN.get(name.upper())
    if known is not None:
        return known.fullmatch(value) is not None
    return _UNSAFE_VALUE.search(value) is not None or _turns_off(name, value.strip().lower())


def _turns_off(name: str, value: str) -> bool:
    words = [word.upper() for word in _WORD.findall(name)]
    if not any(_DEFENCES.fullmatch(word) for word in words):
        return False
    if not (_DEFENCES.fullmatch(words[-1]) or _ABOUT_DEFENCES.fullmatch(words[-1]) or _NEGATION.fullmatch(words[-1])):
        return False  # such as the sampling of TLS errors
    return value in (_ON if any(_NEGATION.fullmatch(word) for word in words) else _OFF)
