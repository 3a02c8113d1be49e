"""Windows in which AWS backs things up and restarts them: when they meet."""

import re
from collections.abc import Iterator

from guardrails.reading import MalformedError, Properties

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES, _WEEK_MINUTES = 24 * 60, 7 * 24 * 60
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(f"({'|'.join(_WEEK)}):{_TIME}-({'|'.join(_WEEK)}):{_TIME}")


def overlap(properties: Properties, daily: str, weekly: str) -> Iterator[str]:
    """Yield that a daily and a weekly window, each named by its property, have a minute in common."""
    every_day, every_week = properties.text(daily), properties.text(weekly)
    if every_day and every_week and _daily(daily, every_day) & _weekly(weekly, every_week):
        yield f"{daily} {every_day} overlaps {weekly} {every_week}, which AWS refuses"


def _daily(key: str, window: str) -> set[int]:
    """Return the minutes of a week that a daily window takes."""
    found = _DAILY.fullmatch(window)
    if not found:
        raise MalformedError(key, window, "a daily window such as 00:00-01:00")
    start, end = _minutes(*found.groups()[:2]), _minutes(*found.groups()[2:])
    return {
        (day * _DAY_MINUTES + start + minute) % _WEEK_MINUTES
        for day in range(7)
        for minute in range((end - start) % _DAY_MINUTES or _DAY_MINUTES)
    }


def _weekly(key: str, window: str) -> set[int]:
    """Return the minutes of a week that a weekly window takes."""
    found = _WEEKLY.fullmatch(window.lower())
    if not found:
        raise MalformedError(key, window, "a weekly window such as sun:02:00-sun:03:00")
    first, *from_, last, hour, minute = found.groups()
    start = _WEEK.index(first) * _DAY_MINUTES + _minutes(*from_)
    end = _WEEK.index(last) * _DAY_MINUTES + _minutes(hour, minute)
    return {(start + minute) % _WEEK_MINUTES for minute in range((end - start) % _WEEK_MINUTES or _WEEK_MINUTES)}


def _minutes(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)
