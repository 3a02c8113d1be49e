from typing import Any

import pytest
from google.protobuf import json_format

from components import DatabaseLayer
from preview.program import run_program
from preview.stack_file import StackConfig
from preview.topology import plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import configured, recorded

_INSTANCES = ("database-primary", "database-analytics")


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    assert set(plain(topology.resources[urn_of(topology, "database")].outputs)) == set(DatabaseLayer.__annotations__)


@pytest.mark.parametrize("name", _INSTANCES)
def test_every_instance_is_encrypted_private_backed_up_and_watched(name: str) -> None:
    topology = recorded("prod")
    found, refers = inputs(topology, name), references(topology, name)
    expected: dict[str, Any] = {
        "instanceClass": "db.r6i.2xlarge",
        "storageType": "gp3",
        "storageEncrypted": True,
        "maxAllocatedStorage": 5120,
        "port": 5432,
        "publiclyAccessible": False,
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "iamDatabaseAuthenticationEnabled": True,
        "backupRetentionPeriod": 35,
        "backupWindow": "00:00-01:00",
        "deleteAutomatedBackups": False,
        "copyTagsToSnapshot": True,
        "maintenanceWindow": "sun:02:00-sun:03:00",
        "autoMinorVersionUpgrade": True,
        "applyImmediately": False,
        "deletionProtection": True,
        "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
        "monitoringInterval": 60,
        "performanceInsightsEnabled": True,
        "performanceInsightsRetentionPeriod": 7,
    }
    assert {key: found[key] for key in expected} == expected
    assert refers["kmsKeyId"] == refers["performanceInsightsKmsKeyId"] == ["security-data-key"]
    assert refers["vpcSecurityGroupIds"] == ["groups-rds"]
    assert refers["monitoringRoleArn"] == ["database-monitoring-role"]
    assert topology.resources[urn_of(topology, name)].options["protect"] is True


def test_the_primary_keeps_to_two_zones_with_a_standby() -> None:
    topology = recorded("prod")
    primary = inputs(topology, "database-primary")
    assert (primary["engine"], primary["engineVersion"], primary["multiAz"]) == ("postgres", "17", True)
    assert "availabilityZone" not in primary
    assert "manageMasterUserPassword" not in primary
    assert primary["skipFinalSnapshot"] is False
    assert primary["finalSnapshotIdentifier"] == "fitness-platform-prod-db-final-1"
    assert references(topology, "database-primary")["dbSubnetGroupName"] == ["database-primary-subnets"]
    assert references(topology, "database-primary-subnets")["subnetIds"] == ["network-data-a", "network-data-b"]


def test_zones_need_not_be_pinned() -> None:
    topology = recorded("prod", database={"pinZones": False})
    assert len(references(topology, "database-primary-subnets")["subnetIds"]) == 3


def test_the_analytics_replica_has_the_third_zone_and_its_own_parameters() -> None:
    topology = recorded("prod")
    replica = references(topology, "database-analytics")
    assert inputs(topology, "database-analytics")["availabilityZone"] == "us-east-1c"
    assert replica["replicateSourceDb"] == ["database-primary"]
    assert inputs(topology, "database-analytics")["skipFinalSnapshot"] is True
    assert replica["parameterGroupName"] == ["database-analytics-parameters"]
    assert replica["dbSubnetGroupName"] == ["database-analytics-subnets"]


@pytest.mark.parametrize("label", ["primary", "analytics"])
def test_logs_have_groups_before_rds_makes_its_own(label: str) -> None:
    topology = recorded("prod")
    groups = {f"database-{label}-{log}-log" for log in ("postgresql", "upgrade")}
    assert groups <= waits_for(topology, f"database-{label}")
    identifier = inputs(topology, f"database-{label}")["identifier"]
    for group in groups:
        log = group.split("-")[-2]
        assert inputs(topology, group) == {"name": f"/aws/rds/instance/{identifier}/{log}", "retentionInDays": 731}
        assert references(topology, group) == {"kmsKeyId": ["security-logs-key"]}


def test_static_parameters_wait_for_a_restart() -> None:
    parameters = inputs(recorded("prod"), "database-primary-parameters")["parameters"]
    waiting = {parameter["name"] for parameter in parameters if parameter["applyMethod"] == "pending-reboot"}
    assert waiting == {"max_connections", "shared_preload_libraries"}


def test_the_proxy_pools_300_connections_over_tls() -> None:
    topology = recorded("prod")
    proxy, refers = inputs(topology, "database-proxy-pool"), references(topology, "database-proxy-pool")
    assert (proxy["engineFamily"], proxy["requireTls"], proxy["debugLogging"]) == ("POSTGRESQL", True, False)
    assert refers["vpcSubnetIds"] == [f"network-private-{letter}" for letter in "abc"]
    assert refers["vpcSecurityGroupIds"] == ["groups-rds-proxy"]
    assert refers["auths"] == ["database-app-secret"]
    pool = inputs(topology, "database-proxy-target-group")["connectionPoolConfig"]
    assert 500 * pool["maxConnectionsPercent"] // 100 == 300
    assert references(topology, "database-proxy-target")["dbInstanceIdentifier"] == ["database-primary"]


