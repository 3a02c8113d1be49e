"""Who hears that the primary's region is ill, and whether that is lost with it."""

from collections.abc import Iterator

from preview.drill import serving
from preview.drill.data import lag_alarms
from preview.drill.findings import Fact
from preview.drill.pair import Pair
from preview.drill.recorded import Item, referrers

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_TOPIC = "aws:sns/topic:Topic"


def _rings(alarm: Item) -> bool:
    """Return whether people hear an alarm as soon as its metric is bad, or silent."""
    return (
        alarm.get("actionsEnabled", True) is True
        and bool(alarm.refers("alarmActions", _TOPIC))
        and alarm.get("treatMissingData") == "breaching"
    )


def _watching(pair: Pair, check: Item) -> list[Item]:
    """Return the alarms on what Route 53 says of a health check."""
    found = referrers(pair.primary.of(_ALARM), "dimensions", check)
    return [alarm for alarm in found if alarm.get("metricName") == "HealthCheckStatus" and _rings(alarm)]


def somebody_is_told(pair: Pair) -> Iterator[str]:
    """Yield health checks of the primary's API that turn ill without a word to anybody."""
    checks = serving.asking(pair)
    yield from () if checks else ("no health check asks the API of the primary",)
    for check in checks:
        if not _watching(pair, check):
            yield f"no alarm tells that {check.name} is ill"


def who_hears(pair: Pair) -> Iterator[Fact]:
    """Yield the alarms that a lost region sets off, each with what becomes of it."""
    for check in serving.asking(pair):
        for alarm in _watching(pair, check):
            lost = alarm.region == pair.lost
            yield Fact(
                str(alarm.get("name")),
                f"in {pair.lost}, so that it may be lost before it rings" if lost else f"in {alarm.region}",
            )
    for alarm in lag_alarms(pair):
        seconds = _late(alarm)
        when = "nobody knows when" if seconds is None else f"{seconds // 60} min after the loss at the latest"
        yield Fact(str(alarm.get("name")), f"in {pair.second}, {when}")


def _late(alarm: Item) -> int | None:
    """Return after how many seconds at most a lag that only grows sets an alarm off."""
    numbers = [alarm.get(key) for key in ("threshold", "evaluationPeriods", "period")]
    if not all(isinstance(number, int | float) for number in numbers):
        return None
    threshold, periods, period = numbers
    return int(threshold + periods * period)
