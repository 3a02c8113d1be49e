import pytest

from components.rates import burst_limit, window_limit
from tests.components.reading import mistakes, stack_of


@pytest.mark.parametrize(("per_hour", "expected"), [(1000, 167), (10_000, 1667), (60, 10), (6, 1)])
def test_ten_minutes_have_a_sixth_of_an_hour(per_hour: int, expected: int) -> None:
    assert window_limit(per_hour) == expected


@pytest.mark.parametrize(("per_hour", "times", "expected"), [(1000, 2, 34), (10_000, 2, 334), (600, 1, 10)])
def test_a_minute_has_a_multiple_of_its_share(per_hour: int, times: int, expected: int) -> None:
    assert burst_limit(per_hour, times) == expected


@pytest.mark.parametrize("key", ["userPerHour", "ipPerHour"])
def test_rates_that_a_web_acl_can_not_count(key: str) -> None:
    allowed = "a rate of 10 or more in a minute, times burstMultiplier"
    assert mistakes(stack_of(rates={key: 60})) == [f"fitness-platform:rates.{key}: found 60; allowed: {allowed}"]
