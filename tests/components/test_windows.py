import pytest

from components.windows import Window, daily, meet, weekly


@pytest.mark.parametrize(
    ("window", "expected"),
    [("00:00-01:00", (0, 60)), ("23:30-00:30", (1410, 60)), ("12:00-12:00", (720, 0)), ("00:01-00:00", (1, 1439))],
)
def test_daily(window: str, expected: tuple[int, int]) -> None:
    assert daily(window) == Window(*expected)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("mon:00:00-mon:00:30", (0, 30)),
        ("sun:23:30-mon:00:30", (10050, 60)),
        ("sun:02:00-sun:02:00", (8760, 0)),
        ("tue:00:00-mon:00:00", (1440, 8640)),
    ],
)
def test_weekly(window: str, expected: tuple[int, int]) -> None:
    assert weekly(window) == Window(*expected)


@pytest.mark.parametrize(
    ("every_day", "every_week", "expected"),
    [
        ("01:00-02:00", "sun:02:00-sun:03:00", False),
        ("01:00-02:01", "sun:02:00-sun:03:00", True),
        ("03:00-04:00", "sun:02:00-sun:03:00", False),
        ("02:59-04:00", "sun:02:00-sun:03:00", True),
        ("02:10-02:20", "sun:02:00-sun:03:00", True),
        ("00:00-05:00", "sun:02:00-sun:03:00", True),
        ("23:30-00:30", "sun:23:00-sun:23:30", False),
        ("23:30-00:30", "mon:00:29-mon:01:00", True),
        ("23:30-00:30", "mon:00:30-mon:01:00", False),
        ("12:00-12:30", "sat:23:00-sun:13:00", True),
    ],
)
def test_meet(every_day: str, every_week: str, expected: bool) -> None:
    assert meet(daily(every_day), weekly(every_week)) is expected
