"""Mistakes in a stack's YAML, as the command line tells of them: one line each, nothing else."""

import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from preview import __main__ as command
from preview.__main__ import VIOLATIONS, WRONG, main
from tests.support.copies import copy_of_this_project
from tests.support.recording import ROOT

Captured = pytest.CaptureFixture[str]

_NETWORK = "fitness-platform:network"
_PLATFORM = "fitness-platform:platform"
_BLOCK = "an IPv4 block that starts at its first address, such as"
_ID = 'accountId: "111122223333"'
_ZONES = "availabilityZones: [a, b]"
_VPC = "vpcCidr: 10.64.0.0/16"
_DAYS = "flowLogRetentionDays: 30"
_PERIODS = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653"
_SIZES = "a /16 to /18 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
_LETTERS = "'a', 'b', 'c', 'd', 'e' or 'f'"

# what to replace in Pulumi.dev.yaml, by what, and what is said of the setting
SETTINGS: list[tuple[str, str, str]] = [
    (
        "fitness-platform:network:",
        "fitness-platform:netwrk:",
        "fitness-platform:netwrk: unknown setting; did you mean network?",
    ),
    ("natMode:", "natMod:", f"{_NETWORK}.natMod: unknown setting; did you mean natMode?"),
    (_DAYS, "subnetCidrs: {privat: {}}", f"{_NETWORK}.subnetCidrs.privat: unknown setting; did you mean private?"),
    (_DAYS, 'flowLogRetentionDays: "30"', f'{_NETWORK}.flowLogRetentionDays: found "30"; allowed: {_PERIODS}'),
    (_DAYS, "flowLogRetentionDays: 31", f"{_NETWORK}.flowLogRetentionDays: found 31; allowed: {_PERIODS}"),
    (_DAYS, "flowLogRetentionDays: true", f"{_NETWORK}.flowLogRetentionDays: found true; allowed: {_PERIODS}"),
    (_DAYS, "flowLogRetentionDays: [30]", f"{_NETWORK}.flowLogRetentionDays: found [30]; allowed: {_PERIODS}"),
    (_DAYS, "flowLogAggregationSeconds: 0", f"{_NETWORK}.flowLogAggregationSeconds: found 0; allowed: 60 or 600"),
    (_ID, "accountId: 111122223333", f"{_PLATFORM}.accountId: found 111122223333; allowed: 12 digits in quotes"),
    (_ID, "accountId: 011122223333", f"{_PLATFORM}.accountId: found 11122223333; allowed: 12 digits in quotes"),
    (_ID, 'accountId: "1111222233334"', f'{_PLATFORM}.accountId: found "1111222233334"; allowed: 12 digits in quotes'),
    (_ID, "accountId:", f"{_PLATFORM}.accountId: found nothing; allowed: 12 digits in quotes"),
    (_ID, "", f"{_PLATFORM}.accountId: missing; allowed: 12 digits in quotes"),
    (
        "Resources: false",
        'Resources: "false"',
        f'{_PLATFORM}.protectStatefulResources: found "false"; allowed: true or false',
    ),
    ("Resources: false", "Resources: no", f'{_PLATFORM}.protectStatefulResources: found "no"; allowed: true or false'),
    (
        "Resources: false",
        "Resources: off",
        f'{_PLATFORM}.protectStatefulResources: found "off"; allowed: true or false',
    ),
    (
        "natMode: single",
        "natMode: shared",
        f"{_NETWORK}.natMode: found \"shared\"; allowed: 'none', 'single' or 'perAz'",
    ),
    ("natMode: single", "natMode: no", f"{_NETWORK}.natMode: found \"no\"; allowed: 'none', 'single' or 'perAz'"),
    ("interfaceEndpoints: []", "interfaceEndpoints: {}", f"{_NETWORK}.interfaceEndpoints: found {{}}; allowed: a list"),
    (
        "interfaceEndpoints: []",
        "interfaceEndpoints: sqs",
        f'{_NETWORK}.interfaceEndpoints: found "sqs"; allowed: a list',
    ),
    (_DAYS, "subnetCidrs: []", f"{_NETWORK}.subnetCidrs: found []; allowed: an object"),
    (_VPC, "vpcCidr: 10.64.0.1/16", f'{_NETWORK}.vpcCidr: found "10.64.0.1/16"; allowed: {_BLOCK} 10.64.0.0/16'),
    (_VPC, "vpcCidr: fd00::/16", f'{_NETWORK}.vpcCidr: found "fd00::/16"; allowed: {_BLOCK} 10.0.0.0/16'),
    (_VPC, "vpcCidr: 8.8.0.0/16", f'{_NETWORK}.vpcCidr: found "8.8.0.0/16"; allowed: {_SIZES}'),
    (_VPC, "vpcCidr: 10.0.0.0/8", f'{_NETWORK}.vpcCidr: found "10.0.0.0/8"; allowed: {_SIZES}'),
    (_VPC, "vpcCidr: 10.0.0.0/28", f'{_NETWORK}.vpcCidr: found "10.0.0.0/28"; allowed: {_SIZES}'),
    (
        _DAYS,
        "subnetCidrs: {data: {a: 10.64.0.0/24}}",
        (
            f'{_NETWORK}.subnetCidrs.data.a: found "10.64.0.0/24"; '
            "allowed: a block apart from 10.64.0.0/20, the private subnet of zone a"
        ),
    ),
    (
        _DAYS,
        "subnetCidrs: {data: {a: 10.65.0.0/24}}",
        f'{_NETWORK}.subnetCidrs.data.a: found "10.65.0.0/24"; allowed: a /20 to /27 within vpcCidr 10.64.0.0/16',
    ),
    (
        _DAYS,
        "peerCidrs: [10.0.0.0/8]",
        f'{_NETWORK}.peerCidrs.0: found "10.0.0.0/8"; allowed: a block that vpcCidr 10.64.0.0/16 leaves free',
    ),
    (
        _ZONES,
        "availabilityZones: [a, a]",
        f'{_NETWORK}.availabilityZones.1: found "a"; allowed: each of availabilityZones once',
    ),
    (_ZONES, "availabilityZones: [a, g]", f'{_NETWORK}.availabilityZones.1: found "g"; allowed: {_LETTERS}'),
    (_ZONES, "availabilityZones: [a]", f'{_NETWORK}.availabilityZones: found ["a"]; allowed: 2 or more entries'),
    (
        _ZONES,
        "availabilityZones: [a, b, c, d]",
        f'{_NETWORK}.availabilityZones: found ["a", "b", "c", "d"]; allowed: 3 entries or fewer',
    ),
    (
        "natMode: single",
        "natMode: single\n    singleNatZone: c",
        f'{_NETWORK}.singleNatZone: found "c"; allowed: a zone of availabilityZones (a, b)',
    ),
    (
        _VPC,
        "vpcCidr: {secure: v1:aaaa:hunter2}",
        f"{_NETWORK}: found a secret; allowed: plain values, as nothing in this object is secret",
    ),
    (
        "us-east-1",
        "cn-north-1",
        'aws:region: found "cn-north-1"; allowed: a region of the partition aws, such as us-east-1',
    ),
    ("aws:region: us-east-1", "", "aws:region: missing; allowed: a region of the partition aws, such as us-east-1"),
]

