"""Clauses search-central, enc-rest-others and enc-transit-tls12: who gets at what is in the search domain."""

import re
from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, as_texts
from guardrails.search_layer.resources import DOMAIN, KEYS, ROLE, arns
from guardrails.security_layer.resource_policies import conditions_of, loose

_TLS = ("Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08")
_SECURITY = "advancedSecurityOptions"
_OPENED_BY = frozenset(
    {
        "aws:elasticsearch/domainPolicy:DomainPolicy",
        "aws:elasticsearch/domainSamlOptions:DomainSamlOptions",
        "aws:elasticsearch/vpcEndpoint:VpcEndpoint",
        "aws:opensearch/authorizeVpcEndpointAccess:AuthorizeVpcEndpointAccess",
        "aws:opensearch/domainPolicy:DomainPolicy",
        "aws:opensearch/domainSamlOptions:DomainSamlOptions",
        "aws:opensearch/inboundConnectionAccepter:InboundConnectionAccepter",
        "aws:opensearch/outboundConnection:OutboundConnection",
        "aws:opensearch/vpcEndpoint:VpcEndpoint",
    }
)
"""What opens up a domain besides itself."""
_HTTP = "es:eshttp"
_A_ROLE = r"arn:aws:iam::[0-9]{12}:role/[^*?]+"


