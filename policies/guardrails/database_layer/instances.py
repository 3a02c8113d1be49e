"""Clauses db-postgres-multi-az and db-instance-class: what the database is, and how large."""

import re
from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, is_replica
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_EQUIVALENT = re.compile(r"db\.(r6i|r6g|r6id|r7g|r7i|r8g|r8gd)\.(2|4|8|12|16)xlarge")
_CLUSTERS = frozenset(
    {
        "aws:rds/cluster:Cluster",
        "aws:rds/clusterInstance:ClusterInstance",
        "aws:rds/globalCluster:GlobalCluster",
        "aws:rds/shardGroup:ShardGroup",
    }
)
_GUESSED = ("admin", "administrator", "master", "postgres", "rdsadmin", "root", "superuser")


def _postgres(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not is_replica(properties) and (engine := properties.text("engine")) != "postgres":
        yield f"engine is {engine or 'not given'}, not postgres"


def _not_a_cluster(type_: str, _: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"it is a {type_.rpartition(':')[2]}, while the database is an instance with a standby"


def _standby(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.flag("requireStandby") and not is_replica(properties) and not properties.flag("multiAz"):
        yield "multiAz is not true, so that nothing takes over when its zone or its host fails"


def _zone_left_open(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.given("availabilityZone") and properties.flag("multiAz"):
        yield "availabilityZone is given beside multiAz, which AWS refuses; a subnet group of two zones does it"


def _large_enough(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    if relaxations.text("instanceClass") == "any":
        return
    name = properties.text("instanceClass") or "not given"
    if not _EQUIVALENT.fullmatch(name):
        yield f"instanceClass is {name}, neither db.r6i.2xlarge nor a memory-optimised class as large"


def _owner_not_guessed(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    name = properties.text("username")
    if name and name.lower() in _GUESSED:
        yield f"username is {name}, which everybody tries first"


INSTANCE_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="database-postgres",
        title="The database is PostgreSQL",
        clauses=("db-postgres-multi-az",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_postgres,
        remediation="Set engine to postgres.",
    ),
    ResourceGuardrail(
        id="database-no-cluster",
        title="The database is an instance, not a cluster",
        clauses=("db-postgres-multi-az",),
        severity="medium",
        types=_CLUSTERS,
        check=_not_a_cluster,
        remediation="Declare an aws.rds.Instance with multiAz instead.",
    ),
    ResourceGuardrail(
        id="database-standby",
        title="The primary has a standby in another zone",
        clauses=("db-postgres-multi-az", "db-standby-az-b", "dr-failover-rds-auto"),
        severity="high",
        types=frozenset({INSTANCE}),
        check=_standby,
        controls=("RDS.5", "CIS 2.2.4", "CKV_AWS_157", "AwsSolutions-RDS3", "rds_instance_multi_az"),
        options={
            "requireStandby": Option({"type": "boolean"}, True, "Whether the primary must have a standby."),
        },
        remediation="Leave database.multiAz out, or set it to true.",
    ),
    ResourceGuardrail(
        id="database-zone-left-open",
        title="An instance with a standby names no zone",
        clauses=("db-primary-az-a", "db-standby-az-b"),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_zone_left_open,
        remediation="Leave availabilityZone out, and give the instance a subnet group of two zones.",
    ),
    ResourceGuardrail(
        id="database-instance-class",
        title="Instances are db.r6i.2xlarge or memory-optimised and as large",
        clauses=("db-instance-class",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_large_enough,
        options={
            "instanceClass": Option(
                {"type": "string", "enum": ["equivalent", "any"]}, "equivalent", "Which instance classes may be used."
            )
        },
        remediation="Leave database.instanceClass and database.analyticsInstanceClass out, or name a larger class.",
    ),
    ResourceGuardrail(
        id="database-owner-not-guessed",
        title="The owner of the database has a name that is not tried first",
        clauses=("db-postgres-multi-az",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_owner_not_guessed,
        controls=("RDS.25", "rds_instance_default_admin"),
        remediation="Leave database.masterUsername out, or name another owner.",
    ),
)
