from typing import Any

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.cache_layer.stack import CACHE, ENGINE, KEY, SLOW, recorded, violations
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, inputs_of, values
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded as whole

_DELIVERED, _WATCHED = "cache-logs-delivered", "cache-watched"
_LOGS: list[dict[str, Any]] = inputs_of(whole("prod"), CACHE)["logDeliveryConfigurations"]
_METRICS = (
    "CurrConnections",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "EngineCPUUtilization",
    "Evictions",
    "ReplicationLag",
)


def _alarm(metric: str, node: str = "0001-001") -> str:
    return f"cache-alarms-{node}-{metric}"


ACCEPTED: dict[str, Change] = {
    "as text": nested(CACHE, "logDeliveryConfigurations.0.logFormat", "text"),
    "kept longer": edit(SLOW, retentionInDays=365),
    "kept for no time": edit(SLOW, retentionInDays=None),  # log-groups-expire says so
    "one more shard": edit(CACHE, numNodeGroups=5),
    "one more replica": edit(CACHE, replicasPerNodeGroup=2),
    "or more": edit(_alarm("Evictions"), comparisonOperator="GreaterThanOrEqualToThreshold"),
    "second alarm, too late": chain(copy(_alarm("Evictions"), "more"), edit("more", threshold=1_000_000)),
    "alarm of another service": chain(
        copy(_alarm("Evictions"), "more"), edit("more", namespace="AWS/SQS", threshold=0)
    ),
    "alarm of nobody knows what": chain(copy(_alarm("Evictions"), "more"), edit("more", namespace=UNKNOWN)),
}

REJECTED: dict[str, Case] = {
    **values(_DELIVERED, CACHE, "logDeliveryConfigurations", None, [], UNKNOWN, _LOGS[:1]),
    **broken(_DELIVERED, CACHE, "logDeliveryConfigurations.0.logType", None, "slow-log", UNKNOWN),
    **broken(_DELIVERED, CACHE, "logDeliveryConfigurations.1.destinationType", "kinesis-firehose", UNKNOWN),
    "log groups of nobody": Case(edit(CACHE, logDeliveryConfigurations=_LOGS), at(_DELIVERED, CACHE)),
    "one log group for a key": Case(point(CACHE, "logDeliveryConfigurations", SLOW, KEY), at(_DELIVERED, CACHE)),
    **values("cache-logs-kept-90-days", SLOW, "retentionInDays", 1, 60, UNKNOWN),
    **values("cache-logs-kept-90-days", ENGINE, "retentionInDays", 60),
    **{f"no alarm on {metric}": Case(drop(_alarm(metric)), at(_WATCHED, CACHE)) for metric in _METRICS},
    "no alarm of a replica": Case(drop(_alarm("Evictions", "0004-002")), at(_WATCHED, CACHE)),
    **{
        f"alarm with {key} {value!r}": Case(edit(_alarm("Evictions"), **{key: value}), at(_WATCHED, CACHE))
        for key, found in {
            "namespace": (None, "AWS/SQS", UNKNOWN),
            "metricName": (None, "EngineCPUUtilization", UNKNOWN),
            "dimensions": (None, {"CacheClusterId": "another"}, {"CacheClusterId": UNKNOWN}),
            "comparisonOperator": (None, "LessThanThreshold", UNKNOWN),
            "statistic": (None, "Minimum", UNKNOWN),
            "threshold": (None, 1000, UNKNOWN),
        }.items()
        for value in found
    },
    "memory that never fills": Case(
        edit(_alarm("DatabaseMemoryUsageCountedForEvictPercentage"), threshold=100), at(_WATCHED, CACHE)
    ),
    "another name": Case(edit(CACHE, replicationGroupId="another"), at(_WATCHED, CACHE)),
    "no name": Case(edit(CACHE, replicationGroupId=None), at(_WATCHED, CACHE)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_days_are_an_option() -> None:
    topology = edit(SLOW, retentionInDays=30)(recorded("prod"))
    assert violations(topology, {"cache-logs-kept-90-days": {"minimumDays": 30}}) == set()
