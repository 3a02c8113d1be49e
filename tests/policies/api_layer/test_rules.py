import pytest

from tests.policies.api_layer.stack import (
    BLUE,
    GREEN,
    HTTP,
    HTTPS,
    OTHER_BLUE,
    OTHER_GREEN,
    OTHER_RULE,
    RULE,
    SERVICE,
    violations,
)
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, inputs_of, refer
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_HEADER = {"httpHeader": {"httpHeaderName": "X-Origin-Verify", "values": [UNKNOWN]}}
_PATH = {"pathPattern": {"values": ["/auth/*"]}}
_TYPE = "aws:lb/listenerRule:ListenerRule"
_ONE_SERVICE = at("rules-lead-to-one-service", RULE)
_OF_HTTPS = at("rules-of-https-listener", RULE)
_UNIQUE = at("rule-priorities-unique", RULE, OTHER_RULE)
_OTHER_PRIORITY = inputs_of(recorded("prod"), OTHER_RULE)["priority"]
_STICKY = "actions.0.forward.stickiness.duration"


def _header(**changes: object) -> dict[str, object]:
    return {"httpHeader": {**_HEADER["httpHeader"], **changes}}


def _conditions(*conditions: object) -> Change:
    return edit(RULE, conditions=list(conditions))


def _open(*conditions: object) -> Case:
    return Case(_conditions(*conditions), at("rules-demand-origin-header", RULE))


def _answering(**action: object) -> Change:
    inputs = {"listenerArn": UNKNOWN, "priority": 9, "conditions": [_PATH], "actions": [action]}
    return add("aws:alb/listenerRule:ListenerRule", "more", inputs, listenerArn=[HTTPS])


ACCEPTED: dict[str, Change] = {
    "every path, after all others": chain(
        edit(RULE, priority=49_000), _conditions(_HEADER, {"pathPattern": {"values": ["/*"]}})
    ),
    "known value": _conditions(_header(values=["0123456789abcdef0123456789abcdef"])),
    "values that are not known": _conditions(_header(values=UNKNOWN)),
    "two values": _conditions(_header(values=[UNKNOWN, UNKNOWN]), _PATH),
    "name in other letters": _conditions(_header(httpHeaderName="x-origin-verify")),
    "a wildcard beside the secret": _conditions(_HEADER, _header(values=["*"])),
    "answers without the header": _answering(type="fixed-response", fixedResponse={"statusCode": "404"}),
    "redirects without the header": _answering(type="redirect", redirect={"path": "/", "statusCode": "HTTP_302"}),
    "asks who it is before it forwards": nested(
        RULE, "actions", [{"type": "authenticate-oidc", "order": 1}, *inputs_of(recorded("prod"), RULE)["actions"]]
    ),
    "one target group": chain(
        refer(RULE, "actions", BLUE, GREEN), nested(RULE, _STICKY, 300), nested(RULE, "actions.0.type", "forward")
    ),
    "stays with no group": nested(RULE, "actions.0.forward.stickiness", {"enabled": False, "duration": 3600}),
    "the lowest priority": edit(RULE, priority=49_999),
}

