import json
from typing import Any

from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, provide
from tests.policies.compute_cluster.stack import ACCOUNT, broken, nested
from tests.policies.database_layer.stack import refer
from tests.policies.search_layer.stack import DOMAIN, KEY, OWNER, TOPIC, recorded, violations
from tests.support.editing import UNKNOWN

_SCOPED, _OWNED, _TAKEN_ON = "search-access-scoped", "search-owned-by-role", "search-owner-taken-on-by-roles"
_SECURITY = "advancedSecurityOptions"
_ROOT, _ROLE = f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:role/somebody"
_INSIDE = f"arn:aws:es:us-east-1:{ACCOUNT}:domain/fitness-prod-search/*"
_STATEMENT = {"Effect": "Allow", "Principal": {"AWS": _ROOT}, "Action": "es:ESHttpGet", "Resource": _INSIDE}
_OPENED_BY = (
    "aws:elasticsearch/domainPolicy:DomainPolicy",
    "aws:elasticsearch/domainSamlOptions:DomainSamlOptions",
    "aws:elasticsearch/vpcEndpoint:VpcEndpoint",
    "aws:opensearch/authorizeVpcEndpointAccess:AuthorizeVpcEndpointAccess",
    "aws:opensearch/domainPolicy:DomainPolicy",
    "aws:opensearch/domainSamlOptions:DomainSamlOptions",
    "aws:opensearch/inboundConnectionAccepter:InboundConnectionAccepter",
    "aws:opensearch/outboundConnection:OutboundConnection",
    "aws:opensearch/vpcEndpoint:VpcEndpoint",
)


