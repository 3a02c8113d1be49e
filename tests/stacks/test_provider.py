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


def test_stateful_resources_are_protected_in_prod_only() -> None:
    def protected(stack: str) -> set[str]:
        return {resource.name for resource in recorded(stack).resources.values() if resource.options.get("protect")}

    tasks = ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
    assert protected("prod") == {
        "api-web-acl-log",
        *(f"compute-{task}-images" for task in tasks),
        *(f"compute-{task}-task-log" for task in tasks),
        "database-analytics",
        "database-analytics-postgresql-log",
        "database-analytics-upgrade-log",
        "database-primary",
        "database-primary-postgresql-log",
        "database-primary-upgrade-log",
        "database-app-secret",
        "database-owner-secret",
        "network-flow-logs-group",
        "security-access-logs-bucket",
        "security-alerts-key",
        "security-archive-key",
        "security-audit-logs-bucket",
        "security-data-key",
        "security-logs-key",
        "security-secrets-key",
    }
    assert protected("dev") == set()
