"""The one AWS provider of a stack: what binds all that the stack declares to an account and a region."""

import json
import re
from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import MalformedError, Properties, UnreadableError

_PROVIDER = "pulumi:providers:aws"
_ACCOUNT = re.compile(r"[0-9]{12}")
_KEPT_IN_STATE = frozenset({"accessKey", "secretKey", "token"})
_MAY_BE_GIVEN = frozenset(
    {
        "allowedAccountIds",
        "defaultTags",
        "maxRetries",
        "region",
        "retryMode",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "useDualstackEndpoint",
        "useFipsEndpoint",
        "version",
    }
)
"""What neither leads elsewhere, nor says who deploys, nor leaves something unchecked."""
_NOTHING = ("false", "[]", "{}")
_CLUSTER = "aws:ecs/cluster:Cluster"
_TAGS = ("Project", "Environment", "ManagedBy")
_EDGE_REGION = "us-east-1"
_AT_THE_EDGE = frozenset(
    {
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:cloudwatch/logDelivery:LogDelivery",
        "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        "aws:cloudwatch/logDeliverySource:LogDeliverySource",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:kms/alias:Alias",
        "aws:kms/key:Key",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:wafv2/webAcl:WebAcl",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    }
)
"""Types of which CloudFront and Route 53 need some in us-east-1, wherever the stack is."""
VAULT = "aws:backup/vault:Vault"
_IN_SECOND_REGION = frozenset(
    {
        VAULT,
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        "aws:backup/vaultPolicy:VaultPolicy",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/repository:Repository",
        "aws:kms/alias:Alias",
        "aws:kms/key:Key",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketLogging:BucketLogging",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
    }
)
"""Types of which copies are made in the second region, or that protect and watch what is there."""


class UnboundError(UnreadableError):
    """A resource whose provider is bound to no account that is known."""

    def __init__(self) -> None:
        super().__init__(
            "allowedAccountIds of the provider names no account that can be read, so that nobody is told from strangers"
        )


def own_accounts(node: Node) -> set[str]:
    """Return the accounts that a resource's provider is bound to; providers take lists as JSON.

    :raises UnreadableError: where there is none, or they are unknown or malformed.
    """
    return _accounts(node.provider)


def region_of(node: Node) -> str | None:
    """Return the region that a resource is in."""
    return known_text(node, "region") or node.provider.text("region")


def are_apart(node: Node, other: Node) -> bool:
    """Return whether two resources are in regions that are known, and differ."""
    regions = {region_of(node), region_of(other)} - {None}
    return len(regions) > 1


def is_far(node: Node) -> bool:
    """Return whether a resource is in another region than its provider's."""
    return region_of(node) != node.provider.text("region")


def second_region(graph: Graph) -> str | None:
    """Return the region that copies go to: the one that has a vault, beside the provider's."""
    found = {region_of(vault) for vault in graph.of_type(VAULT) if is_far(vault)}
    return found.pop() if len(found) == 1 else None


def _accounts(provider: Properties) -> set[str]:
    try:
        listed: Any = json.loads(provider.text("allowedAccountIds") or "[]")
    except ValueError:
        raise UnboundError from None
    if not isinstance(listed, list) or not listed:
        raise UnboundError
    if not all(isinstance(account, str) and _ACCOUNT.fullmatch(account) for account in listed):
        raise UnboundError
    return set(listed)


def _bound(provider: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if others := [other.name for other in graph.of_type(_PROVIDER) if other is not provider]:
        yield f"the stack has {', '.join(others)} besides, so that a resource may land in another region or account"
    if len(accounts := _accounts(provider.properties)) > 1:
        yield f"allowedAccountIds names {len(accounts)} accounts, not 1"
    if provider.properties.text("region") is None:
        yield "region is not given, so that the shell of whoever deploys decides it"


def _checked(provider: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in sorted(provider.properties.keys() - _MAY_BE_GIVEN - _KEPT_IN_STATE):
        if provider.properties.given(key) and provider.properties.text(key) not in _NOTHING:
            yield f"{key} is given, so that requests go elsewhere, as somebody else, or unchecked"


def _without_keys(provider: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for key in sorted(_KEPT_IN_STATE):
        if provider.properties.given(key):
            yield f"{key} is given, which stays in the stack's state"


def _tagged(provider: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    written = provider.properties.text("defaultTags")
    try:
        tags: Any = json.loads(written or "{}").get("tags", {})
        missing = [tag for tag in _TAGS if not tags.get(tag)]
    except (ValueError, AttributeError):
        raise MalformedError("defaultTags", written, "an object with tags") from None
    if missing:
        yield f"defaultTags lack {', '.join(missing)}, so that nobody can tell whose the resources are"
        return
    prefix = f"{tags['Project']}-{tags['Environment']}-"
    names = [name for cluster in graph.of_type(_CLUSTER) if (name := known_text(cluster, "name"))]
    if others := [name for name in names if not name.startswith(prefix)]:
        yield f"defaultTags say {prefix.rstrip('-')}, while {others[0]} is of another environment"


def _in_one_region(node: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    if not node.type.startswith("aws:"):
        return
    if node.references.get("region"):
        yield "region is made from another resource, so that it can't be told"
    region = known_text(node, "region")
    if region == _EDGE_REGION and node.type in _AT_THE_EDGE:
        return
    if region and node.type in _IN_SECOND_REGION and region == second_region(graph):
        return
    if region and region != node.provider.text("region"):
        yield f"it is in {region}, which is not its provider's region"


PROVIDER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="provider-bound",
        title="The stack has one AWS provider, bound to one account and one region",
        clauses=("dr-iac-git",),
        severity="critical",
        types=frozenset({_PROVIDER}),
        check=_bound,
        remediation="Hand down the provider of components/provider.py, and declare no other.",
    ),
    StackGuardrail(
        id="provider-checked",
        title="The AWS provider talks to AWS itself over TLS, as whoever deploys, and checks the account",
        clauses=("dr-iac-git", "enc-transit-tls12"),
        severity="critical",
        types=frozenset({_PROVIDER}),
        check=_checked,
        remediation=(
            "Leave out endpoints, proxies, profiles, roles to assume and what skips a validation. Credentials come "
            "from where docs/deploying.md says."
        ),
    ),
    StackGuardrail(
        id="provider-tags",
        title="The AWS provider tags everything with project, environment and what manages it",
        clauses=("dr-iac-git",),
        severity="low",
        types=frozenset({_PROVIDER}),
        check=_tagged,
        remediation="Hand down the provider of components/provider.py, which has these tags.",
    ),
    StackGuardrail(
        id="resources-in-one-region",
        title="Every resource is in the provider's region, but copies in one other and the edge's in us-east-1",
        clauses=("dr-iac-git", "cost-data-transfer-regions"),
        severity="high",
        types=frozenset(),
        check=_in_one_region,
        remediation="Leave region out, or give copies the region of the vault that backups are copied to.",
    ),
    StackGuardrail(
        id="provider-without-keys",
        title="The AWS provider takes credentials from its surroundings",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({_PROVIDER}),
        check=_without_keys,
        remediation="Leave accessKey, secretKey and token out; docs/deploying.md says where credentials come from.",
    ),
)
