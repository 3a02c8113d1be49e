"""When AWS backs things up and restarts them, in minutes of a week that begins on Monday. Pure, no resources.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from components.settings_base import Conflict, Form

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = len(WEEKDAYS) * _DAY

DailyWindow = Annotated[
    str, Form(r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", "a window in UTC, such as 00:00-01:00")
]
WeeklyWindow = Annotated[
    str,
    Form(
        rf"^({'|'.join(WEEKDAYS)}):([01][0-9]|2[0-3]):[0-5][0-9]-({'|'.join(WEEKDAYS)}):([01][0-9]|2[0-3]):[0-5][0-9]$",
        "a window in UTC, such as sun:02:00-sun:03:00",
    ),
]


class Window(NamedTuple):
    """A stretch of time, which may go past midnight."""

    start: int
    minutes: int
    """How long it is; none where it ends when it starts."""


def daily(window: str) -> Window:
    """Read a window such as ``23:30-00:30``: its start is that of Monday."""
    start, end = (_minutes(time) for time in window.split("-"))
    return Window(start, (end - start) % _DAY)


def weekly(window: str) -> Window:
    """Read a window such as ``sat:23:30-sun:00:30``."""
    start, end = (WEEKDAYS.index(time[:3]) * _DAY + _minutes(time[4:]) for time in window.split("-"))
    return Window(start, (end - start) % _WEEK)


def meet(every_day: Window, every_week: Window) -> bool:
    """Return whether a daily and a weekly window have a minute in common."""
    return any(
        (every_week.start - start) % _WEEK < every_day.minutes
        or (start - every_week.start) % _WEEK < every_week.minutes
        for start in range(every_day.start, _WEEK, _DAY)
    )


def conflicts(every_day: tuple[str, str], every_week: tuple[str, str], *, shortest: int) -> Iterator[Conflict]:
    """Yield what AWS refuses of two windows, each given as its key in YAML and its text; ``shortest`` is in minutes."""
    windows = {every_day: daily(every_day[1]), every_week: weekly(every_week[1])}
    for (key, text), window in windows.items():
        if window.minutes < shortest:
            yield Conflict((key,), text, f"a window of {shortest} minutes or more")
    if meet(*windows.values()):
        key, text = every_week
        yield Conflict((key,), text, f"a window clear of {every_day[0]} ({every_day[1]})")


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)
