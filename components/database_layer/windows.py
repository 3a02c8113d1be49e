"""When the windows of RDS are, in minutes of a week that begins on Monday. Pure, no resources.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from typing import NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = len(WEEKDAYS) * _DAY


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


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)
