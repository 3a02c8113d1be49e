import json
import subprocess
import sys
from pathlib import Path

import pytest

from preview.__main__ import CLEAN, VIOLATIONS, WRONG, main
from tests.support.recording import ROOT

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_stacks_in_order(capsys: Captured) -> None:
    assert main(["prod", "dev"]) == CLEAN
    printed = capsys.readouterr()
    verdicts = [line for line in printed.out.splitlines() if "policies," in line]
    assert [line.split(" (")[0] for line in verdicts] == ["prod: clean", "dev: clean"]
    assert printed.err == ""


def test_strict_refuses_what_the_policy_config_relaxes(capsys: Captured) -> None:
    assert main(["dev", "--strict", "--json"]) == VIOLATIONS
    [report] = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "refused"
    assert report["relaxations"] == []
    relaxed = json.loads((ROOT / "policies/config/dev.json").read_text(encoding="utf-8"))
    assert {found["guardrail"] for found in report["violations"]} == set(relaxed)


def test_one_stack_that_breaks_the_decision_is_enough(capsys: Captured) -> None:
    assert main(["prod", "dev", "--strict"]) == VIOLATIONS
    printed = capsys.readouterr().out
    assert "prod: clean" in printed
    assert "dev: REFUSED" in printed


def test_a_policy_config_by_name(capsys: Captured, tmp_path: Path) -> None:
    assert main(["dev", "--policy-config", "policies/config/dev.json"]) == CLEAN
    assert "Relaxed by policies/config/dev.json:" in capsys.readouterr().out
    other = tmp_path / "other.json"
    other.write_text('{"all": "advisory"}', encoding="utf-8")
    assert main(["dev", "--policy-config", str(other)]) == CLEAN
    assert f"Relaxed by {other}:" in capsys.readouterr().out


def test_json_is_one_document(capsys: Captured) -> None:
    assert main(["dev", "prod", "--json"]) == CLEAN
    assert [report["stack"] for report in json.loads(capsys.readouterr().out)] == ["dev", "prod"]


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_an_unknown_stack_prints_nothing_else(capsys: Captured, flags: list[str]) -> None:
    assert main(["dev", "staging", *flags]) == WRONG
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "error: Pulumi.staging.yaml: not found; stacks here are dev, prod, prod-standby\n"


POLICY_CONFIGS = {
    "unknown guardrail": (
        '{"nat-gateway-per-zon": {}}',
        "nat-gateway-per-zon: no such guardrail; did you mean nat-gateway-per-zone?",
    ),
    "wrong level": (
        '{"nat-gateway-per-zone": "off"}',
        'nat-gateway-per-zone: found level "off"; allowed: advisory, mandatory, remediate, disabled',
    ),
    "value out of schema": (
        '{"subnets-span-zones": {"minimumZones": 1}}',
        "subnets-span-zones.minimumZones: found 1; allowed: a whole number from 2 to 3",
    ),
    "not JSON": ("a: 1", "not JSON: Expecting value: line 1 column 1 (char 0)"),
    "not an object": ("[]", "found []; allowed: an object of guardrails"),
    "missing": (None, "no such file or directory"),
}


@pytest.mark.parametrize("case", POLICY_CONFIGS)
def test_a_bad_policy_config(capsys: Captured, tmp_path: Path, case: str) -> None:
    contents, message = POLICY_CONFIGS[case]
    file = tmp_path / "f.json"
    if contents is not None:
        file.write_text(contents, encoding="utf-8")
    assert main(["dev", "--policy-config", str(file)]) == WRONG
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"error: {file}: {message}\n")


def test_bad_stack_outputs(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_text('{"organization/other/prod": 5}', encoding="utf-8")
    assert main(["dev", "--stack-outputs", str(file)]) == WRONG
    message = f"error: {file}: organization/other/prod: found 5; allowed: an object of outputs\n"
    assert capsys.readouterr().err == message


@pytest.mark.parametrize("arguments", [[], ["--strict"], ["dev", "--strict", "--policy-config", "x"], ["--nonsense"]])
def test_a_command_line_that_says_too_little_or_too_much(capsys: Captured, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == WRONG
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: python -m preview")


@pytest.mark.parametrize(("arguments", "status"), [(["dev"], 0), (["dev", "--strict"], 1), (["none"], 2)])
def test_exit_status_of_the_command(arguments: list[str], status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "preview", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert (done.stderr == "") == (status != 2)
