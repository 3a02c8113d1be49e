"""Clause obs-retention-api-access for distributions: access logs without secrets, by CloudFront's present way."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import LOG_GROUP
from guardrails.edge_layer.resources import DISTRIBUTION, EDGE_REGION, given_region
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties
from guardrails.security_layer.buckets import buckets_of

DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"

_CONFIGURATION = "deliveryDestinationConfiguration"
_SECRET = ("cs(cookie)", "cs-uri-query", "cs(referer)")
_NEEDED = ("date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status")


def _logged(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if distribution.properties.given("loggingConfig"):
        yield "loggingConfig is given, the older way, which writes to buckets with access control lists only"
    found = distribution.referrers("resourceArn", SOURCE)
    deliveries = [
        delivery
        for source in found
        if source.properties.text("logType") == "ACCESS_LOGS"
        for delivery in source.referrers("deliverySourceName", DELIVERY)
        if delivery.refers("deliveryDestinationArn", DESTINATION)
    ]
    if not deliveries:
        yield "no delivery of this stack takes its access log to a destination of this stack"


def _of_stack(destination: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    groups = destination.refers(_CONFIGURATION, LOG_GROUP)
    if len(buckets_of(destination, _CONFIGURATION)) + len(groups) != 1:
        yield "destinationResourceArn refers to no bucket or log group of this stack"


def _without_secrets(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    fields = [field.lower() for field in properties.texts("recordFields")]
    if found := [field for field in _SECRET if field in fields]:
        yield f"recordFields have {', '.join(found)}, in which tokens and signatures are"
    if missing := [field for field in _NEEDED if field not in fields]:
        yield f"recordFields have no {', '.join(missing)}"


def _at_home(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (region := given_region(node)) != EDGE_REGION:
        yield f"it is in {region}, while AWS takes logs of CloudFront in {EDGE_REGION} only"


LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="distributions-logged",
        title="Distributions log every request to a destination of the stack",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_logged,
        controls=("CloudFront.5", "CKV_AWS_86", "AwsSolutions-CFR3", "cloudfront_distributions_logging_enabled"),
        remediation="Declare a LogDeliverySource of the distribution, and a LogDelivery from it to a destination.",
    ),
    StackGuardrail(
        id="log-destinations-of-stack",
        title="Delivered logs reach a bucket or log group of the stack",
        clauses=("obs-retention-api-access",),
        severity="high",
        types=frozenset({DESTINATION}),
        check=_of_stack,
        remediation="Pass the ARN of the SecurityLayer's access log bucket.",
    ),
    ResourceGuardrail(
        id="access-logs-without-secrets",
        title="Access logs of distributions say who asked for what, and not by which token",
        clauses=("audit-pii-redaction", "obs-retention-api-access"),
        severity="high",
        types=frozenset({DELIVERY}),
        check=_without_secrets,
        remediation="Leave cookies, query strings and referrers out of recordFields.",
    ),
    StackGuardrail(
        id="distribution-logs-in-us-east-1",
        title="Logs of distributions are delivered from us-east-1",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({DELIVERY, SOURCE, DESTINATION}),
        check=_at_home,
        remediation="Set region to us-east-1.",
    ),
)
