"""The standby of prod: what it has of its own, what it uses of its primary, and what it becomes once it is promoted."""

import json
import re
from typing import Any

import pytest

from preview.errors import PreviewError
from preview.program import run_program
from preview.topology import Resource, Topology, plain
from tests.components.reading import inputs, mistakes, names, references, stack_of
from tests.support.editing import UNKNOWN, urn_of
from tests.support.judging import violations
from tests.support.recording import ROOT, configured, recorded

_STANDBY = "prod-standby"
_REFERENCE = "organization/fitness-platform/prod"
_DATABASE = "arn:aws:rds:us-east-1:444455556666:db:fitness-platform-prod-db"
_SECRET = "arn:aws:secretsmanager:us-east-1:444455556666:secret:fitness-platform-prod-database-app-AbCdEf"  # noqa: S105
_OF_PRIMARY = {"primary": {"stack": "prod", "region": "us-east-1"}}
_PLATFORM = {"environment": "prod", "accountId": "111122223333"}
_ARCHIVE = "security-access-logs-policy"
"""It lets CloudFront write, whose logs are delivered from us-east-1."""
PROMOTED = {
    "platform": {"role": "promoted"},
    "database": {"analyticsReplica": None},
    "async": {"queues": None},
    "compute": {"services": None},
}
"""What the runbook has people say once the standby has taken over."""


def _promoted() -> Topology:
    return recorded(_STANDBY, **PROMOTED)


def _own(topology: Topology, type_: str) -> list[Resource]:
    return [one for one in topology.resources.values() if one.type == type_]


def test_everything_is_in_its_region_and_names_the_other_nowhere_but_as_a_source() -> None:
    for one in recorded(_STANDBY).resources.values():
        if one.custom and one.type != "pulumi:pulumi:StackReference" and one.name != _ARCHIVE:
            found = {key: value for key, value in plain(one.inputs).items() if key != "replicateSourceDb"}
            assert "us-east-1" not in str(found), one.name
            assert "region" not in found or one.type == "pulumi:providers:aws"


def test_the_replica_is_whole_and_takes_nothing_on_itself_that_is_its_sources() -> None:
    topology = recorded(_STANDBY)
    database = inputs(topology, "database-standby")
    assert database["replicateSourceDb"] == _DATABASE
    assert (database["identifier"], database["multiAz"], database["backupRetentionPeriod"]) == (
        "fitness-platform-prod-db",
        True,
        35,
    )
    assert references(topology, "database-standby")["kmsKeyId"] == ["security-data-key"]
    left = {"engine", "engineVersion", "allocatedStorage", "username", "passwordWo", "dbName", "availabilityZone"}
    assert left.isdisjoint(database)


def test_promotion_changes_the_database_in_nothing_that_replaces_it() -> None:
    before, after = inputs(recorded(_STANDBY), "database-standby"), inputs(_promoted(), "database-standby")
    assert urn_of(_promoted(), "database-standby") == urn_of(recorded(_STANDBY), "database-standby")
    gone = {key for key in before if key not in after}
    come = {key: after[key] for key in after if key not in before}
    assert gone == {"replicateSourceDb"}
    # What the database has of its source already, as AWS tells it: no change.
    assert come == {"engine": "postgres", "engineVersion": "17", "allocatedStorage": 500}
    assert {key for key in before if key in after and before[key] != after[key]} == set()


def test_promotion_replaces_nothing_else_either() -> None:
    """What is there stays there: names are those of the standby, and some more."""
    before, after = set(recorded(_STANDBY).resources), set(_promoted().resources)
    assert {urn.rpartition("::")[2] for urn in before - after} == {
        "database-alarms-standby-ReplicaLag",
    }
    assert {"database-proxy-pool", "database-analytics", "media-workflow-uploads"} <= {
        urn.rpartition("::")[2] for urn in after - before
    }


def test_a_promoted_standby_keeps_the_decision() -> None:
    config = (ROOT / "policies" / "config" / "promoted.json").read_text(encoding="utf-8")
    assert violations(_promoted(), json.loads(config)) == set()


@pytest.mark.parametrize("type_", ["aws:lambda/eventSourceMapping:EventSourceMapping"])
def test_nothing_is_taken_until_then(type_: str) -> None:
    assert {inputs(recorded(_STANDBY), one.name)["enabled"] for one in _own(recorded(_STANDBY), type_)} == {False}
    assert {inputs(_promoted(), one.name)["enabled"] for one in _own(_promoted(), type_)} == {True}
    assert {inputs(recorded("prod"), one.name)["enabled"] for one in _own(recorded("prod"), type_)} == {True}


def test_uploads_call_nobody_until_then() -> None:
    assert names(recorded(_STANDBY), "BucketNotification") == set()
    assert inputs(_promoted(), "media-workflow-uploads")["bucket"] == (
        "fitness-platform-videos-prod-444455556666-us-west-2"
    )


