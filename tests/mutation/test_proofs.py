"""Each guardrail, in turn, made to let everything through: a mutant survives that only it refused."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from guardrails import ALL_GUARDRAILS
from guardrails.model import Guardrail
from tests.mutation.page import PROOFS
from tests.mutation.reasons import Survivor, load_reasons
from tests.mutation.recorded_mutants import STACK, changed, config_of, recorded_mutants, stack_of
from tests.support.judging import violations
from tests.support.recording import ROOT, recorded

_PROOFS: dict[str, str] = yaml.safe_load(PROOFS.read_text(encoding="utf-8"))
_TWINS = {entry.guardrail: entry.twins for entry in load_reasons().twins}


@pytest.mark.parametrize("guardrail", ALL_GUARDRAILS, ids=[guardrail.id for guardrail in ALL_GUARDRAILS])
def test_without_it_a_mutant_survives(guardrail: Guardrail) -> None:
    if guardrail.id in _TWINS:
        assert guardrail.id not in _PROOFS
        return
    assert guardrail.id in _PROOFS, f"nothing proves {guardrail.id}: run `make mutate`"
    mutant = recorded_mutants().get(_PROOFS[guardrail.id])
    assert mutant, f"{_PROOFS[guardrail.id]!r}, which proves {guardrail.id}, is no mutant any more: run `make mutate`"
    after, config = changed(mutant.id), config_of(stack_of(mutant.id))
    assert {found for found, _ in violations(after, config, [guardrail])} == {guardrail.id}
    weakened = [one for one in ALL_GUARDRAILS if one is not guardrail]
    assert violations(after, config, weakened) == set()


def test_proofs_are_of_guardrails() -> None:
    known = {guardrail.id for guardrail in ALL_GUARDRAILS}
    assert {*_PROOFS, *_TWINS, *(twin for twins in _TWINS.values() for twin in twins)} <= known


@pytest.mark.parametrize("survivor", load_reasons().survivors, ids=lambda survivor: survivor.mutants)
def test_a_test_shows_why_a_mutant_survives(survivor: Survivor) -> None:
    file, _, name = survivor.shown_by.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_mutant_changes_the_recorded_stack() -> None:
    before = recorded(STACK)
    for mutant in recorded_mutants():
        changed(mutant)
    assert before is recorded(STACK)
    assert replace(before) == recorded(STACK)


def test_mutants_are_many_and_each_is_a_change() -> None:
    same = [id_ for id_ in recorded_mutants() if changed(id_) == recorded(stack_of(id_))]
    assert same == []
    assert Path(PROOFS).is_file()
