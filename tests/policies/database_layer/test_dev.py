"""The dev stack breaks what its policy config relaxes, and nothing else."""

import pytest

from guardrails.database_layer import DATABASE_GUARDRAILS
from tests.policies.security_layer.judged import recorded
from tests.support.judging import dev_config, violations

_IDS = {guardrail.id for guardrail in DATABASE_GUARDRAILS}
_RELAXED = sorted(_IDS & set(dev_config()))


def _broken(config: dict[str, object]) -> set[str]:
    return {guardrail for guardrail, _ in violations(recorded("dev"), config) if guardrail in _IDS}


def test_strict_values_are_broken_where_they_are_relaxed() -> None:
    assert sorted(_broken({})) == _RELAXED


def test_nothing_is_broken_under_the_config() -> None:
    assert _broken(dev_config()) == set()


@pytest.mark.parametrize("guardrail", _RELAXED)
def test_every_relaxation_is_needed(guardrail: str) -> None:
    assert _broken({key: value for key, value in dev_config().items() if key != guardrail}) == {guardrail}
