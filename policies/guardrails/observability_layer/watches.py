"""What must be watched: of each type, the metrics that somebody is told of when they are too high or too low."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from guardrails.api_layer.resources import CERTIFICATE
from guardrails.api_layer.rest_documents import REST_API
from guardrails.edge_layer.resources import FOLLOWING, HEALTH_CHECK
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.resources import ALARM
from guardrails.placement import LOAD_BALANCER, known_text
from guardrails.provider import VAULT, is_far, region_of

_STAGE = "aws:apigateway/stage:Stage"
_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_PROXY = "aws:rds/proxy:Proxy"
GREATER = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
LESS = ("LessThanThreshold", "LessThanOrEqualToThreshold")
_GLOBAL = {"AWS/CloudFront": "us-east-1", "AWS/Route53": "us-east-1"}
"""Where AWS keeps metrics of what is in no region."""


class Watch(NamedTuple):
    """A metric, and by which alarm on it somebody is told in time."""

    namespace: str
    metric: str
    dimensions: frozenset[str]
    """All that the metric has; with others, or fewer, there is no such metric."""
    statistics: tuple[str, ...]
    comparisons: tuple[str, ...]
    least: float
    most: float
    """Bounds of the threshold: beyond them the alarm always rings, or when it is too late."""


def _elb(metric: str, most: float) -> Watch:
    return Watch("AWS/ApplicationELB", metric, frozenset({"LoadBalancer"}), ("Sum",), GREATER, 0, most)


def _api(metric: str, statistic: str, most: float) -> Watch:
    return Watch("AWS/ApiGateway", metric, frozenset({"ApiName", "Stage"}), (statistic,), GREATER, 0.001, most)


_WATCHES: Mapping[str, tuple[Watch, ...]] = {
    LOAD_BALANCER: (_elb("HTTPCode_ELB_5XX_Count", 100), _elb("RejectedConnectionCount", 100)),
    _STAGE: (
        _api("5XXError", "Average", 0.05),
        _api("4XXError", "Average", 0.5),
        _api("Latency", "Average", 10_000),  # milliseconds; the gateway gives up after 29 seconds
        _api("Count", "Sum", 600_000),  # what AWS lets an account ask for in a minute
    ),
    _DISTRIBUTION: (
        Watch(
            "AWS/CloudFront",
            "5xxErrorRate",
            frozenset({"DistributionId", "Region"}),
            ("Average", "Maximum"),
            GREATER,
            0.1,
            10,
        ),
    ),
    HEALTH_CHECK: (
        Watch(
            "AWS/Route53", "HealthCheckStatus", frozenset({"HealthCheckId"}), ("Minimum", "Average"), LESS[:1], 0.1, 1
        ),
    ),
    CERTIFICATE: (
        Watch(
            "AWS/CertificateManager",
            "DaysToExpiry",
            frozenset({"CertificateArn"}),
            ("Minimum", "Average", "Maximum"),
            LESS,
            7,
            45,
        ),
    ),
    _PROXY: (
        Watch(
            "AWS/RDS",
            "DatabaseConnectionsCurrentlySessionPinned",
            frozenset({"ProxyName"}),
            ("Sum",),
            GREATER,
            0,
            500,
        ),
    ),
    VAULT: (Watch("AWS/Backup", "NumberOfBackupJobsFailed", frozenset({"BackupVaultName"}), ("Sum",), GREATER, 0, 1),),
}


def is_watched(subject: Node, watch: Watch, graph: Graph) -> bool:
    """Return whether an alarm of the stack tells what a metric of a resource is."""
    return any(_tells(alarm, subject, watch) for alarm in graph.of_type(ALARM))


def _tells(alarm: Node, subject: Node, watch: Watch) -> bool:
    if alarm.once(_metric) != (watch.namespace, watch.metric) or not _is_of(alarm, subject):
        return False
    properties = alarm.properties
    threshold = properties.number("threshold")
    return (
        frozenset(properties.keys("dimensions")) == watch.dimensions
        and properties.text("statistic") in watch.statistics
        and properties.text("comparisonOperator") in watch.comparisons
        and threshold is not None
        and watch.least <= threshold <= watch.most
        and region_of(alarm) == _GLOBAL.get(watch.namespace, region_of(subject))
    )


def _metric(alarm: Node) -> tuple[str | None, str | None]:
    return known_text(alarm, "namespace"), known_text(alarm, "metricName")


def _is_of(alarm: Node, subject: Node) -> bool:
    """Return whether the dimensions of an alarm are a resource's: by its name where it has one, else by reference."""
    if known := _known_dimensions(subject):
        return all(known_text(alarm, f"dimensions.{key}") == value for key, value in known.items())
    found = alarm.refers("dimensions")
    if subject.type == CERTIFICATE:
        found = [*found, *(cert for node in found for cert in node.refers("certificateArn", CERTIFICATE))]
    if subject.type == _DISTRIBUTION and known_text(alarm, "dimensions.Region") != "Global":
        return False
    return subject in found


