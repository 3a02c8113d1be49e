"""What can only be broken together: cache layer."""

from tests.mutation.part import Composite, Part

_PRIVATE = tuple(f"network-private-{zone}" for zone in "abc")

CACHE_BREAKAGES = (
    Composite(
        "cache in three large shards",
        (Part(name="cache-group", values={"nodeType": "cache.r6g.2xlarge", "numNodeGroups": 3}),),
    ),
    Composite("cache of another kind of node", (Part(name="cache-group", values={"nodeType": "cache.m6g.12xlarge"}),)),
    Composite(
        "cache that reserves half of its memory",
        (
            Part(
                name="cache-parameters",
                values={
                    "parameters": [
                        {"name": "cluster-enabled", "value": "yes"},
                        {"name": "maxmemory-policy", "value": "volatile-lru"},
                        {"name": "reserved-memory-percent", "value": "50"},
                    ]
                },
            ),
        ),
    ),
    Composite("cache in private subnets", (Part(name="cache-subnets", refers={"subnetIds": _PRIVATE}),)),
    Composite(
        "snapshots during maintenance", (Part(name="cache-group", values={"maintenanceWindow": "mon:03:30-mon:05:00"}),)
    ),
    Composite("cache with a token", (Part(name="cache-group", values={"authToken": "one-password-for-everybody"}),)),
    Composite(
        "default user of the cache let in",
        (
            Part(
                name="cache-users-default",
                values={"accessString": "on ~session:* +@read -@admin -@dangerous", "userName": "default"},
            ),
        ),
    ),
    Composite(
        "user of the cache who may do everything",
        (Part(name="user", like="cache-users-app", values={"accessString": "on ~* +@all"}),),
    ),
    Composite(
        "user of the cache with a password",
        (Part(name="user", like="cache-users-app", values={"authenticationMode": {"type": "password"}}),),
    ),
)
