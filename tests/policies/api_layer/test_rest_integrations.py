from tests.policies.api_layer.rest_stack import (
    API,
    INTEGRATION,
    INTERNAL,
    LOGIN,
    OWN,
    broken_document,
    written,
)
from tests.policies.api_layer.stack import ORIGIN, violations
from tests.policies.breaking import Case, Change, at, cases, drop, edit, point
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_TLS, _PROVEN, _PATHS = "api-integrations-over-tls", "api-integrations-proven", "api-integrations-keep-paths"
_TOLD, _IN_TIME = "api-internal-callers-told", "api-integrations-in-time"
_READS = ("paths", OWN, "get", INTEGRATION)
_LOGIN = ("paths", LOGIN, "post", INTEGRATION)
_HEADER, _CALLER = "integration.request.header.X-Origin-Verify", "integration.request.header.X-Internal-Caller"
_HOST = "https://origin.prod.fitness.example"

ACCEPTED: dict[str, Change] = {
    "connection by default": written(*_READS, "connectionType", value=None),
    "time by default": written(*_READS, "timeoutInMillis", value=None),
    "less time": written(*_READS, "timeoutInMillis", value=50),
    "host in other letters": written(*_LOGIN, "uri", value=f"https://Origin.Prod.Fitness.Example{LOGIN}"),
    "further parameter": written(*_READS, "requestParameters", "integration.request.header.X-More", value="'more'"),
}

REJECTED: dict[str, Case] = {
    **broken_document(_TLS, *_READS, "type", values=(None, "http", "mock", "aws_proxy")),
    **broken_document(_TLS, *_READS, "connectionType", values=("VPC_LINK",)),
    **broken_document(
        _TLS,
        *_LOGIN,
        "uri",
        values=(
            f"http://origin.prod.fitness.example{LOGIN}",
            f"https://other.example{LOGIN}",
            f"https://api-origin.prod.fitness.example{LOGIN}",
            f"https://origin.prod.fitness.example:8443{LOGIN}",
            f"https://origin.prod.fitness.example@other.example{LOGIN}",
            f"https://${{stageVariables.host}}{LOGIN}",
        ),
    ),
    **broken_document(_TLS, *_READS, "tlsConfig", values=({"insecureSkipVerification": True},)),
    **broken_document(_TLS, *_READS, "credentials", values=("arn:aws:iam::1:role/x",)),
    **broken_document(_TLS, *_READS, "cacheKeyParameters", values=(["method.request.path.proxy"],)),
    "no integration": Case(
        written(*_READS, value=None),
        at(_TLS, API) | at(_PROVEN, API) | at(_PATHS, API) | at(_TOLD, API),
    ),
    "no record": Case(drop(ORIGIN), at(_TLS, API)),
    "record that leads elsewhere": Case(point(ORIGIN, "aliases", "api-domain-name"), at(_TLS, API)),
    "record of an unknown name": Case(
        edit(ORIGIN, name=UNKNOWN), at(_TLS, API) | at("listener-certificates-fit", "api-load-balancer-https")
    ),
    **broken_document(
        _PROVEN,
        *_READS,
        "requestParameters",
        _HEADER,
        values=(
            None,
            "'a-token-in-plain-text-0123456789ab'",
            "method.request.header.X-Origin-Verify",
            "stageVariables.",
        ),
    ),
    "header twice": Case(
        written(*_LOGIN, "requestParameters", _HEADER.lower(), value="'other'"), at(_PROVEN, API) | at(_TOLD, API)
    ),
    **broken_document(
        _PATHS,
        *_LOGIN,
        "uri",
        values=(
            f"{_HOST}/live{LOGIN}",
            f"{_HOST}/internal/payment/x",
            f"{_HOST}{LOGIN}?as=admin",
            f"{_HOST}{LOGIN}#more",
        ),
    ),
    **broken_document(_PATHS, *_LOGIN, "httpMethod", values=(None, "DELETE", "ANY")),
    **broken_document(
        _PATHS,
        *_READS,
        "requestParameters",
        "integration.request.path.proxy",
        values=(None, "'health'", "method.request.querystring.proxy"),
    ),
    **broken_document(_IN_TIME, *_READS, "timeoutInMillis", values=(29_001, 300_000, 0, -1, "29000", True)),
    **broken_document(_TOLD, *_READS, "requestParameters", _CALLER, values=(None, "context.identity.userArn", "'x'")),
    **broken_document(
        _TOLD,
        "paths",
        INTERNAL,
        "post",
        INTEGRATION,
        "requestParameters",
        _CALLER,
        values=(None, "'none'", "method.request.header.X-Internal-Caller"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
