import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from preview.errors import PreviewError
from preview.policy_config import Relaxation, read_object, reconcile


def _info() -> analyzer_pb2.AnalyzerInfo:
    """Describe a pack of two guardrails, one of them with options."""
    options = {
        "days": {"type": "integer", "minimum": 1, "maximum": 9, "default": 7},
        "mode": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "names": {"type": "array", "items": {"type": "string"}, "default": ["x"]},
        "on": {"type": "boolean", "default": True},
    }
    info = analyzer_pb2.AnalyzerInfo()
    info.policies.add(name="kept-days", enforcementLevel=analyzer_pb2.MANDATORY).configSchema.properties.update(options)
    info.policies.add(name="plain", enforcementLevel=analyzer_pb2.MANDATORY)
    return info


_STRICT = {"days": 7, "mode": "a", "names": ["x"], "on": True}


def _reconciled(config: dict[str, Any]) -> tuple[dict[str, Any], list[Relaxation]]:
    request, relaxations = reconcile(_info(), config, "f.json")
    levels = {
        name: (
            analyzer_pb2.EnforcementLevel.Name(policy.enforcementLevel),
            json_format.MessageToDict(policy.properties),
        )
        for name, policy in request.policyConfig.items()
    }
    return levels, relaxations


def test_without_a_config_everything_is_as_the_pack_has_it() -> None:
    assert _reconciled({}) == ({"kept-days": ("MANDATORY", _STRICT), "plain": ("MANDATORY", {})}, [])


@pytest.mark.parametrize(
    ("config", "levels", "options", "relaxations"),
    [
        ({"kept-days": {"days": 3}}, "MM", {"days": 3}, [Relaxation("kept-days", "days", 7, 3)]),
        ({"kept-days": {"days": 7, "on": True}}, "MM", {}, []),
        ({"kept-days": {"names": []}}, "MM", {"names": []}, [Relaxation("kept-days", "names", ["x"], [])]),
        ({"plain": "mandatory"}, "MM", {}, []),
        ({"plain": "advisory"}, "MA", {}, [Relaxation("plain", "enforcementLevel", "mandatory", "advisory")]),
        (
            {"kept-days": {"enforcementLevel": "disabled", "mode": "b"}},
            "DM",
            {"mode": "b"},
            [
                Relaxation("kept-days", "enforcementLevel", "mandatory", "disabled"),
                Relaxation("kept-days", "mode", "a", "b"),
            ],
        ),
        (
            {"all": "advisory", "plain": "mandatory"},
            "AM",
            {},
            [Relaxation("kept-days", "enforcementLevel", "mandatory", "advisory")],
        ),
        (
            {"all": {"enforcementLevel": "advisory"}, "kept-days": {"enforcementLevel": "mandatory"}},
            "MA",
            {},
            [Relaxation("plain", "enforcementLevel", "mandatory", "advisory")],
        ),
    ],
)
def test_a_config_relaxes(
    config: dict[str, Any], levels: str, options: dict[str, Any], relaxations: list[Relaxation]
) -> None:
    named = {"M": "MANDATORY", "A": "ADVISORY", "D": "DISABLED"}
    given = json.dumps(config)
    assert _reconciled(config) == (
        {"kept-days": (named[levels[0]], _STRICT | options), "plain": (named[levels[1]], {})},
        relaxations,
    )
    assert json.dumps(config) == given


PROBLEMS: list[tuple[dict[str, Any], list[str]]] = [
    ({"kept-day": {}}, ["kept-day: no such guardrail; did you mean kept-days?"]),
    ({"x": {}}, ["x: no such guardrail in the pack"]),
    ({"plain": "strict"}, ['plain: found level "strict"; allowed: advisory, mandatory, remediate, disabled']),
    ({"plain": 5}, ["plain: found level 5; allowed: advisory, mandatory, remediate, disabled"]),
    ({"plain": None}, ["plain: found level null; allowed: advisory, mandatory, remediate, disabled"]),
    ({"plain": ["advisory"]}, ['plain: found level ["advisory"]; allowed: advisory, mandatory, remediate, disabled']),
    (
        {"plain": {"enforcementLevel": {}}},
        ["plain: found level {}; allowed: advisory, mandatory, remediate, disabled"],
    ),
    ({"all": "x"}, ['all: found level "x"; allowed: advisory, mandatory, remediate, disabled']),
    ({"plain": {"days": 1}}, ["plain.days: no such option; it has none"]),
    ({"kept-days": {"dys": 1}}, ["kept-days.dys: no such option; known are days, mode, names, on"]),
    ({"kept-days": {"days": "3"}}, ['kept-days.days: found "3"; allowed: a whole number from 1 to 9']),
    ({"kept-days": {"days": 0}}, ["kept-days.days: found 0; allowed: a whole number from 1 to 9"]),
    ({"kept-days": {"days": 2.5}}, ["kept-days.days: found 2.5; allowed: a whole number from 1 to 9"]),
    ({"kept-days": {"mode": 1}}, ['kept-days.mode: found 1; allowed: "a", "b"']),
    ({"kept-days": {"names": "x"}}, ['kept-days.names: found "x"; allowed: a list']),
    ({"kept-days": {"names": ["x", 1]}}, ["kept-days.names.1: found 1; allowed: text"]),
    ({"kept-days": {"on": "yes"}}, ['kept-days.on: found "yes"; allowed: true or false']),
    (
        {"x": {}, "plain": "y", "kept-days": {"days": 0, "on": 1}},
        [
            "x: no such guardrail in the pack",
            'plain: found level "y"; allowed: advisory, mandatory, remediate, disabled',
            "kept-days.days: found 0; allowed: a whole number from 1 to 9",
            "kept-days.on: found 1; allowed: true or false",
        ],
    ),
]


@pytest.mark.parametrize(("config", "problems"), PROBLEMS, ids=[row[1][0] for row in PROBLEMS])
def test_every_problem_is_named(config: dict[str, Any], problems: list[str]) -> None:
    with pytest.raises(PreviewError) as caught:
        reconcile(_info(), config, "f.json")
    assert str(caught.value).splitlines() == [f"f.json: {problem}" for problem in problems]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"[1]", "found [1]; allowed: an object of guardrails"),
        (b'"x"', 'found "x"; allowed: an object of guardrails'),
        (b"{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"\xff", "not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_files_that_are_no_objects(tmp_path: Path, contents: bytes, message: str) -> None:
    file = tmp_path / "f.json"
    file.write_bytes(contents)
    with pytest.raises(PreviewError) as caught:
        read_object(file, "guardrails")
    assert str(caught.value) == f"{file}: {message}"


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"none: no such file or directory$"):
        read_object(tmp_path / "none", "guardrails")
    with pytest.raises(PreviewError, match=f"^{tmp_path}: is a directory$"):
        read_object(tmp_path, "guardrails")


def test_whole_numbers_survive_the_protocol() -> None:
    _, [relaxation] = reconcile(_info(), {"kept-days": {"days": 3}}, "f.json")
    assert (repr(relaxation.strict), repr(relaxation.relaxed)) == ("7", "3")