def test_what_the_primary_copies_is_used_and_not_declared() -> None:
    topology = recorded(_STANDBY)
    assert names(topology, "Repository") == set()
    assert names(topology, "Secret") == set()
    assert {inputs(topology, name)["bucket"].split("-prod-")[0] for name in names(topology, "Bucket")} == {
        f"fitness-platform-{kind}" for kind in ("analytics", "audit", "config", "logs")
    }
    in_prod = {
        (inputs(recorded("prod"), one.name)["bucket"])
        for one in _own(recorded("prod"), "aws:s3/bucket:Bucket")
        if plain(one.inputs).get("region") == "us-west-2"
    }
    policy = inputs(topology, "compute-content-task-roles-uses-backings")["policy"]
    used = set(re.findall(r"arn:aws:s3:::([a-z0-9-]+)", str(policy)))
    assert used
    assert used <= in_prod


def test_tasks_may_use_the_keys_of_copies() -> None:
    [statement] = [
        one
        for one in inputs(recorded(_STANDBY), "compute-payment-task-roles-starts-tasks")["policy"]["Statement"]
        if one["Sid"] == "DecryptThem"
    ]
    assert statement["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": ["alias/fitness-platform-prod-secrets", "alias/fitness-platform-prod-far-secrets"]
    }


def test_services_are_small_and_grow_as_large_as_in_prod() -> None:
    prod, standby = recorded("prod"), recorded(_STANDBY)
    for one in _own(standby, "aws:appautoscaling/target:Target"):
        there = inputs(prod, one.name)
        own = inputs(standby, one.name)
        assert own["maxCapacity"] == there["maxCapacity"]
        assert 1 <= own["minCapacity"] <= there["minCapacity"]


