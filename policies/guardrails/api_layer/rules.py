"""Clauses lb-tg-per-service and api-waf: only what came through the edge is forwarded, to one service a rule."""

from collections.abc import Iterable, Iterator

from guardrails.api_layer.resources import LISTENER, groups_of, services_in
from guardrails.compute_cluster.resources import LISTENER_RULE
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties, UnreadableError

_ORIGIN_HEADER = "x-origin-verify"
_ANSWERS = ("fixed-response", "redirect")
_FORWARD = "forward"
_CHECKS = ("authenticate-cognito", "authenticate-oidc", "jwt-validation")
_LEAST_SECRET = 32  # characters
_EVERYTHING = ("*", "/*")
_LONGEST_STAY = 300  # seconds: less than the tasks before a deployment are kept at least


def _forwards(properties: Properties) -> bool:
    """Return whether a rule does more than answer requests itself."""
    return any(action.text("type") not in _ANSWERS for action in properties.blocks("actions"))


def _demands_header(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not _forwards(properties):
        return
    problems = [list(_loose(condition)) for condition in _origin_conditions(properties)]
    if not problems:
        yield "no condition demands the header X-Origin-Verify, so that the edge can be passed by"
    elif all(problems):
        yield from problems[0]


def _origin_conditions(properties: Properties) -> Iterator[Properties]:
    for condition in properties.blocks("conditions"):
        for header in condition.blocks("httpHeader"):
            if (header.text("httpHeaderName") or "").lower() == _ORIGIN_HEADER:
                yield header


def _loose(header: Properties) -> Iterator[str]:
    """Yield how more than the secret values of a header are let in. Values may be unknown; what is known is read."""
    if header.given("regexValues"):
        yield "X-Origin-Verify is compared with regexValues, which may match anything"
    elif not header.given("values"):
        yield "X-Origin-Verify is compared with no values"
    elif any("*" in value or "?" in value for value in header.known_texts("values")):
        yield "X-Origin-Verify is compared with a wildcard, which others can guess"
    elif any(len(value) < _LEAST_SECRET for value in header.known_texts("values")):
        yield f"X-Origin-Verify is compared with fewer than {_LEAST_SECRET} characters, which others can guess"


def _stays_encrypted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for action in properties.blocks("actions"):
        if (kind := action.text("type")) not in (_FORWARD, *_ANSWERS, *_CHECKS):
            yield f"an action is of type {kind or 'not given'}, which the load balancer doesn't know"
        if action.text("type") == "redirect" and action.text("redirect.protocol") == "HTTP":
            yield "it redirects to HTTP"


def _follows(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for action in properties.blocks("actions"):
        for stickiness in action.blocks("forward.stickiness"):
            seconds = stickiness.number("duration")
            if stickiness.flag("enabled") and (seconds is None or seconds > _LONGEST_STAY):
                found = "for no given time" if seconds is None else f"for {seconds:g} seconds"
                yield f"clients stay with a target group {found}, not for {_LONGEST_STAY} at most"


def _has_priority(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.number("priority") is None:
        yield "priority is not given, so that AWS puts it wherever there is room"


def _priority(rule: Node) -> float | None:
    try:
        return rule.properties.number("priority")
    except UnreadableError:
        return None  # rules-have-priority speaks of it


def _unique(rule: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    own = _priority(rule)
    for listener in rule.refers("listenerArn", LISTENER):
        for other in listener.referrers("listenerArn", LISTENER_RULE):
            if other is not rule and own is not None and _priority(other) == own:
                yield f"priority {own:g} is also that of {other.name}"


def _leaves_others(rule: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    own = _priority(rule)
    if own is None or not _takes_all_paths(rule.properties):
        return
    others = [
        other.name
        for listener in rule.refers("listenerArn", LISTENER)
        for other in listener.referrers("listenerArn", LISTENER_RULE)
        if (priority := _priority(other)) is not None and priority > own
    ]
    if others:
        yield f"it takes every path before {', '.join(sorted(others))}, which get nothing any more"


def _takes_all_paths(properties: Properties) -> bool:
    try:
        return _forwards(properties) and any(
            path in _EVERYTHING
            for condition in properties.blocks("conditions")
            for pattern in condition.blocks("pathPattern")
            for path in pattern.known_texts("values")
        )
    except UnreadableError:
        return False  # rules-demand-origin-header speaks of it


def _of_https_listener(rule: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    listeners = rule.refers("listenerArn", LISTENER)
    if len(listeners) != 1:
        yield "listenerArn refers to no listener of this stack"
    for listener in listeners:
        if known_text(listener, "protocol") != "HTTPS":
            yield f"it is a rule of {listener.name}, which doesn't speak HTTPS"


def _one_service(rule: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    groups = groups_of(rule)
    count = sum(_targets(action) for action in rule.properties.blocks("actions"))
    if count != len(groups):
        yield f"actions lead to {count} target groups, of which {len(groups)} are of this stack"
    services = {service.name for group in groups for service in services_in(group)}
    if len(services) > 1:
        yield f"it leads to {', '.join(sorted(services))}, not to one service"


def _targets(action: Properties) -> int:
    """Return how many target groups an action leads to; one may be given in either of two ways, or in both."""
    listed = len(action.blocks("forward.targetGroups"))
    return listed or int(action.given("targetGroupArn"))


RULE_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="rules-demand-origin-header",
        title="Rules forward only what has the edge's secret header",
        clauses=("api-waf", "lb-tg-per-service"),
        severity="critical",
        types=frozenset({LISTENER_RULE}),
        check=_demands_header,
        remediation="Add a condition that compares the header X-Origin-Verify with originVerifyToken.",
    ),
    ResourceGuardrail(
        id="rules-stay-encrypted",
        title="Rules redirect nobody to plain HTTP",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({LISTENER_RULE}),
        check=_stays_encrypted,
        remediation="Give each action a type that AWS has, and leave redirect.protocol out, or set it to HTTPS.",
    ),
    ResourceGuardrail(
        id="rules-follow-deployments",
        title="Clients follow a deployment to its new tasks while the old ones are still there",
        clauses=("dr-blue-green", "lb-stickiness-30min"),
        severity="medium",
        types=frozenset({LISTENER_RULE}),
        check=_follows,
        remediation="Set forward.stickiness.duration to 300 seconds or less: clients stay with tasks, not with groups.",
    ),
    ResourceGuardrail(
        id="rules-have-priority",
        title="Rules say by a priority which of them comes first",
        clauses=("lb-tg-per-service",),
        severity="low",
        types=frozenset({LISTENER_RULE}),
        check=_has_priority,
        remediation="Set priority.",
    ),
    StackGuardrail(
        id="rule-priorities-unique",
        title="No two rules of a listener have the same priority",
        clauses=("lb-tg-per-service",),
        severity="medium",
        types=frozenset({LISTENER_RULE}),
        check=_unique,
        remediation="Give each service another compute.services.<name>.priority.",
    ),
    StackGuardrail(
        id="rules-leave-others-their-paths",
        title="A rule for every path comes after all others",
        clauses=("lb-tg-per-service",),
        severity="high",
        types=frozenset({LISTENER_RULE}),
        check=_leaves_others,
        remediation="Name the paths of the service, or give the rule a higher priority than all others have.",
    ),
    StackGuardrail(
        id="rules-of-https-listener",
        title="Rules are of the HTTPS listener: plain HTTP is never forwarded",
        clauses=("lb-listeners-80-443", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({LISTENER_RULE}),
        check=_of_https_listener,
        remediation="Pass the ARN of the stack's listener for port 443.",
    ),
    StackGuardrail(
        id="rules-lead-to-one-service",
        title="A rule leads to target groups of the stack, and of one service",
        clauses=("lb-tg-per-service",),
        severity="high",
        types=frozenset({LISTENER_RULE}),
        check=_one_service,
        remediation="Declare a rule for each service, which forwards to its own target groups.",
    ),
)
