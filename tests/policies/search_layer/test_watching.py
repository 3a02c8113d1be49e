from tests.policies.breaking import Case, Change, at, cases, drop, edit, point
from tests.policies.database_layer.stack import refer
from tests.policies.search_layer.stack import DOMAIN, TOPIC, recorded, violations
from tests.support.editing import UNKNOWN

_WATCHED = at("search-watched", DOMAIN)
_METRICS = (
    "AutomatedSnapshotFailure",
    "CPUUtilization",
    "ClusterIndexWritesBlocked",
    "ClusterStatus.red",
    "ClusterStatus.yellow",
    "FreeStorageSpace",
    "JVMMemoryPressure",
    "KMSKeyError",
    "KMSKeyInaccessible",
    "MasterCPUUtilization",
    "MasterJVMMemoryPressure",
    "MasterReachableFromNode",
)


def _alarm(metric: str) -> str:
    return f"search-alarms-{metric}"


_RED, _MEMORY, _STORAGE = _alarm("ClusterStatus.red"), _alarm("JVMMemoryPressure"), _alarm("FreeStorageSpace")

ACCEPTED: dict[str, Change] = {
    "sooner": edit(_MEMORY, threshold=80),
    "above": edit(_MEMORY, comparisonOperator="GreaterThanThreshold"),
    "more room": edit(_STORAGE, threshold=1, comparisonOperator="LessThanThreshold"),
}

REJECTED: dict[str, Case] = {
    **{f"no alarm on {metric}": Case(drop(_alarm(metric)), _WATCHED) for metric in _METRICS},
    **{
        f"{name} with {key} {value!r}": Case(edit(name, **{key: value}), _WATCHED)
        for name, key, values in (
            (_RED, "namespace", (None, "AWS/RDS", UNKNOWN)),
            (_RED, "metricName", (None, "ClusterStatus.green", UNKNOWN)),
            (_RED, "threshold", (None, 0, 2, UNKNOWN, "1")),
            (_RED, "comparisonOperator", (None, "LessThanThreshold", UNKNOWN)),
            (_RED, "statistic", (None, "Minimum", UNKNOWN)),
            (_RED, "dimensions", (None, {"DomainName": "other"}, UNKNOWN)),
            (_MEMORY, "threshold", (0, 96)),
            (_STORAGE, "threshold", (0, -1)),
        )
        for value in values
    },
    "alarm of another": Case(point(_RED, "dimensions", TOPIC), _WATCHED),
    "alarm of nobody": Case(refer(_RED, "dimensions"), _WATCHED),
}


def test_masters_are_watched_where_there_are_any() -> None:
    assert not [found for found in violations(recorded("dev")) if found[0] == "search-watched"]


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
