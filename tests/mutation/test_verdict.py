from tests.mutation.mutant import Mutant
from tests.mutation.reasons import Reasons, Survivor, Twin
from tests.mutation.verdict import Verdict

BECAUSE = "long enough to be a sentence"


def _mutant(id_: str, *, harmless: bool = False) -> Mutant:
    return Mutant(id_, "bound: is", "urn", ("clause",), harmless, lambda topology: topology)


def _verdict(
    killers: dict[str, set[str]],
    *,
    harmless: tuple[str, ...] = (),
    survivors: tuple[str, ...] = (),
    twins: tuple[tuple[str, str], ...] = (),
) -> Verdict:
    reasons = Reasons(
        survivors=[
            Survivor(mutants=mutants, reason="equivalent", because=BECAUSE, shown_by="tests/a/test_b.py::test_c")
            for mutants in survivors
        ],
        twins=[Twin(guardrail=guardrail, twins=[twin], because=BECAUSE) for guardrail, twin in twins],
    )
    return Verdict(
        [_mutant(id_, harmless=id_ in harmless) for id_ in killers],
        {id_: frozenset(found) for id_, found in killers.items()},
        sorted({guardrail for found in killers.values() for guardrail in found} | {"g"}),
        reasons,
    )


def _many(count: int = 100) -> dict[str, set[str]]:
    return {f"mutant {number}": {"g"} for number in range(count)}


def test_all_is_proved() -> None:
    verdict = _verdict({**_many(), "same": set(), "left": set()}, harmless=("same",), survivors=("le*",))
    assert list(verdict.problems()) == []
    assert verdict.alone["g"][0] == "mutant 0"


def test_a_survivor_needs_a_reason() -> None:
    assert list(_verdict({**_many(), "left": set()}).problems()) == ["survives: left [clause]"]


def test_a_harmless_mutant_must_not_be_refused() -> None:
    verdict = _verdict({**_many(), "same": {"g"}}, harmless=("same",))
    assert list(verdict.problems()) == ["refused though harmless: same, by g"]


def test_few_may_survive_even_with_a_reason() -> None:
    left: dict[str, set[str]] = {f"left {number}": set() for number in range(3)}
    verdict = _verdict({**_many(97), **left}, survivors=("left *",))
    assert list(verdict.problems()) == ["too many survive: 3 of 100, more than 2%"]


def test_a_guardrail_that_refuses_nothing_is_found() -> None:
    verdict = _verdict({"a": {"other"}})
    assert list(verdict.problems()) == ["refuses no mutant: g; add what it guards against to the clause table"]


def test_a_guardrail_that_is_never_alone_names_its_twin() -> None:
    killers = {**_many(), "both": {"g", "twin"}}
    assert list(_verdict(killers).problems()) == ["never alone, and names no twin: twin; always with g"]
    assert list(_verdict(killers, twins=(("twin", "g"),)).problems()) == []


def test_a_twin_must_refuse_as_much() -> None:
    killers = {**_many(), "one": {"g", "twin"}, "two": {"h", "twin"}, "three": {"h"}}
    verdict = _verdict(killers, twins=(("twin", "g"),))
    assert list(verdict.problems()) == ["names g as its twins, which let through what twin refuses: two"]


def test_a_twin_that_is_not_needed_is_found() -> None:
    verdict = _verdict({**_many(), "h": {"h"}}, twins=(("g", "h"),))
    assert list(verdict.problems()) == ["names a twin and needs none: g"]


def test_reasons_for_nothing_are_found() -> None:
    verdict = _verdict(_many(), survivors=("left",), twins=(("gone", "g"),))
    assert list(verdict.problems()) == ["a reason for nothing: left", "a twin of nothing: gone"]


def test_weakening_a_guardrail_is_found() -> None:
    verdict = _verdict({**_many(), "h": {"h"}})
    assert list(verdict.problems()) == []
    assert list(verdict.without("h").problems()) == ["survives: h [clause]"]
