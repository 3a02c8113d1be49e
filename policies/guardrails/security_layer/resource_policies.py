"""Policies of resources: nobody outside the account is let in, and AWS services only on its behalf."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, UndecidedError, as_texts
from guardrails.security_layer.keys import KEY, REPLICA_KEY

TOPIC = "aws:sns/topic:Topic"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
_KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
_INSIDE_KEYS = frozenset({KEY, REPLICA_KEY})
_OF_KEYS = _INSIDE_KEYS | {_KEY_POLICY}
_LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
_SEPARATE = frozenset(
    {
        _KEY_POLICY,
        _LOG_POLICY,
        TOPIC_POLICY,
        BUCKET_POLICY,
        "aws:backup/vaultPolicy:VaultPolicy",
        "aws:ecr/registryPolicy:RegistryPolicy",
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "aws:kinesis/resourcePolicy:ResourcePolicy",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        QUEUE_POLICY,
    }
)
_HELD_BY = frozenset({TOPIC, BUCKET, "aws:secretsmanager/secret:Secret", QUEUE})

ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
_PRINCIPAL = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?(?P<account>[0-9]{12})(?::(?P<name>[^*?]+))?")
_ACCOUNT_KEYS = {"aws:sourceaccount", "kms:calleraccount"}
_LOAD_BALANCERS = "logdelivery.elasticloadbalancing.amazonaws.com"
_LOGS = re.compile(r"arn:aws[a-z-]*:s3:::[^*?]+/AWSLogs/(?P<account>[0-9]{12})/.*")
_ARN_OPERATORS = {"ArnEquals", "ArnLike", "StringEquals", "StringLike"}


def _scoped(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    try:
        statements = node.properties.statements("policyDocument" if node.type == _LOG_POLICY else "policy")
    except UndecidedError:
        if node.type in _INSIDE_KEYS:
            return  # AWS computes it where it is left out; keys-have-policies speaks of what is given
        raise
    accounts = own_accounts(node)
    if not statements and node.type in _SEPARATE:
        yield "its policy has no statements"
    for statement in statements:
        if _locks_out(statement):
            yield f"statement {statement.get('Sid', '')!r} of its policy denies everything to everybody"
        if statement.get("Effect") != "Deny" and not (node.type == _LOG_POLICY and _opens_streams(statement)):
            for problem in loose(statement, accounts, of_key=node.type in _OF_KEYS):
                yield f"statement {statement.get('Sid', '')!r} of its policy {problem}"


def _locks_out(statement: dict[str, Any]) -> bool:
    """Return whether a statement denies whatever there is to whoever asks."""
    principal: Any = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in as_texts(principal.get("AWS", [])))
    everything = any(is_every(action) for action in as_texts(statement.get("Action", "*")))
    return statement.get("Effect") == "Deny" and everybody and everything and not statement.get("Condition")


def _opens_streams(statement: dict[str, Any]) -> bool:
    """Return whether a statement lets services open log streams and no more, which they do without saying for whom.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
    """
    principal = statement.get("Principal")
    return (
        isinstance(principal, dict)
        and [*principal] == ["Service"]
        and as_texts(statement.get("Action", [])) == ["logs:CreateLogStream"]
        and not set(statement) - ELEMENTS
    )


def loose(statement: dict[str, Any], accounts: set[str], *, of_key: bool = False) -> Iterator[str]:
    """Yield how a statement of a policy lets others in than the accounts and what works on their behalf."""
    if strange := sorted(statement.keys() - ELEMENTS):
        yield f"uses {', '.join(strange)}, so that it allows more than it names"
    principal = statement.get("Principal")
    named: Any = {"AWS": principal} if principal == "*" else principal
    if not isinstance(named, dict):
        yield f"lets {principal!r} in"
        return
    only_root = True
    for kind, names in ((kind, as_texts(names)) for kind, names in named.items()):
        only_root = only_root and kind == "AWS" and all(_is_root(name) for name in names)
        if kind == "AWS":
            bound = _is_account_only(statement, accounts)
            strangers = [name for name in names if not (_is_own(name, accounts) or (name == "*" and bound))]
        elif kind == "Service":
            bound = is_on_behalf(statement, accounts)
            strangers = [
                name for name in names if "*" in name or not (bound or _writes_own_logs(name, statement, accounts))
            ]
        else:
            strangers = names
        if strangers:
            outside = "on behalf of any account" if kind == "Service" else "from outside the account"
            yield f"lets {kind} {', '.join(strangers)} in, {outside}"
    every = [action for action in as_texts(statement.get("Action", "*")) if is_every(action)]
    if every and not (of_key and only_root):
        yield f"allows {', '.join(every)}, every action there is"


def _is_own(principal: str, accounts: set[str]) -> bool:
    found = _PRINCIPAL.fullmatch(principal)
    return found is not None and found["account"] in accounts


def _is_root(principal: str) -> bool:
    found = _PRINCIPAL.fullmatch(principal)
    return found is not None and found["name"] in (None, "root")


def is_every(action: str) -> bool:
    """Return whether a pattern stands for every action, or for every action of a service."""
    _, colon, name = action.partition(":")
    return not colon or not name.strip("*?")


def conditions_of(statement: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the operator, the key in lower case and the values of each condition; all of them must hold."""
    conditions: Any = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            yield operator, key.lower(), as_texts(values)


