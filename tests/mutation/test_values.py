from typing import Any

import pytest
from pulumi_aws.rds import InstanceType

from tests.mutation.places import ABSENT
from tests.mutation.values import breaking, keeping, keeps
from tests.support.editing import UNKNOWN
from tools.clauses import Bound

OTHER = "something-else"


def _bound(**written: Any) -> Bound:
    return Bound.model_validate(written)


@pytest.mark.parametrize(
    ("bound", "old", "kind", "expected"),
    [
        (_bound(**{"is": True}), True, bool, [False, ABSENT, UNKNOWN, OTHER]),
        (_bound(**{"is": False}), ABSENT, bool, [True, UNKNOWN, OTHER]),
        (_bound(**{"is": 35}), 35, int, [34, 36, 0, ABSENT, UNKNOWN, OTHER]),
        (_bound(**{"is": "gp3"}), "gp3", str, ["", OTHER, ABSENT, UNKNOWN, 7]),
        (_bound(minimum=500), 500, int, [499, 0, ABSENT, UNKNOWN, OTHER]),
        (_bound(minimum=5, maximum=15), "10", str, ["4", "0", "16", "1600", ABSENT, UNKNOWN, 7]),
        (_bound(among=[256, 512]), 256, int, [255, 257, 513, ABSENT, UNKNOWN, OTHER]),
        (_bound(among=["a", "b"]), "a", str, ["", OTHER, ABSENT, UNKNOWN, 7]),
        (_bound(holds=["x", {"name": "y"}]), ["x", {"name": "y", "value": 1}], list,
         [[{"name": "y", "value": 1}], ["x"], [], ABSENT, UNKNOWN, 7]),
        (_bound(pattern="arn:.*"), "arn:1", str, ["", OTHER, ABSENT, UNKNOWN, 7]),
        (_bound(given=True), ["a"], list, [ABSENT, []]),
        (_bound(given=True), "a", str, [ABSENT, ""]),
        (_bound(absent=True), ABSENT, bool, [True, UNKNOWN]),
        (_bound(absent=True), ABSENT, list, [[UNKNOWN], UNKNOWN]),
        (_bound(narrow="cidr"), "10.0.0.0/16", str, ["0.0.0.0/0", "::/0", "10.0.0.0/15", UNKNOWN, 7]),
        (_bound(narrow="ports"), 443, int, [442, 0, 444, 65535, UNKNOWN, OTHER]),
    ],
)  # fmt: skip
def test_values_beyond_a_bound(bound: Bound, old: object, kind: type, expected: list[object]) -> None:
    assert [value.value for value in breaking(bound, old, kind)] == expected


def test_every_member_of_an_enumeration_is_tried() -> None:
    bound = _bound(**{"is": "db.r6i.2xlarge"})
    tried = {value.value for value in breaking(bound, "db.r6i.2xlarge", InstanceType)}
    assert {member.value for member in InstanceType} - {"db.r6i.2xlarge"} <= tried


@pytest.mark.parametrize(
    ("bound", "old", "expected"),
    [
        (_bound(minimum=500), 500, [501]),
        (_bound(maximum=5), 3, [5, 4]),
        (_bound(minimum=5, maximum=15), "10", ["5", "15"]),
        (_bound(among=["a", "b"]), "a", ["b"]),
        (_bound(holds=["a"]), ["a", "b"], [["b", "a"]]),
        (_bound(**{"is": 1}), 1, []),
    ],
)
def test_values_within_a_bound(bound: Bound, old: object, expected: list[object]) -> None:
    assert [value.value for value in keeping(bound, old)] == expected
    assert all(keeps(bound, value) is not False for value in expected if not isinstance(value, str))
