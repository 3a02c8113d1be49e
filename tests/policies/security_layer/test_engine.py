"""Every case again, as the engine would show it: the verdict must be the same."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from preview.topology import Topology
from tests.policies.breaking import Case, Change
from tests.policies.engine import Eye
from tests.policies.security_layer import (
    test_buckets,
    test_keys,
    test_log_archives,
    test_resource_policies,
    test_roles,
    test_secrets,
    test_topics,
    test_transport,
    test_who_may_talk,
)
from tests.policies.security_layer.judged import ACCOUNT, IDS, broken, document, recorded
from tests.support.judging import diagnostics

_MODULES = (
    test_buckets,
    test_keys,
    test_log_archives,
    test_resource_policies,
    test_roles,
    test_secrets,
    test_topics,
    test_transport,
    test_who_may_talk,
)
_ACCEPTED: dict[str, Change] = {
    f"{module.__name__.rpartition('_')[2]}: {name}": change
    for module in _MODULES
    for name, change in module.ACCEPTED.items()
}
_REJECTED: dict[str, Case] = {
    f"{module.__name__.rpartition('_')[2]}: {name}": case
    for module in _MODULES
    for name, case in module.REJECTED.items()
}

# What AWS computes where it is left out, as it is once the stack is deployed.
_COMPUTED: Mapping[str, Mapping[str, Any]] = {
    "aws:ec2/securityGroup:SecurityGroup": {"ingress": [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]},
    "aws:elasticache/replicationGroup:ReplicationGroup": {"securityGroupIds": ["sg-1"]},
    "aws:iam/role:Role": {
        "inlinePolicies": [{"name": "all", "policy": document({"Effect": "Allow", "Action": "*", "Resource": "*"})}],
        "managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
    },
    "aws:kms/key:Key": {
        "policy": document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        )
    },
    "aws:opensearch/domain:Domain": {"vpcOptions": {"securityGroupIds": ["sg-1"]}},
    "aws:rds/instance:Instance": {"port": 5432, "vpcSecurityGroupIds": ["sg-1"]},
    "aws:rds/proxy:Proxy": {"vpcSecurityGroupIds": ["sg-1"]},
    "aws:s3/bucket:Bucket": {
        "acl": "private",
        "grants": [{"type": "CanonicalUser", "permissions": ["FULL_CONTROL"]}],
        "policy": document({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
        "serverSideEncryptionConfiguration": {"rule": {}},
        "versioning": {"enabled": False},
    },
    "aws:secretsmanager/secret:Secret": {"policy": ""},
    "aws:sns/topic:Topic": {
        "policy": document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:*", "Resource": "*"})
    },
    "aws:sqs/queue:Queue": {"policy": ""},
}


_first, _later = (Eye(deployed=deployed, computed=_COMPUTED) for deployed in (False, True))

as_shown = pytest.mark.parametrize("shown", [_first, _later])


@as_shown
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_recorded_stacks_get_the_same_verdict(stack: str, shown: Callable[[Topology], Topology]) -> None:
    assert broken(shown(recorded(stack))) == broken(recorded(stack))


@as_shown
@pytest.mark.parametrize("name", _ACCEPTED)
def test_accepts(name: str, shown: Callable[[Topology], Topology]) -> None:
    assert broken(shown(_ACCEPTED[name](recorded("prod")))) == set()


@as_shown
@pytest.mark.parametrize("name", _REJECTED)
def test_rejects(name: str, shown: Callable[[Topology], Topology]) -> None:
    case = _REJECTED[name]
    found = [one for one in diagnostics(shown(case.change(recorded("prod")))) if one.guardrail in IDS]
    assert {(one.guardrail, one.urn.rpartition("::")[2]) for one in found} == case.violations
    assert all(one.message for one in found)
    assert not [one for one in found if "could not be judged" in one.message], "a check broke"


def test_every_guardrail_is_broken_by_a_case() -> None:
    assert {guardrail for case in _REJECTED.values() for guardrail, _ in case.violations} == IDS
