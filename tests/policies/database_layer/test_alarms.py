from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import KEY, PRIMARY, REPLICA, TOPIC, copy, refer, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_LAG, _FREE = "database-alarms-analytics-ReplicaLag", "database-alarms-primary-FreeStorageSpace"
_WATCHED = {_LAG: at("database-lag-alarm", REPLICA), _FREE: at("database-storage-alarm", PRIMARY)}
_GIB = 1024**3
_STORAGE_ALARM, _SATURATION = "database-storage-alarm", "database-saturation-watched"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

ACCEPTED: dict[str, Change] = {
    "one hour": edit(_LAG, threshold=3600),
    "or more": edit(_LAG, comparisonOperator="GreaterThanOrEqualToThreshold"),
    "or less": edit(_FREE, comparisonOperator="LessThanOrEqualToThreshold"),
    "one gibibyte": edit(_FREE, threshold=_GIB),
    "half of what there is": edit(_FREE, threshold=250 * _GIB),
    "storage at its least": edit(_FREE, statistic="Minimum"),
    "lag at its most": edit(_LAG, statistic="Maximum"),
    "second alarm, far too late": chain(copy(_LAG, "more"), edit("more", threshold=86400)),
    **{f"{name} enabled by default": edit(name, actionsEnabled=None) for name in _WATCHED},
    **{f"{name} enabled": edit(name, actionsEnabled=True) for name in _WATCHED},
    "nobody told of the end": edit(_LAG, okActions=None),
    "two topics": point(_LAG, "alarmActions", TOPIC, "security-alerts-critical"),
    "alarm of another service": add(
        _ALARM, "more", {"namespace": "AWS/SQS", "alarmActions": [UNKNOWN]}, alarmActions=[TOPIC]
    ),
}

REJECTED: dict[str, Case] = {
    **{f"{name} missing": Case(drop(name), broken) for name, broken in _WATCHED.items()},
    **{
        f"{name}: {key} {value!r}": Case(edit(name, **{key: value}), broken)
        for name, broken in _WATCHED.items()
        for key, found in (
            ("namespace", (None, "AWS/EC2", UNKNOWN, 7)),
            ("metricName", (None, "CPUUtilization", UNKNOWN, 7)),
            ("threshold", (None, UNKNOWN, "1800")),
            ("comparisonOperator", (None, "GreaterThanUpperThreshold", "LessThanLowerThreshold", UNKNOWN, 7)),
            ("dimensions", (None, {"DBInstanceIdentifier": "x"}, {"DBInstanceIdentifier": UNKNOWN})),
        )
        for value in found
    },
    "lag of what is no instance": Case(
        chain(edit(_LAG, dimensions={"DBClusterIdentifier": "x"}), refer(_LAG, "dimensions", REPLICA)), _WATCHED[_LAG]
    ),
    "later than an hour": Case(edit(_LAG, threshold=3601), _WATCHED[_LAG]),
    "less than a gibibyte left": Case(edit(_FREE, threshold=_GIB - 1), _WATCHED[_FREE]),
    "more than half of what there is": Case(edit(_FREE, threshold=250 * _GIB + 1), _WATCHED[_FREE]),
    "more than half of what the replica copies": Case(
        edit("database-alarms-analytics-FreeStorageSpace", threshold=1e12), at(_STORAGE_ALARM, REPLICA)
    ),
    "storage at its most": Case(edit(_FREE, statistic="Maximum"), _WATCHED[_FREE]),
    "lag at its least": Case(edit(_LAG, statistic="Minimum"), _WATCHED[_LAG]),
    "lag that is too small": Case(edit(_LAG, comparisonOperator="LessThanThreshold"), _WATCHED[_LAG]),
    "storage that is too large": Case(edit(_FREE, comparisonOperator="GreaterThanThreshold"), _WATCHED[_FREE]),
    "lag of the primary": Case(point(_LAG, "dimensions", PRIMARY), _WATCHED[_LAG]),
    "storage of the replica": Case(point(_FREE, "dimensions", REPLICA), _WATCHED[_FREE]),
    "second replica without an alarm": Case(
        copy(REPLICA, "more"), {(name, "more") for name in ("database-lag-alarm", _STORAGE_ALARM, _SATURATION)}
    ),
    "no alarm on the replica's storage": Case(
        drop("database-alarms-analytics-FreeStorageSpace"), at(_STORAGE_ALARM, REPLICA)
    ),
    "no alarm on a processor": Case(drop("database-alarms-primary-CPUUtilization"), at(_SATURATION, PRIMARY)),
    "no alarm on connections": Case(drop("database-alarms-primary-DatabaseConnections"), at(_SATURATION, PRIMARY)),
    **{
        key: case
        for name in (*_WATCHED, "database-alarms-primary-CPUUtilization")
        for key, case in (
            values("alarms-enabled", name, "actionsEnabled", False, UNKNOWN, "true")
            | values(
                "alarms-tell-a-topic", name, "alarmActions", None, [], ["arn:aws:sns:us-east-1:1:x"], [UNKNOWN], UNKNOWN
            )
        ).items()
    },
    "told another stack": Case(
        chain(other_stack, point(_LAG, "alarmActions", ELSEWHERE)), at("alarms-tell-a-topic", _LAG)
    ),
    "told a key": Case(point(_LAG, "alarmActions", KEY), at("alarms-tell-a-topic", _LAG)),
    "alarm of another service": Case(add(_ALARM, "more", {"namespace": "AWS/SQS"}), at("alarms-tell-a-topic", "more")),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
