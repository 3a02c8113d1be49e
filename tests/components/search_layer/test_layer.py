import json
from typing import Any

import pytest

from components import SearchLayer
from components.naming import Naming
from components.search_layer.names import MAX_DOMAIN_NAME, domain_name
from preview.topology import plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded

_DOMAIN, _STREAM = "search-domain-nodes", "search-events"
_ARN = "arn:aws:es:us-east-1:444455556666:domain/fitness-prod-search"
_LOGS = ("application", "audit", "index-slow", "search-slow")


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    registered = set(plain(topology.resources[urn_of(topology, "search")].outputs))
    assert registered == set(SearchLayer.__annotations__) - {"backing"}


def test_domain_has_a_node_in_each_zone_and_three_masters() -> None:
    topology = recorded("prod")
    config = inputs(topology, _DOMAIN)["clusterConfig"]
    assert config == {
        "instanceType": "r7g.large.search",
        "instanceCount": 3,
        "zoneAwarenessEnabled": True,
        "zoneAwarenessConfig": {"availabilityZoneCount": 3},
        "multiAzWithStandbyEnabled": False,
        "dedicatedMasterEnabled": True,
        "dedicatedMasterCount": 3,
        "dedicatedMasterType": "m7g.medium.search",
        "warmEnabled": False,
    }
    assert references(topology, _DOMAIN)["vpcOptions"] == [
        "network-data-a",
        "network-data-b",
        "network-data-c",
        "groups-search",
    ]


def test_dev_has_one_small_node() -> None:
    topology = recorded("dev")
    config = inputs(topology, _DOMAIN)["clusterConfig"]
    assert (config["instanceType"], config["instanceCount"], config["dedicatedMasterEnabled"]) == (
        "m7g.medium.search",
        1,
        False,
    )
    assert "zoneAwarenessConfig" not in config
    assert references(topology, _DOMAIN)["vpcOptions"] == ["network-data-a", "groups-search"]


@pytest.mark.parametrize(("zones", "nodes"), [(["a", "b"], 4), (["a", "b", "c"], 6)])
def test_every_zone_has_as_many_nodes(zones: list[str], nodes: int) -> None:
    topology = recorded("prod", network={"availabilityZones": zones}, search={"nodesPerZone": 2})
    config = inputs(topology, _DOMAIN)["clusterConfig"]
    assert config["instanceCount"] == nodes
    assert config["zoneAwarenessConfig"] == {"availabilityZoneCount": len(zones)}


def test_domain_is_encrypted_and_answers_over_tls() -> None:
    topology = recorded("prod")
    found = inputs(topology, _DOMAIN)
    assert found["nodeToNodeEncryption"] == {"enabled": True}
    assert found["encryptAtRest"]["enabled"] is True
    assert found["domainEndpointOptions"] == {
        "enforceHttps": True,
        "tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
    }
    assert references(topology, _DOMAIN)["encryptAtRest"] == ["security-data-key"]
    assert topology.resources[urn_of(topology, _DOMAIN)].options["protect"] is True


def test_domain_knows_roles_and_no_passwords() -> None:
    topology = recorded("prod")
    security = inputs(topology, _DOMAIN)["advancedSecurityOptions"]
    assert (security["enabled"], security["internalUserDatabaseEnabled"]) == (True, False)
    assert references(topology, _DOMAIN)["advancedSecurityOptions"] == ["search-domain-owner"]
    [statement] = json.loads(inputs(topology, _DOMAIN)["accessPolicies"])["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::444455556666:root"}
    assert statement["Resource"] == f"{_ARN}/*"
    assert all(action.startswith("es:ESHttp") for action in statement["Action"])


def test_bootstrap_alone_takes_on_the_owner() -> None:
    [statement] = inputs(recorded("prod"), "search-domain-owner")["assumeRolePolicy"]["Statement"]
    assert statement["Condition"] == {
        "ArnEquals": {
            "aws:PrincipalArn": "arn:aws:iam::444455556666:role/fitness-platform-prod-us-east-1-search-bootstrap"
        }
    }


def test_logs_have_groups_and_leave_to_be_written_before_the_domain_is_made() -> None:
    topology = recorded("prod")
    groups = {f"search-domain-logs-{label}" for label in _LOGS}
    assert groups | {"search-domain-logs-policy"} <= waits_for(topology, _DOMAIN)
    for label in _LOGS:
        assert inputs(topology, f"search-domain-logs-{label}") == {
            "name": f"/aws/opensearch/fitness-prod-search/{label}",
            "retentionInDays": 731 if label == "audit" else 90,
        }
    [statement] = json.loads(inputs(topology, "search-domain-logs-policy")["policyDocument"])["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "444455556666"},
        "ArnEquals": {"aws:SourceArn": _ARN},
    }
    published = {option["logType"] for option in inputs(topology, _DOMAIN)["logPublishingOptions"]}
    assert published == {"AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"}


