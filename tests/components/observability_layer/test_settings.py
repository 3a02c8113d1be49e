from typing import Any

import pytest

from components import ObservabilitySettings
from tests.components.reading import load, mistakes, stack_of

_WHERE = "fitness-platform:observability"


def test_defaults_keep_the_decision() -> None:
    settings = load(stack_of()).observability
    assert settings == ObservabilitySettings()
    assert (settings.trail, settings.trail_log_days, settings.config_log_days) == (True, 731, 731)
    assert settings.trail_insights == ("ApiCallRateInsight", "ApiErrorRateInsight")


@pytest.mark.parametrize(
    "given",
    [{"trail": False}, {"trailInsights": []}, {"trailInsights": ["ApiErrorRateInsight"]}, {"trailLogDays": 1096}],
)
def test_takes(given: dict[str, Any]) -> None:
    found = load(stack_of(observability=given)).observability.model_dump(by_alias=True, mode="json")
    assert {key: found[key] for key in given} == given


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"trail": "yes"}, '.trail: found "yes"; allowed: true or false'),
        ({"masked": ["email"]}, '.masked.0: found "email"; allowed: the name of a managed data identifier'),
        (
            {"masked": ["Address", "Address"]},
            '.masked.1: found "Address"; allowed: each of masked once',
        ),
        ({"configLogDays": 0}, ".configLogDays: found 0; allowed: greater than or equal to 1"),
        ({"configLogDays": 3654}, ".configLogDays: found 3654; allowed: less than or equal to 3653"),
        (
            {"trailInsights": ["ApiErrorRateInsight", "ApiErrorRateInsight"]},
            '.trailInsights.1: found "ApiErrorRateInsight"; allowed: each of trailInsights once',
        ),
    ],
)
def test_refuses(given: dict[str, Any], message: str) -> None:
    assert mistakes(stack_of(observability=given)) == [_WHERE + message]


def test_two_years_of_a_log_group_are_731_days() -> None:
    [message] = mistakes(stack_of(observability={"trailLogDays": 730}))
    assert message.startswith(f"{_WHERE}.trailLogDays: found 730; allowed: 1, 3, 5")
