"""Clauses lb-listeners-80-443 and enc-transit-tls12: 80 redirects, 443 speaks modern TLS and refuses by default."""

from collections.abc import Iterable

from guardrails.api_layer.resources import LISTENER, OVER_TLS, balancers_of, is_application, listeners_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import LOAD_BALANCER
from guardrails.reading import Properties

_HTTP_PORT, _HTTPS_PORT = 80, 443
_PROTOCOLS = {_HTTP_PORT: "HTTP", _HTTPS_PORT: "HTTPS"}
_ALLOWED_ORIGIN = "routingHttpResponseAccessControlAllowOriginHeaderValue"
# What a redirect keeps of the request where it isn't given.
_KEPT = {"host": "#{host}", "path": "/#{path}", "query": "#{query}"}

# Those with TLS 1.2 or newer, and no key exchange without forward secrecy.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
_TLS_POLICIES = frozenset(
    {
        "ELBSecurityPolicy-FS-1-2-2019-08",
        "ELBSecurityPolicy-FS-1-2-Res-2019-08",
        "ELBSecurityPolicy-FS-1-2-Res-2020-10",
        *(
            f"ELBSecurityPolicy-TLS13-{versions}-{edition}"
            for versions in ("1-2", "1-2-Res", "1-3")
            for edition in ("2021-06", "PQ-2025-09", "FIPS-2023-04", "FIPS-PQ-2025-09")
        ),
    }
)


def _ports(balancer: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_application(balancer):
        return
    ports = sorted(int(listener.properties.number("port") or 0) for listener in listeners_of(balancer))
    if ports != [_HTTP_PORT, _HTTPS_PORT]:
        yield f"it listens on {', '.join(map(str, ports)) or 'no port'}, not on 80 and 443, once each"


def _has_balancer(listener: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if len(balancers_of(listener)) != 1:
        yield "loadBalancerArn refers to no load balancer of this stack"


def _protocol(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    protocol, port = properties.text("protocol"), properties.number("port")
    if protocol in _PROTOCOLS.values() and protocol != _PROTOCOLS.get(int(port or 0)):
        yield f"it speaks {protocol} on port {port or 0:g}"
    elif protocol is None:
        yield "protocol is not given"


def _redirects(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text("protocol") != "HTTP":
        return
    actions = properties.blocks("defaultActions")
    if kinds := [action.text("type") or "nothing" for action in actions if action.text("type") != "redirect"]:
        yield f"its default action is {', '.join(kinds)}, not redirect"
        return
    if len(actions) != 1:
        yield f"it has {len(actions)} default actions, not 1"
    for action in actions:
        target = [action.text(f"redirect.{part}") for part in ("protocol", "port", "statusCode")]
        if target != ["HTTPS", str(_HTTPS_PORT), "HTTP_301"]:
            shown = ", ".join(part or "nothing" for part in target)
            yield f"it redirects to {shown}, not to HTTPS, 443 by HTTP_301"
        if elsewhere := [part for part, kept in _KEPT.items() if action.text(f"redirect.{part}") not in (kept, None)]:
            yield f"it redirects to another {', '.join(elsewhere)} than was asked for"


def _tls(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text("protocol") in OVER_TLS and (policy := properties.text("sslPolicy")) not in _TLS_POLICIES:
        yield f"sslPolicy is {policy or 'not given'}, no policy of AWS with TLS 1.2 and forward secrecy at least"


def _refuses(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text("protocol") == "HTTP":
        return  # http-only-redirects speaks of it
    actions = properties.blocks("defaultActions")
    found = [(action.text("type"), action.text("fixedResponse.statusCode")) for action in actions]
    if found != [("fixed-response", "403")]:
        shown = ", ".join(" ".join(part for part in action if part) or "nothing" for action in found)
        yield f"by default it answers with {shown or 'nothing'}, not with the fixed response 403"


def _for_every_site(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.text(_ALLOWED_ORIGIN) == "*":
        yield f"{_ALLOWED_ORIGIN} is *, in place of what services say"


LISTENER_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="listeners-not-for-every-site",
        title="Listeners don't let every site read what services answer",
        clauses=("lb-listeners-80-443",),
        severity="high",
        types=frozenset({LISTENER}),
        check=_for_every_site,
        remediation="Leave routingHttpResponseAccessControlAllowOriginHeaderValue out, or name one site.",
    ),
    StackGuardrail(
        id="load-balancers-listen-on-80-and-443",
        title="A load balancer listens on 80 and 443 and on nothing else",
        clauses=("lb-listeners-80-443",),
        severity="high",
        types=frozenset({LOAD_BALANCER}),
        check=_ports,
        remediation="Declare one listener for port 80 and one for port 443.",
    ),
    StackGuardrail(
        id="listeners-have-load-balancers",
        title="Listeners are of load balancers that can be judged",
        clauses=("lb-listeners-80-443",),
        severity="high",
        types=frozenset({LISTENER}),
        check=_has_balancer,
        remediation="Pass the ARN of a load balancer that the stack declares.",
    ),
    ResourceGuardrail(
        id="listener-protocols",
        title="Port 80 speaks HTTP and port 443 HTTPS",
        clauses=("lb-listeners-80-443", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({LISTENER}),
        check=_protocol,
        remediation="Set protocol to HTTP for port 80, and to HTTPS for port 443.",
    ),
    ResourceGuardrail(
        id="http-only-redirects",
        title="Plain HTTP is answered with a redirect to HTTPS, and with nothing else",
        clauses=("lb-listeners-80-443", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({LISTENER}),
        check=_redirects,
        controls=("ELB.1", "CKV_AWS_2", "CKV2_AWS_20", "elbv2_ssl_listeners"),
        remediation="Give the listener one default action: redirect to HTTPS on port 443 by HTTP_301.",
    ),
    ResourceGuardrail(
        id="listeners-modern-tls",
        title="Listeners speak TLS 1.2 or newer, and no old ciphers",
        clauses=("enc-transit-tls12", "lb-listeners-80-443"),
        severity="critical",
        types=frozenset({LISTENER}),
        check=_tls,
        controls=("CKV_AWS_103", "CKV2_AWS_74", "elbv2_insecure_ssl_ciphers"),
        remediation="Leave api.tlsPolicy out; left out of a listener, AWS takes one with TLS 1.0.",
    ),
    ResourceGuardrail(
        id="listeners-refuse-by-default",
        title="What no rule knows is answered with 403",
        clauses=("lb-listeners-80-443", "api-waf"),
        severity="critical",
        types=frozenset({LISTENER}),
        check=_refuses,
        remediation="Give the listener one default action: the fixed response 403. Let rules forward.",
    ),
)