REJECTED: dict[str, Case] = {
    "value that is guessed": _open(_header(values=["letmein"])),
    "guess beside the secret one": _open(_header(values=[UNKNOWN, "0123456789abcdef0123456789abcde"])),
    **{
        f"{path} before others": Case(
            chain(edit(RULE, priority=1), _conditions(_HEADER, {"pathPattern": {"values": ["/auth/*", path]}})),
            at("rules-leave-others-their-paths", RULE),
        )
        for path in ("*", "/*")
    },
    "no condition": _open(),
    "no header": _open(_PATH),
    "another header": _open(_PATH, _header(httpHeaderName="X-Forwarded-For")),
    "unknown header": _open(_PATH, _header(httpHeaderName=UNKNOWN)),
    "unknown condition": _open(UNKNOWN),
    "unknown conditions": Case(edit(RULE, conditions=UNKNOWN), at("rules-demand-origin-header", RULE)),
    "any value": _open(_header(values=["*"])),
    "any value beside the secret one": _open(_header(values=[UNKNOWN, "*"])),
    "any character": _open(_header(values=["?"])),
    "no value": _open(_header(values=[])),
    "pattern": _open(_header(values=None, regexValues=[".*"])),
    "pattern beside values": _open(_header(regexValues=[".*"])),
    "asks who it is": Case(
        _answering(type="authenticate-cognito", authenticateCognito={"userPoolArn": "arn"}),
        at("rules-demand-origin-header", "more"),
    ),
    "untold action": Case(_answering(), at("rules-demand-origin-header", "more") | at("rules-stay-encrypted", "more")),
    "redirect to HTTP": Case(
        _answering(type="redirect", redirect={"protocol": "HTTP", "statusCode": "HTTP_301"}),
        at("rules-stay-encrypted", "more"),
    ),
    **broken("rules-stay-encrypted", RULE, "actions.0.type", "Forward"),
    # stays with a group
    **broken("rules-follow-deployments", RULE, _STICKY, None, 301, 1800, UNKNOWN),
    # priorities
    **broken("rules-have-priority", RULE, "priority", None, UNKNOWN, "1"),
    "priority of another rule": Case(edit(RULE, priority=_OTHER_PRIORITY), _UNIQUE),
    # its listener
    **broken("rules-of-https-listener", RULE, "listenerArn", None, "arn:aws:elasticloadbalancing:x", UNKNOWN),
    "of the listener that redirects": Case(point(RULE, "listenerArn", HTTP), _OF_HTTPS),
    "of another stack": Case(chain(other_stack, point(RULE, "listenerArn", ELSEWHERE)), _OF_HTTPS),
    # where it leads
    "groups of two services": Case(
        refer(RULE, "actions", BLUE, OTHER_GREEN),
        _ONE_SERVICE | at("target-groups-of-one-service", GREEN),
    ),
    "a group of elsewhere": Case(
        refer(RULE, "actions", BLUE), _ONE_SERVICE | at("target-groups-of-one-service", GREEN)
    ),
    "a group by its ARN": Case(
        edit(RULE, actions=[{"type": "forward", "targetGroupArn": "arn:aws:elasticloadbalancing:x"}]),
        _ONE_SERVICE | at("target-groups-of-one-service", BLUE, GREEN),
    ),
    "one of three groups by its ARN": Case(
        chain(
            nested(RULE, "actions.0.forward.targetGroups", [{"arn": UNKNOWN}, {"arn": UNKNOWN}, {"arn": "arn:aws:x"}])
        ),
        _ONE_SERVICE,
    ),
    "of another service": Case(
        refer(RULE, "actions", OTHER_BLUE, OTHER_GREEN), at("target-groups-of-one-service", BLUE, GREEN)
    ),
    "services that share a group": Case(
        refer(SERVICE, "loadBalancers", RULE, BLUE, GREEN, OTHER_GREEN),
        at("rules-lead-to-one-service", OTHER_RULE) | at("target-groups-of-one-service", OTHER_GREEN),
    ),
    "unknown actions": Case(
        edit(RULE, actions=UNKNOWN),
        at("rules-demand-origin-header", RULE)
        | at("rules-stay-encrypted", RULE)
        | at("rules-follow-deployments", RULE)
        | _ONE_SERVICE
        | at("target-groups-of-one-service", BLUE, GREEN),
    ),
}


@pytest.mark.parametrize("listener", ["more", HTTPS])
def test_priorities_are_unique_in_a_listener(listener: str) -> None:
    topology = chain(copy(HTTPS, "more"), point(RULE, "listenerArn", listener), edit(RULE, priority=_OTHER_PRIORITY))(
        recorded("prod")
    )
    found = {(guardrail, name) for guardrail, name in violations(topology) if guardrail == "rule-priorities-unique"}
    assert found == (_UNIQUE if listener == HTTPS else set())


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
