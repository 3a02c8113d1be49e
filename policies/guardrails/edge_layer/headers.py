"""What comes with every answer, and what runs before it: response headers and functions of CloudFront."""

from collections.abc import Iterable

from guardrails.edge_layer.resources import (
    DISTRIBUTION,
    FUNCTION,
    HEADERS_POLICY,
    is_one_of,
    known,
    title,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_SECURITY = "securityHeadersConfig"
_HSTS = f"{_SECURITY}.strictTransportSecurity"
_CSP = f"{_SECURITY}.contentSecurityPolicy"
_YEAR = 31_536_000
_LEAKS = ("unsafe-url", "no-referrer-when-downgrade", "origin-when-cross-origin", None)
_FRAMES = ("DENY", "SAMEORIGIN")
_RUNTIME = "cloudfront-js-2.0"


def _has_headers(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in ("defaultCacheBehavior", "orderedCacheBehaviors"):
        for behaviour in distribution.properties.blocks(key):
            policy, policies = known(behaviour, "responseHeadersPolicyId"), distribution.refers(key, HEADERS_POLICY)
            if not behaviour.given("responseHeadersPolicyId") or not is_one_of(policy, policies):
                yield f"responseHeadersPolicyId of {title(behaviour)} refers to no policy of this stack"


def _secure(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    seconds = properties.number(f"{_HSTS}.accessControlMaxAgeSec") or 0
    if seconds < _YEAR:
        yield f"strictTransportSecurity holds for {seconds:g} seconds, not {_YEAR} or more"
    if not properties.flag(f"{_HSTS}.includeSubdomains"):
        yield "strictTransportSecurity.includeSubdomains is not true"
    if (frames := properties.text(f"{_SECURITY}.frameOptions.frameOption")) not in _FRAMES:
        yield f"frameOption is {frames or 'not given'}, not {' or '.join(_FRAMES)}"
    if (referrer := properties.text(f"{_SECURITY}.referrerPolicy.referrerPolicy")) in _LEAKS:
        yield f"referrerPolicy is {referrer or 'not given'}, which tells other sites who was where"
    for header in ("contentTypeOptions", "frameOptions", "referrerPolicy", "strictTransportSecurity"):
        if not properties.flag(f"{_SECURITY}.{header}.override"):
            yield f"{header}.override is not true, so that an origin has the last word"


def _restricts(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    written = properties.text(f"{_CSP}.contentSecurityPolicy") or ""
    words = (part.split() for part in written.split(";"))
    directives = {name: sources for name, *sources in (part for part in words if part)}
    for needed in ("default-src", "frame-ancestors"):
        if needed not in directives:
            yield f"contentSecurityPolicy has no {needed}"
    for name, sources in directives.items():
        for source in sources:
            if source in ("*", "'unsafe-eval'", "http:", "https:") or source.startswith("http://"):
                yield f"contentSecurityPolicy allows {source} as {name}"
        if name in ("default-src", "script-src") and {"'unsafe-inline'", "data:"} & set(sources):
            yield f"contentSecurityPolicy lets scripts of anybody into pages as {name}"
    if not properties.flag(f"{_CSP}.override"):
        yield "contentSecurityPolicy.override is not true, so that an origin has the last word"


def _across(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    origins = properties.texts("corsConfig.accessControlAllowOrigins.items")
    if strange := [origin for origin in origins if not origin.startswith("https://") or "*" in origin]:
        yield f"accessControlAllowOrigins are {', '.join(strange)}, not single origins over HTTPS"


def _known_functions(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in ("defaultCacheBehavior", "orderedCacheBehaviors"):
        for behaviour in distribution.properties.blocks(key):
            if behaviour.given("lambdaFunctionAssociations"):
                yield f"{title(behaviour)} runs functions of Lambda, in every region and under other rules"
            used = behaviour.blocks("functionAssociations")
            if used and not distribution.refers(key, FUNCTION):
                yield f"functionAssociations of {title(behaviour)} refer to no function of this stack"


def _current(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (runtime := properties.text("runtime")) != _RUNTIME:
        yield f"runtime is {runtime or 'not given'}, not {_RUNTIME}"
    if not properties.flag_or("publish", True):
        yield "publish is false, so that what runs is not what the program says"
    if properties.text("code") is None:
        yield "code is not given"


HEADER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="behaviours-have-headers",
        title="Every answer has the headers of a policy of the stack",
        clauses=("edge-tls-termination",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_has_headers,
        controls=("CKV2_AWS_32",),
        remediation="Give every behaviour one of the layer's response headers policies.",
    ),
    ResourceGuardrail(
        id="headers-secure",
        title="Browsers are told to speak HTTPS only, and to guess, frame and tell nothing",
        clauses=("edge-tls-termination", "enc-transit-tls12"),
        severity="medium",
        types=frozenset({HEADERS_POLICY}),
        check=_secure,
        controls=("CKV_AWS_259",),
        remediation="Leave securityHeadersConfig as components/edge_layer/headers.py has it.",
    ),
    ResourceGuardrail(
        id="headers-restrict-pages",
        title="A content security policy says from where pages may load scripts and frames",
        clauses=("edge-tls-termination",),
        severity="medium",
        types=frozenset({HEADERS_POLICY}),
        check=_restricts,
        remediation="Name places in edge.cspSources, and leave the rest of the policy as it is.",
    ),
    ResourceGuardrail(
        id="headers-share-with-own-pages",
        title="Only pages that are named may read answers of another origin",
        clauses=("edge-s3-origin-video",),
        severity="high",
        types=frozenset({HEADERS_POLICY}),
        check=_across,
        remediation="List origins of the platform under accessControlAllowOrigins.",
    ),
    StackGuardrail(
        id="edge-functions-known",
        title="What runs at the edge is a function of CloudFront that the stack declares",
        clauses=("edge-cdn-static-and-api",),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_known_functions,
        remediation="Pass the ARN of an aws.cloudfront.Function of the stack, and leave functions of Lambda out.",
    ),
    ResourceGuardrail(
        id="edge-functions-current",
        title="Functions of CloudFront run what the program says, on the present runtime",
        clauses=("edge-cdn-static-and-api",),
        severity="low",
        types=frozenset({FUNCTION}),
        check=_current,
        remediation="Set runtime to cloudfront-js-2.0, and leave publish out.",
    ),
)
