"""Clauses lb-listeners-80-443 and net-public-subnets: what every load balancer is like."""

from collections.abc import Iterable

from guardrails.api_layer.resources import APPLICATION, CLASSIC_LOAD_BALANCER, is_application, kind_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.network_layer.group_rules import GROUP_RULES, SECURITY_GROUP
from guardrails.placement import LOAD_BALANCER, SUBNET, LeadsTo, leads_to, zone
from guardrails.reading import Properties, UndecidedError
from guardrails.security_layer.buckets import buckets_of

_MAY_NAME_ITS_GROUP = frozenset({LOAD_BALANCER, SECURITY_GROUP, *GROUP_RULES})


def _application(type_: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    kind = kind_of(type_, properties)
    if kind != APPLICATION and kind not in relaxations.texts("alsoAllowed"):
        yield f"it is a {kind} load balancer, not an application one"


def _public_zones(balancer: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if not is_application(balancer):
        return
    minimum = relaxations.number("minimumZones")
    subnets = [subnet for key in ("subnets", "subnetMappings") for subnet in balancer.refers(key, SUBNET)]
    zones = {zone(subnet) for subnet in subnets if leads_to(subnet) is LeadsTo.INTERNET}
    if len(zones) < minimum:
        found = f" ({', '.join(sorted(zones))})" if zones else ""
        yield f"its public subnets of this stack are in {len(zones)} zones{found}, not {minimum:g}"


def _own_group(balancer: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_application(balancer):
        return
    groups = balancer.refers("securityGroups", SECURITY_GROUP)
    if len(groups) != 1:
        yield f"securityGroups refer to {len(groups)} security groups of this stack, not 1"
        return
    try:
        count = balancer.properties.length("securityGroups")
    except UndecidedError:
        count = 1
    if count != 1:
        yield f"securityGroups list {count} security groups, of which 1 is of this stack"
    others = {node.name for node, _ in graph.incoming(groups[0]) if node.type not in _MAY_NAME_ITS_GROUP}
    if others:
        yield f"its security group {groups[0].name} is also that of {', '.join(sorted(others))}"


def _headers(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("dropInvalidHeaderFields"):
        yield "dropInvalidHeaderFields is not true, so that services get headers that no standard allows"


def _desync(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (mode := properties.text("desyncMitigationMode")) not in ("defensive", "strictest", None):
        yield f"desyncMitigationMode is {mode}, not defensive or strictest"


def _client(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (mode := properties.text("xffHeaderProcessingMode")) not in ("append", None):
        yield f"xffHeaderProcessingMode is {mode}, not append, so that services can't tell who asks"


def _logged(balancer: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not balancer.properties.flag("accessLogs.enabled"):
        yield "accessLogs.enabled is not true"
    elif len(buckets_of(balancer, "accessLogs")) != 1:
        yield "accessLogs refer to no bucket of this stack"


def _protected(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.flag("requireProtection") and not properties.flag("enableDeletionProtection"):
        yield "enableDeletionProtection is not true"


BALANCER_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="load-balancers-application",
        title="Load balancers are application load balancers, which web ACLs and rules work on",
        clauses=("lb-listeners-80-443", "api-waf"),
        severity="high",
        types=frozenset({LOAD_BALANCER, CLASSIC_LOAD_BALANCER}),
        check=_application,
        options={
            "alsoAllowed": Option(
                {"type": "array", "items": {"type": "string", "enum": ["network", "gateway", "classic"]}},
                [],
                "Kinds of load balancers that there may be besides.",
            )
        },
        remediation="Declare an aws.lb.LoadBalancer, and leave loadBalancerType out or set it to application.",
    ),
    StackGuardrail(
        id="load-balancers-span-zones",
        title="Load balancers are in public subnets of three zones",
        clauses=("net-public-subnets", "compute-multi-az", "dr-alb-unhealthy-routing"),
        severity="high",
        types=frozenset({LOAD_BALANCER}),
        check=_public_zones,
        options={
            "minimumZones": Option(
                {"type": "integer", "minimum": 2, "maximum": 3}, 3, "Zones that a load balancer must be in at least."
            )
        },
        remediation="Pass all public subnets of the NetworkLayer.",
    ),
    StackGuardrail(
        id="load-balancers-in-own-group",
        title="A load balancer is in one security group, which holds nothing else",
        clauses=("net-sg-alb",),
        severity="critical",
        types=frozenset({LOAD_BALANCER}),
        check=_own_group,
        remediation="Pass the group alb of SecurityGroups, and to nothing else.",
    ),
    ResourceGuardrail(
        id="load-balancers-drop-invalid-headers",
        title="Load balancers drop header fields that are invalid",
        clauses=("lb-listeners-80-443",),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_headers,
        controls=("ELB.4", "CKV_AWS_131", "elbv2_alb_drop_invalid_header_fields_enabled"),
        remediation="Set dropInvalidHeaderFields to true.",
    ),
    ResourceGuardrail(
        id="load-balancers-stop-desync",
        title="Load balancers stop requests that two servers could understand differently",
        clauses=("lb-listeners-80-443",),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_desync,
        controls=("ELB.12", "CKV_AWS_328", "elbv2_desync_mitigation_mode"),
        remediation="Leave desyncMitigationMode out, or set it to defensive or strictest.",
    ),
    ResourceGuardrail(
        id="load-balancers-tell-who-asks",
        title="Load balancers add the address of who asks to what it says of itself",
        clauses=("lb-listeners-80-443", "api-rate-ip"),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_client,
        remediation="Leave xffHeaderProcessingMode out, or set it to append.",
    ),
    StackGuardrail(
        id="load-balancers-logged",
        title="Load balancers log every request to a bucket of the stack",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_logged,
        controls=("ELB.5", "CKV_AWS_91", "AwsSolutions-ELB2", "elbv2_logging_enabled"),
        remediation="Enable accessLogs with the SecurityLayer's access log bucket.",
    ),
    ResourceGuardrail(
        id="load-balancers-deletion-protected",
        title="AWS refuses to delete load balancers",
        clauses=("lb-listeners-80-443",),
        severity="medium",
        types=frozenset({LOAD_BALANCER}),
        check=_protected,
        controls=("ELB.6", "CKV_AWS_150", "elbv2_deletion_protection"),
        options={
            "requireProtection": Option(
                {"type": "boolean"}, True, "Whether load balancers must be protected from deletion."
            )
        },
        remediation="Leave api.deletionProtection out, or set it to true.",
    ),
)
