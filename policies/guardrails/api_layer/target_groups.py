"""Clauses lb-tg-per-service, lb-health-30s and lb-stickiness-30min: how tasks are reached, and left alone when ill."""

import re
from collections.abc import Iterable

from guardrails.api_layer.resources import rules_to, services_in
from guardrails.compute_cluster.resources import TARGET_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import VPC
from guardrails.reading import Properties

_ATTACHMENTS = frozenset(
    {
        "aws:autoscaling/attachment:Attachment",
        "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
        "aws:elb/attachment:Attachment",
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
    }
)
_INTERVAL = 30  # seconds, as AWS takes it where it is left out
_LEAST_TIMEOUT = 2  # seconds, the shortest that AWS has
_LEAST_MISSES, _MOST_MISSES = 2, 3
_DRAIN = (30, 120)  # seconds
_STICKY = 1800  # seconds
_ALL_ZONES = ("true", "use_load_balancer_configuration", None)
_OKAY = re.compile(r"2\d\d(,2\d\d)*")


def _encrypted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for path in ("protocol", "healthCheck.protocol"):
        if (protocol := properties.text(path)) != "HTTPS":
            yield f"{path} is {protocol or 'not given'}, not HTTPS"


def _addresses(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (type_ := properties.text("targetType")) != "ip":
        yield f"targetType is {type_ or 'not given'}, not ip, by which tasks of Fargate register"


def _in_vpc(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not group.refers("vpcId", VPC):
        yield "vpcId refers to no VPC of this stack"


def _checked(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag_or("healthCheck.enabled", True):
        yield "healthCheck.enabled is false"
    if not (path := properties.text("healthCheck.path") or "/").startswith("/"):
        yield f"healthCheck.path is {path}, which doesn't start with a slash"
    if not _OKAY.fullmatch(codes := properties.text("healthCheck.matcher") or "200"):
        yield f"healthCheck.matcher is {codes}, not 200 or a list of such codes"


def _in_time(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    interval, timeout = (properties.number(f"healthCheck.{key}") for key in ("interval", "timeout"))
    if interval not in (_INTERVAL, None):
        yield f"healthCheck.interval is {interval:g} seconds, not {_INTERVAL}"
    if timeout is not None and not _LEAST_TIMEOUT <= timeout < _INTERVAL:
        yield f"healthCheck.timeout is {timeout:g} seconds, not {_LEAST_TIMEOUT} or more and less than {_INTERVAL}"


def _routed_around(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("healthyThreshold", "unhealthyThreshold"):
        count = properties.number(f"healthCheck.{key}")
        if count is not None and not _LEAST_MISSES <= count <= _MOST_MISSES:
            yield f"healthCheck.{key} is {count:g}, not {_LEAST_MISSES} or {_MOST_MISSES}"
    if (zones := properties.text("loadBalancingCrossZoneEnabled")) not in _ALL_ZONES:
        yield f"loadBalancingCrossZoneEnabled is {zones}, so that the tasks of other zones don't help"


def _drained(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    least, most = _DRAIN
    seconds = properties.number("deregistrationDelay")
    if seconds is None or not least <= seconds <= most:
        found = "not given" if seconds is None else f"{seconds:g} seconds"
        yield f"deregistrationDelay is {found}, not {least} to {most}"


def _sticky(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for stickiness in properties.blocks("stickiness"):
        if not stickiness.flag_or("enabled", True):
            continue
        if (type_ := stickiness.text("type")) != "lb_cookie":
            yield f"stickiness.type is {type_ or 'not given'}, not lb_cookie"
        if (seconds := stickiness.number("cookieDuration")) != _STICKY:
            yield f"stickiness.cookieDuration is {seconds or 0:g} seconds, not {_STICKY}"


def _attached(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not rules_to(group):
        yield "no rule of this stack leads to it"
    services = [service.name for service in services_in(group)]
    if len(services) > 1:
        yield f"it is shared by {', '.join(services)}"
    elif not services and relaxations.flag("requireService"):
        yield "no service of this stack registers with it"


def _by_hand(_type: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield "it registers a target by hand, while services register their own tasks"


TARGET_GROUP_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="targets-over-https",
        title="The load balancer speaks HTTPS with tasks, to check their health too",
        clauses=("enc-transit-tls12", "lb-health-30s"),
        severity="high",
        types=frozenset({TARGET_GROUP}),
        check=_encrypted,
        controls=("CKV_AWS_378",),
        remediation="Leave compute.backendProtocol out, or set it to HTTPS.",
    ),
    ResourceGuardrail(
        id="target-groups-of-addresses",
        title="Target groups hold addresses of tasks",
        clauses=("lb-tg-per-service",),
        severity="medium",
        types=frozenset({TARGET_GROUP}),
        check=_addresses,
        remediation="Set targetType to ip.",
    ),
    StackGuardrail(
        id="target-groups-in-vpc",
        title="Target groups are in the VPC of the stack",
        clauses=("lb-tg-per-service", "net-private-subnets"),
        severity="high",
        types=frozenset({TARGET_GROUP}),
        check=_in_vpc,
        remediation="Pass the VPC of the NetworkLayer.",
    ),
    ResourceGuardrail(
        id="targets-health-checked",
        title="Only tasks that answer a question for their health with success are healthy",
        clauses=("lb-health-30s", "dr-alb-unhealthy-routing"),
        severity="medium",
        types=frozenset({TARGET_GROUP}),
        check=_checked,
        controls=("CKV_AWS_261",),
        remediation="Leave enabled out, start path with a slash, and let matcher be 200.",
    ),
    ResourceGuardrail(
        id="targets-checked-every-30-seconds",
        title="Tasks are asked for their health every 30 seconds",
        clauses=("lb-health-30s",),
        severity="medium",
        types=frozenset({TARGET_GROUP}),
        check=_in_time,
        remediation="Leave api.healthCheckIntervalSeconds out, and let healthCheckTimeoutSeconds be less than 30.",
    ),
    ResourceGuardrail(
        id="unhealthy-targets-routed-around",
        title="Tasks count as lost after three misses at most, and those of other zones take over",
        clauses=("dr-alb-unhealthy-routing",),
        severity="medium",
        types=frozenset({TARGET_GROUP}),
        check=_routed_around,
        remediation="Set thresholds of 2 or 3, and leave loadBalancingCrossZoneEnabled out.",
    ),
    ResourceGuardrail(
        id="targets-drained",
        title="Tasks that leave have 30 to 120 seconds for the requests that they are at",
        clauses=("compute-graceful-shutdown-30s",),
        severity="medium",
        types=frozenset({TARGET_GROUP}),
        check=_drained,
        remediation="Leave api.deregistrationDelaySeconds out, or set it to 30 to 120.",
    ),
    ResourceGuardrail(
        id="stickiness-30-minutes",
        title="Clients stay with a task for 30 minutes or not at all",
        clauses=("lb-stickiness-30min",),
        severity="low",
        types=frozenset({TARGET_GROUP}),
        check=_sticky,
        remediation="Set compute.services.<name>.stateful, and leave api.stickinessSeconds out.",
    ),
    StackGuardrail(
        id="target-groups-of-one-service",
        title="A target group is led to by a rule and belongs to one service",
        clauses=("lb-tg-per-service",),
        severity="high",
        types=frozenset({TARGET_GROUP}),
        check=_attached,
        options={
            "requireService": Option(
                {"type": "boolean"}, True, "Whether each target group must have a service, as all have once deployed."
            )
        },
        remediation="Give each service target groups and a rule of its own, and take out those that nobody uses.",
    ),
    ResourceGuardrail(
        id="targets-registered-by-services",
        title="Nothing is registered as a target by hand",
        clauses=("lb-tg-per-service",),
        severity="high",
        types=_ATTACHMENTS,
        check=_by_hand,
        remediation="Name the target group under loadBalancers of the service.",
    ),
)
