from tests.policies.api_layer.stack import ALB, HTTP, HTTPS, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import nested
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_ORIGIN = "routingHttpResponseAccessControlAllowOriginHeaderValue"
_LISTENS = at("load-balancers-listen-on-80-and-443", ALB)
_SERVICES = ("ai", "api-gateway", "auth", "content", "payment", "training")
_HTTPS = {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}
_FORWARD = {"type": "forward", "targetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/t/1"}
_REFUSE = {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "403"}}
_POLICY = "ELBSecurityPolicy"


def _redirect(**changes: str | None) -> list[dict[str, object]]:
    target = {key: value for key, value in {**_HTTPS, **changes}.items() if value is not None}
    return [{"type": "redirect", "redirect": target}]


def _http(actions: object) -> Case:
    return Case(edit(HTTP, defaultActions=actions), at("http-only-redirects", HTTP))


def _https(actions: object) -> Case:
    return Case(edit(HTTPS, defaultActions=actions), at("listeners-refuse-by-default", HTTPS))


ACCEPTED: dict[str, Change] = {
    "read by one site": edit(HTTPS, **{_ORIGIN: "https://app.prod.fitness.example"}),
    **{
        f"policy {name}": edit(HTTPS, sslPolicy=f"{_POLICY}-{name}")
        for name in (
            "FS-1-2-Res-2020-10",
            "TLS13-1-2-2021-06",
            "TLS13-1-2-FIPS-2023-04",
            "TLS13-1-2-Res-2021-06",
            "TLS13-1-2-Res-FIPS-PQ-2025-09",
            "TLS13-1-3-2021-06",
            "TLS13-1-3-PQ-2025-09",
        )
    },
    "redirect that spells out what is kept": edit(
        HTTP, defaultActions=_redirect(host="#{host}", path="/#{path}", query="#{query}")
    ),
    "refusal with a body": nested(HTTPS, "defaultActions.0.fixedResponse.messageBody", "No"),
    "client certificates": edit(HTTPS, mutualAuthentication={"mode": "verify", "trustStoreArn": UNKNOWN}),
}

REJECTED: dict[str, Case] = {
    **{
        f"read by {value!r}": Case(edit(HTTPS, **{_ORIGIN: value}), at("listeners-not-for-every-site", HTTPS))
        for value in ("*", UNKNOWN, 7)
    },
    "no listener for 80": Case(drop(HTTP), _LISTENS),
    "one more for 443": Case(copy(HTTPS, "more"), _LISTENS),
    "one more for 8443": Case(
        chain(copy(HTTPS, "more"), edit("more", port=8443)), _LISTENS | at("listener-protocols", "more")
    ),
    **{
        f"port {value!r}": Case(edit(HTTPS, port=value), _LISTENS | at("listener-protocols", HTTPS))
        for value in (None, 80, 8443, UNKNOWN, "443")
    },
    **{
        f"load balancer {value!r}": Case(
            edit(HTTP, loadBalancerArn=value), _LISTENS | at("listeners-have-load-balancers", HTTP)
        )
        for value in (None, "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1", UNKNOWN)
    },
    "load balancer of another stack": Case(
        chain(other_stack, point(HTTP, "loadBalancerArn", ELSEWHERE)),
        _LISTENS | at("listeners-have-load-balancers", HTTP),
    ),
    "listener of nothing, by its other name": Case(
        add("aws:alb/listener:Listener", "more", {"protocol": "HTTP", "port": 80, "defaultActions": _redirect()}),
        at("listeners-have-load-balancers", "more"),
    ),
    "HTTP on 443": Case(
        edit(HTTPS, protocol="HTTP", sslPolicy=None, certificateArn=None, defaultActions=_redirect()),
        at("listener-protocols", HTTPS)
        | at("rules-of-https-listener", *(f"api-route-{name}-rule" for name in _SERVICES)),
    ),
    "plain HTTP without a redirect": _http(_REFUSE),
    "plain HTTP that forwards": _http([_FORWARD]),
    "plain HTTP that forwards, then redirects": _http([_FORWARD, *_redirect()]),
    "two redirects": _http(_redirect() * 2),
    "nothing by default": _http(None),
    "unknown default": _http(UNKNOWN),
    "untold default": _http([{"redirect": _HTTPS}]),
    **{
        f"redirect {key} {value}": _http(_redirect(**{key: value}))
        for key, value in (
            ("protocol", None),
            ("protocol", "HTTP"),
            ("protocol", "#{protocol}"),
            ("port", None),
            ("port", "80"),
            ("port", "8443"),
            ("port", "#{port}"),
            ("statusCode", "HTTP_302"),
            ("statusCode", None),
            ("host", "evil.example"),
            ("path", "/elsewhere"),
            ("query", "a=b"),
            ("host", UNKNOWN),
        )
    },
    **{
        f"policy {value!r}": Case(edit(HTTPS, sslPolicy=value), at("listeners-modern-tls", HTTPS))
        for value in (
            None,
            UNKNOWN,
            "",
            1,
            f"{_POLICY}-2016-08",
            f"{_POLICY}-2015-05",
            f"{_POLICY}-FS-2018-06",
            f"{_POLICY}-FS-1-1-2019-08",
            f"{_POLICY}-TLS-1-0-2015-04",
            f"{_POLICY}-TLS-1-1-2017-01",
            f"{_POLICY}-TLS-1-2-2017-01",
            f"{_POLICY}-TLS-1-2-Ext-2018-06",
            f"{_POLICY}-TLS13-1-0-2021-06",
            f"{_POLICY}-TLS13-1-0-PQ-2025-09",
            f"{_POLICY}-TLS13-1-1-2021-06",
            f"{_POLICY}-TLS13-1-2-Ext2-2021-06",
        )
    },
    "forwards by default": _https([_FORWARD]),
    "forwards by default, with weights": _https([{"type": "forward", "forward": {"targetGroups": [{"arn": UNKNOWN}]}}]),
    "forwards, then refuses": _https([_FORWARD, _REFUSE]),
    "asks who it is, then forwards": _https([{"type": "authenticate-oidc"}, _FORWARD]),
    "redirects": _https(_redirect(host="app.example")),
    "404 by default": _https([{"type": "fixed-response", "fixedResponse": {"statusCode": "404"}}]),
    "200 by default": _https([{"type": "fixed-response", "fixedResponse": {"statusCode": "200"}}]),
    "default without a code": _https([{"type": "fixed-response"}]),
    "default of an unknown kind": _https([{**_REFUSE, "type": UNKNOWN}]),
    "no default": _https(None),
    "default that is not known": _https(UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
