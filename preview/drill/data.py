"""What data is in the second region: the database, its backups, buckets, secrets and images."""

import json
import re
from collections.abc import Iterator
from typing import Any

from preview.drill.pair import Pair
from preview.drill.recorded import Item, referrers

INSTANCE = "aws:rds/instance:Instance"
KEY = "aws:kms/key:Key"
BUCKET = "aws:s3/bucket:Bucket"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
_BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_VAULT = "aws:backup/vault:Vault"
_LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
_REGISTRY = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 a type
_SOURCE = re.compile(r"arn:aws:rds:(?P<region>[a-z0-9-]+):[0-9]{12}:db:(?P<name>.+)")
_IMAGE = re.compile(r"[0-9]{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<name>[^:@]+)[:@].+")
_SECRET_ARN = re.compile(r"arn:aws:secretsmanager:(?P<region>[a-z0-9-]+):[0-9]{12}:secret:(?P<name>[^:]+)(:.*)?")
_KINDS = ("backups", "documents", "files", "images", "videos")
_DAYS = 35
RPO_SECONDS = 3600


def primary_database(pair: Pair) -> Item | None:
    """Return the database that the primary has, which copies no other one."""
    return next((item for item in pair.primary.of(INSTANCE) if not item.get("replicateSourceDb")), None)


def replica(pair: Pair) -> Item | None:
    """Return the replica of it in the standby."""
    source = primary_database(pair)
    for item in pair.standby.of(INSTANCE):
        found = _SOURCE.fullmatch(str(item.get("replicateSourceDb")))
        if found and source and (found["region"], found["name"]) == (pair.lost, source.get("identifier")):
            return item
    return None


def standby_database(pair: Pair) -> Iterator[str]:
    """Yield what a database needs that takes over."""
    database = replica(pair)
    if database is None:
        yield f"no instance of {pair.standby.name} is a replica of the database in {pair.lost}"
        return
    if database.get("multiAz") is not True:
        yield f"{database.name} would have no standby of its own"
    if database.get("backupRetentionPeriod", 0) < _DAYS:
        yield f"{database.name} would keep backups for less than {_DAYS} days"
    own, theirs = _connections(database), _connections(primary_database(pair))
    if own is None or theirs is None or own < theirs:
        yield f"{database.name} takes {own} connections and its source {theirs}, so that it stops replaying"


def _connections(database: Item | None) -> int | None:
    groups = database.refers("parameterGroupName", _PARAMETERS) if database else []
    for group in groups:
        for parameter in group.get("parameters", []):
            if parameter.get("name") == "max_connections" and str(parameter.get("value")).isdecimal():
                return int(parameter["value"])
    return None


def database_key_there(pair: Pair) -> Iterator[str]:
    """Yield databases without a key in their region: with the primary's, nobody could read them."""
    database = replica(pair)
    if database is None or not [key for key in database.refers("kmsKeyId", KEY) if key.region == pair.second]:
        yield f"the replica is encrypted by no key in {pair.second}"


def lag_alarms(pair: Pair) -> list[Item]:
    """Return the alarms in the second region on how far the replica is behind."""
    database = replica(pair)
    alarms = [alarm for alarm in pair.left(_ALARM) if alarm.get("metricName") == "ReplicaLag"]
    return [alarm for alarm in alarms if database and database in alarm.refers("dimensions", INSTANCE)]


def lag_watched(pair: Pair) -> Iterator[str]:
    """Yield why nobody in the second region would be told that the replica falls behind, or stands still."""
    if not any(
        0 < alarm.get("threshold", 0) <= RPO_SECONDS
        and alarm.get("treatMissingData") == "breaching"
        and alarm.get("alarmActions")
        for alarm in lag_alarms(pair)
    ):
        yield f"no alarm in {pair.second} tells that the replica is {RPO_SECONDS} seconds behind, or says nothing"


def backups_replicated(pair: Pair) -> Iterator[str]:
    """Yield why the database couldn't be restored to any time of 35 days."""
    database = primary_database(pair)
    mine = [
        item for item in pair.left(_BACKUPS) if database and database in item.refers("sourceDbInstanceArn", INSTANCE)
    ]
    if not mine:
        yield f"RDS copies no backups of the database to {pair.second}"
    for item in mine:
        if item.get("retentionPeriod", 0) < _DAYS:
            yield f"{item.name} keeps them for less than {_DAYS} days"
        if not [key for key in item.refers("kmsKeyId", KEY) if key.region == pair.second]:
            yield f"{item.name} has no key in {pair.second}"


def backups_copied(pair: Pair) -> Iterator[str]:
    """Yield why there would be no copy of snapshots that nobody can delete."""
    vaults = {str(vault.get("name")): vault for vault in pair.left(_VAULT)}
    locks = pair.left(_LOCK)
    copies = [
        copy
        for plan in pair.primary.of("aws:backup/plan:Plan")
        for rule in plan.get("rules", [])
        for copy in rule.get("copyActions", [])
    ]
    arrive = []
    for copy in copies:
        parts = str(copy.get("destinationVaultArn")).split(":")
        vault = vaults.get(parts[-1]) if len(parts) > 6 and parts[3] == pair.second else None
        if vault and copy.get("lifecycle", {}).get("deleteAfter", 0) >= _DAYS:
            arrive.append(vault)
    if not arrive:
        yield f"no snapshots are copied to a vault in {pair.second} for {_DAYS} days"
    for vault in arrive:
        if not list(referrers(locks, "backupVaultName", vault)):
            yield f"{vault.name} has no lock"
        if not [key for key in vault.refers("kmsKeyArn", KEY) if key.region == pair.second]:
            yield f"{vault.name} has no key in {pair.second}"


