from pathlib import Path

import pytest
from pulumi.runtime.proto import analyzer_pb2

from preview.errors import PreviewError
from preview.pack import Diagnostic, analyze_request, running_pack, stack_resource
from preview.policy_config import reconcile
from preview.stack_file import load_stack
from preview.topology import Topology, plain
from tests.preview.projects import URN, project, run
from tests.support.editing import urn_of

_PACK = """
from pulumi_policy import *
def on_resource(args, report):
    RESOURCE
def on_stack(args, report):
    STACK
PolicyPack(name="pack", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("resource", "On a resource.", on_resource, severity=Severity.HIGH),
    StackValidationPolicy("stack", "On the stack.", on_stack, enforcement_level=EnforcementLevel.ADVISORY),
])
"""
_PROGRAM = """
aws = Provider("aws", {"region": "here"})
other = pulumi.StackReference("organization/other/prod")
one = Thing("one", {"name": "n", "secret": pulumi.Output.secret("hunter2")}, pulumi.ResourceOptions(
    provider=aws, protect=True, custom_timeouts=pulumi.CustomTimeouts(create="1h30m", delete="1500ms")))
Thing("two", {"of": one.id}, pulumi.ResourceOptions(provider=aws, depends_on=[one]))
"""


def _pack(folder: Path, code: str) -> Path:
    pack = folder / "pack"
    pack.mkdir()
    pack.joinpath("PulumiPolicy.yaml").write_text("runtime: python\n", encoding="utf-8")
    pack.joinpath("__main__.py").write_text(code, encoding="utf-8")
    return pack


def _judged(folder: Path, resource: str = "pass", stack: str = "pass") -> list[Diagnostic]:
    pack_folder = _pack(folder, _PACK.replace("RESOURCE", resource).replace("STACK", stack))
    project(folder, _PROGRAM)
    with running_pack(pack_folder) as pack:
        request, _ = reconcile(pack.info, {}, "")
        return pack.judge(load_stack(folder, "x"), run(folder), request)


@pytest.fixture
def topology(tmp_path: Path) -> Topology:
    return run(project(tmp_path, _PROGRAM))


def test_policies_see_each_resource_by_its_inputs(tmp_path: Path) -> None:
    seen = "report(f\"{args.name} {args.props.get('name')} {args.props.get('secret')}\")"
    assert [(found.urn.rpartition("::")[2], found.message) for found in _judged(tmp_path, seen)] == [
        ("one", "one n hunter2"),
        ("two", "two None None"),
        ("aws", "aws None None"),
        ("p-x", "p-x None None"),
    ]


def test_policies_see_the_stack_as_a_whole(tmp_path: Path) -> None:
    stack = 'report(" ".join(sorted(resource.name for resource in args.resources)))'
    assert _judged(tmp_path, stack=stack) == [
        Diagnostic("stack", "", "aws one organization/other/prod p-x two", "advisory", "unspecified")
    ]


def test_diagnostics_are_sorted_and_told_once(tmp_path: Path) -> None:
    resource = 'report("twice", "urn:b") if args.name in ("one", "two") else None'
    assert _judged(tmp_path, resource, 'report("z"); report("a")') == [
        Diagnostic("resource", "urn:b", "twice", "mandatory", "high"),
        Diagnostic("stack", "", "a", "advisory", "unspecified"),
        Diagnostic("stack", "", "z", "advisory", "unspecified"),
    ]


def test_a_pack_that_says_much_is_not_held_up(tmp_path: Path) -> None:
    much = "import sys; print('x' * 100_000); print('x' * 100_000, file=sys.stderr)"
    assert _judged(tmp_path, much) == []


def test_a_pack_that_raises_in_a_policy(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"^the policy pack failed: .*(ZeroDivision|division by zero)"):
        _judged(tmp_path, stack="1 / 0")


def test_no_pack(tmp_path: Path) -> None:
    with (
        pytest.raises(PreviewError, match=f"^{tmp_path}: no policy pack here; PulumiPolicy.yaml not found$"),
        running_pack(tmp_path),
    ):
        pass


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit('exemptions.yaml: wrong')", "exemptions.yaml: wrong"),
        ("import sys; print('hello', flush=True); sys.exit('enough')", "hello"),
        ("import os; os._exit(1)", "it said nothing"),
        ("x = 1\nraise ValueError('no')", "ValueError: no (File "),
        ("def (", "SyntaxError: invalid syntax (File "),
    ],
)
def test_a_pack_that_does_not_start_is_told_of_in_one_line(tmp_path: Path, code: str, reason: str) -> None:
    with pytest.raises(PreviewError) as caught, running_pack(_pack(tmp_path, code)) as pack:
        assert pack.info
    assert str(caught.value).startswith(f"the policy pack did not start: {reason}")
    assert "\n" not in str(caught.value)


def test_what_is_sent_of_a_resource_before_it_is_made(topology: Topology) -> None:
    resources = topology.resources
    sent = analyze_request(resources[urn_of(topology, "one")], resources)
    assert (sent.urn, sent.type, sent.name) == (f"{URN}::aws:s3/bucket:Bucket::one", "aws:s3/bucket:Bucket", "one")
    assert plain(sent.properties) == {"name": "n", "secret": "[secret]"}
    assert sent.options.protect
    assert sent.options.parent == urn_of(topology, "p-x")
    assert sent.options.customTimeouts == analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(create=5400, delete=1.5)
    assert (sent.provider.urn, sent.provider.name) == (f"{URN}::pulumi:providers:aws::aws", "aws")
    assert plain(sent.provider.properties) == {"region": "here"}


def test_what_is_sent_of_a_resource_with_the_whole_stack(topology: Topology) -> None:
    resources = topology.resources
    one = urn_of(topology, "one")
    sent = stack_resource(resources[urn_of(topology, "two")], resources)
    assert sent.parent == urn_of(topology, "p-x")
    assert list(sent.dependencies) == [one]
    assert {key: list(found.urns) for key, found in sent.propertyDependencies.items()} == {"of": [one]}
    assert not stack_resource(resources[urn_of(topology, "p-x")], resources).HasField("provider")
