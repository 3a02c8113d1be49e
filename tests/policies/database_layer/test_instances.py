import pytest

from tests.policies.breaking import Case, Change, add, at, cases, chain, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, PRIMARY, REPLICA, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

ACCEPTED: dict[str, Change] = {
    **{
        f"db.{family}.{size}xlarge": chain(
            *(edit(name, instanceClass=f"db.{family}.{size}xlarge") for name in INSTANCES)
        )
        for family, size in (
            ("r6i", 2),
            ("r6i", 4),
            ("r6i", 16),
            ("r6g", 8),
            ("r6id", 12),
            ("r7g", 2),
            ("r7i", 2),
            ("r8g", 2),
            ("r8gd", 2),
        )
    },
    "replica that repeats the engine": edit(REPLICA, engine="postgres"),
    "replica without standby, spelt out": edit(REPLICA, multiAz=False),
    "empty zone": edit(PRIMARY, availabilityZone=""),
    "other owner": edit(PRIMARY, username="postgres_owner"),
    "owner of a snapshot": edit(PRIMARY, username=None),
}

REJECTED: dict[str, Case] = {
    **values("database-postgres", PRIMARY, "engine", None, "mysql", "aurora-postgresql", "Postgres", UNKNOWN, 7),
    **{
        type_: Case(
            add(
                type_,
                "more",
                {"dbSubnetGroupName": UNKNOWN, "vpcSecurityGroupIds": [UNKNOWN]},
                dbSubnetGroupName=["database-primary-subnets"],
                vpcSecurityGroupIds=["groups-rds"],
            ),
            at("database-no-cluster", "more"),
        )
        for type_ in (
            "aws:rds/cluster:Cluster",
            "aws:rds/clusterInstance:ClusterInstance",
            "aws:rds/globalCluster:GlobalCluster",
            "aws:rds/shardGroup:ShardGroup",
        )
    },
    **values("database-standby", PRIMARY, "multiAz", None, False, UNKNOWN),
    **{
        f"multiAz {value!r}": Case(
            edit(PRIMARY, multiAz=value), at("database-standby", PRIMARY) | at("database-zone-pair", PRIMARY)
        )
        for value in ("true", 7)
    },
    **values("database-zone-left-open", PRIMARY, "availabilityZone", "us-east-1a", UNKNOWN, 7),
    "replica with a zone and a standby": Case(edit(REPLICA, multiAz=True), at("database-zone-left-open", REPLICA)),
    "replica with a zone and perhaps a standby": Case(
        edit(REPLICA, multiAz=UNKNOWN), at("database-zone-left-open", REPLICA)
    ),
    **{
        key: case
        for name in INSTANCES
        for key, case in values(
            "database-instance-class",
            name,
            "instanceClass",
            None,
            "db.r6i.xlarge",
            "db.r6i.24xlarge",
            "db.r5.2xlarge",
            "db.m6i.2xlarge",
            "db.t4g.medium",
            "db.r6i.2xlarge.tpc2",
            "xdb.r6i.2xlarge",
            "r6i.2xlarge",
            UNKNOWN,
            7,
        ).items()
    },
    **values(
        "database-owner-not-guessed", PRIMARY, "username", "postgres", "Postgres", "admin", "rdsadmin", UNKNOWN, 7
    ),
}


@pytest.mark.parametrize(("config", "strict"), [({"requireStandby": False}, False), ({"requireStandby": True}, True)])
def test_standby_is_an_option(config: dict[str, bool], strict: bool) -> None:
    topology = edit(PRIMARY, multiAz=False)(recorded("prod"))
    assert violations(topology, {"database-standby": config}) == (at("database-standby", PRIMARY) if strict else set())


def test_class_is_an_option() -> None:
    topology = chain(*(edit(name, instanceClass="db.t4g.micro") for name in INSTANCES))(recorded("prod"))
    assert violations(topology) == at("database-instance-class", *INSTANCES)
    assert violations(topology, {"database-instance-class": {"instanceClass": "any"}}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