def _kind(bucket: Item) -> str | None:
    found = re.fullmatch(rf"fitness-platform-({'|'.join(_KINDS)})-.+", str(bucket.get("bucket")))
    return found[1] if found else None


def replicated_buckets(pair: Pair) -> dict[str, tuple[Item, Item | None]]:
    """Return the buckets that must survive by what they hold, each with its copy in the second region."""
    there = {str(bucket.get("bucket")): bucket for bucket in pair.left(BUCKET)}
    found: dict[str, tuple[Item, Item | None]] = {}
    for bucket in pair.primary.of(BUCKET):
        kind = _kind(bucket)
        if kind is None or bucket.region != pair.lost:
            continue
        copies = [
            there.get(str(_in(rule, "destination", "bucket")).removeprefix("arn:aws:s3:::"))
            for replication in _replications(pair, bucket)
            for rule in replication.get("rules", [])
            if rule.get("status") == "Enabled"
        ]
        found[kind] = (bucket, next((copy for copy in copies if copy), None))
    return found


def _replications(pair: Pair, bucket: Item) -> list[Item]:
    """Return the replications whose bucket is one, also by way of its policy, which they wait for."""
    return [
        item
        for item in pair.primary.of(_REPLICATION)
        if bucket.urn in item.references.get("bucket", ())
        or any(
            bucket.urn in via.references.get("bucket", ())
            for via in item.refers("bucket", "aws:s3/bucketPolicy:BucketPolicy")
        )
    ]


def _in(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def buckets_replicated(pair: Pair) -> Iterator[str]:
    """Yield the buckets whose objects would be lost."""
    found = replicated_buckets(pair)
    yield from (f"there is no bucket of {kind}" for kind in _KINDS if kind not in found)
    for kind, (bucket, copy) in found.items():
        if copy is None:
            yield f"{kind} are copied to no bucket in {pair.second}"
            continue
        keys = [key for item in _replications(pair, bucket) for key in item.refers("rules", KEY)]
        if not any(key.region == pair.second for key in keys):
            yield f"copies of {kind} have no key in {pair.second}"
        for one in (bucket, copy):
            versionings = referrers(pair.primary.of(_VERSIONING), "bucket", one)
            if not any(item.get("versioningConfiguration.status") == "Enabled" for item in versionings):
                yield f"{one.name} keeps no versions, without which S3 copies nothing"


def _containers(pair: Pair) -> Iterator[tuple[Item, dict[str, Any]]]:
    for task in pair.standby.of(TASK):
        try:
            containers: Any = json.loads(str(task.get("containerDefinitions")))
        except ValueError:
            containers = []
        for container in containers if isinstance(containers, list) else []:
            yield task, container


def secrets_replicated(pair: Pair) -> Iterator[str]:
    """Yield the secrets that tasks of the standby couldn't read."""
    secrets = {str(item.get("name")): item for item in pair.primary.of(_SECRET)}
    wanted: set[str] = set()
    for task, container in _containers(pair):
        for entry in container.get("secrets", []):
            found = _SECRET_ARN.fullmatch(str(entry.get("valueFrom")))
            if found and found["region"] != pair.second:
                yield f"{task.name} reads {found['name']} in {found['region']}"
            elif found:
                wanted.add(found["name"])
    if not wanted:
        yield f"no task of {pair.standby.name} reads how to log in to the database"
    for name in sorted(wanted):
        secret = secrets.get(name)
        regions = [replica.get("region") for replica in secret.get("replicas", [])] if secret else []
        if secret is None or pair.second not in regions:
            yield f"{name} is not replicated to {pair.second}"
        elif not [key for key in secret.refers("replicas", KEY) if key.region == pair.second]:
            yield f"the copy of {name} has no key in {pair.second}"


def images_replicated(pair: Pair) -> Iterator[str]:
    """Yield the images that tasks of the standby couldn't pull."""
    repositories = {str(item.get("name")) for item in pair.left("aws:ecr/repository:Repository")}
    prefixes = [
        filter_.get("filter", "")
        for item in pair.primary.of(_REGISTRY)
        for rule in item.get("replicationConfiguration.rules", [])
        if pair.second in [destination.get("region") for destination in rule.get("destinations", [])]
        for filter_ in rule.get("repositoryFilters", [{"filter": ""}])
    ]
    own = 0
    for task, container in _containers(pair):
        found = _IMAGE.fullmatch(str(container.get("image")))
        if not found:
            continue
        own += 1
        if found["region"] != pair.second:
            yield f"{task.name} pulls {found['name']} from {found['region']}"
        elif found["name"] not in repositories:
            yield f"there is no repository {found['name']} in {pair.second}"
        elif not any(found["name"].startswith(prefix) for prefix in prefixes):
            yield f"images of {found['name']} are not copied to {pair.second}"
    if not own:
        yield f"no task of {pair.standby.name} has an image of the platform"
