"""Clauses api-rate-user, api-rate-ip and api-rate-burst: the web ACL of CloudFront counts, and stops."""

from collections.abc import Iterable
from math import ceil

from guardrails.api_layer.resources import WEB_ACL
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_RATE = "statement.rateBasedStatement"
_PER_HOUR = {"IP": 10_000, "CUSTOM_KEYS": 1_000}
_WINDOW, _BURST, _TIMES, _HOUR = 600, 60, 2, 3600
_DEFAULT_WINDOW = 300


def _limits(per_hour: int) -> dict[int, int]:
    """Return how many requests may come in each window, in seconds."""
    return {_WINDOW: ceil(per_hour * _WINDOW / _HOUR), _BURST: ceil(per_hour * _TIMES * _BURST / _HOUR)}


def _stopped(properties: Properties, kind: str) -> Iterable[tuple[float, float | None]]:
    """Yield the window and the limit of each rule that stops whoever sends too much, told apart by ``kind``."""
    for rule in properties.blocks("rules"):
        if not rule.blocks("action.block"):
            continue
        for rate in rule.blocks(_RATE):
            if (rate.text("aggregateKeyType") or "IP") != kind or rate.given("scopeDownStatement"):
                continue
            if kind == "IP" or _by_user(rate):
                yield rate.number("evaluationWindowSec") or _DEFAULT_WINDOW, rate.number("limit")


def _by_user(rate: Properties) -> bool:
    """Return whether requests are counted by nothing but their Authorization header."""
    keys = rate.blocks("customKeys")
    headers = [header for key in keys for header in key.blocks("header")]
    return (
        len(keys) == len(headers) == 1
        and (headers[0].text("name") or "").lower() == "authorization"
        and all(change.text("type") == "NONE" for change in headers[0].blocks("textTransformations"))
        and not any(keys[0].given(other) for other in ("cookie", "ip", "httpMethod", "queryArgument", "uriPath"))
    )


def _limited(properties: Properties, kind: str, who: str) -> Iterable[str]:
    if properties.text("scope") != "CLOUDFRONT":
        return
    found = list(_stopped(properties, kind))
    for window, limit in _limits(_PER_HOUR[kind]).items():
        if (window, limit) not in found:
            yield f"no rule stops {who} after {limit} requests in {window} seconds"


def _addresses(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    return _limited(properties, "IP", "an address")


def _users(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    return _limited(properties, "CUSTOM_KEYS", "a user, known by Authorization,")


def _not_of_cloudfront(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text("scope") == "CLOUDFRONT":
        return
    for rule in properties.blocks("rules"):
        for rate in rule.blocks(_RATE):
            if (rate.text("aggregateKeyType") or "IP") == "IP":
                yield f"{rule.text('name')} counts addresses, which behind CloudFront are CloudFront's own"


RATE_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="addresses-limited",
        title="An address has 10,000 requests an hour, and twice that rate for a minute",
        clauses=("api-rate-ip", "api-rate-burst"),
        severity="high",
        types=frozenset({WEB_ACL}),
        check=_addresses,
        remediation="Leave rates and edge.rateMode out.",
    ),
    ResourceGuardrail(
        id="users-limited",
        title="A user has 1,000 requests an hour, and twice that rate for a minute",
        clauses=("api-rate-user", "api-rate-burst"),
        severity="high",
        types=frozenset({WEB_ACL}),
        check=_users,
        remediation="Leave rates and edge.rateMode out.",
    ),
    ResourceGuardrail(
        id="addresses-counted-at-the-edge",
        title="Addresses are counted where they are those of people",
        clauses=("api-rate-ip",),
        severity="medium",
        types=frozenset({WEB_ACL}),
        check=_not_of_cloudfront,
        remediation="Count addresses in the web ACL of CloudFront.",
    ),
)
