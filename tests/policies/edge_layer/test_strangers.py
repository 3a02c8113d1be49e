from tests.policies.breaking import Case, Change, add, at, cases, chain, edit
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import refer
from tests.policies.edge_layer.stack import APP, PAGE_HEADERS, ROUTER, VIDEO, recorded, violations
from tests.policies.security_layer.judged import extend
from tests.support.editing import UNKNOWN

_PATHS, _TOLD, _STAYS, _SECRETS = (
    "origins-show-renditions",
    "distributions-tell-nobody-else",
    "viewer-functions-stay",
    "answers-without-secrets",
)
_LOGS = "arn:aws:cloudfront::999988887777:realtime-log-config/of-others"
_HEADERS = "customHeadersConfig"


_READ = {
    "Effect": "Allow",
    "Principal": {"Service": ["delivery.logs.amazonaws.com", "cloudfront.amazonaws.com"]},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::fitness-platform-logs-prod-444455556666-us-east-1/*",
}


def _redirect(place: str) -> str:
    return f"function handler(event) {{ return {{ headers: {{ location: {{ value: {place} }} }} }}; }}"


def _header(name: str, value: object) -> Change:
    return edit(PAGE_HEADERS, **{_HEADERS: {"items": [{"header": name, "value": value, "override": True}]}})


ACCEPTED: dict[str, Change] = {
    "redirect to an alias": edit(ROUTER, code=_redirect("'https://app.prod.fitness.example/new'")),
    "redirect to a name that goes on": edit(ROUTER, code=_redirect("'https://app.' + host")),
    "redirect to a path": edit(ROUTER, code=_redirect("'/new'")),
    "path of files": nested(APP, "origins.0.originPath", "/current"),
    "no path, spelt out": nested(APP, "origins.0.originPath", ""),
    "header that is no secret": _header("Cross-Origin-Opener-Policy", "same-origin"),
    "no signers, spelt out": nested(APP, "defaultCacheBehavior.trustedSigners", []),
}

REJECTED: dict[str, Case] = {
    "access logs behind CloudFront": Case(
        extend("security-access-logs-policy", _READ), at("buckets-read-as-origins", "security-access-logs-policy")
    ),
    "files that no distribution reads": Case(
        nested(APP, "origins.0.domainName", "fitness-platform-audit-prod-444455556666-us-east-1.s3.amazonaws.com"),
        at("buckets-read-as-origins", "edge-files-policy"),
    ),
    **broken(_PATHS, VIDEO, "origins.0.originPath", None, "", "/", "/masters", "/renditions/../masters", UNKNOWN, 7),
    **broken(_PATHS, APP, "origins.0.originPath", "/masters", "/videos/masters/old"),
    **broken(_TOLD, APP, "defaultCacheBehavior.realtimeLogConfigArn", _LOGS, UNKNOWN),
    **broken(_TOLD, APP, "orderedCacheBehaviors.0.realtimeLogConfigArn", _LOGS),
    **broken(_TOLD, APP, "defaultCacheBehavior.trustedSigners", ["999988887777"], UNKNOWN),
    **{
        f"code {code}": Case(edit(ROUTER, code=code), at(_STAYS, ROUTER))
        for code in (
            _redirect("'https://elsewhere.example/'"),
            _redirect("'http://elsewhere.example'"),
            _redirect("`https://${host}`"),
            _redirect("'https://' + host"),
            "import cf from 'cloudfront';\nfunction handler(event) { cf.updateRequestOrigin({}); }",
            "function handler(event) { cf.selectRequestOriginById('api'); }",
        )
    },
    **{
        f"header {name}: {value}": Case(_header(name, value), at(_SECRETS, PAGE_HEADERS))
        for name, value in (
            ("X-Api-Token", "hunter2"),
            ("X-Secret", "hunter2"),
            ("X-Setting", "AKIAIOSFODNN7EXAMPLE"),
            ("X-Setting", UNKNOWN),
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


def test_accepts_logs_of_the_stack() -> None:
    change = chain(
        add("aws:cloudfront/realtimeLogConfig:RealtimeLogConfig", "logs", {"name": "logs"}),
        nested(APP, "defaultCacheBehavior.realtimeLogConfigArn", UNKNOWN),
        refer(APP, "defaultCacheBehavior", ROUTER, "edge-cache-pages", PAGE_HEADERS, "logs"),
    )
    assert not {found for found in violations(change(recorded("prod"))) if found[0] == _TOLD}


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
