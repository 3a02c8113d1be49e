import json

import pytest

from preview.__main__ import CLEAN, VIOLATIONS, WRONG, main
from tests.support.recording import ROOT

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_loss_of_the_region_is_told_after_the_previews(capsys: Captured) -> None:
    assert main(["prod", "prod-standby", "--drill", "region-loss"]) == CLEAN
    text = capsys.readouterr().out
    assert text.index("\nprod-standby: clean (") < text.index(
        "\nDrill: prod loses us-east-1; prod-standby in us-west-2"
    )
    assert text.endswith("\nDrill: passed (19 prerequisites)\n")


def test_a_failed_drill_is_no_success(capsys: Captured) -> None:
    assert main(["dev", "--drill", "az-loss=a"]) == VIOLATIONS
    text = capsys.readouterr().out
    assert "  FAILS  way-out: The other zones reach the internet by gateways of their own\n" in text
    assert text.endswith("\nDrill: FAILED (way-out, load-balancer, services, database, cache, search)\n")


def test_json_has_the_drill_beside_the_stacks(capsys: Captured) -> None:
    assert main(["prod", "--drill", "az-loss=b", "--json"]) == CLEAN
    found = json.loads(capsys.readouterr().out)
    assert [stack["stack"] for stack in found["stacks"]] == ["prod"]
    [drill] = found["drills"]
    assert (drill["title"], drill["passed"]) == ("prod loses zone us-east-1b", True)
    assert {one["id"] for one in drill["prerequisites"]} >= {"database", "services"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["dev", "--drill", "flood"],
            "error: --drill: found flood; allowed: region-loss, or az-loss=<letter of a zone>",
        ),
        (
            ["dev", "--drill", "az-loss="],
            "error: --drill: found az-loss=; allowed: region-loss, or az-loss=<letter of a zone>",
        ),
        (["dev", "--drill", "az-loss=f"], "error: --drill: found az-loss=f; allowed: zones of dev: a, b"),
        (
            ["dev", "prod", "--drill", "region-loss"],
            "error: --drill region-loss: found dev, prod; allowed: a primary and its standby among the stacks",
        ),
    ],
)
def test_what_is_no_drill_is_said_in_a_line(capsys: Captured, arguments: list[str], message: str) -> None:
    assert main(arguments) == WRONG
    assert capsys.readouterr().err == f"{message}\n"
