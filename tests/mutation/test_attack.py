import random

import pytest

from guardrails import ALL_GUARDRAILS
from tests.mutation.attack import Attack
from tests.mutation.recorded_mutants import STACK, attack, recorded_mutants
from tests.support.editing import without
from tests.support.judging import violations
from tests.support.recording import recorded

SAMPLE = random.Random(7).sample(sorted(recorded_mutants()), 60)  # noqa: S311 not for secrets


@pytest.mark.parametrize("mutant", SAMPLE)
def test_asking_some_guardrails_answers_as_asking_all(mutant: str) -> None:
    changed = recorded_mutants()[mutant].change(recorded(STACK))
    assert attack().killers(changed) == {guardrail for guardrail, _ in violations(changed)}


def test_what_is_the_same_is_not_refused() -> None:
    assert attack().killers(recorded(STACK)) == frozenset()


def test_a_stack_that_is_refused_as_it_is_proves_nothing() -> None:
    broken = without(recorded(STACK), "network-endpoints-s3")
    with pytest.raises(ValueError, match="the recorded stack is refused"):
        Attack(broken, ALL_GUARDRAILS)
