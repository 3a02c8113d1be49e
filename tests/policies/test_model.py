import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from guardrails import ALL_GUARDRAILS
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties
from tests.policies.graphs import graph
from tests.support.editing import UNKNOWN

every_guardrail = pytest.mark.parametrize("guardrail", ALL_GUARDRAILS, ids=lambda guardrail: guardrail.id)
_OPTIONS = {
    "count": Option({"type": "integer", "minimum": 2, "maximum": 3}, 3, ""),
    "mode": Option({"type": "string", "enum": ["strict", "lax"]}, "strict", ""),
    "names": Option({"type": "array", "items": {"type": "string"}}, ["a"], ""),
    "required": Option({"type": "boolean"}, True, ""),
}


def test_ids_are_unique() -> None:
    ids = [guardrail.id for guardrail in ALL_GUARDRAILS]
    assert len(ids) == len(set(ids))


@every_guardrail
def test_metadata_is_complete(guardrail: Guardrail) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", guardrail.id)
    assert guardrail.severity in ("low", "medium", "high", "critical")
    assert guardrail.clauses
    assert len(set(guardrail.clauses)) == len(guardrail.clauses)
    assert len(set(guardrail.controls)) == len(guardrail.controls)
    assert guardrail.remediation.endswith(".")
    assert guardrail.title
    assert not guardrail.title.endswith(".")


@every_guardrail
def test_strict_values_keep_their_schemas(guardrail: Guardrail) -> None:
    for option in guardrail.options.values():
        jsonschema.Draft7Validator.check_schema(option.schema)
        jsonschema.validate(option.default, option.schema)
        assert option.description


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, (3, "strict", ["a"])),
        ({"count": 2, "mode": "lax", "names": []}, (2, "lax", [])),
        ({"count": 2.0, "names": ["b", "c"]}, (2, "strict", ["b", "c"])),
        ({"count": "2", "mode": 2, "names": "b"}, (3, "strict", ["a"])),
        ({"count": True, "mode": "other", "names": ["b", 1]}, (3, "strict", ["a"])),
        ({"count": 1, "mode": None, "names": None}, (3, "strict", ["a"])),
        ({"count": float("nan"), "mode": ["lax"], "names": {"b": 1}}, (3, "strict", ["a"])),
    ],
)
def test_relaxations_are_strict_unless_well_formed(config: dict[str, Any], expected: tuple[Any, ...]) -> None:
    relaxations = Relaxations(_OPTIONS, config)
    assert (relaxations.number("count"), relaxations.text("mode"), relaxations.texts("names")) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [({}, True), ({"required": False}, False), ({"required": 0}, True), ({"required": None}, True)],
)
def test_flags_are_strict_unless_well_formed(config: dict[str, Any], expected: bool) -> None:
    assert Relaxations(_OPTIONS, config).flag("required") is expected


def _says(node: Node, _graph: Graph, _: Relaxations) -> Iterator[str]:
    yield "before"
    if (text := node.properties.text("text")) == "break":
        raise KeyError(text)
    yield f"after {text}"


_STACK_GUARDRAIL = StackGuardrail(
    id="says",
    title="It says",
    clauses=("clause",),
    severity="low",
    remediation="",
    types=frozenset({"t:a"}),
    check=_says,
)


def _evaluated(*texts: object, guardrail: StackGuardrail = _STACK_GUARDRAIL) -> list[tuple[str, str]]:
    stack = graph(
        *(("t:a", str(number), {"text": text}, {}) for number, text in enumerate(texts)), ("t:b", "b", {}, {})
    )
    return [(found.urn.rpartition("::")[2], found.message) for found in guardrail.evaluate(stack, {})]


def test_what_was_found_before_an_error_stays() -> None:
    assert _evaluated(UNKNOWN) == [
        ("0", "before"),
        ("0", "undecided: text is not known at preview; give it a value that is"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [(UNKNOWN, "undecided: text"), (7, "text is 7"), ("break", "could not be judged: KeyError: 'break'")],
)
def test_error_is_a_violation_that_hides_no_other_subject(text: object, said: str) -> None:
    found = _evaluated("x", text, "y")
    assert [name for name, _ in found] == ["0", "0", "1", "1", "2", "2"]
    assert found[3][1].startswith(said)
    assert found[5][1] == "after y"


def test_check_that_yields_nothing_iterable_is_a_violation() -> None:
    def none(*_: object) -> Any:
        return None

    [(_, message)] = _evaluated("x", guardrail=replace(_STACK_GUARDRAIL, check=none))
    assert message.startswith("could not be judged: TypeError")


def test_no_types_mean_every_resource() -> None:
    every = replace(_STACK_GUARDRAIL, types=frozenset[str]())
    assert {name for name, _ in _evaluated("x", guardrail=every)} == {"0", "b"}


@pytest.mark.parametrize(("type_", "expected"), [("t:a", ["t:a: x"]), ("t:b", [])])
def test_resource_guardrail_judges_its_types(type_: str, expected: list[str]) -> None:
    def check(found: str, properties: Properties, _: Relaxations) -> Iterable[str]:
        yield f"{found}: {properties.text('text')}"

    guardrail = ResourceGuardrail(
        id="says",
        title="It says",
        clauses=("c",),
        severity="low",
        remediation="",
        types=frozenset({"t:a"}),
        check=check,
    )
    assert [found.message for found in guardrail.evaluate("urn", type_, Properties({"text": "x"}), {})] == expected