def _is_account_only(statement: dict[str, Any], accounts: set[str]) -> bool:
    return any(
        operator == "StringEquals" and key == "aws:principalaccount" and values and set(values) <= accounts
        for operator, key, values in conditions_of(statement)
    )


def is_on_behalf(statement: dict[str, Any], accounts: set[str]) -> bool:
    """Return whether a service is let in only for what belongs to the accounts."""
    for operator, key, values in conditions_of(statement):
        context = key.startswith("kms:encryptioncontext:")
        if not values:
            continue
        if (key in _ACCOUNT_KEYS or context) and operator in ("StringEquals", "StringLike") and set(values) <= accounts:
            return True
        if (key == "aws:sourcearn" or context) and all(_is_own_arn(operator, value, accounts) for value in values):
            return True
    return False


def _writes_own_logs(service: str, statement: dict[str, Any], accounts: set[str]) -> bool:
    """Return whether load balancers are let in to write below the account's own path, which no other's can choose.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    found = [_LOGS.fullmatch(resource) for resource in as_texts(statement.get("Resource"))]
    return (
        service == _LOAD_BALANCERS
        and set(as_texts(statement.get("Action"))) == {"s3:PutObject"}
        and bool(found)
        and all(match is not None and match["account"] in accounts for match in found)
    )


def _is_own_arn(operator: str, arn: str, accounts: set[str]) -> bool:
    """Return whether ``operator`` matches ``arn`` with resources of the accounts only."""
    parts = arn.split(":", 5)
    if operator not in _ARN_OPERATORS or len(parts) < 6 or parts[4] not in accounts:
        return False
    return operator != "StringLike" or not any(sign in part for part in parts[:4] for sign in "*?")


def _separate(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.given("policy"):
        yield "policy is given inline, where it fights with a policy of its own and can't be told from AWS's default"


RESOURCE_POLICY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="resource-policies-scoped",
        title="Policies of keys, topics, buckets, secrets, queues and images let in this account and what works for it",
        clauses=("enc-kms", "dr-config-secrets-manager", "media-public-access-blocked"),
        severity="critical",
        types=_OF_KEYS | _SEPARATE,
        check=_scoped,
        controls=(
            "KMS.5",
            "CKV_AWS_33",
            "kms_key_not_publicly_accessible",
            "SNS.4",
            "CKV_AWS_169",
            "S3.2",
            "S3.3",
            "S3.6",
            "CKV_AWS_70",
        ),
        remediation=(
            "Name principals of the own account, give services a condition on aws:SourceAccount or aws:SourceArn, and "
            "leave every action to the account's root in policies of keys alone."
        ),
    ),
    ResourceGuardrail(
        id="resource-policies-separate",
        title="Policies of topics, buckets, secrets and queues are resources of their own",
        clauses=("enc-kms", "dr-config-secrets-manager", "media-public-access-blocked"),
        severity="high",
        types=_HELD_BY,
        check=_separate,
        remediation="Declare a TopicPolicy, BucketPolicy, SecretPolicy or QueuePolicy.",
    ),
)
