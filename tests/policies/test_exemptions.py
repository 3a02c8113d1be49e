from datetime import date
from pathlib import Path

import pytest

from guardrails import ALL_GUARDRAILS
from guardrails.exemptions import Exemption, ExemptionError, Exemptions, load_exemptions
from guardrails.model import Violation
from guardrails.network_layer import NETWORK_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import add, at, edit
from tests.support.editing import urn_of
from tests.support.judging import TODAY, dev_config, diagnostics
from tests.support.recording import ROOT, recorded

_GUARDRAIL, _SUBNET = "no-public-addresses", "network-private-a"
_URN = urn_of(recorded("prod"), _SUBNET)
_TODAY = TODAY.isoformat()
_ENTRY = f"""
- guardrail: {_GUARDRAIL}
  urn: {_URN}
  reason: a trial
  owner: the network team
  expires: {_TODAY}
"""


def _exemption(expires: date = TODAY, urn: str = _URN) -> Exemption:
    return Exemption(_GUARDRAIL, urn, "a trial", "the network team", expires)


def _load(tmp_path: Path, text: str) -> tuple[Exemption, ...]:
    file = tmp_path / "exemptions.yaml"
    file.write_text(text, encoding="utf-8")
    return load_exemptions(file, [_GUARDRAIL])


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]"])
def test_no_exemptions(tmp_path: Path, text: str) -> None:
    assert _load(tmp_path, text) == ()


def test_entry_is_read(tmp_path: Path) -> None:
    assert _load(tmp_path, _ENTRY) == (_exemption(),)


def test_file_of_the_pack_is_well_formed_and_names_stacks_of_the_project() -> None:
    listed = load_exemptions(ROOT / "policies" / "exemptions.yaml", [guardrail.id for guardrail in ALL_GUARDRAILS])
    stacks = {file.name.split(".")[1] for file in ROOT.glob("Pulumi.*.yaml")}
    for exemption in listed:  # of what is in no stack, no preview would ever say that it matches nothing
        stack, project, *_ = exemption.urn.removeprefix("urn:pulumi:").split("::")
        assert project == "fitness-platform"
        assert stack in stacks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- [", "not YAML"),
        ("- 2027-02-30", "not YAML: day is out of range"),
        ("guardrail: x", "found dict; allowed: a list"),
        ("{}", "found dict; allowed: a list"),
        ("0", "found int; allowed: a list"),
        ("- x", r"exemptions.yaml\[0\]: found 'x'; allowed: a mapping"),
        (_ENTRY.replace("reason: a trial", "reason: ''"), r"\[0\]\.reason: found ''; allowed: text"),
        (_ENTRY.replace("reason: a trial", "reason: ' '"), r"\[0\]\.reason: found ' '; allowed: text"),
        (_ENTRY.replace("  reason: a trial\n", ""), r"\[0\]\.reason: found None; allowed: text"),
        (_ENTRY.replace("owner: the network team", "owner: 7"), r"\[0\]\.owner: found 7; allowed: text"),
        (_ENTRY.replace(_TODAY, "soon"), r"\[0\]\.expires: found 'soon'; allowed: a date"),
        (_ENTRY.replace(_TODAY, "'2027-01-31'"), r"\[0\]\.expires: found '2027-01-31'; allowed: a date without quotes"),
        (_ENTRY.replace(_TODAY, "2027-02-30"), "not YAML: day is out of range"),
        (_ENTRY.replace(_TODAY, "20270131"), r"\[0\]\.expires: found 20270131; allowed: a date"),
        (_ENTRY.replace(_TODAY, "2027-01-31 10:00:00"), r"\[0\]\.expires: .*; allowed: a date"),
        (_ENTRY.replace(_GUARDRAIL, "no-such-thing"), "found 'no-such-thing', which is no guardrail"),
        (_ENTRY.replace(_URN, _SUBNET), r"\[0\]\.urn: found 'network-private-a'"),
        (f"{_ENTRY}  level: none", r"\[0\]\.level: unknown"),
        (f"{_ENTRY}  7: none", r"\[0\]\.7: unknown"),
        (_ENTRY + _ENTRY, r"\[1\]: no-public-addresses is listed for this resource already"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ExemptionError, match=said):
        _load(tmp_path, text)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExemptionError, match="can't be read"):
        load_exemptions(tmp_path / name, [_GUARDRAIL])


def test_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "exemptions.yaml"
    file.write_bytes(_ENTRY.replace("a trial", "ein Würfel").encode("latin-1"))
    with pytest.raises(ExemptionError, match="not YAML"):
        load_exemptions(file, [_GUARDRAIL])


def test_every_mistake_gets_a_line(tmp_path: Path) -> None:
    with pytest.raises(ExemptionError) as caught:
        _load(tmp_path, f"- 1\n{_ENTRY}- {{}}\n")
    assert len(str(caught.value).splitlines()) == 6


