"""The cache broken as a pull request might break it."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each, urn

_CACHE = "fitness-platform:cache:CacheLayer"
_USERS = f"{_CACHE}$fitness-platform:cache:CacheUsers"
_CLUSTER = "fitness-platform:compute:ComputeCluster"
_WEB, _WORKER = f"{_CLUSTER}$fitness-platform:compute:WebService", f"{_CLUSTER}$fitness-platform:compute:Worker"
_SERVICES = ("ai", "api-gateway", "auth", "content", "payment", "training")
_GROUP = urn(f"{_CACHE}$aws:elasticache/replicationGroup:ReplicationGroup", "cache-group")
_PARAMETERS = urn(f"{_CACHE}$aws:elasticache/parameterGroup:ParameterGroup", "cache-parameters")
_APP, _NOBODY = (urn(f"{_USERS}$aws:elasticache/user:User", f"cache-users-{name}") for name in ("app", "default"))
_LAYER = "components/cache_layer/layer.py"
_USERS_FILE = "components/cache_layer/users.py"


def _tasks(guardrail: str) -> set[tuple[str, str]]:
    part = "fitness-platform:compute:FargateTask$aws:ecs/taskDefinition:TaskDefinition"
    services = (f"compute-{name}-task-definition" for name in _SERVICES)
    return each(guardrail, f"{_WEB}${part}", *services) | each(
        guardrail, f"{_WORKER}${part}", "compute-background-task-definition"
    )


PATCHES = {
    "eviction without LRU": Patch(
        "components/cache_layer/parameters.py",
        '"maxmemory-policy": "volatile-lru"',
        '"maxmemory-policy": "noeviction"',
        {("cache-evicts-by-lru", _PARAMETERS)},
    ),
    "eviction of what has no end": Patch(
        "components/cache_layer/parameters.py",
        '"maxmemory-policy": "volatile-lru"',
        '"maxmemory-policy": "allkeys-lru"',
        {("cache-evicts-by-lru", _PARAMETERS)},
    ),
    "one shard too few": Patch(
        _LAYER,
        "num_node_groups=settings.shards,",
        "num_node_groups=settings.shards - 1,",
        {("cache-sharded", _GROUP), ("cache-holds-64-gb", _GROUP)},
    ),
    "more memory reserved than is left": Patch(
        "components/cache_layer/parameters.py",
        '"reserved-memory-percent": "25"',
        '"reserved-memory-percent": "50"',
        {("cache-holds-64-gb", _GROUP)},
    ),
    "no replica": Patch(
        _LAYER,
        "replicas_per_node_group=settings.replicas_per_shard,",
        "replicas_per_node_group=0,",
        {("cache-replicated", _GROUP)},
    ),
    "replicas in any zone": Patch(
        _LAYER, "multi_az_enabled=has_replicas,", "multi_az_enabled=False,", {("cache-spans-zones", _GROUP)}
    ),
    "encryption at rest off": Patch(
        _LAYER,
        "at_rest_encryption_enabled=True,",
        "at_rest_encryption_enabled=False,",
        {("cache-encrypted", _GROUP)},
    ),
    "plain text answered": Patch(
        _LAYER,
        'transit_encryption_mode="required"',
        'transit_encryption_mode="preferred"',
        {("cache-tls-required", _GROUP)},
    ),
    "user with a password": Patch(
        _USERS_FILE,
        'authentication_mode=aws.elasticache.UserAuthenticationModeArgs(type="iam"),',
        'authentication_mode=aws.elasticache.UserAuthenticationModeArgs(type="password", passwords=["a" * 20]),',
        {("cache-users-by-iam", _APP)},
    ),
    "user who may do everything": Patch(
        _USERS_FILE, "access_string=_SERVICES,", 'access_string="on ~* +@all",', {("cache-users-narrow", _APP)}
    ),
    "default user let in": Patch(
        _USERS_FILE,
        '_NOBODY = "off -@all"',
        '_NOBODY = "on ~session:* +@read -@admin -@dangerous"',
        {
            ("cache-users-by-iam", _NOBODY),
            ("cache-users-of-stack", urn(f"{_USERS}$aws:elasticache/userGroup:UserGroup", "cache-users-group")),
        },
    ),
    "snapshots for a week": Patch(
        _LAYER,
        "snapshot_retention_limit=settings.snapshot_retention_days,",
        "snapshot_retention_limit=7,",
        {("cache-snapshots-kept", _GROUP)},
    ),
    "one log group gone": Patch(
        _LAYER, '_LOGS = ("engine-log", "slow-log")', '_LOGS = ("slow-log",)', {("cache-logs-delivered", _GROUP)}
    ),
    "nodes in private subnets": Patch(
        "__main__.py",
        """        port=settings.ports.redis,
        data_subnet_ids=network.data_subnet_ids,""",
        """        port=settings.ports.redis,
        data_subnet_ids=network.private_subnet_ids,""",
        {("cache-in-data-subnets", urn(f"{_CACHE}$aws:elasticache/subnetGroup:SubnetGroup", "cache-subnets"))},
    ),
    "evictions told to nobody": Patch(
        "components/cache_layer/alarms.py",
        'alarm("Evictions", 0, ',
        'alarm("Reclaimed", 0, ',
        {("cache-watched", _GROUP)},
    ),
    "sessions for a week": Patch(
        _LAYER,
        "str(self._settings.session_ttl_seconds)",
        "str(7 * self._settings.session_ttl_seconds)",
        _tasks("sessions-end-after-24-hours"),
    ),
    "tasks that may use every cache": Patch(
        _LAYER,
        'self._naming.arn("elasticache", f"replicationgroup:{self._cache}")',
        'self._naming.arn("elasticache", "*")',
        {
            violation
            for chain, names in ((_WEB, _SERVICES), (_WORKER, ("background",)))
            for name in names
            for violation in each(
                "permissions-named",
                f"{chain}$fitness-platform:compute:FargateTask$fitness-platform:compute:TaskRoles$aws:iam/rolePolicy:RolePolicy",
                f"compute-{name}-task-roles-uses-backings",
            )
            | each(
                "task-roles-least-privilege",
                f"{chain}$fitness-platform:compute:FargateTask$fitness-platform:compute:TaskRoles$aws:iam/role:Role",
                f"compute-{name}-task-roles-task",
            )
        },
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
def test_patched_copy_is_refused(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
