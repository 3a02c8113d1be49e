import pytest

from tests.mutation.places import ABSENT, Place, places, replaced

INPUTS = {
    "port": 5432,
    "parameters": [{"name": "a", "value": "1"}, {"name": "b"}],
    "byName": {"one": {"size": 1}, "other": {}, "third": 3},
    "containerDefinitions": '[{"image": "x:1", "ports": [1, 2]}]',
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("port", {"port": 5432}),
        ("missing", {"missing": ABSENT}),
        ("missing.inner", {"missing.inner": ABSENT}),
        ("missing[].inner", {}),
        ("parameters[value].name", {"parameters[0].name": "a"}),
        ("parameters[].value", {"parameters[0].value": "1", "parameters[1].value": ABSENT}),
        ("byName.*.size", {"byName.one.size": 1, "byName.other.size": ABSENT}),
        ("missing.*.size", {}),
        ("containerDefinitions{}[].image", {"containerDefinitions{}[0].image": "x:1"}),
        (
            "containerDefinitions{}[].ports[]",
            {"containerDefinitions{}[0].ports[0]": 1, "containerDefinitions{}[0].ports[1]": 2},
        ),
    ],
)
def test_a_path_leads_to_every_place(path: str, found: dict[str, object]) -> None:
    assert {str(place): place.value for place in places(INPUTS, path)} == found


def test_a_value_is_put_in_place_and_nothing_else_changes() -> None:
    [first, _] = places(INPUTS, "parameters[].value")
    assert replaced(INPUTS, first, "2") == {**INPUTS, "parameters": [{"name": "a", "value": "2"}, {"name": "b"}]}
    assert INPUTS["parameters"] == [{"name": "a", "value": "1"}, {"name": "b"}]


def test_absent_takes_a_property_or_an_item_out() -> None:
    [image] = places(INPUTS, "containerDefinitions{}[].image")
    [port, _] = places(INPUTS, "containerDefinitions{}[].ports[]")
    assert replaced(INPUTS, image, ABSENT)["containerDefinitions"] == '[{"ports": [1, 2]}]'
    assert replaced(INPUTS, port, ABSENT)["containerDefinitions"] == '[{"image": "x:1", "ports": [2]}]'


def test_what_was_absent_can_be_put_in() -> None:
    assert replaced({}, Place(("multiAz",), ABSENT), False) == {"multiAz": False}
