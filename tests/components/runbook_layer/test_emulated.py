"""Runbooks run against an emulator, as far as it knows the APIs: the end is what they are for."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.rds.models import rds_backends

from tests.components.runbook_layer.test_documents import DOCUMENTS

_REGION = "us-west-2"
_DATABASE = "fitness-platform-prod-db"
_FILLED = re.compile(r"\{\{ *([A-Za-z0-9.]+) *\}\}")
_CALLS = ("aws:executeAwsApi", "aws:waitForAwsResourceProperty", "aws:assertAwsResourceProperty")


@pytest.fixture(autouse=True)
def _emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(key, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


def _client(service: str, region: str = _REGION) -> Any:
    return boto3.client(service, region_name=region)


def run(content: Mapping[str, Any], region: str = _REGION, *, only: set[str] | None = None, **given: str) -> list[str]:
    """Run the steps of a document, as SSM does, and return the names of those that AWS was asked in."""
    known: dict[str, Any] = {
        name: given.get(name, parameter.get("default")) for name, parameter in content.get("parameters", {}).items()
    }
    done: list[str] = []
    for step in content["mainSteps"]:
        inputs = step["inputs"]
        if step["action"] not in _CALLS or (only is not None and f"{inputs['Service']}:{inputs['Api']}" not in only):
            continue
        own = {key: value for key, value in inputs.items() if key not in _OF_STEPS}
        client = _client(inputs["Service"], region)
        call = getattr(client, re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", inputs["Api"]).lower())
        try:
            answer = call(**_fill(own, known))
        except client.exceptions.ClientError:
            if step["onFailure"] != "Continue":
                raise
            continue
        for output in step.get("outputs", []):
            known[f"{step['name']}.{output['Name']}"] = _select(answer, output["Selector"])
        if "PropertySelector" in inputs:
            assert str(_select(answer, inputs["PropertySelector"])) in inputs["DesiredValues"], step["name"]
        done.append(step["name"])
    return done


_OF_STEPS = ("Service", "Api", "PropertySelector", "DesiredValues")


def _fill(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, known) for item in value]
    found = _FILLED.fullmatch(value) if isinstance(value, str) else None
    return known[found[1]] if found else value


def _select(answer: Any, selector: str) -> Any:
    everywhere = selector.rpartition("..")
    if everywhere[1]:
        return [item[everywhere[2]] for item in _select(answer, everywhere[0])]
    for part in selector.removeprefix("$.").split("."):
        name, _, index = part.partition("[")
        answer = answer[name]
        if index:
            answer = answer[int(index.rstrip("]"))]
    return answer


def _database(region: str, identifier: str = _DATABASE, **more: Any) -> None:
    _client("rds", region).create_db_instance(
        DBInstanceIdentifier=identifier,
        DBInstanceClass="db.r6i.2xlarge",
        Engine="postgres",
        MasterUsername="fitness_owner",
        MasterUserPassword="Abcdef1234567890",
        AllocatedStorage=500,
        BackupRetentionPeriod=35,
        **more,
    )


def _replica() -> None:
    _database("us-east-1")
    _client("rds").create_db_instance_read_replica(
        DBInstanceIdentifier=_DATABASE,
        SourceDBInstanceIdentifier=f"arn:aws:rds:us-east-1:123456789012:db:{_DATABASE}",
        SourceRegion="us-east-1",
    )


def _described(identifier: str, region: str = _REGION) -> dict[str, Any]:
    [found] = _client("rds", region).describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    return found


def _is_replica(identifier: str, region: str = _REGION) -> bool:
    """Return whether a database replicates: its description goes on naming what it was made from."""
    backend: Any = rds_backends[DEFAULT_ACCOUNT_ID][region]
    return backend.databases[identifier].is_replica


def _alarm(state: str) -> None:
    name = "fitness-platform-prod-database-writable"
    client = _client("cloudwatch")
    client.put_metric_alarm(
        AlarmName=name,
        Namespace="fitness-platform-prod",
        MetricName="DatabaseWritable",
        Statistic="Minimum",
        Period=60,
        EvaluationPeriods=3,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
    )
    client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="said so")


_PROMOTE = DOCUMENTS["prod-standby: runbooks-promote-database"]


def test_the_replica_is_promoted() -> None:
    _replica()
    _alarm("OK")
    assert _is_replica(_DATABASE)
    assert run(_PROMOTE) == ["promote", "waitForDatabase", "waitForWrites"]
    assert not _is_replica(_DATABASE)


def test_a_second_promotion_does_no_harm() -> None:
    _replica()
    _alarm("OK")
    run(_PROMOTE)
    assert run(_PROMOTE)[-2:] == ["waitForDatabase", "waitForWrites"]
    assert not _is_replica(_DATABASE)


def test_the_run_waits_until_tasks_can_write() -> None:
    _replica()
    _alarm("ALARM")
    with pytest.raises(AssertionError, match="waitForWrites"):
        run(_PROMOTE)


def test_services_get_their_tasks() -> None:
    ecs, scaling = _client("ecs"), _client("application-autoscaling")
    cluster = "fitness-platform-prod-cluster"
    ecs.create_cluster(clusterName=cluster)
    ecs.register_task_definition(family="task", containerDefinitions=[{"name": "app", "image": "x", "memory": 128}])
    scale_out = DOCUMENTS["prod-standby: runbooks-scale-out"]
    names = [
        step["inputs"]["service"] for step in scale_out["mainSteps"] if step["inputs"].get("Api") == "UpdateService"
    ]
    for name in names:
        ecs.create_service(cluster=cluster, serviceName=name, taskDefinition="task", desiredCount=3)
    calls = {"application-autoscaling:RegisterScalableTarget", "ecs:UpdateService"}
    run(scale_out, only=calls)
    targets = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert {target["ResourceId"] for target in targets} == {f"service/{cluster}/{name}" for name in names}
    assert {target["MinCapacity"] for target in targets} == {6}
    services = ecs.describe_services(cluster=cluster, services=names)["services"]
    assert {service["desiredCount"] for service in services} == {6}


def test_the_database_is_restored_as_another() -> None:
    rds = _client("rds", "us-east-1")
    _database("us-east-1")
    rds.create_db_parameter_group(
        DBParameterGroupName="fitness-platform-prod-db-primary-pg17",
        DBParameterGroupFamily="postgres17",
        Description="x",
    )
    ec2 = _client("ec2", "us-east-1")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    rds.create_db_subnet_group(
        DBSubnetGroupName="fitness-platform-prod-db-primary", DBSubnetGroupDescription="x", SubnetIds=subnets
    )
    restore = DOCUMENTS["prod: runbooks-restore-database"]
    run(restore, "us-east-1", Time="2026-11-25T08:00:00Z")
    restored = _described("fitness-platform-prod-db-restored", "us-east-1")
    assert (restored["DBInstanceStatus"], restored["DeletionProtection"]) == ("available", True)
    assert _described(_DATABASE, "us-east-1")["DBInstanceStatus"] == "available"


def test_the_analytics_replica_is_promoted() -> None:
    rds = _client("rds", "us-east-1")
    _database("us-east-1")
    analytics = "fitness-platform-prod-db-analytics"
    rds.create_db_instance_read_replica(DBInstanceIdentifier=analytics, SourceDBInstanceIdentifier=_DATABASE)
    assert _is_replica(analytics, "us-east-1")
    calls = {"rds:PromoteReadReplica", "rds:DescribeDBInstances"}
    run(DOCUMENTS["prod: runbooks-promote-read-replica"], "us-east-1", only=calls)
    assert not _is_replica(analytics, "us-east-1")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_ssm_takes_the_document(name: str) -> None:
    ssm = _client("ssm")
    ssm.create_document(
        Content=json.dumps(DOCUMENTS[name]),
        Name=name.partition(": ")[2],
        DocumentType="Automation",
        DocumentFormat="JSON",
    )
    [found] = ssm.list_documents(Filters=[{"Key": "DocumentType", "Values": ["Automation"]}])["DocumentIdentifiers"]
    assert found["Name"] == name.partition(": ")[2]
