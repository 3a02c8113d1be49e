import pytest

from guardrails.graph import Graph, Node
from tests.policies.graphs import graph, named, resource

_STACK = graph(
    ("t:b", "two", {}, {"in": ["one"], "also": ["one", "three"]}),
    ("t:a", "one", {"key": "value"}, {}),
    ("t:c", "three", {}, {"in": ["one"], "nothing": []}),
)
_ONE, _THREE, _TWO = sorted(_STACK, key=lambda node: node.name)


def test_resources_are_nodes() -> None:
    assert (_ONE.name, _ONE.type, _ONE.properties.text("key")) == ("one", "t:a", "value")
    assert _STACK.node(_ONE.urn) is _ONE


def test_types_are_canonical() -> None:
    [node] = Graph([resource("aws:alb/listener:Listener", "web")])
    assert node.type == "aws:lb/listener:Listener"


@pytest.mark.parametrize(
    ("key", "types", "expected"),
    [
        ("in", (), ["one"]),
        ("also", (), ["one", "three"]),
        ("also", ("t:c",), ["three"]),
        ("also", ("t:b",), []),
        ("missing", (), []),
    ],
)
def test_references_are_by_property_and_type(key: str, types: tuple[str, ...], expected: list[str]) -> None:
    assert named(_TWO.refers(key, *types)) == expected


def test_property_that_refers_to_nothing_is_no_reference() -> None:
    assert set(_THREE.references) == {"in"}


@pytest.mark.parametrize(
    ("key", "types", "expected"),
    [
        ("in", ("t:b", "t:c"), ["two", "three"]),
        ("in", ("t:c",), ["three"]),
        ("also", ("t:b",), ["two"]),
        ("in", (), []),
    ],
)
def test_referrers_are_by_property_and_type(key: str, types: tuple[str, ...], expected: list[str]) -> None:
    assert named(_ONE.referrers(key, *types)) == expected


def test_types_come_in_the_order_asked_for() -> None:
    assert named(_STACK.of_type("t:c", "t:a", "t:missing")) == ["three", "one"]


def test_order_of_resources_has_no_meaning() -> None:
    resources = [resource("t:a", name) for name in "bca"]
    assert named(Graph(resources)) == named(Graph(reversed(resources))) == ["a", "b", "c"]


def test_question_is_asked_once() -> None:
    asked: list[str] = []

    def question(node: Node) -> str:
        asked.append(node.name)
        return node.name

    [first, second] = Graph([resource("t:a", "first"), resource("t:a", "second")])
    assert [first.once(question), first.once(question), second.once(question)] == ["first", "first", "second"]
    assert asked == ["first", "second"]


def test_provider_without_properties_names_nothing() -> None:
    assert _ONE.provider.text("allowedAccountIds") is None
