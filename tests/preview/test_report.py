import json
import subprocess
import sys
from dataclasses import replace

import pytest
from pulumi.runtime.proto import analyzer_pb2

from preview.pack import Diagnostic
from preview.policy_config import Relaxation
from preview.report import Report, as_json, as_text
from preview.topology import Resource, Topology
from tests.support.editing import UNKNOWN, struct
from tests.support.recording import ROOT

_STACK = "urn:pulumi:x::p::pulumi:pulumi:Stack::p-x"
_BOX = "urn:pulumi:x::p::p:layer:Box::box"
_BUCKET = "urn:pulumi:x::p::p:layer:Box$aws:s3/bucket:Bucket::b"


def _resource(urn: str, parent: str, *, custom: bool = True, **values: object) -> Resource:
    type_, name = urn.split("::")[2:]
    return Resource(
        urn=urn,
        type=type_.rpartition("$")[2],
        name=name,
        parent=parent,
        custom=custom,
        inputs=struct(values),
        outputs=struct(values),
        provider="",
        dependencies=(),
        property_dependencies={},
        options={},
    )


_TOPOLOGY = Topology(
    "x",
    {
        found.urn: found
        for found in (
            replace(_resource(_BUCKET, _BOX, size=3, id=UNKNOWN), options={"protect": True}, dependencies=(_BOX,)),
            _resource(_BUCKET.replace("::b", "::a"), _BOX),
            _resource(_BOX, _STACK, custom=False),
            _resource("urn:pulumi:x::p::pulumi:providers:aws::aws", _STACK),
            _resource(_STACK, "", custom=False, out=1.0),
        )
    },
)


def _policies() -> dict[str, analyzer_pb2.PolicyInfo]:
    framework = analyzer_pb2.PolicyComplianceFramework(reference="clause-a, clause-b")
    described = {
        "kept": analyzer_pb2.PolicyInfo(framework=framework, description="Is kept", remediation_steps="Keep it."),
        "loose": analyzer_pb2.PolicyInfo(description="Is loose"),
        "exemptions-in-force": analyzer_pb2.PolicyInfo(description="Exemptions"),
    }
    return {name: policy for name, policy in described.items() if not setattr(policy, "name", name)}


def _report(*diagnostics: Diagnostic, **changes: object) -> Report:
    report = Report(_TOPOLOGY, _policies(), tuple(sorted(diagnostics)), (), "")
    return replace(report, **changes)


_BROKEN = Diagnostic("kept", _BUCKET, "broken here", "mandatory", "high")
_ADVICE = Diagnostic("loose", "", "mind this", "advisory", "critical")
_UNDECIDED = Diagnostic("kept", _BUCKET, "undecided: its size is unknown", "mandatory", "high")
_NOT_RUN = Diagnostic("loose", "", "can't run policy during preview", "advisory", "low")
_EXEMPT = Diagnostic("exemptions-in-force", _BUCKET, "kept until 2027-01-31", "advisory", "low")

_TREE = """\
Stack x

  Box box (2 resources)
    Bucket: a, b
  aws: aws

"""


def test_a_clean_stack() -> None:
    assert as_text(_report()) == _TREE + "x: clean (2 resources, 3 policies, 0 violations)\n"


def test_everything_that_a_report_can_say() -> None:
    relaxations = (
        Relaxation("kept", "days", 7, 3),
        Relaxation("kept", "names", ["a name that is long"] * 3, []),
        Relaxation("loose", "names", ["a"], []),
    )
    report = _report(
        _BROKEN,
        _ADVICE,
        _UNDECIDED,
        _EXEMPT,
        relaxations=relaxations,
        policy_config="policies/config/x.json",
        topology=replace(_TOPOLOGY, log=("warning: careful",)),
    )
    assert as_text(report) == _TREE + (
        "Relaxed by policies/config/x.json:\n"
        "  kept: days 3 in place of 7\n"
        "  kept: names [] in place of 3 entries\n"
        '  loose: names [] in place of ["a"]\n'
        "\n"
        "Violations:\n"
        "  loose (critical, advisory)\n"
        "    Is loose\n"
        "    - the stack\n"
        "      mind this\n"
        "  kept (high, mandatory) [clause-a, clause-b]\n"
        "    Is kept\n"
        f"    - {_BUCKET}\n"
        "      broken here\n"
        "    To mend it: Keep it.\n"
        "\n"
        "Undecided:\n"
        "  kept (high, mandatory) [clause-a, clause-b]\n"
        "    Is kept\n"
        f"    - {_BUCKET}\n"
        "      undecided: its size is unknown\n"
        "    To mend it: Keep it.\n"
        "\n"
        "Exemptions in force:\n"
        "  kept until 2027-01-31\n"
        f"    {_BUCKET}\n"
        "\n"
        "The program says warning: careful\n"
        "x: REFUSED (2 resources, 3 policies, 2 violations, 1 undecided, 1 exemption)\n"
    )


def test_a_policy_config_that_relaxes_nothing() -> None:
    assert "Relaxed by f.json:\n  nothing\n" in as_text(_report(policy_config="f.json"))


@pytest.mark.parametrize(
    ("diagnostics", "clean"),
    [
        ([], True),
        ([_ADVICE], True),
        ([_EXEMPT], True),
        ([_BROKEN], False),
        ([_ADVICE, _BROKEN], False),
        ([_UNDECIDED], False),
        ([_NOT_RUN], False),
    ],
)
def test_what_lets_a_deployment_through(diagnostics: list[Diagnostic], clean: bool) -> None:
    assert _report(*diagnostics).clean is clean


def test_json_says_the_same_with_every_resource() -> None:
    report = _report(
        _BROKEN,
        _NOT_RUN,
        _EXEMPT,
        relaxations=(Relaxation("kept", "days", 7, 3),),
        topology=replace(_TOPOLOGY, log=("warning: careful",)),
    )
    written = json.loads(json.dumps(as_json(report)))
    assert [resource["urn"] for resource in written["resources"]] == list(_TOPOLOGY.resources)
    assert written.pop("resources")[0] == {
        "urn": _BUCKET,
        "type": "aws:s3/bucket:Bucket",
        "name": "b",
        "parent": _BOX,
        "custom": True,
        "provider": "",
        "inputs": {"size": 3, "id": UNKNOWN},
        "dependencies": [_BOX],
        "propertyDependencies": {},
        "options": {"protect": True},
    }
    assert written == {
        "stack": "x",
        "verdict": "refused",
        "outputs": {"out": 1},
        "violations": [
            {
                "guardrail": "kept",
                "urn": _BUCKET,
                "message": "broken here",
                "level": "mandatory",
                "severity": "high",
                "clauses": ["clause-a", "clause-b"],
                "remediation": "Keep it.",
            }
        ],
        "undecided": [
            {
                "guardrail": "loose",
                "urn": "",
                "message": "can't run policy during preview",
                "level": "advisory",
                "severity": "low",
                "clauses": [],
                "remediation": "",
            }
        ],
        "exemptions": [{"urn": _BUCKET, "exemption": "kept until 2027-01-31"}],
        "relaxations": [{"guardrail": "kept", "option": "days", "strict": 7, "relaxed": 3}],
        "log": ["warning: careful"],
    }


@pytest.mark.parametrize("arguments", [("dev", "--strict"), ("dev", "prod", "--json")])
def test_the_same_input_gives_the_same_bytes(arguments: tuple[str, ...]) -> None:
    def printed(seed: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "preview", *arguments],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=False,
        ).stdout

    first = printed("1")
    assert first
    assert first == printed("2")
