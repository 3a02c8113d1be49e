"""Clause net-vpc-endpoints: AWS services are reached without leaving the VPC."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.network_layer.group_rules import GROUP_RULES, SECURITY_GROUP, read_rules
from guardrails.placement import (
    ENDPOINT_POLICY,
    ENDPOINT_ROUTE_TABLE,
    ROUTE_TABLE,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
    LeadsTo,
    has_gateway_endpoint,
    is_placed,
    is_public_tier,
    leads_to,
    route_tables,
    tiers_of,
    zone,
)
from guardrails.provider import own_accounts
from guardrails.reading import Properties, UndecidedError, UnreadableError, as_texts

_HTTPS = 443

_REQUIRED_INTERFACES = [
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "kinesis-streams",
    "kms",
    "logs",
    "monitoring",
    "secretsmanager",
    "sqs",
    "ssm",
    "sts",
    "xray",
]

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
_ECR_LAYERS = re.compile(r"arn:aws:s3:::prod-[a-z0-9-]+-starport-layer-bucket/\*")


_OF_AWS = re.compile(r"com\.amazonaws\.[a-z]{2}(?:-[a-z]+)+-[0-9]+\.[a-z0-9.-]+")


def _kind(endpoint: Properties) -> str:
    return endpoint.text("vpcEndpointType") or "Gateway"  # the provider's default


def _service(endpoint: Properties) -> str:
    """Return the last part of a service name, such as ``ecr.api`` of ``com.amazonaws.eu-west-1.ecr.api``."""
    parts = (endpoint.text("serviceName") or "").split(".", 3)
    return parts[3] if len(parts) == 4 and parts[:2] == ["com", "amazonaws"] else ""


def _endpoints(vpc: Node, kind: str) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for endpoint in vpc.referrers("vpcId", VPC_ENDPOINT):
        if _kind(endpoint.properties) == kind:
            found.setdefault(_service(endpoint.properties), []).append(endpoint)
    return found


def _s3_gateway(vpc: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    gateways = _endpoints(vpc, "Gateway").get("s3", [])
    if not gateways:
        yield "no gateway endpoint of S3: image layers and objects would go through the NAT gateways"
        return
    attached = {table.urn for gateway in gateways for table in _tables(gateway)}
    for tier in tiers_of(vpc, graph):
        placed = [subnet for subnet in tier if is_placed(subnet)]
        if is_public_tier(tier) or not any(
            leads_to(subnet) is LeadsTo.NAT or has_gateway_endpoint(subnet) for subnet in placed
        ):
            continue
        for subnet in placed:
            if not attached & {table.urn for table in route_tables(subnet)}:
                yield f"the route table of {subnet.name} has no gateway endpoint of S3"
    if not attached:
        yield "the gateway endpoint of S3 is in no route table of this stack"


def _tables(gateway: Node) -> list[Node]:
    associated = [
        table
        for association in gateway.referrers("vpcEndpointId", ENDPOINT_ROUTE_TABLE)
        for table in association.refers("routeTableId", ROUTE_TABLE)
    ]
    return gateway.refers("routeTableIds", ROUTE_TABLE) + associated


def _required_interfaces(vpc: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    present = _endpoints(vpc, "Interface")
    missing = [service for service in relaxations.texts("required") if service not in present]
    if missing:
        yield f"no interface endpoint of {', '.join(missing)}"


def _interface_works(endpoint: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if _kind(endpoint.properties) != "Interface":
        return
    if not endpoint.properties.flag("privateDnsEnabled"):
        yield "privateDnsEnabled is not true, so that the service's own name still leads to the internet"
    vpcs = endpoint.refers("vpcId", VPC)
    if not vpcs:
        yield "vpcId refers to no VPC of this stack"
    wanted = {zone(subnet) for vpc in vpcs for tier in tiers_of(vpc, graph) for subnet in tier}
    missing = sorted(wanted - {zone(subnet) for subnet in endpoint.refers("subnetIds", SUBNET)})
    if missing:
        yield f"it has no subnet in {', '.join(missing)}"
    groups = endpoint.refers("securityGroupIds", SECURITY_GROUP)
    yield from _strange_groups(endpoint, len(groups))
    blocks = [block for vpc in vpcs if (block := vpc.properties.network("cidrBlock"))]
    if not any(_admits_https(group, blocks) for group in groups):
        yield "none of its security groups has a rule that admits HTTPS from the VPC, so that calls to it hang"
    for group in groups:
        for rule in group.referrers("securityGroupId", *sorted(GROUP_RULES)):
            yield from _admits_strangers(rule, blocks)


def _strange_groups(endpoint: Node, known: int) -> Iterable[str]:
    try:
        count = endpoint.properties.length("securityGroupIds")
    except UndecidedError:
        return
    if known and count != known:
        yield f"securityGroupIds lists {count} security groups, of which {known} are of this stack"


def _admits_https(group: Node, vpcs: list[IPv4Network | IPv6Network]) -> bool:
    return any(_rule_admits_https(rule, vpcs) for rule in group.referrers("securityGroupId", *sorted(GROUP_RULES)))


def _rule_admits_https(node: Node, vpcs: list[IPv4Network | IPv6Network]) -> bool:
    try:
        return any(
            rule.ingress and rule.admits_tcp(_HTTPS) and any(rule.covers(block) for block in vpcs)
            for rule in read_rules(node.type, node.properties)
        )
    except UnreadableError:
        return False  # security-groups-not-open says so


def _admits_strangers(node: Node, vpcs: list[IPv4Network | IPv6Network]) -> Iterable[str]:
    for rule in read_rules(node.type, node.properties):
        for block in rule.blocks if rule.ingress else ():
            if not any(
                vpc.version == block.version and block.subnet_of(vpc)  # pyright: ignore[reportArgumentType] same version
                for vpc in vpcs
            ):
                yield f"{node.name} admits {block}, which is more than the VPC"


def _leads_to_aws(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (kind := _kind(properties)) not in ("Gateway", "Interface"):
        yield f"vpcEndpointType is {kind}, which leads to what others run"
    if not _OF_AWS.fullmatch(name := properties.text("serviceName") or ""):
        yield f"serviceName is {name or 'not given'}, which is no service of AWS"
    if properties.given("serviceRegion"):
        yield "serviceRegion is given, so that it leads out of the region"


def _policy_scoped(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    statements = node.properties.statements("policy")
    if not statements:
        yield "it has no policy, so that principals of any account may use it"
    own = own_accounts(node)
    keys = ["aws:PrincipalAccount"]
    endpoints = [node] if node.type == VPC_ENDPOINT else node.refers("vpcEndpointId", VPC_ENDPOINT)
    if any(_kind(endpoint.properties) == "Gateway" for endpoint in endpoints):
        keys.append("aws:ResourceAccount")  # or copies could be made to what belongs to others
    for statement in statements:
        if statement.get("Effect") == "Deny" or _reads_image_layers(statement):
            continue
        if loose := [key for key in keys if not _names_only(statement, key, own)]:
            yield (
                f"statement {statement.get('Sid', '')!r} of its policy does not require {' and '.join(loose)} "
                f"to be {' or '.join(sorted(own))}"
            )


def _names_only(statement: dict[str, Any], key: str, accounts: set[str]) -> bool:
    conditions = statement.get("Condition")
    exact: Any = conditions.get("StringEquals") if isinstance(conditions, dict) else None
    named = as_texts(exact.get(key, [])) if isinstance(exact, dict) else []
    return bool(named) and set(named) <= accounts


def _reads_image_layers(statement: dict[str, Any]) -> bool:
    """Return whether all that a statement allows is to read the image layers of ECR."""
    resources = as_texts(statement.get("Resource", []))
    return as_texts(statement.get("Action", [])) == ["s3:GetObject"] and all(
        _ECR_LAYERS.fullmatch(resource) for resource in resources or [""]
    )


def _dns(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key, default in (("enableDnsSupport", True), ("enableDnsHostnames", False)):
        if not properties.flag_or(key, default):
            yield f"{key} is not true, so that interface endpoints can't answer under the services' names"


ENDPOINT_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="s3-gateway-endpoint",
        title="Private subnets reach S3 through a gateway endpoint",
        clauses=("net-vpc-endpoints", "cost-data-transfer-regions"),
        severity="medium",
        types=frozenset({VPC}),
        check=_s3_gateway,
        remediation="Keep s3 in network.gatewayEndpoints and attach the endpoint to every private route table.",
    ),
    StackGuardrail(
        id="interface-endpoints",
        title="The AWS services that the platform calls have interface endpoints",
        clauses=("net-vpc-endpoints",),
        severity="medium",
        types=frozenset({VPC}),
        check=_required_interfaces,
        controls=("EC2.10", "vpc_endpoint_for_ec2_enabled"),
        options={
            "required": Option(
                {"type": "array", "items": {"type": "string"}},
                _REQUIRED_INTERFACES,
                "Services that need one, by the last part of their endpoint service name.",
            )
        },
        remediation="Leave network.interfaceEndpoints out, or add the missing services to it.",
    ),
    ResourceGuardrail(
        id="endpoints-of-aws",
        title="VPC endpoints lead to services of AWS only",
        clauses=("net-vpc-endpoints", "net-private-subnets"),
        severity="high",
        types=frozenset({VPC_ENDPOINT}),
        check=_leads_to_aws,
        remediation="List services of AWS under network.interfaceEndpoints and network.gatewayEndpoints.",
    ),
    StackGuardrail(
        id="interface-endpoints-usable",
        title="Interface endpoints answer under the service's name, in every zone, to the VPC",
        clauses=("net-vpc-endpoints",),
        severity="medium",
        types=frozenset({VPC_ENDPOINT}),
        check=_interface_works,
        controls=("vpc_endpoint_multi_az_enabled",),
        remediation="Enable private DNS, and give it a subnet in every zone and the endpoints' security group.",
    ),
    StackGuardrail(
        id="endpoint-policies-scoped",
        title="VPC endpoints serve the principals of this account only, and gateway endpoints its data only",
        clauses=("net-vpc-endpoints",),
        severity="high",
        types=frozenset({VPC_ENDPOINT, ENDPOINT_POLICY}),
        check=_policy_scoped,
        remediation=(
            "Give the endpoint a policy whose statements require aws:PrincipalAccount, and aws:ResourceAccount where "
            "it is a gateway endpoint, to be the account of the provider's allowedAccountIds."
        ),
    ),
    ResourceGuardrail(
        id="vpc-dns-enabled",
        title="The VPC resolves names and gives them",
        clauses=("net-vpc-endpoints",),
        severity="medium",
        types=frozenset({VPC}),
        check=_dns,
        remediation="Set enableDnsSupport and enableDnsHostnames.",
    ),
)
