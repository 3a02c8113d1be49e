"""Options of resources, which hold for Pulumi and not for AWS: what it never deletes, and what it doesn't look at."""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail

_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_TWO_YEARS = 731  # how long logs that are an audit are kept
_STATEFUL = frozenset(
    {
        _LOG_GROUP,
        "aws:backup/vault:Vault",
        "aws:cloudtrail/trail:Trail",
        "aws:dynamodb/table:Table",
        "aws:ecr/repository:Repository",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:kinesis/stream:Stream",
        "aws:kms/key:Key",
        "aws:kms/replicaKey:ReplicaKey",
        "aws:opensearch/domain:Domain",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:secretsmanager/secret:Secret",
        "aws:sqs/queue:Queue",
    }
)


_MOVED_BY_AWS: Mapping[str, frozenset[str]] = {
    "aws:ecs/service:Service": frozenset({"desiredCount"}),  # scaling moves it
    "aws:lb/listenerRule:ListenerRule": frozenset({"actions"}),  # a blue/green deployment moves their weights
}
"""Properties that AWS goes on changing after the program has given them a first value."""


def _protected(node: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if node.type == _LOG_GROUP and 0 < (node.properties.number("retentionInDays") or 0) < _TWO_YEARS:
        return
    if relaxations.flag("requireProtection") and not node.protected:
        yield "its option protect is not true, so that an update may delete it"


def _nothing_ignored(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    overlooked = [key for key in node.ignored if key not in _MOVED_BY_AWS.get(node.type, ())]
    if overlooked:
        yield f"ignoreChanges lists {', '.join(overlooked)}, so that what was judged is not what AWS has"


OPTION_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="stateful-resources-protected",
        title="What keeps data, backups, keys, images, secrets or audit logs is protected from deletion",
        clauses=("dr-iac-git", "db-manual-snapshots", "dr-s3-versioning-mfa-delete"),
        severity="high",
        types=_STATEFUL,
        check=_protected,
        options={
            "requireProtection": Option({"type": "boolean"}, True, "Whether what keeps data must be protected."),
        },
        remediation="Leave protectStatefulResources out, or set it to true, and pass it on as the option protect.",
    ),
    StackGuardrail(
        id="changes-not-ignored",
        title="No change to a resource is ignored, other than those that AWS makes by itself",
        clauses=("dr-iac-git",),
        severity="high",
        types=frozenset(),
        check=_nothing_ignored,
        remediation="Take ignoreChanges out, and let the program say what AWS should have.",
    ),
)
