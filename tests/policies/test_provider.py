import json
from typing import Any

import pytest

from guardrails.provider import PROVIDER_GUARDRAILS, own_accounts
from guardrails.reading import UnreadableError
from preview.topology import Topology
from tests.policies.breaking import Case, Change, add, at, cases, edit, point
from tests.policies.graphs import graph
from tests.support.editing import UNKNOWN
from tests.support.judging import diagnostics, violations
from tests.support.recording import recorded

_TAGS, _REGION = "provider-tags", "resources-in-one-region"
_BOUND, _CHECKED, _KEYS = "provider-bound", "provider-checked", "provider-without-keys"
_ACCOUNT, _OTHER = "444455556666", "999988887777"
# What no account can be read from.
_UNREADABLE: list[Any] = [
    UNKNOWN,
    None,
    "",
    "[]",
    "x",
    7,
    [_ACCOUNT],
    _ACCOUNT,
    json.dumps(_ACCOUNT),
    json.dumps({_ACCOUNT: 1}),
    json.dumps([int(_ACCOUNT)]),
    json.dumps([_ACCOUNT, None]),
    json.dumps([[_ACCOUNT]]),
    json.dumps([f"{_ACCOUNT} "]),
    json.dumps(["*"]),
]
_SECOND = {"region": "us-east-1", "allowedAccountIds": json.dumps([_ACCOUNT])}


def _tags(**changes: str) -> str:
    return json.dumps(
        {"tags": {"Project": "fitness-platform", "Environment": "prod", "ManagedBy": "pulumi", **changes}}
    )


ACCEPTED: dict[str, Change] = {
    "prod": lambda topology: topology,
    "checks spelt out": edit("aws", skipRequestingAccountId="false", insecure="false", endpoints="[]", accessKey=""),
    "others at their defaults": edit("aws", assumeRoles="[]", ignoreTags="{}", profile="", s3UsePathStyle="false"),
    "retries": edit("aws", maxRetries="10", retryMode="adaptive"),
    "endpoints of both kinds": edit("aws", useDualstackEndpoint="true"),
    "a further tag": edit("aws", defaultTags=_tags(Team="platform")),
    "region spelt out": edit("network-vpc", region="us-east-1"),
    "region that AWS computes": edit("network-vpc", region=UNKNOWN),
    "a provider of another package": add("pulumi:providers:random", "random", {}),
}

REJECTED: dict[str, Case] = {
    **{
        f"tags {value!r}": Case(edit("aws", defaultTags=value), at(_TAGS, "aws"))
        for value in (
            None,
            "{}",
            "[]",
            "x",
            UNKNOWN,
            7,
            json.dumps({"tags": None}),
            json.dumps({"tags": {"Project": "x", "Environment": "prod", "ManagedBy": ""}}),
        )
    },
    **{
        f"{name} elsewhere": Case(edit(name, region="eu-west-1"), at(_REGION, name))
        for name in ("network-vpc", "security-data-key", "security-audit-logs-bucket")
    },
    "region made from another resource": Case(
        point("network-vpc", "region", "security-data-key"), at(_REGION, "network-vpc")
    ),
    **{
        f"accounts {value!r}": Case(edit("aws", allowedAccountIds=value), at(_BOUND, "aws"))
        for value in (*_UNREADABLE, json.dumps([_ACCOUNT, _OTHER]))
    },
    "no region": Case(edit("aws", region=None), at(_BOUND, "aws")),
    "a second one": Case(add("pulumi:providers:aws", "far", _SECOND), at(_BOUND, "aws", "far") | at(_TAGS, "far")),
    **{
        f"{key} {value!r}": Case(edit("aws", **{key: value}), at(_CHECKED, "aws"))
        for key in ("skipCredentialsValidation", "skipRequestingAccountId", "insecure")
        for value in ("true", UNKNOWN, 7)
    },
    **{
        f"{key} given": Case(edit("aws", **{key: value}), at(_CHECKED, "aws"))
        for key, value in (
            ("assumeRoles", json.dumps([{"roleArn": f"arn:aws:iam::{_OTHER}:role/x"}])),
            ("assumeRoleWithWebIdentity", json.dumps({"roleArn": "x"})),
            ("customCaBundle", "ca.pem"),
            ("ec2MetadataServiceEndpoint", "http://example.com"),
            ("forbiddenAccountIds", json.dumps([_ACCOUNT])),
            ("httpProxy", "http://example.com"),
            ("httpsProxy", "http://example.com"),
            ("ignoreTags", json.dumps({"keyPrefixes": [""]})),
            ("profile", "other"),
            ("s3UsEast1RegionalEndpoint", "legacy"),
            ("s3UsePathStyle", "true"),
            ("sharedConfigFiles", json.dumps(["x"])),
            ("sharedCredentialsFiles", json.dumps(["x"])),
            ("stsRegion", "eu-west-1"),
            ("something that is new", "x"),
        )
    },
    **{
        f"tags of another {tag}": Case(edit("aws", defaultTags=_tags(**{tag: "other"})), at(_TAGS, "aws"))
        for tag in ("Project", "Environment")
    },
    **{
        f"endpoints {value!r}": Case(edit("aws", endpoints=value), at(_CHECKED, "aws"))
        for value in (json.dumps([{"s3": "http://localhost:4566"}]), UNKNOWN)
    },
    **{
        f"{key} {value!r}": Case(edit("aws", **{key: value}), at(_KEYS, "aws"))
        for key in ("accessKey", "secretKey", "token")
        for value in ("AKIA", UNKNOWN)
    },
}


def _broken(topology: Topology) -> set[tuple[str, str]]:
    return violations(topology, of=PROVIDER_GUARDRAILS)


def test_where_the_region_is_not_known_nobody_can_tell_what_is_elsewhere() -> None:
    found = violations(edit("aws", region=UNKNOWN)(recorded("prod")), of=PROVIDER_GUARDRAILS)
    far = {name for guardrail, name in found if guardrail == _REGION}
    assert found == at(_BOUND, "aws") | at(_REGION, *far)
    assert {"far-data-key", "media-images-replica-bucket"} <= far
    assert "network-vpc" not in far


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert _broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    topology = case.change(recorded("prod"))
    assert _broken(topology) == case.violations
    assert not [one for one in diagnostics(topology, of=PROVIDER_GUARDRAILS) if "could not be judged" in one.message]


def _under(accounts: Any) -> Any:
    """Return a node whose provider is bound to some accounts, as the SDK would show it."""
    stack = graph(("pulumi:providers:aws", "aws", {"allowedAccountIds": accounts}, {}))
    [provider] = stack
    [node] = graph(("t:a", "node", {}, {}))
    node.provider = provider.properties
    return node


def test_accounts_are_those_of_the_provider() -> None:
    assert own_accounts(_under(json.dumps([_ACCOUNT, _OTHER]))) == {_ACCOUNT, _OTHER}


@pytest.mark.parametrize("accounts", _UNREADABLE)
def test_accounts_that_cannot_be_read_are_no_accounts(accounts: Any) -> None:
    with pytest.raises(UnreadableError, match="allowedAccountIds"):
        own_accounts(_under(accounts))


def test_resource_without_provider_has_no_accounts() -> None:
    with pytest.raises(UnreadableError, match="allowedAccountIds"):
        own_accounts(next(iter(graph(("t:a", "node", {}, {})))))
