"""Clause enc-kms: a key lets in the AWS services that write what it encrypts.

An alarm whose topic is encrypted with a key that CloudWatch may not use reaches nobody, and nothing says so.
"""

import re
from collections.abc import Iterable
from typing import Any

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.reading import as_texts
from guardrails.security_layer.buckets import ENCRYPTION, buckets_of, companions
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.log_archives import DELIVERY_CHANNEL, TRAIL
from guardrails.security_layer.resource_policies import BUCKET_POLICY, TOPIC, TOPIC_POLICY

_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_DOMAIN = re.compile(r"(\.[a-z]+-[a-z]+-[0-9])?\.amazonaws\.com$")
_WRITES = re.compile(r"(?i)\*|sns:(\*|publish\*?)|s3:(\*|put\*|putobject\*?)")
_READS = re.compile(r"(?i)\*|s3:(\*|get\*|getobject\*?)")
_USES = re.compile(r"(?i)kms:(\*|generatedatakey\*?|encrypt\*?)")
_DECRYPTS = re.compile(r"(?i)kms:(\*|decrypt)")


def _services(statements: Iterable[dict[str, Any]], actions: re.Pattern[str]) -> set[str]:
    """Return the AWS services that statements allow one of some actions, without their domain and region."""
    return {
        _DOMAIN.sub("", name)
        for statement in statements
        if statement.get("Effect") == "Allow" and isinstance(statement.get("Principal"), dict)
        for name in as_texts(statement["Principal"].get("Service", []))
        if any(actions.fullmatch(action) for action in as_texts(statement.get("Action", [])))
    }


def _usable(keys: Iterable[Node], services: set[str], encrypts: str, uses: re.Pattern[str] = _USES) -> Iterable[str]:
    for key in keys:
        if missing := services - _services(key.properties.statements("policy"), uses):
            yield f"{key.name}, which encrypts {encrypts}, does not let {', '.join(sorted(missing))} use it"


def _by_logs(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    return _usable(group.refers("kmsKeyId", KEY, REPLICA_KEY), {"logs"}, "it")


def _by_publishers(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    publishers = _services(policy.properties.statements("policy"), _WRITES)
    for topic in policy.refers("arn", TOPIC):
        yield from _usable(topic.refers("kmsMasterKeyId", KEY, REPLICA_KEY), publishers, topic.name)


def _by_writers(policy: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    statements = policy.properties.statements("policy")
    writers, readers = _services(statements, _WRITES), _services(statements, _READS)
    for bucket in buckets_of(policy, "bucket"):
        for encryption in companions(bucket, graph, ENCRYPTION):
            keys = encryption.refers("rules", KEY, REPLICA_KEY)
            yield from _usable(keys, writers, bucket.name)
            yield from _usable(keys, readers, bucket.name, _DECRYPTS)


def _by_trail(trail: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    return _usable(trail.refers("kmsKeyId", KEY, REPLICA_KEY), {"cloudtrail"}, "its files")


def _by_recorder(channel: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    return _usable(channel.refers("s3KmsKeyArn", KEY, REPLICA_KEY), {"config"}, "its files")


_CHECKS = {
    _LOG_GROUP: _by_logs,
    TOPIC_POLICY: _by_publishers,
    BUCKET_POLICY: _by_writers,
    TRAIL: _by_trail,
    DELIVERY_CHANNEL: _by_recorder,
}


def _lets_users_in(node: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    return _CHECKS[node.type](node, graph, relaxations)


KEY_USER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="keys-let-services-in",
        title="The AWS services that write to a log group, topic, bucket or trail, or read a bucket, may use its key",
        clauses=("enc-kms", "enc-rest-others", "edge-s3-origin-video"),
        severity="high",
        types=frozenset(_CHECKS),
        check=_lets_users_in,
        remediation="Pass the key that is made for this kind of data, as components/security_layer/keys.py lists them.",
    ),
)
