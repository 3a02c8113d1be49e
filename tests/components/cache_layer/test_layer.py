from typing import Any

import pytest

from components import CacheLayer
from preview.topology import plain
from tests.components.reading import inputs, names, references
from tests.support.editing import urn_of
from tests.support.recording import recorded

_CACHE = "fitness-platform-prod-cache"
_ACCOUNT = "us-east-1:444455556666"


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    outputs = set(plain(topology.resources[urn_of(topology, "cache")].outputs))
    assert outputs | {"backing"} == set(CacheLayer.__annotations__)


def test_four_shards_take_over_by_themselves_and_are_encrypted() -> None:
    topology = recorded("prod")
    found, refers = inputs(topology, "cache-group"), references(topology, "cache-group")
    assert found == {
        "replicationGroupId": _CACHE,
        "description": "Cache of fitness-platform-prod",
        "engine": "redis",
        "engineVersion": "7.1",
        "nodeType": "cache.r6g.xlarge",
        "numNodeGroups": 4,
        "replicasPerNodeGroup": 1,
        "multiAzEnabled": True,
        "automaticFailoverEnabled": True,
        "parameterGroupName": f"{_CACHE}-redis7",
        "subnetGroupName": _CACHE,
        "port": 6379,
        "atRestEncryptionEnabled": True,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "userGroupIds": [_CACHE],
        "snapshotRetentionLimit": 35,
        "snapshotWindow": "03:00-04:00",
        "finalSnapshotIdentifier": f"{_CACHE}-final-1",
        "maintenanceWindow": "sun:05:00-sun:06:00",
        "autoMinorVersionUpgrade": True,
        "applyImmediately": False,
        "logDeliveryConfigurations": [
            {
                "destinationType": "cloudwatch-logs",
                "destination": f"/aws/elasticache/{_CACHE}/{log}",
                "logFormat": "json",
                "logType": log,
            }
            for log in ("engine-log", "slow-log")
        ],
    }
    assert refers == {
        "kmsKeyId": ["security-data-key"],
        "logDeliveryConfigurations": ["cache-engine-log", "cache-slow-log"],
        "parameterGroupName": ["cache-parameters"],
        "securityGroupIds": ["groups-redis"],
        "subnetGroupName": ["cache-subnets"],
        "userGroupIds": ["cache-users-group"],
    }
    assert topology.resources[urn_of(topology, "cache-group")].options["protect"] is True


def test_a_full_cache_drops_what_has_an_end() -> None:
    found = inputs(recorded("prod"), "cache-parameters")
    assert (found["name"], found["family"]) == (f"{_CACHE}-redis7", "redis7")
    assert found["parameters"] == [
        {"name": "cluster-enabled", "value": "yes"},
        {"name": "maxmemory-policy", "value": "volatile-lru"},
        {"name": "reserved-memory-percent", "value": "25"},
    ]


def test_valkey_takes_its_own_parameters_and_the_same_users() -> None:
    topology = recorded("prod", cache={"engine": "valkey"})
    group, parameters = inputs(topology, "cache-group"), inputs(topology, "cache-parameters")
    assert (group["engine"], group["engineVersion"], parameters["family"]) == ("valkey", "8.0", "valkey8")
    assert {inputs(topology, name)["engine"] for name in (*names(topology, "User"), *names(topology, "UserGroup"))} == {
        "redis"
    }


def test_tasks_log_in_by_iam_and_the_default_user_is_off() -> None:
    topology = recorded("prod")
    app, nobody = inputs(topology, "cache-users-app"), inputs(topology, "cache-users-default")
    assert app["userId"] == app["userName"] == f"{_CACHE}-app"
    assert app["authenticationMode"] == {"type": "iam"}
    assert app["accessString"] == (
        "on ~cache:* ~leaderboard:* ~rate:* ~session:* "
        "-@all +@read +@write +@connection +@transaction +@scripting -@admin -@dangerous "
        "+cluster|nodes +cluster|shards +cluster|slots +info"
    )
    assert (nobody["userName"], nobody["accessString"]) == ("default", "off -@all")
    assert references(topology, "cache-users-group") == {"userIds": ["cache-users-app", "cache-users-default"]}