@pytest.mark.parametrize("create", [True, False])
def test_the_role_that_an_account_has_once(create: bool) -> None:
    topology = recorded("prod", search={"createServiceLinkedRole": create})
    assert ("search-domain-service-linked-role" in names(topology, "ServiceLinkedRole")) is create
    assert ("search-domain-service-linked-role" in waits_for(topology, _DOMAIN)) is create


@pytest.mark.parametrize("environment", ["dev", "prod", "longest8"])
def test_names_of_domains_are_short_enough(environment: str) -> None:
    assert len(domain_name(Naming(environment, "444455556666", "us-east-1"))) <= MAX_DOMAIN_NAME


def test_stream_grows_by_itself_and_keeps_a_day() -> None:
    topology = recorded("prod")
    found = inputs(topology, _STREAM)
    assert found["streamModeDetails"] == {"streamMode": "ON_DEMAND"}
    assert "shardCount" not in found
    assert (found["retentionPeriod"], found["encryptionType"]) == (24, "KMS")
    assert references(topology, _STREAM) == {"kmsKeyId": ["security-streams-key"]}


def test_stream_may_have_shards() -> None:
    topology = recorded("prod", search={"events": {"mode": "PROVISIONED", "provisionedShards": 8}})
    assert inputs(topology, _STREAM)["shardCount"] == 8


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("ClusterStatus.red", ("GreaterThanOrEqualToThreshold", 1, "Maximum", 60)),
        ("FreeStorageSpace", ("LessThanOrEqualToThreshold", 25_600, "Minimum", 60)),
        ("JVMMemoryPressure", ("GreaterThanOrEqualToThreshold", 95, "Maximum", 60)),
        ("MasterReachableFromNode", ("LessThanThreshold", 1, "Minimum", 300)),
    ],
)
def test_alarms(metric: str, expected: tuple[Any, ...]) -> None:
    topology = recorded("prod")
    found = inputs(topology, f"search-alarms-{metric}")
    assert tuple(found[key] for key in ("comparisonOperator", "threshold", "statistic", "period")) == expected
    assert references(topology, f"search-alarms-{metric}")["dimensions"] == [_DOMAIN]


def test_tasks_are_told_where_search_and_stream_are() -> None:
    topology = recorded("prod")
    [main, _] = json.loads(inputs(topology, "compute-auth-task-definition")["containerDefinitions"])
    given = {one["name"]: one["value"] for one in main["environment"]}
    assert (given["STREAM_NAME"], given["SEARCH_DOMAIN"]) == ("fitness-platform-prod-events", "fitness-prod-search")
    assert "SEARCH_HOST" in {one["name"] for one in main["secrets"]}


_CONSUMERS = ("ai", "analytics", "dashboards")


@pytest.mark.parametrize("label", _CONSUMERS)
def test_consumers_read_for_themselves_and_lose_nothing(label: str) -> None:
    topology = recorded("prod")
    mapping, refers = inputs(topology, f"search-{label}-mapping"), references(topology, f"search-{label}-mapping")
    expected = {
        "startingPosition": "TRIM_HORIZON",
        "bisectBatchOnFunctionError": True,
        "maximumRetryAttempts": 10,
        "maximumRecordAgeInSeconds": 43_200,
        "parallelizationFactor": 2,
        "functionResponseTypes": ["ReportBatchItemFailures"],
    }
    assert {key: mapping[key] for key in expected} == expected
    assert refers["eventSourceArn"] == [f"search-{label}-consumer"]
    assert refers["functionName"] == [f"search-{label}-reader-alias"]
    assert refers["destinationConfig"] == [f"search-{label}-failed-queue"]
    assert inputs(topology, f"search-{label}-consumer")["name"] == label
    late = inputs(topology, f"search-{label}-IteratorAge")
    assert (late["metricName"], late["threshold"]) == ("IteratorAge", 3_600_000)


def test_functions_that_call_the_domain_are_in_the_vpc_and_told_where_it_is() -> None:
    topology = recorded("prod")
    for name in ("search-bootstrap-function", "search-dashboards-reader-function"):
        refers = references(topology, name)
        assert "groups-lambda" in refers["vpcConfig"]
        assert {f"network-private-{zone}" for zone in "abc"} <= set(refers["vpcConfig"])
        assert refers["environment"] == ["search-location-url"]
    assert references(topology, "search-location-url")["value"] == [_DOMAIN]


def test_bootstrap_is_called_anew_where_what_it_applies_has_changed() -> None:
    once, more = (
        inputs(recorded("prod", search={"indexShards": shards}), "search-bootstrap-call") for shards in (5, 6)
    )
    assert json.loads(once["input"])["wanted"]
    assert once["triggers"]["contents"] != more["triggers"]["contents"]
    assert once["triggers"]["code"] == more["triggers"]["code"]
