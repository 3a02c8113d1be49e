"""One explicit provider: nothing lands in a region or an account by accident."""

import json

import pytest

from preview.topology import plain
from tests.support.editing import urn_of
from tests.support.recording import configured, recorded

_ACCOUNTS = {"dev": "111122223333", "prod": "444455556666"}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_resource_uses_the_one_provider(stack: str) -> None:
    topology = recorded(stack)
    provider = urn_of(topology, "aws")
    used = {resource.provider for resource in topology.resources.values() if resource.type.startswith("aws:")}
    assert used == {provider}
    assert json.loads(configured(stack).config["pulumi:disable-default-providers"]) == ["aws"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_provider_is_bound_to_region_account_and_tags(stack: str) -> None:
    topology = recorded(stack)
    inputs = plain(topology.resources[urn_of(topology, "aws")].inputs)
    assert inputs["region"] == "us-east-1"
    assert json.loads(inputs["allowedAccountIds"]) == [_ACCOUNTS[stack]]
    assert json.loads(inputs["defaultTags"]) == {
        "tags": {"Project": "fitness-platform", "Environment": stack, "ManagedBy": "pulumi"}
    }


_STATEFUL = {
    "aws:ecr/repository:Repository",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
}
"""Types of which each resource holds what is lost with it."""


def test_stateful_resources_are_protected_in_prod() -> None:
    resources = recorded("prod").resources.values()
    assert {resource.type for resource in resources} >= _STATEFUL
    assert [one.name for one in resources if one.type in _STATEFUL and not one.options.get("protect")] == []


def test_nothing_is_protected_in_dev() -> None:
    assert [one.name for one in recorded("dev").resources.values() if one.options.get("protect")] == []