@pytest.mark.parametrize(("expires", "left"), [(date(2026, 11, 21), 1), (TODAY, 0), (date(2026, 11, 23), 0)])
def test_last_day_counts(expires: date, left: int) -> None:
    exemptions = Exemptions([_exemption(expires)], TODAY)
    assert len(list(exemptions.remaining(_GUARDRAIL, [Violation(_URN, "")]))) == left


@pytest.mark.parametrize(("guardrail", "urn"), [("other", _URN), (_GUARDRAIL, f"{_URN}-2")])
def test_others_are_not_covered(guardrail: str, urn: str) -> None:
    violation = Violation(urn, "")
    assert list(Exemptions([_exemption()], TODAY).remaining(guardrail, [violation])) == [violation]


_BROKEN = edit(_SUBNET, mapPublicIpOnLaunch=True)(recorded("prod"))
_OTHER_STACK = _URN.replace(":prod::", ":dev::")


@pytest.mark.parametrize(
    ("exempt", "broken", "expected"),
    [
        (_exemption(), True, {("exemptions-in-force", "advisory")}),
        (_exemption(date(2026, 1, 1)), True, {(_GUARDRAIL, "mandatory"), ("exemptions-in-order", "mandatory")}),
        (_exemption(), False, {("exemptions-in-force", "advisory"), ("exemptions-in-order", "mandatory")}),
        (_exemption(date(2026, 1, 1)), False, {("exemptions-in-order", "mandatory")}),
        (_exemption(urn=_OTHER_STACK), False, set[tuple[str, str]]()),
        (_exemption(urn=_OTHER_STACK), True, {(_GUARDRAIL, "mandatory")}),
    ],
)
@pytest.mark.parametrize("plain", [True, False])
def test_preview_lists_exemptions(exempt: Exemption, broken: bool, expected: set[tuple[str, str]], plain: bool) -> None:
    topology = _BROKEN if broken else recorded("prod")
    found = diagnostics(topology, exemptions=(exempt,), plain=plain, of=NETWORK_GUARDRAILS)
    assert {(one.guardrail, one.level) for one in found} == expected
    assert {one.urn for one in found} <= {_URN}


_ONLY_IN_PROD = urn_of(recorded("prod"), "network-nat-c").replace(":prod::", ":dev::")


@pytest.mark.parametrize("plain", [True, False])
def test_two_stacks_share_a_file(plain: bool) -> None:
    """An exemption of dev whose resource prod alone has is reported in dev, and prod's in prod."""
    shared = (_exemption(), _exemption(urn=_ONLY_IN_PROD), _exemption(date(2026, 1, 1), _OTHER_STACK))

    def said(topology: Topology) -> list[tuple[str, str, str]]:
        found = diagnostics(topology, dev_config(), exemptions=shared, plain=plain, of=NETWORK_GUARDRAILS)
        return [(one.guardrail, one.urn, one.message.partition(":")[0]) for one in found]

    lines = f"{_GUARDRAIL}, until {_TODAY} by the network team"
    assert said(_BROKEN) == [("exemptions-in-force", _URN, lines)]
    assert said(recorded("dev")) == [
        ("exemptions-in-force", _ONLY_IN_PROD, lines),
        ("exemptions-in-order", _ONLY_IN_PROD, "matches nothing"),
        ("exemptions-in-order", _OTHER_STACK, "has expired"),
    ]


def test_verdict_stays_the_same_when_asked_again() -> None:
    """The engine may ask one pack twice: at the preview and at the update that follows."""
    exemptions = Exemptions([_exemption()], TODAY)
    for _ in range(2):
        assert not list(exemptions.remaining(_GUARDRAIL, [Violation(_URN, "")]))
        assert not list(exemptions.out_of_order("prod"))


@pytest.mark.parametrize("level", ["advisory", "disabled"])
def test_exemption_from_what_is_switched_off_is_reported(level: str) -> None:
    expected = {"advisory": {"exemptions-in-force"}, "disabled": {"exemptions-in-force", "exemptions-in-order"}}
    found = diagnostics(_BROKEN, {_GUARDRAIL: level}, exemptions=(_exemption(),))
    assert {one.guardrail for one in found} == expected[level]


def test_new_type_can_be_exempted() -> None:
    topology = add("random:index/randomId:RandomId", "new", {})(recorded("prod"))
    exempt = Exemption("resource-types-classified", urn_of(topology, "new"), "a trial", "the network team", TODAY)
    found = diagnostics(topology, exemptions=(exempt,))
    assert {(one.guardrail, one.urn) for one in found} == {("exemptions-in-force", exempt.urn)}


def test_one_exemption_hides_no_other_resource() -> None:
    topology = edit("network-private-b", mapPublicIpOnLaunch=True)(_BROKEN)
    found = {(one.guardrail, one.urn.rpartition("::")[2]) for one in diagnostics(topology, exemptions=(_exemption(),))}
    assert found == at(_GUARDRAIL, "network-private-b") | at("exemptions-in-force", _SUBNET)


def test_lines_tell_what_is_exempt_and_why() -> None:
    [line] = diagnostics(_BROKEN, exemptions=(_exemption(),))
    assert line.message == f"{_GUARDRAIL}, until {_TODAY} by the network team: a trial"