# likewise, for mistakes that the settings never get to see
FILES: list[tuple[str, str, str]] = [
    (
        "natMode: single",
        "natMode: single\n    natMode: single",
        "Pulumi.dev.yaml: line N, column 5: found natMode a second time; allowed: once",
    ),
    ("natMode: single", "\tnatMode: single", "Pulumi.dev.yaml: line N, column 5: "),
    ("[a, b]", "[a, b", "Pulumi.dev.yaml: line N, column 12: while parsing a flow sequence, "),
    ("config:\n", "config: [\n", "Pulumi.dev.yaml: line N, column 35: while parsing a flow"),
    ("config:\n", "environment: [shared]\nconfig:\n", "Pulumi.dev.yaml: environment: found imports; allowed: none, "),
    ("config:\n", "confg:\n", "Pulumi.dev.yaml: confg: unknown; did you mean config?"),
    (
        "pulumi:disable-default-providers:\n    - aws",
        "pulumi:disable-default-providers: aws",
        'pulumi:disable-default-providers: found "aws"; allowed: a list of packages, such as [aws]',
    ),
]

# the whole of Pulumi.dev.yaml, and how each line that is said begins
WHOLE: dict[str, tuple[bytes | None, list[str]]] = {
    "empty": (
        b"",
        [
            "aws:region: missing; ",
            f"{_PLATFORM}: missing; ",
            "fitness-platform:dns: missing; ",
        ],
    ),
    "only comments": (
        b"# nothing\n\n# at all\n",
        [
            "aws:region: missing; ",
            f"{_PLATFORM}: missing; ",
            "fitness-platform:dns: missing; ",
        ],
    ),
    "config without anything": (
        b"config:\n",
        [
            "aws:region: missing; ",
            f"{_PLATFORM}: missing; ",
            "fitness-platform:dns: missing; ",
        ],
    ),
    "list": (b"- config\n", ['error: Pulumi.dev.yaml: found ["config"]; allowed: keys and values']),
    "config a list": (b"config: [a]\n", ['error: Pulumi.dev.yaml: config: found ["a"]; allowed: keys and values']),
    "config a text": (b"config: x\n", ['error: Pulumi.dev.yaml: config: found "x"; allowed: keys and values']),
    "not UTF-8": (b"config: \xe9\n", ["error: Pulumi.dev.yaml: not UTF-8 text: "]),
    "missing": (None, ["error: Pulumi.dev.yaml: not found; stacks here are prod"]),
}


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without a pack where the preview ends before it says anything: to start one takes most of the time."""
    monkeypatch.setattr(command, "running_pack", nullcontext)


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _refused(capsys: Captured) -> list[str]:
    """Return the lines of a preview that must be refused without a word on standard output."""
    assert main(["dev"]) == WRONG
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "hunter2" not in printed.err
    return printed.err.splitlines()


@pytest.mark.usefixtures("no_pack")
@pytest.mark.parametrize(("old", "new", "message"), SETTINGS, ids=[row[2] for row in SETTINGS])
def test_a_setting(folder: Path, capsys: Captured, old: str, new: str, message: str) -> None:
    _edit(folder / "Pulumi.dev.yaml", old, new)
    assert _refused(capsys) == ["error: 1 mistake in the configuration of stack dev:", f"  {message}"]


@pytest.mark.usefixtures("no_pack")
@pytest.mark.parametrize(("old", "new", "message"), FILES, ids=[row[2] for row in FILES])
def test_a_file(folder: Path, capsys: Captured, old: str, new: str, message: str) -> None:
    _edit(folder / "Pulumi.dev.yaml", old, new)
    [line] = _refused(capsys)
    assert re.sub(r"line \d+", "line N", line).startswith(f"error: {message}")


@pytest.mark.usefixtures("no_pack")
@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_file(folder: Path, capsys: Captured, case: str) -> None:
    contents, messages = WHOLE[case]
    file = folder / "Pulumi.dev.yaml"
    file.unlink() if contents is None else file.write_bytes(contents)
    heading = (
        []
        if messages[0].startswith("error")
        else [f"error: {len(messages)} mistakes in the configuration of stack dev:"]
    )
    lines = _refused(capsys)
    assert len(lines) == len(heading + messages)
    assert lines[: len(heading)] == heading
    assert all(line.strip().startswith(begin) for line, begin in zip(lines[len(heading) :], messages, strict=True))


@pytest.mark.usefixtures("no_pack")
def test_many_mistakes_have_a_line_each(folder: Path, capsys: Captured) -> None:
    for old, new in (("natMode: single", "natMode: x"), (_ID, "accountId: 1"), (_ZONES, "availabilityZones: a")):
        _edit(folder / "Pulumi.dev.yaml", old, new)
    assert _refused(capsys) == [
        "error: 3 mistakes in the configuration of stack dev:",
        f"  {_PLATFORM}.accountId: found 1; allowed: 12 digits in quotes",
        f'  {_NETWORK}.availabilityZones: found "a"; allowed: a list',
        f"  {_NETWORK}.natMode: found \"x\"; allowed: 'none', 'single' or 'perAz'",
    ]


@pytest.mark.usefixtures("no_pack")
def test_outside_of_a_project(folder: Path, capsys: Captured) -> None:
    folder.joinpath("Pulumi.yaml").unlink()
    assert _refused(capsys) == ["error: Pulumi.yaml: not found; run this in the project's folder"]


def test_without_a_policy_pack(folder: Path, capsys: Captured) -> None:
    folder.joinpath("policies").unlink()
    assert _refused(capsys) == [f"error: {folder}/policies: no policy pack here; PulumiPolicy.yaml not found"]


def _add_network(folder: Path, setting: str) -> None:
    with folder.joinpath("Pulumi.prod.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  fitness-platform:network:\n    {setting}\n")


BREAKING = {
    "natMode: single": "nat-gateway-per-zone",
    "natMode: none": "nat-gateway-per-zone",
    "availabilityZones: [a, b]": " ".join(
        [
            "cache-in-data-subnets",
            "database-replica-apart",
            "load-balancers-span-zones",
            "search-spans-zones",
            "search-three-nodes",
            "services-span-zones",
            "subnets-span-zones",
        ]
    ),
    "interfaceEndpoints: [sqs]": "interface-endpoints",
    "gatewayEndpoints: [dynamodb]": "s3-gateway-endpoint",
    "flowLogRetentionDays: 365": "flow-logs-kept-two-years",
}


@pytest.mark.parametrize("setting", BREAKING)
def test_legal_values_that_break_the_decision(folder: Path, capsys: Captured, setting: str) -> None:
    _add_network(folder, setting)
    assert main(["prod"]) == VIOLATIONS
    printed = capsys.readouterr()
    assert printed.err == ""
    violations = printed.out.split("Violations:\n")[1].splitlines()
    named = [line.split()[0] for line in violations if line.startswith("  ") and line[2] != " "]
    assert sorted(named) == BREAKING[setting].split()


# file, what is written to it or put in place of what, and how the last line that is said begins
COMMANDS = {
    "wrong setting": ("Pulumi.dev.yaml", ("natMode: single", "natMode: 1"), f"  {_NETWORK}.natMode: found 1; "),
    "broken YAML": ("Pulumi.dev.yaml", ("[a, b]", "[a, b"), "error: Pulumi.dev.yaml: line "),
    "broken program": (
        "__main__.py",
        ("settings = load_settings()", "1 / 0"),
        "error: the program failed: ZeroDivisionError: division by zero (__main__.py:",
    ),
    "broken pack": ("policies/exemptions.yaml", ("\n[]", "\nx: 1"), "error: the policy pack did not start: "),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_the_command_itself(tmp_path: Path, case: str) -> None:
    name, (old, new), begin = COMMANDS[case]
    _edit(copy_of_this_project(tmp_path) / name, old, new)
    done = subprocess.run(
        [sys.executable, "-m", "preview", "dev"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (WRONG, "")
    assert done.stderr.splitlines()[-1].startswith(begin)
    assert "Traceback" not in done.stderr
