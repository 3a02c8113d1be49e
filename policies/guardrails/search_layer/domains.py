"""Clauses search-central and search-3-nodes: one domain, its nodes, and where they are."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import SUBNET, VPC, LeadsTo, leads_to, zone
from guardrails.reading import Properties
from guardrails.search_layer.resources import DOMAIN

_MASTERS = 3
_ENGINE = "OpenSearch_"
_OTHERS = frozenset(
    {
        "aws:cloudsearch/domain:Domain",
        "aws:elasticsearch/domain:Domain",
        "aws:opensearch/serverlessCollection:ServerlessCollection",
    }
)
_COUNT = "clusterConfig.zoneAwarenessConfig.availabilityZoneCount"
_PROVIDER_ZONES = 2  # what AWS takes where zone awareness is on and no number is given


def _one(vpc: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    domains = graph.of_type(DOMAIN)
    if len(domains) != 1:
        names = ", ".join(domain.name for domain in domains) or "none"
        yield f"{names} of this stack is the search domain of {vpc.name}, not 1"


def _no_other(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"{type_.split(':')[1]} searches beside the domain, and nothing says who may"


def _engine(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not (engine := properties.text("engineVersion") or "").startswith(_ENGINE):
        yield f"engineVersion is {engine or 'not given'}, no version of OpenSearch"


def _isolated(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for subnet in domain.refers("vpcOptions", SUBNET):
        if (place := leads_to(subnet)) is not LeadsTo.VPC:
            yield f"it is in {subnet.name}, which leads to {place.value}"


def _zones(domain: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = int(relaxations.number("minimumZones"))
    aware = domain.properties.flag("clusterConfig.zoneAwarenessEnabled")
    count = int(domain.properties.number(_COUNT) or _PROVIDER_ZONES) if aware else 1
    if count < minimum:
        yield f"its nodes are in {count} zones, not {minimum} or more"
    subnets = domain.refers("vpcOptions", SUBNET)
    found = {zone(subnet) for subnet in subnets}
    if subnets and not count == len(subnets) == len(found):
        yield f"its {len(subnets)} subnets are in {len(found)} zones, where its nodes are in {count}"


def _nodes(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    minimum = int(relaxations.number("minimumNodes"))
    count = properties.number("clusterConfig.instanceCount") or 1
    if count < minimum:
        yield f"clusterConfig.instanceCount is {count:g}, not {minimum} or more"
    zones = (
        (properties.number(_COUNT) or _PROVIDER_ZONES) if properties.flag("clusterConfig.zoneAwarenessEnabled") else 1
    )
    if count % zones:
        yield f"clusterConfig.instanceCount is {count:g}, of which {zones:g} zones can't have as many each"


def _without_standby(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("clusterConfig.multiAzWithStandbyEnabled"):
        yield "clusterConfig.multiAzWithStandbyEnabled is true, which needs two replicas of each index"


def _masters(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if not relaxations.flag("required"):
        return
    count = properties.number("clusterConfig.dedicatedMasterCount")
    if not properties.flag("clusterConfig.dedicatedMasterEnabled"):
        yield "clusterConfig.dedicatedMasterEnabled is not true"
    elif count != _MASTERS:
        yield f"clusterConfig.dedicatedMasterCount is {count or 0:g}, not {_MASTERS}"


def _steady(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in ("instanceType", "dedicatedMasterType"):
        if (found := properties.text(f"clusterConfig.{key}") or "").startswith("t"):
            yield f"clusterConfig.{key} is {found}, which is slow once its credits are used up"
    if not properties.text("clusterConfig.instanceType"):
        yield "clusterConfig.instanceType is not given, so that AWS takes one without Auto-Tune"


def _volumes(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("ebsOptions.ebsEnabled"):
        yield "ebsOptions.ebsEnabled is not true"
    if (kind := properties.text("ebsOptions.volumeType")) != "gp3":
        yield f"ebsOptions.volumeType is {kind or 'not given'}, not gp3"


def _tuned(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (state := properties.text("autoTuneOptions.desiredState")) != "ENABLED":
        yield f"autoTuneOptions.desiredState is {state or 'not given'}, not ENABLED"


def _updated(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for path in ("softwareUpdateOptions.autoSoftwareUpdateEnabled", "offPeakWindowOptions.enabled"):
        if not properties.flag(path):
            yield f"{path} is not true"


DOMAIN_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="search-in-one-domain",
        title="A stack has one search domain",
        clauses=("search-central",),
        severity="high",
        types=frozenset({VPC}),
        check=_one,
        remediation="Declare one SearchLayer.",
    ),
    ResourceGuardrail(
        id="search-nowhere-else",
        title="Nothing searches beside the domain of OpenSearch",
        clauses=("search-central",),
        severity="high",
        types=_OTHERS,
        check=_no_other,
        remediation="Use the domain of the SearchLayer.",
    ),
    ResourceGuardrail(
        id="search-engine",
        title="Search domains run OpenSearch",
        clauses=("search-central",),
        severity="medium",
        types=frozenset({DOMAIN}),
        check=_engine,
        remediation="Leave search.engineVersion out, or set it to a version of OpenSearch.",
    ),
    StackGuardrail(
        id="search-in-data-tier",
        title="Search domains are in subnets that lead nowhere outside the VPC",
        clauses=("search-central", "net-private-subnets"),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_isolated,
        controls=(
            "OpenSearch.2",
            "CKV_AWS_137",
            "AwsSolutions-OS1",
            "opensearch_service_domains_not_publicly_accessible",
        ),
        remediation="Pass the data subnets of the NetworkLayer.",
    ),
    StackGuardrail(
        id="search-spans-zones",
        title="Nodes of search domains are in three zones, each in a subnet of its own",
        clauses=("search-3-nodes",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_zones,
        controls=("AwsSolutions-OS7",),
        options={
            "minimumZones": Option(
                {"type": "integer", "minimum": 1, "maximum": 3}, 3, "Zones that its nodes must be in at least."
            )
        },
        remediation="Leave search.zoneAware out, and list three letters under network.availabilityZones.",
    ),
    ResourceGuardrail(
        id="search-three-nodes",
        title="Search domains have three data nodes or more, as many in each zone",
        clauses=("search-3-nodes",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_nodes,
        controls=("OpenSearch.6", "opensearch_service_domains_fault_tolerant_data_nodes"),
        options={
            "minimumNodes": Option({"type": "integer", "minimum": 1}, 3, "Data nodes that it must have at least.")
        },
        remediation="Leave search.zoneAware and search.nodesPerZone out.",
    ),
    ResourceGuardrail(
        id="search-without-standby",
        title="Search domains keep no zone idle",
        clauses=("search-3-nodes", "search-replicas-1"),
        severity="medium",
        types=frozenset({DOMAIN}),
        check=_without_standby,
        remediation="Leave clusterConfig.multiAzWithStandbyEnabled out.",
    ),
    ResourceGuardrail(
        id="search-masters-dedicated",
        title="Three nodes of a search domain do nothing but keep the cluster together",
        clauses=("search-3-nodes",),
        severity="medium",
        types=frozenset({DOMAIN}),
        check=_masters,
        controls=(
            "OpenSearch.11",
            "CKV_AWS_318",
            "CKV2_AWS_59",
            "AwsSolutions-OS4",
            "opensearch_service_domains_fault_tolerant_master_nodes",
        ),
        options={"required": Option({"type": "boolean"}, True, "Whether there must be dedicated master nodes.")},
        remediation="Leave search.dedicatedMasters out, or set it to true.",
    ),
    ResourceGuardrail(
        id="search-nodes-not-burstable",
        title="Nodes of search domains are as fast in the evening as in the morning",
        clauses=("search-3-nodes",),
        severity="low",
        types=frozenset({DOMAIN}),
        check=_steady,
        remediation="Leave search.nodeType and search.masterType out, or set them to types that are not burstable.",
    ),
    ResourceGuardrail(
        id="search-volumes",
        title="Data of search domains is on gp3 volumes",
        clauses=("search-central",),
        severity="low",
        types=frozenset({DOMAIN}),
        check=_volumes,
        remediation="Set ebsOptions.ebsEnabled to true and ebsOptions.volumeType to gp3.",
    ),
    ResourceGuardrail(
        id="search-auto-tuned",
        title="Search domains tune their memory by themselves",
        clauses=("search-dash-performance",),
        severity="low",
        types=frozenset({DOMAIN}),
        check=_tuned,
        remediation="Set autoTuneOptions.desiredState to ENABLED.",
    ),
    ResourceGuardrail(
        id="search-updated",
        title="AWS updates the software of search domains, in hours of little traffic",
        clauses=("search-central",),
        severity="medium",
        types=frozenset({DOMAIN}),
        check=_updated,
        controls=("OpenSearch.10", "opensearch_service_domains_updated_to_the_latest_service_software_version"),
        remediation="Set softwareUpdateOptions.autoSoftwareUpdateEnabled and offPeakWindowOptions.enabled to true.",
    ),
)