@pytest.mark.parametrize("stack", ["prod", "dev"])
@pytest.mark.parametrize("role", ["app", "owner"])
def test_credentials_are_in_secrets_manager(stack: str, role: str) -> None:
    topology = recorded(stack)
    assert inputs(topology, f"database-{role}-secret")["name"] == f"fitness-platform-{stack}-database-{role}"
    copies = {"replicas": ["far-secrets-key"]} if stack == "prod" else {}
    assert references(topology, f"database-{role}-secret") == {"kmsKeyId": ["security-secrets-key"], **copies}
    assert references(topology, f"database-{role}-secret-value") == {"secretId": [f"database-{role}-secret"]}


def test_the_proxy_reads_one_secret_with_one_key() -> None:
    [secret, key] = inputs(recorded("prod"), "database-proxy-reads-secret")["policy"]["Statement"]
    assert secret["Resource"] == (
        "arn:aws:secretsmanager:us-east-1:444455556666:secret:fitness-platform-prod-database-app-??????"
    )
    assert key["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/fitness-platform-prod-secrets"
    }


def test_dev_is_small_and_has_no_proxy_and_no_replica() -> None:
    topology = recorded("dev")
    assert names(topology, "Instance") == {"database-primary"}
    assert names(topology, "Proxy") == set()
    assert inputs(topology, "database-primary")["multiAz"] is False


def test_alarms_watch_what_recovery_needs() -> None:
    topology = recorded("prod")
    lag = inputs(topology, "database-alarms-analytics-ReplicaLag")
    assert (lag["threshold"], lag["comparisonOperator"], lag["treatMissingData"]) == (
        1800,
        "GreaterThanThreshold",
        "breaching",
    )
    assert references(topology, "database-alarms-analytics-ReplicaLag")["alarmActions"] == ["security-alerts-critical"]
    pinned = inputs(topology, "database-alarms-proxy-DatabaseConnectionsCurrentlySessionPinned")
    assert (pinned["threshold"], pinned["dimensions"]) == (30, {"ProxyName": "fitness-platform-prod-db"})
    assert len({name for name in names(topology, "MetricAlarm") if name.startswith("database-")}) == 7


def test_backups_are_taken_twice() -> None:
    topology = recorded("prod")
    [rule] = inputs(topology, "database-backups-plan")["rules"]
    assert rule["lifecycle"] == {"deleteAfter": 35}
    assert rule["enableContinuousBackup"] is False
    assert references(topology, "database-backups-selection")["resources"] == ["database-primary"]
    assert references(topology, "database-backups-vault") == {"kmsKeyArn": ["security-data-key"]}


def test_backups_are_copied_twice_to_the_second_region() -> None:
    topology = recorded("prod")
    assert inputs(topology, "database-far-backups") == {"retentionPeriod": 35, "region": "us-west-2"}
    assert references(topology, "database-far-backups") == {
        "sourceDbInstanceArn": ["database-primary"],
        "kmsKeyId": ["far-data-key"],
    }
    [rule] = inputs(topology, "database-backups-plan")["rules"]
    assert rule["copyActions"] == [
        {
            "destinationVaultArn": "arn:aws:backup:us-west-2:444455556666:backup-vault:fitness-platform-prod-copies",
            "lifecycle": {"deleteAfter": 35},
        }
    ]
    assert waits_for(topology, "database-backups-plan") >= {"far-copies-vault", "far-copies-lock", "far-copies-policy"}


def test_aws_backup_copies_into_the_one_vault_with_the_key_there() -> None:
    statements = inputs(recorded("prod"), "database-backups-takes-snapshots")["policy"]["Statement"]
    [into, snapshots, key] = statements[2:]
    assert (into["Action"], into["Resource"].rpartition(":")[2]) == (
        "backup:CopyIntoBackupVault",
        "fitness-platform-prod-copies",
    )
    assert snapshots["Resource"] == "arn:aws:rds:us-west-2:444455556666:snapshot:awsbackup:*"
    assert key["Resource"] == "arn:aws:kms:us-west-2:444455556666:key/*"
    assert key["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/fitness-platform-prod-far-data"
    }


def test_dev_copies_nothing() -> None:
    topology = recorded("dev")
    assert names(topology, "InstanceAutomatedBackupsReplication") == set()
    assert "copyActions" not in inputs(topology, "database-backups-plan")["rules"][0]


def _with_secrets() -> StackConfig:
    stack = configured("prod")
    keys = ("fitness-platform:databaseMasterPassword", "fitness-platform:databaseAppPassword")
    config = dict(stack.config) | dict.fromkeys(keys, "correct horse battery staple")
    return StackConfig(stack.project, stack.stack, stack.root, config, keys)


def test_passwords_are_unknown_without_secrets_and_never_shown_with_them() -> None:
    for stack in (configured("prod"), _with_secrets()):
        topology = run_program(stack, {})
        for name, key in (("database-primary", "passwordWo"), ("database-app-secret-value", "secretStringWo")):
            raw = json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)[key]
            assert raw == UNKNOWN or plain(topology.resources[urn_of(topology, name)].inputs)[key] == "[secret]"
        assert "correct horse" not in str({name: plain(found.inputs) for name, found in topology.resources.items()})