def test_tasks_are_told_how_to_use_it() -> None:
    topology = recorded("prod")
    statements = inputs(topology, "compute-auth-task-roles-uses-backings")["policy"]["Statement"]
    [statement] = [statement for statement in statements if statement["Sid"] == "LogInToCache"]
    assert statement == {
        "Sid": "LogInToCache",
        "Effect": "Allow",
        "Action": "elasticache:Connect",
        "Resource": [
            f"arn:aws:elasticache:{_ACCOUNT}:replicationgroup:{_CACHE}",
            f"arn:aws:elasticache:{_ACCOUNT}:user:{_CACHE}-app",
        ],
    }
    text = str(inputs(topology, "compute-auth-task-definition")["containerDefinitions"])
    for name, value in {
        "CACHE_NAME": _CACHE,
        "CACHE_PORT": "6379",
        "CACHE_USERNAME": f"{_CACHE}-app",
        "CACHE_SESSION_TTL_SECONDS": "86400",
        "RATE_LIMIT_USER_PER_HOUR": "1000",
        "RATE_LIMIT_IP_PER_HOUR": "10000",
        "RATE_LIMIT_BURST_MULTIPLIER": "2",
    }.items():
        assert f'{{"name": "{name}", "value": "{value}"}}' in text


@pytest.mark.parametrize("log", ["slow-log", "engine-log"])
def test_logs_are_kept_for_ninety_days(log: str) -> None:
    topology = recorded("prod")
    assert inputs(topology, f"cache-{log}") == {"name": f"/aws/elasticache/{_CACHE}/{log}", "retentionInDays": 90}
    assert references(topology, f"cache-{log}") == {"kmsKeyId": ["security-logs-key"]}


def test_nodes_are_in_data_subnets() -> None:
    assert references(recorded("prod"), "cache-subnets") == {
        "subnetIds": [f"network-data-{letter}" for letter in "abc"]
    }


def test_each_node_is_watched() -> None:
    topology = recorded("prod")
    alarms = {name for name in names(topology, "MetricAlarm") if name.startswith("cache-")}
    nodes = {f"{shard:04}-{node:03}" for shard in (1, 2, 3, 4) for node in (1, 2)}
    thresholds = {
        "CurrConnections": 52_000,
        "DatabaseMemoryUsageCountedForEvictPercentage": 80,
        "EngineCPUUtilization": 80,
        "Evictions": 0,
        "ReplicationLag": 30,
    }
    assert alarms == {f"cache-alarms-{node}-{metric}" for node in nodes for metric in thresholds}
    for metric, threshold in thresholds.items():
        found = inputs(topology, f"cache-alarms-0004-002-{metric}")
        expected: dict[str, Any] = {
            "name": f"{_CACHE}-0004-002-{metric}",
            "dimensions": {"CacheClusterId": f"{_CACHE}-0004-002"},
            "threshold": threshold,
            "comparisonOperator": "GreaterThanThreshold",
            "treatMissingData": "notBreaching",
        }
        assert {key: found[key] for key in expected} == expected
    busy = references(topology, "cache-alarms-0001-001-EngineCPUUtilization")
    assert busy["alarmActions"] == busy["okActions"] == ["security-alerts-critical"]


def test_dev_has_a_single_small_node_that_clients_find_in_the_same_way() -> None:
    topology = recorded("dev")
    found = inputs(topology, "cache-group")
    assert (found["nodeType"], found["numNodeGroups"], found["replicasPerNodeGroup"]) == ("cache.t4g.micro", 1, 0)
    assert (found["multiAzEnabled"], found["automaticFailoverEnabled"]) == (False, True)
    assert found["parameterGroupName"] == "fitness-platform-dev-cache-redis7"
    assert {name for name in names(topology, "MetricAlarm") if "ReplicationLag" in name} == set()