def test_names_are_the_second_half_and_wait_for_writes() -> None:
    topology = recorded(_STANDBY)
    for record, host in (
        ("edge-origin-secondary", "api-origin.prod.fitness.example"),
        ("edge-origin-services-secondary", "origin.prod.fitness.example"),
    ):
        found = inputs(topology, record)
        assert (found["name"], found["setIdentifier"]) == (host, "us-west-2")
        assert found["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
        assert references(topology, record)["healthCheckId"] == ["edge-origin-ready"]
    assert inputs(topology, "edge-origin-ready") == {
        "type": "CLOUDWATCH_METRIC",
        "cloudwatchAlarmName": "fitness-platform-prod-database-writable",
        "cloudwatchAlarmRegion": "us-west-2",
        "insufficientDataHealthStatus": "Unhealthy",
        "invertHealthcheck": False,
    }


def test_prod_waits_for_the_alarm_that_the_standby_follows() -> None:
    prod = recorded("prod")
    alarm = inputs(prod, "far-database-writable")
    assert (alarm["name"], alarm["region"]) == ("fitness-platform-prod-database-writable", "us-west-2")
    assert alarm["dimensions"] == {"service.name": "payment"}
    assert references(prod, "edge-origin-serves")["childHealthchecks"] == [
        "edge-origin-health",
        "edge-origin-standby-waits",
    ]
    assert inputs(prod, "edge-origin-standby-waits")["invertHealthcheck"] is True


def test_certificates_are_proven_by_the_primarys_records() -> None:
    topology = recorded(_STANDBY)
    assert {one.name for one in _own(topology, "aws:route53/record:Record")} == {
        "edge-origin-secondary",
        "edge-origin-services-secondary",
    }
    for certificate in ("api-certificate-issued", "api-domain-certificate-issued"):
        assert "validationRecordFqdns" not in inputs(topology, certificate)


def test_what_an_account_has_once_is_the_primarys() -> None:
    kinds = {one.type.split(":")[1] for one in recorded(_STANDBY).resources.values() if one.type.startswith("aws:")}
    once = {"cloudfront/distribution", "budgets/budget", "costexplorer/anomalyMonitor", "iam/serviceLinkedRole"}
    assert once.isdisjoint(kinds)
    recorder = inputs(recorded(_STANDBY), "observability-config-recorder")
    assert recorder["roleArn"].endswith(":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
    shared = ("aws:iam/role:Role", "aws:cloudwatch/dashboard:Dashboard")
    for type_ in shared:
        key = "name" if type_ == shared[0] else "dashboardName"
        own, theirs = (
            {str(plain(one.inputs)[key]) for one in _own(recorded(stack), type_)} for stack in (_STANDBY, "prod")
        )
        assert own
        assert own.isdisjoint(theirs), type_


def _with_outputs(**outputs: Any) -> Topology:
    return run_program(configured(_STANDBY, **PROMOTED), {_REFERENCE: outputs})


def test_the_proxy_logs_in_by_the_copy_of_the_secret() -> None:
    topology = _with_outputs(databaseArn=_DATABASE, databaseAppSecretArn=_SECRET)
    [auth] = inputs(topology, "database-proxy-pool")["auths"]
    assert auth["secretArn"] == _SECRET.replace("us-east-1", "us-west-2")


def test_a_primary_with_another_database_ends_the_program() -> None:
    other = _DATABASE.replace("us-east-1", "eu-west-1")
    with pytest.raises(PreviewError, match=rf"stack {_REFERENCE}: found the database {other}; allowed: {_DATABASE}"):
        _with_outputs(databaseArn=other, databaseAppSecretArn=_SECRET)


def test_a_primary_that_was_never_deployed_is_told_of() -> None:
    topology = _with_outputs(somethingElse=1)
    assert topology.log == (
        f"warning: stack {_REFERENCE} has no output databaseArn: it has to be deployed before its standby",
    )


def test_prod_tells_what_its_standby_asks_for() -> None:
    [stack] = _own(recorded("prod"), "pulumi:pulumi:Stack")
    outputs = plain(stack.outputs)
    assert outputs["databaseArn"] == _DATABASE
    assert outputs["databaseAppSecretArn"] == UNKNOWN


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "role without a primary": (
        {"platform": {**_PLATFORM, "role": "standby"}, "edge": None},
        [
            (
                "fitness-platform:primary: found nothing; "
                "allowed: the stack that this one stands in for, beside platform.role standby"
            )
        ],
    ),
    "primary of a primary": (
        {"platform": _PLATFORM, **_OF_PRIMARY},
        [
            (
                'fitness-platform:platform.role: found "primary"; '
                "allowed: standby or promoted beside fitness-platform:primary"
            )
        ],
    ),
    "edge of a standby": (
        {"platform": {**_PLATFORM, "role": "standby"}, "primary": {"stack": "prod", "region": "eu-west-1"}},
        ['fitness-platform:edge: found "settings"; allowed: none, as the edge is global and the primary\'s'],
    ),
    "region of the primary": (
        {"platform": {**_PLATFORM, "role": "standby"}, **_OF_PRIMARY, "edge": None},
        ['fitness-platform:primary.region: found "us-east-1"; allowed: a region other than aws:region'],
    ),
    "standby of a standby": (
        {
            "platform": {**_PLATFORM, "role": "standby"},
            "primary": {"stack": "prod", "region": "eu-west-1"},
            "standby": {"region": "us-west-2"},
            "edge": None,
        },
        ['fitness-platform:standby.region: found "us-west-2"; allowed: null, as a standby has no standby of its own'],
    ),
    "broker of a standby": (
        {
            "platform": {**_PLATFORM, "role": "standby"},
            "primary": {"stack": "prod", "region": "eu-west-1"},
            "async": {"rabbitmq": {"enabled": True}},
            "edge": None,
        },
        [
            (
                "fitness-platform:async.rabbitmq.enabled: found true; "
                "allowed: false in a standby, where the broker's secret is the primary's copy"
            )
        ],
    ),
    "role that the account has": (
        {
            "platform": {**_PLATFORM, "role": "standby"},
            "primary": {"stack": "prod", "region": "eu-west-1"},
            "search": {},
            "edge": None,
        },
        [
            (
                "fitness-platform:search.createServiceLinkedRole: found true; "
                "allowed: false in a standby, as an account has the role once and its primary declares it"
            )
        ],
    ),
    "service that nobody has": (
        {"platform": _PLATFORM, "standby": {"region": "us-west-2", "readyService": "billing"}},
        [
            (
                'fitness-platform:standby.readyService: found "billing"; '
                "allowed: one of api-gateway, auth, training, content, payment, ai"
            )
        ],
    ),
    "primary without an edge": (
        {"platform": _PLATFORM, "edge": None},
        ["fitness-platform:edge: found nothing; allowed: settings of the edge, which a primary has"],
    ),
    "bucket twice": (
        {
            "platform": {**_PLATFORM, "role": "standby"},
            "primary": {"stack": "prod", "region": "eu-west-1", "replicated": ["images", "images"]},
            "edge": None,
        },
        ['fitness-platform:primary.replicated: found ["images", "images"]; allowed: each bucket once'],
    ),
}


def _sections(sections: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration in which ``None`` leaves a section out."""
    beside = {"network": {"vpcCidr": "10.1.0.0/16"}, "search": {"createServiceLinkedRole": False}}
    own = {**(beside if "primary" in sections else {}), **sections}
    return {key: value for key, value in stack_of(**own).items() if value is not None}


@pytest.mark.parametrize(("sections", "expected"), WRONG.values(), ids=WRONG.keys())
def test_what_a_role_can_not_have_is_said(sections: dict[str, Any], expected: list[str]) -> None:
    assert mistakes(_sections(sections)) == expected


def test_overlapping_networks_are_refused() -> None:
    found = _sections(
        {
            "platform": {**_PLATFORM, "role": "standby"},
            "primary": {"stack": "prod", "region": "eu-west-1"},
            "edge": None,
        }
    )
    found["fitness-platform:network"] = {"vpcCidr": "10.0.128.0/17"}
    assert mistakes(found) == [
        (
            'fitness-platform:network.vpcCidr: found "10.0.128.0/17"; '
            "allowed: a block that doesn't overlap primary.vpcCidr (10.0.0.0/16)"
        )
    ]


def test_the_edge_of_a_standby_has_no_home_in_us_east_1() -> None:
    assert [name for name in names(recorded(_STANDBY), "Key") if "edge" in name] == []