def _known_dimensions(subject: Node) -> Mapping[str, str | None]:
    if subject.type == _STAGE:
        names = [known_text(api, "name") for api in subject.refers("restApi", REST_API)]
        return {"ApiName": names[0] if names else None, "Stage": known_text(subject, "stageName")}
    key = {_PROXY: "ProxyName", VAULT: "BackupVaultName"}.get(subject.type)
    return {key: subject.properties.text("name")} if key else {}


def _watched(subject: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if subject.type == VAULT and is_far(subject):
        return  # only copies arrive there
    if subject.type == HEALTH_CHECK and known_text(subject, "type") in FOLLOWING:
        return  # what it follows is watched itself
    for watch in _WATCHES[subject.type]:
        if not is_watched(subject, watch, graph):
            yield f"no alarm of this stack tells of its {watch.metric} in time"


WATCH_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="load-balancers-watched",
        title="Somebody is told when a load balancer answers with errors of its own or refuses connections",
        clauses=("obs-dash-errors-latency",),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_watched,
        remediation="Declare alarms on HTTPCode_ELB_5XX_Count and RejectedConnectionCount of the load balancer.",
    ),
    StackGuardrail(
        id="apis-watched",
        title="Somebody is told when an API fails, is slow, or refuses many requests",
        clauses=("obs-dash-errors-latency",),
        severity="medium",
        types=frozenset({_STAGE}),
        check=_watched,
        remediation="Leave the alarms as components/api_layer/rest_alarms.py has them.",
    ),
    StackGuardrail(
        id="edge-watched",
        title="Somebody is told when a distribution answers with errors, or a region with nothing",
        clauses=("obs-dash-errors-latency", "dr-r53-region-health"),
        severity="medium",
        types=frozenset({_DISTRIBUTION, HEALTH_CHECK}),
        check=_watched,
        remediation="Leave the alarms as components/edge_layer/alarms.py has them.",
    ),
    StackGuardrail(
        id="certificates-watched",
        title="Somebody is told when a certificate is not renewed, weeks before it expires",
        clauses=("enc-transit-tls12",),
        severity="medium",
        types=frozenset({CERTIFICATE}),
        check=_watched,
        controls=("ACM.1", "acm_certificates_expiration_check"),
        remediation="Declare an alarm on DaysToExpiry of the certificate, at 7 to 45 days, in its region.",
    ),
    StackGuardrail(
        id="proxies-watched",
        title="Somebody is told when sessions keep connections of a proxy to themselves",
        clauses=("obs-dash-database", "db-pool-300"),
        severity="low",
        types=frozenset({_PROXY}),
        check=_watched,
        remediation="Leave the alarm on DatabaseConnectionsCurrentlySessionPinned as components/database_layer has it.",
    ),
    StackGuardrail(
        id="backups-watched",
        title="Somebody is told when a backup fails",
        clauses=("dr-rpo-1h",),
        severity="high",
        types=frozenset({VAULT}),
        check=_watched,
        remediation="Declare an alarm on NumberOfBackupJobsFailed of the vault.",
    ),
)