def _policy(*statements: Any) -> Change:
    return edit(DOMAIN, accessPolicies=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def _trust(**changes: Any) -> Change:
    statement = {"Effect": "Allow", "Principal": {"AWS": _ROOT}, "Action": "sts:AssumeRole", **changes}
    return edit(OWNER, assumeRolePolicy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def _by(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {operator: {key: list(values)}}


ACCEPTED: dict[str, Change] = {
    "a role by name": _policy({**_STATEMENT, "Principal": {"AWS": _ROLE}}),
    "an index only": _policy({**_STATEMENT, "Resource": _INSIDE.replace("*", "events-*")}),
    "a denial": _policy(_STATEMENT, {**_STATEMENT, "Effect": "Deny", "Principal": "*", "Action": "es:*"}),
    "anybody of the account": _policy(
        {**_STATEMENT, "Principal": "*", "Condition": _by("StringEquals", "aws:PrincipalAccount", ACCOUNT)}
    ),
    "anonymous left false": nested(DOMAIN, f"{_SECURITY}.anonymousAuthEnabled", False),
    "FIPS": nested(DOMAIN, "domainEndpointOptions.tlsSecurityPolicy", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"),
    "other key": refer(DOMAIN, "encryptAtRest", "security-secrets-key"),
    "owner of one role": _trust(Principal={"AWS": _ROLE}),
    "owner of two roles": _trust(Condition=_by("ArnEquals", "aws:PrincipalArn", _ROLE, f"{_ROLE}-else")),
    "owner denied to others": _trust(Effect="Deny", Principal="*"),
}

REJECTED: dict[str, Case] = {
    **broken(_SCOPED, DOMAIN, "accessPolicies", None, "", "{}", UNKNOWN, 7),
    **{
        f"statement with {changes}": Case(_policy({**_STATEMENT, **changes}), at(_SCOPED, DOMAIN))
        for changes in (
            {"Principal": "*"},
            {"Principal": {"AWS": "*"}},
            {"Principal": {"AWS": "arn:aws:iam::999999999999:root"}},
            {"Principal": {"Service": "es.amazonaws.com"}},
            {"Principal": {"Federated": "cognito-identity.amazonaws.com"}},
            {"NotPrincipal": {"AWS": _ROOT}},
            {"Action": "*"},
            {"Action": "es:*"},
            {"Action": ["es:ESHttpGet", "es:DeleteDomain"]},
            {"NotAction": "es:DeleteDomain"},
            {"Resource": "*"},
            {"Resource": _INSIDE.removesuffix("/*")},
            {"Resource": _INSIDE.replace("/*", "*")},
            {"Resource": [_INSIDE, _INSIDE.replace("prod", "dev")]},
        )
    },
    "second statement": Case(_policy(_STATEMENT, {**_STATEMENT, "Principal": "*"}), at(_SCOPED, DOMAIN)),
    **{
        type_: Case(chain(add(type_, "opened", {}), provide("opened")), at("search-access-in-one-place", "opened"))
        for type_ in _OPENED_BY
    },
    **broken("search-access-controlled", DOMAIN, f"{_SECURITY}.enabled", None, False, UNKNOWN),
    **broken("search-access-controlled", DOMAIN, f"{_SECURITY}.anonymousAuthEnabled", True, UNKNOWN),
    **broken("search-without-passwords", DOMAIN, f"{_SECURITY}.internalUserDatabaseEnabled", True, UNKNOWN),
    **broken("search-without-passwords", DOMAIN, f"{_SECURITY}.masterUserOptions.masterUserName", "admin", UNKNOWN),
    **broken("search-without-passwords", DOMAIN, f"{_SECURITY}.masterUserOptions.masterUserPassword", "x", UNKNOWN),
    **broken("search-without-passwords", DOMAIN, f"{_SECURITY}.jwtOptions", {"enabled": True}, UNKNOWN),
    **broken("search-without-passwords", DOMAIN, "cognitoOptions", {"enabled": True}, UNKNOWN),
    **broken("search-without-passwords", DOMAIN, "identityCenterOptions", {"enabledApiAccess": True}, UNKNOWN),
    **broken(_OWNED, DOMAIN, f"{_SECURITY}.masterUserOptions", None),
    "owner of no stack": Case(refer(DOMAIN, _SECURITY), at(_OWNED, DOMAIN)),
    "owner of another stack": Case(chain(other_stack, refer(DOMAIN, _SECURITY, ELSEWHERE)), at(_OWNED, DOMAIN)),
    "owner of another type": Case(refer(DOMAIN, _SECURITY, TOPIC), at(_OWNED, DOMAIN)),
    "no access control": Case(
        edit(DOMAIN, advancedSecurityOptions=None), at("search-access-controlled", DOMAIN) | at(_OWNED, DOMAIN)
    ),
    **{
        f"owner taken on by {changes}": Case(_trust(**changes), at(_TAKEN_ON, DOMAIN))
        for changes in (
            {},
            {"Principal": "*"},
            {"Principal": {"AWS": ACCOUNT}},
            {"Principal": {"AWS": [_ROLE, _ROOT]}},
            {"Principal": {"Service": "lambda.amazonaws.com"}},
            {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"}},
            {"Condition": _by("ArnLike", "aws:PrincipalArn", _ROLE)},
            {"Condition": _by("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/*")},
            {"Condition": _by("ArnEquals", "aws:PrincipalArn", _ROLE, _ROOT)},
            {"Condition": _by("ArnEquals", "aws:SourceArn", _ROLE)},
            {"Condition": _by("ArnEquals", "aws:PrincipalArn")},
        )
    },
    "owner's trust unknown": Case(edit(OWNER, assumeRolePolicy=UNKNOWN), at(_TAKEN_ON, DOMAIN)),
    **broken("search-encrypted", DOMAIN, "encryptAtRest.enabled", None, False, UNKNOWN, "true"),
    "key left out": Case(nested(DOMAIN, "encryptAtRest.kmsKeyId", None), at("search-key-of-stack", DOMAIN)),
    "key of no stack": Case(refer(DOMAIN, "encryptAtRest"), at("search-key-of-stack", DOMAIN)),
    "key of another type": Case(refer(DOMAIN, "encryptAtRest", TOPIC), at("search-key-of-stack", DOMAIN)),
    "not encrypted": Case(
        edit(DOMAIN, encryptAtRest=None), at("search-encrypted", DOMAIN) | at("search-key-of-stack", DOMAIN)
    ),
    **broken("search-nodes-encrypted", DOMAIN, "nodeToNodeEncryption", None, UNKNOWN),
    **broken("search-nodes-encrypted", DOMAIN, "nodeToNodeEncryption.enabled", None, False, UNKNOWN),
    **broken("search-over-tls", DOMAIN, "domainEndpointOptions", None, UNKNOWN),
    **broken("search-over-tls", DOMAIN, "domainEndpointOptions.enforceHttps", None, False, UNKNOWN),
    **broken(
        "search-over-tls",
        DOMAIN,
        "domainEndpointOptions.tlsSecurityPolicy",
        None,
        "Policy-Min-TLS-1-0-2019-07",
        "Policy-Min-TLS-1-2-2019-07",
        UNKNOWN,
    ),
}


def test_the_key_is_the_data_key() -> None:
    assert violations(refer(DOMAIN, "encryptAtRest", KEY)(recorded("prod"))) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
