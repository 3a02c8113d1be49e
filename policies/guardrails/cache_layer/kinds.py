"""The cache is a replication group: of nothing else does the stack know that it holds what the decision asks."""

from collections.abc import Iterable

from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_OTHERS = frozenset(
    {
        "aws:elasticache/cluster:Cluster",
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        "aws:elasticache/serverlessCache:ServerlessCache",
        "aws:elasticache/userGroupAssociation:UserGroupAssociation",
        "aws:memorydb/acl:Acl",
        "aws:memorydb/cluster:Cluster",
        "aws:memorydb/multiRegionCluster:MultiRegionCluster",
        "aws:memorydb/parameterGroup:ParameterGroup",
        "aws:memorydb/snapshot:Snapshot",
        "aws:memorydb/subnetGroup:SubnetGroup",
        "aws:memorydb/user:User",
    }
)


def _refused(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"{type_} is no part of the cache, which is a replication group, its parameters, subnets and users"


KIND_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="cache-is-a-replication-group",
        title="The cache is one replication group, which lists its nodes and users by itself",
        clauses=("cache-multi-az-failover", "cache-64gb"),
        severity="high",
        types=_OTHERS,
        check=_refused,
        controls=("elasticache_redis_replication_group_auth_enabled",),
        remediation="Declare an aws.elasticache.ReplicationGroup, as components/cache_layer does.",
    ),
)
