import pytest

from tests.policies.breaking import Case, Change, add, at, cases
from tests.policies.cache_layer.stack import recorded, violations

_TYPES = (
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
)
ACCEPTED: dict[str, Change] = {}
REJECTED: dict[str, Case] = {
    type_: Case(add(type_, "more", {}), at("cache-is-a-replication-group", "more")) for type_ in _TYPES
}


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_have_none(stack: str) -> None:
    types = {resource.type for resource in recorded(stack).resources.values()}
    assert types.isdisjoint(_TYPES)
