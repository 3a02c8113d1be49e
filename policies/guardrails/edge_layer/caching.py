"""Clauses edge-cdn-static-and-api and edge-cache-by-content-type: what is kept, for how long, and never for others."""

from collections.abc import Iterable

from guardrails.edge_layer.resources import (
    ALL_BUT_HOST,
    CACHE_POLICY,
    CACHING_DISABLED,
    DISTRIBUTION,
    MANIFESTS,
    PUBLIC_ANSWERS,
    behaviours,
    is_bucket,
    is_one_of,
    is_service,
    known,
    origins,
    sources,
    title,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_KEY = "parametersInCacheKeyAndForwardedToOrigin"
_READ = {"GET", "HEAD", "OPTIONS"}
_CREDENTIALS = ("authorization", "cookie", "proxy-authorization", "x-origin-verify")
_DAY = 86_400
_YEAR, _MONTH, _PAGE, _SHORT = 365 * _DAY, 30 * _DAY, 300, 60

_TIMES = {
    "assets": ("is", _YEAR),
    "images": ("is", _MONTH),
    "pages": ("most", _PAGE),
    "manifests": ("most", _SHORT),
    "segments": ("is", _YEAR),
}
"""How long each kind of content stays; whatever else there is, for as long as answers of the API at most."""


def _has_policies(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for behaviour in behaviours(distribution):
        if not behaviour.given("cachePolicyId"):
            yield f"cachePolicyId of {title(behaviour)} is not given"
        if behaviour.given("forwardedValues"):
            yield f"{title(behaviour)} has forwardedValues, the older way, which guardrails can't tell content from"


def _keeps_nothing(behaviour: Properties) -> bool:
    return known(behaviour, "cachePolicyId") == CACHING_DISABLED


def _not_kept(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in ("defaultCacheBehavior", "orderedCacheBehaviors"):
        for behaviour in distribution.properties.blocks(key):
            if _keeps_nothing(behaviour) or not behaviour.given("cachePolicyId"):
                continue
            policy = known(behaviour, "cachePolicyId")
            if not is_one_of(policy, distribution.refers(key, CACHE_POLICY)):
                yield f"cachePolicyId of {title(behaviour)} is {policy or 'none'} of this stack's, and may keep all"
            if behaviour.given("originRequestPolicyId"):
                yield f"{title(behaviour)} passes on what the viewer sent, and keeps the answer for others"
            if not set(behaviour.texts("allowedMethods")) <= _READ:
                yield f"{title(behaviour)} takes requests that change something, and keeps answers"
            path = behaviour.text("pathPattern") or ""
            if is_service(distribution, behaviour) and not path.startswith(PUBLIC_ANSWERS):
                yield f"{title(behaviour)} keeps what a service answers, which only {PUBLIC_ANSWERS}* allows"


def _passed_on(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for behaviour in behaviours(distribution):
        if not _keeps_nothing(behaviour):
            continue
        if not is_service(distribution, behaviour):
            yield f"{title(behaviour)} keeps nothing of what a bucket holds"
        elif (policy := known(behaviour, "originRequestPolicyId")) != ALL_BUT_HOST:
            yield f"originRequestPolicyId of {title(behaviour)} is {policy or 'not given'}, not {ALL_BUT_HOST}"


def _leads(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for behaviour in behaviours(distribution):
        if not sources(distribution, behaviour):
            yield f"targetOriginId of {title(behaviour)} is {behaviour.text('targetOriginId')}, no origin of its"


def _has_api(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    found = behaviours(distribution)
    default = next((behaviour for behaviour in found if not behaviour.given("pathPattern")), None)
    if default is None:
        yield "defaultCacheBehavior is not given, so that nothing answers what no other behaviour is for"
        return
    others = [behaviour for behaviour in found if behaviour is not default]
    if not all(is_bucket(origin) for origin in sources(distribution, default)):
        if all(is_bucket(origin) for origin in origins(distribution)) or is_service(distribution, default):
            yield "its default behaviour leads to services, not to static files"
        return
    if default.given("trustedKeyGroups"):
        return  # of videos
    paths = [behaviour.text("pathPattern") for behaviour in others if is_service(distribution, behaviour)]
    if "/api/*" not in paths:
        yield "no behaviour leads /api/* to a service"
    elif f"{PUBLIC_ANSWERS}*" in paths and paths.index("/api/*") < paths.index(f"{PUBLIC_ANSWERS}*"):
        yield f"/api/* comes before {PUBLIC_ANSWERS}*, which nothing reaches"


def _anonymous(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (cookies := properties.text(f"{_KEY}.cookiesConfig.cookieBehavior")) != "none":
        yield f"cookieBehavior is {cookies or 'not given'}, so that answers to one person are kept"
    headers = f"{_KEY}.headersConfig"
    if (behavior := properties.text(f"{headers}.headerBehavior")) not in ("none", "whitelist"):
        yield f"headerBehavior is {behavior or 'not given'}, not none or whitelist"
    named = [name.lower() for name in properties.texts(f"{headers}.headers.items")]
    if found := [name for name in named if name in _CREDENTIALS]:
        yield f"it keeps answers by {', '.join(found)}, which lets its bearer in"


def _in_time(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    name = properties.text("name") or ""
    kind, (how, wanted) = next(
        ((kind, times) for kind, times in _TIMES.items() if name.endswith(f"-{kind}")),
        ("answers", ("most", relaxations.number("answerSeconds"))),
    )
    default, least, most = (_seconds(properties, key) for key in ("defaultTtl", "minTtl", "maxTtl"))
    if how == "is" and default != wanted:
        yield f"defaultTtl of {kind} is {default:g}, not {wanted:g}"
    if how == "is" and most < wanted:
        yield f"maxTtl of {kind} is {most:g}, less than {wanted:g}"
    if how == "most" and max(default, least, most) > wanted:
        yield f"{kind} stay for {max(default, least, most):g} seconds, not {wanted:g} at most"


def _seconds(properties: Properties, key: str) -> float:
    absent = {"defaultTtl": _DAY, "minTtl": 0, "maxTtl": _YEAR}[key]
    value = properties.number(key)
    return absent if value is None else value


def _fitting(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in ("defaultCacheBehavior", "orderedCacheBehaviors"):
        found = [one for one in distribution.properties.blocks(key) if not _keeps_nothing(one)]
        kinds = {_most(distribution, behaviour) for behaviour in found}
        times = [_seconds(policy.properties, "maxTtl") for policy in distribution.refers(key, CACHE_POLICY)]
        if len(times) < len(kinds):
            yield f"{key} serves {len(kinds)} kinds of content by {len(times)} cache policies of this stack"
        for most in kinds:
            which = next(title(one) for one in found if _most(distribution, one) == most)
            if not any(time <= most for time in times):
                yield f"{which} leads to no cache policy of this stack that keeps answers for {most:g} seconds or less"
        for time in times:
            if kinds and time > max(kinds):
                yield f"a cache policy of {key} keeps answers for {time:g} seconds, longer than any of its content"


def _most(distribution: Node, behaviour: Properties) -> float:
    """Return for how long what a behaviour serves may be kept."""
    path = behaviour.text("pathPattern") or ""
    if path in MANIFESTS or is_service(distribution, behaviour):
        return _SHORT
    if path.startswith("/images/"):
        return _MONTH
    return _YEAR if path.startswith("/assets/") or behaviour.given("trustedKeyGroups") else _PAGE


CACHING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="behaviours-have-cache-policies",
        title="Every behaviour says by a cache policy what is kept",
        clauses=("edge-cache-by-content-type",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_has_policies,
        remediation="Give every behaviour the id of a cache policy, and leave forwardedValues out.",
    ),
    StackGuardrail(
        id="authorised-answers-not-kept",
        title="No behaviour keeps an answer that concerns one person",
        clauses=("edge-cdn-static-and-api",),
        severity="critical",
        types=frozenset({DISTRIBUTION}),
        check=_not_kept,
        remediation="Give behaviours of services AWS's policy CachingDisabled, those of /api/public/* apart.",
    ),
    StackGuardrail(
        id="requests-passed-on",
        title="Services get all that a viewer sent but the Host header",
        clauses=("edge-cdn-static-and-api",),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_passed_on,
        remediation="Give behaviours of services AWS's policy AllViewerExceptHostHeader.",
    ),
    StackGuardrail(
        id="behaviours-lead-to-origins",
        title="Behaviours lead to origins of their distribution",
        clauses=("edge-cdn-static-and-api",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_leads,
        remediation="Name an origin, or a group of origins, of the distribution.",
    ),
    StackGuardrail(
        id="site-has-api",
        title="Static files are served by default, and the API under /api/*",
        clauses=("edge-cdn-static-and-api",),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_has_api,
        remediation="Let the default behaviour lead to the bucket of static files, and /api/* to the API.",
    ),
    ResourceGuardrail(
        id="cache-keys-anonymous",
        title="Nothing that tells who somebody is, is part of a cache key",
        clauses=("edge-cdn-static-and-api",),
        severity="critical",
        types=frozenset({CACHE_POLICY}),
        check=_anonymous,
        remediation="Set cookieBehavior to none, and name no header by which people are let in.",
    ),
    ResourceGuardrail(
        id="cache-times",
        title="Each kind of content has its own time in caches",
        clauses=("edge-cache-by-content-type", "edge-cdn-static-and-api"),
        severity="medium",
        types=frozenset({CACHE_POLICY}),
        check=_in_time,
        options={
            "answerSeconds": Option(
                {"type": "integer", "minimum": 0, "maximum": 3600},
                _SHORT,
                "Seconds that answers of the API stay in caches at most.",
            )
        },
        remediation="Leave edge.pageSeconds, edge.manifestSeconds and edge.publicApiSeconds out.",
    ),
    StackGuardrail(
        id="cache-times-fit",
        title="What a behaviour serves is kept for no longer than its kind of content",
        clauses=("edge-cache-by-content-type",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_fitting,
        remediation="Give each behaviour the cache policy of what it serves.",
    ),
)
