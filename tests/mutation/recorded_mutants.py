"""The mutants of the recorded prod stack, the same in every process."""

import gc
from collections.abc import Sequence
from functools import cache

from guardrails import ALL_GUARDRAILS
from tests.mutation.attack import Attack
from tests.mutation.mutant import Mutant
from tests.mutation.mutants import mutants
from tests.support.recording import recorded
from tools.clauses import load_clauses, standing
from tools.generate_docs import guarded

STACK = "prod"


@cache
def recorded_mutants() -> dict[str, Mutant]:
    """Return every mutant by its id. Clauses that nothing keeps yet make none."""
    kept = [clause for clause in load_clauses() if standing(clause, guarded()) == "kept"]
    return {mutant.id: mutant for mutant in mutants(recorded(STACK), kept)}


@cache
def attack() -> Attack:
    """Return the whole pack, ready to be attacked."""
    ready = Attack(recorded(STACK), ALL_GUARDRAILS)
    gc.freeze()  # what is here stays to the end: collecting the litter of each mutant need not walk through it
    return ready


def killers(ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the guardrails that refuse each of some mutants."""
    topology = recorded(STACK)
    return {id_: attack().killers(recorded_mutants()[id_].change(topology)) for id_ in ids}
