"""Clause search-dash-performance, its alarms: somebody is told before searches fail."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.search_layer.resources import ALARM, DOMAIN, GREATER, LESS


class _Watched(NamedTuple):
    comparisons: tuple[str, ...]
    statistics: tuple[str, ...]
    is_soon_enough: Callable[[float], bool]


_WORST = ("Maximum", "Sum")
_ONE = _Watched((GREATER[1],), _WORST, lambda value: value == 1)
_METRICS: Mapping[str, _Watched] = {
    "ClusterStatus.red": _ONE,
    "ClusterStatus.yellow": _ONE,
    "ClusterIndexWritesBlocked": _ONE,
    "KMSKeyError": _ONE,
    "KMSKeyInaccessible": _ONE,
    "FreeStorageSpace": _Watched(LESS, ("Minimum",), lambda mib: mib > 0),
    "JVMMemoryPressure": _Watched(GREATER, ("Maximum",), lambda percent: 0 < percent <= 95),
    "CPUUtilization": _Watched(GREATER, ("Average", "Maximum"), lambda percent: 0 < percent <= 90),
    "MasterReachableFromNode": _Watched((LESS[0],), ("Minimum",), lambda value: value == 1),
    "AutomatedSnapshotFailure": _ONE,
}
_OF_MASTERS: Mapping[str, _Watched] = {
    "MasterCPUUtilization": _Watched(GREATER, ("Average", "Maximum"), lambda percent: 0 < percent <= 90),
    "MasterJVMMemoryPressure": _Watched(GREATER, ("Maximum",), lambda percent: 0 < percent <= 95),
}


def _is_watched(domain: Node, metric: str, watched: _Watched) -> bool:
    for alarm in domain.referrers("dimensions", ALARM):
        properties = alarm.properties
        if (properties.text("namespace"), properties.text("metricName")) != ("AWS/ES", metric):
            continue
        threshold = properties.number("threshold")
        if (
            properties.given("dimensions.DomainName")
            and properties.given("dimensions.ClientId")
            and properties.text("comparisonOperator") in watched.comparisons
            and properties.text("statistic") in watched.statistics
            and threshold is not None
            and watched.is_soon_enough(threshold)
        ):
            return True
    return False


def _all_watched(domain: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    masters = _OF_MASTERS if domain.properties.flag("clusterConfig.dedicatedMasterEnabled") else {}
    missing = [
        metric for metric, watched in {**_METRICS, **masters}.items() if not _is_watched(domain, metric, watched)
    ]
    if missing:
        yield f"no alarm of this stack is on its {', '.join(missing)}, at a threshold that is soon enough"


WATCHING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="search-watched",
        title="Alarms say that a search domain is red, full, busy, short of memory, or without its key",
        clauses=("search-dash-performance",),
        severity="high",
        types=frozenset({DOMAIN}),
        check=_all_watched,
        remediation="Leave the alarms as components/search_layer/alarms.py has them.",
    ),
)