def _scoped(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    statements = domain.properties.statements("accessPolicies")
    if not statements:
        yield "accessPolicies has no statements, so that nobody gets in, or whoever AWS thinks of"
    accounts, inside = own_accounts(domain), arns(domain, "es", f"domain/{domain.properties.text('domainName')}/")
    for statement in statements:
        if statement.get("Effect") == "Deny":
            continue
        name = f"statement {statement.get('Sid', '')!r} of accessPolicies"
        for problem in loose(statement, accounts):
            yield f"{name} {problem}"
        if others := [one for one in as_texts(statement.get("Action", "*")) if not one.lower().startswith(_HTTP)]:
            yield f"{name} allows {', '.join(others)}, more than requests to what is in it"
        resources = as_texts(statement.get("Resource", "*"))
        if strange := [one for one in resources if not any(one.startswith(prefix) for prefix in inside)]:
            yield f"{name} allows them on {', '.join(strange)}, more than what is in it"


def _not_opened(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"{type_.rpartition(':')[2]} lets in whom the domain's own access policy says nothing of"


def _controlled(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag(f"{_SECURITY}.enabled"):
        yield f"{_SECURITY}.enabled is not true, so that whoever gets in may do everything"
    if properties.flag(f"{_SECURITY}.anonymousAuthEnabled"):
        yield f"{_SECURITY}.anonymousAuthEnabled is true, so that everybody gets in"


def _by_roles(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag(f"{_SECURITY}.internalUserDatabaseEnabled"):
        yield f"{_SECURITY}.internalUserDatabaseEnabled is true, so that passwords let people in"
    users = [
        key
        for key in ("masterUserName", "masterUserPassword")
        if properties.given(f"{_SECURITY}.masterUserOptions.{key}")
    ]
    if users:
        yield f"{', '.join(users)} of {_SECURITY} are given, which let in whoever knows them"
    strangers = (f"{_SECURITY}.jwtOptions", "cognitoOptions", "identityCenterOptions")
    if given := [path for path in strangers if properties.given(path)]:
        yield f"{', '.join(given)} let in people whom IAM doesn't know"


def _owned(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not domain.properties.given(f"{_SECURITY}.masterUserOptions.masterUserArn") or not domain.refers(
        _SECURITY, ROLE
    ):
        yield f"{_SECURITY}.masterUserOptions.masterUserArn refers to no role of this stack"


def _taken_on(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for role in domain.refers(_SECURITY, ROLE):
        for statement in role.properties.statements("assumeRolePolicy"):
            principal = statement.get("Principal")
            named = as_texts(principal.get("AWS", [])) if isinstance(principal, dict) else [str(principal)]
            wide = [name for name in named if not re.fullmatch(_A_ROLE, name)] or [*_kinds_besides(principal)]
            if statement.get("Effect") != "Deny" and wide and not _bound_to_roles(statement):
                yield f"{', '.join(wide)} may take on {role.name}, which may do everything in it"


def _kinds_besides(principal: object) -> list[str]:
    return [str(kind) for kind in principal if kind != "AWS"] if isinstance(principal, dict) else []


def _bound_to_roles(statement: dict[str, Any]) -> bool:
    return any(
        operator in ("ArnEquals", "StringEquals")
        and key == "aws:principalarn"
        and values
        and all(re.fullmatch(_A_ROLE, one) for one in values)
        for operator, key, values in conditions_of(statement)
    )


def _encrypted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("encryptAtRest.enabled"):
        yield "encryptAtRest.enabled is not true"


def _key(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not domain.properties.given("encryptAtRest.kmsKeyId") or not domain.refers("encryptAtRest", *KEYS):
        yield "encryptAtRest.kmsKeyId refers to no key of this stack"


def _nodes_encrypted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("nodeToNodeEncryption.enabled"):
        yield "nodeToNodeEncryption.enabled is not true"


def _over_tls(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("domainEndpointOptions.enforceHttps"):
        yield "domainEndpointOptions.enforceHttps is not true"
    if (policy := properties.text("domainEndpointOptions.tlsSecurityPolicy")) not in _TLS:
        yield f"domainEndpointOptions.tlsSecurityPolicy is {policy or 'not given'}, not {' or '.join(_TLS)}"


ACCESS_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="search-access-scoped",
        title="Search domains let in roles of this account, for requests to what is in them",
        clauses=("search-central",),
        severity="critical",
        types=frozenset({DOMAIN}),
        check=_scoped,
        controls=("CKV_AWS_316", "AwsSolutions-OS3", "AwsSolutions-OS5"),
        remediation="Name principals of the own account, actions es:ESHttp* and the domain's ARN followed by /*.",
    ),
    ResourceGuardrail(
        id="search-access-in-one-place",
        title="Who gets into a search domain is said by the domain alone",
        clauses=("search-central",),
        severity="high",
        types=_OPENED_BY,
        check=_not_opened,
        remediation="Say it in accessPolicies of the domain.",
    ),
    ResourceGuardrail(
        id="search-access-controlled",
        title="Search domains have access control of their own",
        clauses=("search-central",),
        severity="critical",
        types=frozenset({DOMAIN}),
        check=_controlled,
        controls=("OpenSearch.7", "CKV2_AWS_52", "opensearch_service_domains_access_control_enabled"),
        remediation="Set advancedSecurityOptions.enabled to true, and leave anonymousAuthEnabled out.",
    ),
    ResourceGuardrail(
        id="search-without-passwords",
        title="Search domains know roles of IAM, and no users or passwords of their own",
        clauses=("search-central", "dr-config-secrets-manager"),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_by_roles,
        controls=("opensearch_service_domains_internal_user_database_enabled",),
        remediation="Leave internalUserDatabaseEnabled, masterUserName, masterUserPassword and other log-ins out.",
    ),
    StackGuardrail(
        id="search-owned-by-role",
        title="A role of the stack owns what is in a search domain",
        clauses=("search-central",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_owned,
        remediation="Pass the ARN of a role of the stack as masterUserArn.",
    ),
    StackGuardrail(
        id="search-owner-taken-on-by-roles",
        title="Single roles take on the role that owns what is in a search domain",
        clauses=("search-central",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_taken_on,
        remediation="Name the roles in the owner's trust policy, or in a condition on aws:PrincipalArn.",
    ),
    ResourceGuardrail(
        id="search-encrypted",
        title="Search domains are encrypted at rest",
        clauses=("enc-rest-others",),
        severity="critical",
        types=frozenset({DOMAIN}),
        check=_encrypted,
        controls=(
            "OpenSearch.1",
            "CKV_AWS_5",
            "AwsSolutions-OS8",
            "opensearch_service_domains_encryption_at_rest_enabled",
        ),
        remediation="Set encryptAtRest.enabled to true.",
    ),
    StackGuardrail(
        id="search-key-of-stack",
        title="Search domains are encrypted with a key of the stack",
        clauses=("enc-rest-others", "enc-kms"),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_key,
        controls=("CKV_AWS_247",),
        remediation="Pass the ARN of the SecurityLayer's data key as encryptAtRest.kmsKeyId.",
    ),
    ResourceGuardrail(
        id="search-nodes-encrypted",
        title="Nodes of search domains talk to each other encrypted",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_nodes_encrypted,
        controls=("OpenSearch.3", "CKV_AWS_6", "opensearch_service_domains_node_to_node_encryption_enabled"),
        remediation="Set nodeToNodeEncryption.enabled to true.",
    ),
    ResourceGuardrail(
        id="search-over-tls",
        title="Search domains answer over TLS 1.2 or later, with forward secrecy",
        clauses=("enc-transit-tls12",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_over_tls,
        controls=(
            "OpenSearch.8",
            "CKV_AWS_83",
            "CKV_AWS_228",
            "opensearch_service_domains_https_communications_enforced",
        ),
        remediation="Set enforceHttps to true and tlsSecurityPolicy to Policy-Min-TLS-1-2-PFS-2023-10.",
    ),
)
