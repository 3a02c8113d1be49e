"""Clauses edge-flow-cloudfront-route53-alb and edge-video-cdn-*: names, certificates and distributions agree."""

from collections.abc import Iterable

from guardrails.api_layer.certificates import certificates_of, names_of, waits_until_issued
from guardrails.edge_layer.resources import (
    DISTRIBUTION,
    EDGE_REGION,
    FOLLOWING,
    HEALTH_CHECK,
    RECORD,
    behaviours,
    given_region,
    is_bucket,
    is_given_by_aws,
    known,
    normal,
    origins,
    serves_video,
    sources,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import LOAD_BALANCER, known_text
from guardrails.reading import Properties

_CERTIFICATE = "viewerCertificate"
_ADDRESSES = {"A", "AAAA"}
_LONGEST_TTL = 60
_MISSES = 3
_INTERVALS = (10, 30)
_OVER_TLS = ("HTTPS", "HTTPS_STR_MATCH")


def _issued(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    certificates = certificates_of(distribution, _CERTIFICATE)
    if len(certificates) != 1 or not distribution.properties.given(f"{_CERTIFICATE}.acmCertificateArn"):
        yield "acmCertificateArn refers to no certificate of this stack"
    for certificate in certificates:
        if not waits_until_issued(distribution, certificate):
            yield f"it doesn't wait until {certificate.name} is issued"
        if (region := given_region(certificate)) != EDGE_REGION:
            yield f"{certificate.name} is in {region}, not in {EDGE_REGION}"


def _agree(distribution: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    aliases = {normal(name) for name in distribution.properties.texts("aliases")}
    if not aliases:
        yield "aliases are not given, so that nobody reaches it by a name of the platform"
    for certificate in certificates_of(distribution, _CERTIFICATE):
        names = set(names_of(certificate))
        if missing := sorted(alias for alias in aliases if not names & {alias, f"*.{alias.partition('.')[2]}"}):
            yield f"{certificate.name} is not for {', '.join(missing)}"
    leading = [record for key in ("aliases", "records") for record in distribution.referrers(key, RECORD)]
    for record in leading:
        if (name := normal(record.properties.text("name") or "")) not in aliases:
            yield f"{record.name} leads to it by the name {name}, which it doesn't answer to"
    for alias in sorted(aliases):
        types = {
            record.properties.text("type")
            for record in leading
            if normal(record.properties.text("name") or "") == alias
        }
        if not (types >= _ADDRESSES or types == {"CNAME"}):
            yield f"{alias} leads to it by {', '.join(sorted(map(str, types))) or 'no record'}, not by A and AAAA"


def _own_name(distribution: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    video = serves_video(distribution)
    for alias in distribution.properties.texts("aliases"):
        if normal(alias).startswith("video.") != video:
            yield f"it {'serves' if video else 'does not serve'} videos, by the name {alias}"


def _leads_somewhere(record: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not record.properties.given("aliases") and not record.properties.given("records"):
        yield "it leads nowhere: it has neither aliases nor records"
        return
    if record.refers("aliases") or record.refers("records"):
        return
    if record.refers("healthCheckId", HEALTH_CHECK) and record.properties.text("type") == "CNAME":
        return  # a CDN outside AWS, which is asked whether it is there
    yield "it leads to nothing of this stack, so that others may come to own what it points to"


def _alias_plain(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("allowOverwrite"):
        yield "allowOverwrite is true, so that it takes the place of a record that others rely on"


def _fails_over(record: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    policies = record.properties.blocks("failoverRoutingPolicies")
    if not policies:
        return
    role = policies[0].text("type")
    targets = {_name(record), *record.properties.known_texts("records"), *_moving(record, graph)}
    if role not in ("PRIMARY", "SECONDARY"):
        yield f"type of its failover is {role or 'not given'}, neither PRIMARY nor SECONDARY"
    if record.properties.text("setIdentifier") is None:
        yield "setIdentifier is not given"
    if role == "PRIMARY" and not record.refers("healthCheckId", HEALTH_CHECK):
        yield "healthCheckId refers to no health check of this stack, so that nobody is ever sent elsewhere"
    checks = record.refers("healthCheckId", HEALTH_CHECK)
    for check in (*checks, *(part for whole in checks for part in whole.refers("childHealthchecks", HEALTH_CHECK))):
        host = known(check.properties, "fqdn")  # health-checks-ask speaks of none
        if host and normal(host) not in {normal(target) for target in targets}:
            yield f"{check.name} asks another host than the one whose health it is about"
    for alias in record.properties.blocks("aliases"):
        # A load balancer is ill for Route 53 while a target group is empty, as one of every blue/green pair is.
        if not alias.flag("evaluateTargetHealth") and not record.refers("aliases", LOAD_BALANCER):
            yield "evaluateTargetHealth is not true"
    if not record.properties.given("aliases"):
        if (seconds := record.properties.number("ttl")) is None or seconds > _LONGEST_TTL:
            yield f"ttl is {seconds or 'not given'}, more than {_LONGEST_TTL}"
        roles = {_role(other) for other in graph.of_type(RECORD) if _name(other) == _name(record)}
        if not roles >= {"PRIMARY", "SECONDARY"}:
            yield f"{_name(record)} has no {'SECONDARY' if role == 'PRIMARY' else 'PRIMARY'} record"


def _moving(record: Node, graph: Graph) -> list[str]:
    """Return the names that move with a record's: all names of a region go by the health of one."""
    if not record.properties.given("aliases"):
        return []
    return [_name(other) for other in graph.of_type(RECORD) if _role(other) and other.properties.given("aliases")]


def _role(record: Node) -> str | None:
    return next((policy.text("type") for policy in record.properties.blocks("failoverRoutingPolicies")), None)


def _name(record: Node) -> str:
    return normal(known_text(record, "name") or "")


def _stands_by(distribution: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not serves_video(distribution):
        return
    for alias in distribution.properties.texts("aliases"):
        named = [record for record in graph.of_type(RECORD) if _name(record) == normal(alias)]
        outside = [record.name for record in named if DISTRIBUTION not in _targets(record)]
        standby = [record for record in named if _role(record) == "SECONDARY" and distribution in _leads_to(record)]
        if outside and not standby:
            yield f"{', '.join(outside)} leads elsewhere, and no SECONDARY record of {alias} leads here"
        for record in named:
            if record.name in outside and _role(record) != "PRIMARY":
                yield f"{record.name} leads elsewhere, but is not PRIMARY"


def _leads_to(record: Node) -> list[Node]:
    return [*record.refers("aliases"), *record.refers("records")]


def _targets(record: Node) -> set[str]:
    return {node.type for node in _leads_to(record)}


def _entry_watched(distribution: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for behaviour in behaviours(distribution):
        if behaviour.text("pathPattern") != "/api/*":
            continue
        for origin in sources(distribution, behaviour):
            name = normal(origin.text("domainName") or "")
            records = [record for record in graph.of_type(RECORD) if _name(record) == name]
            if not any(_role(record) == "PRIMARY" for record in records):
                yield f"{name}, which /api/* leads to, has no PRIMARY record, so that it can't move to another region"


def _asks(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (type_ := properties.text("type")) in FOLLOWING:
        return  # what follows others asks nobody
    if type_ not in _OVER_TLS:
        yield f"type is {type_ or 'not given'}, not {' or '.join(_OVER_TLS)}"
    if (seconds := properties.number("requestInterval")) not in (*_INTERVALS, None):
        yield f"requestInterval is {seconds:g}, not 10 or 30"
    if (misses := properties.number("failureThreshold")) not in (_MISSES, None):
        yield f"failureThreshold is {misses:g}, not {_MISSES}"
    if off := [key for key in ("disabled", "invertHealthcheck") if properties.flag(key)]:
        yield f"{', '.join(off)} true, so that what is ill counts as healthy"
    for key in ("fqdn", "resourcePath"):
        if properties.text(key) is None:
            yield f"{key} is not given"
    if not properties.flag_or("enableSni", True):
        yield "enableSni is false, so that the host can't tell which certificate to show"


def _named(distribution: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    zones = {name.partition(".")[2] for record in graph.of_type(RECORD) if (name := _name(record))}
    names = {_name(record) for record in graph.of_type(RECORD)}
    outside = serves_video(distribution)  # a packaging origin may be somebody else's
    for origin in origins(distribution):
        name = normal(origin.text("domainName") or "")
        if is_bucket(origin) or is_given_by_aws(name) or name in names:
            continue
        if outside and name.partition(".")[2] not in zones:
            continue
        yield f"{name} is an origin, and no record of this stack leads anywhere by that name"


NAME_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="distribution-certificates-of-stack",
        title="Distributions have certificates of the stack, in us-east-1, and wait until those are issued",
        clauses=("edge-tls-termination",),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_issued,
        remediation="Pass certificateArn of the layer's aws.acm.CertificateValidation.",
    ),
    StackGuardrail(
        id="distribution-names-agree",
        title="Aliases, certificates and records of a distribution agree, over IPv4 and IPv6",
        clauses=("edge-flow-cloudfront-route53-alb", "edge-tls-termination"),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_agree,
        controls=("CKV2_AWS_23",),
        remediation="Declare an A and an AAAA record for each alias, and ask for a certificate with all of them.",
    ),
    StackGuardrail(
        id="videos-by-own-name",
        title="Videos have a name of their own",
        clauses=("edge-video-cdn-dedicated",),
        severity="medium",
        types=frozenset({DISTRIBUTION}),
        check=_own_name,
        remediation="Let the distribution of videos answer to video.<domain> and to nothing else.",
    ),
    StackGuardrail(
        id="records-lead-to-stack",
        title="Records lead to what the stack has, or to a CDN that is asked for its health",
        clauses=("edge-flow-cloudfront-route53-alb",),
        severity="high",
        types=frozenset({RECORD}),
        check=_leads_somewhere,
        controls=("CKV2_AWS_23", "route53_dangling_ip_subdomain_takeover"),
        remediation="Refer to a resource of the stack in aliases or records.",
    ),
    ResourceGuardrail(
        id="records-replace-no-others",
        title="No record takes the place of one that is there already",
        clauses=("edge-flow-cloudfront-route53-alb",),
        severity="medium",
        types=frozenset({RECORD}),
        check=_alias_plain,
        remediation="Leave allowOverwrite out.",
    ),
    StackGuardrail(
        id="failover-within-a-minute",
        title="Names that fail over do so by a health check, within 60 seconds, and have somewhere to go",
        clauses=("dr-dns-ttl-60", "edge-route53-dns-health", "edge-video-cdn-primary"),
        severity="high",
        types=frozenset({RECORD}),
        check=_fails_over,
        remediation="Give the primary record a health check, both records a ttl of 60 or aliases that evaluate health.",
    ),
    StackGuardrail(
        id="video-falls-back",
        title="CloudFront stands by where a CDN outside AWS serves videos",
        clauses=("edge-video-cdn-fallback", "edge-video-cdn-primary"),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_stands_by,
        remediation="Declare the provider's record as PRIMARY and one that leads to the distribution as SECONDARY.",
    ),
    StackGuardrail(
        id="entry-point-watched",
        title="The name that the API is called by can move to another region",
        clauses=("edge-route53-dns-health", "dr-dns-ttl-60"),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_entry_watched,
        remediation="Declare a PRIMARY record for the origin of /api/*.",
    ),
    ResourceGuardrail(
        id="health-checks-ask",
        title="Health checks ask over HTTPS every 10 or 30 seconds, and three misses count",
        clauses=("edge-route53-dns-health",),
        severity="medium",
        types=frozenset({HEALTH_CHECK}),
        check=_asks,
        remediation="Set type to HTTPS, failureThreshold to 3, and leave disabled and invertHealthcheck out.",
    ),
    StackGuardrail(
        id="origins-named",
        title="Services behind distributions have a record of the stack, and the token goes to nobody else",
        clauses=("edge-flow-cloudfront-route53-alb",),
        severity="high",
        types=frozenset({DISTRIBUTION}),
        check=_named,
        remediation="Declare the record of the origin, or name an origin that has one.",
    ),
)
