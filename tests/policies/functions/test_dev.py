"""The dev stack breaks what its policy config relaxes, and nothing else."""

import pytest

from guardrails.functions import FUNCTION_GUARDRAILS
from tests.policies.functions.stack import recorded, violations
from tests.support.judging import dev_config

_RELAXED = sorted({guardrail.id for guardrail in FUNCTION_GUARDRAILS} & set(dev_config()))


def _broken(config: dict[str, object]) -> list[str]:
    return sorted({guardrail for guardrail, _ in violations(recorded("dev"), config)})


def test_strict_values_are_broken_where_they_are_relaxed() -> None:
    assert _broken({}) == _RELAXED


def test_nothing_is_broken_under_the_config() -> None:
    assert _broken(dev_config()) == []


@pytest.mark.parametrize("guardrail", _RELAXED)
def test_every_relaxation_is_needed(guardrail: str) -> None:
    assert _broken({key: value for key, value in dev_config().items() if key != guardrail}) == [guardrail]
